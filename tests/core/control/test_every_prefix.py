"""Whatever is wanted, and wherever the agent is stopped: no prefix of its writes is what the guards forbid.

The changes of a tick are applied in the order in which the writer sends them, and cut off after each.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.facts.settings import SETTINGS, SettingValue
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Always
from tests.core.builders import guards, inverter, plant, policy, rule, tick

Settings = dict[str, SettingValue]

_SWITCHES = ("ac_charge", "forced_charge", "forced_discharge")
_FLOORS = ("discharge_floor", "forced_discharge_floor")
_settings = st.fixed_dictionaries(
    {name: st.booleans() for name in _SWITCHES}
    | {name: st.sampled_from([10.0, 40.0, 70.0, 95.0, 100.0]) for name in (*_FLOORS, "charge_limit")}
    | {"ac_charge_limit": st.sampled_from([50.0, 90.0])}
)
_some = st.sets(st.sampled_from([*_SWITCHES, *_FLOORS, "charge_limit", "ac_charge_limit"]), min_size=1)


def clashes(there: Settings) -> bool:
    """Charge and discharge forced at once, or a floor above the stop."""
    charges = there["ac_charge"] or there["forced_charge"]
    stop = there["charge_limit"]
    floors = [there[name] for name in _FLOORS]
    return bool(charges and there["forced_discharge"]) or any(
        isinstance(stop, float) and isinstance(floor, float) and stop < floor < 100 for floor in floors
    )


@settings(max_examples=300, deadline=None)
@given(before=_settings, wanted=_settings, names=_some)
def test_no_prefix_of_a_ticks_writes_clashes_if_its_beginning_did_not(
    before: Settings, wanted: Settings, names: set[str]
) -> None:
    rules = policy(
        rule(when=Always(), **{name: wanted[name] for name in names}), guards=guards(writes_per_hour=99)
    )
    decision, _ = tick(rules, plant(inverter(settings=before)), Memory())
    there = dict(before)
    stages = sorted({change.stage for change in decision.changes})
    for stage in stages:
        group = [change for change in decision.changes if change.stage == stage]
        for change in group:
            there[change.want.setting] = change.value
            assert clashes(before) or not clashes(there), [c.want.setting for c in decision.changes]
            limits = {name for name, row in SETTINGS.items() if row.before == change.want.setting}
            assert not [c for c in decision.changes if c.want.setting in limits and c.stage >= stage]
