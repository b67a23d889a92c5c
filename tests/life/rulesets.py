"""Files of an owner who changes their mind: every life moves between some of these."""

from dataclasses import replace

from luxagent.core.policy.conditions import All, Always, Bound, Compare, CronIn, FlagOn, Op, WordIs
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import GuardRules, Limit, Rule, Ruleset, Scope, Site
from luxagent.sim.server import WireName
from tests.agent.bench import ZONE

GUARDS = GuardRules(writes_per_hour=6, writes_per_day=20, allow_power_cut=True)
"""Tight, so that a hundred steps come to the end of them."""
LIMITS = {"charge_limit": Limit(50, 95), "ac_charge_power": Limit(None, 6000)}
FLAGS = ("storm", "dark")

_LOW = Compare("soc_pct", Op.BELOW, Bound(40), Bound(60))
_FULL = Compare("soc_pct", Op.ABOVE, Bound(50), Bound(45))
_HALF_HOURS = CronIn("0 * * * *", 1800)
_STORM, _DARK = FlagOn("storm"), FlagOn("dark")
_NO_GRID = WordIs("grid", "down")

_LIVE: dict[str, tuple[tuple[Rule, ...], dict[str, object]]] = {
    "charging": (
        (
            Rule("Storm", _STORM, {"quick_charge": 1200.0, "charge_limit": 85.0}),
            Rule("Low", _LOW, {"ac_charge": True, "ac_charge_limit": 70.0}, hold_s=600),
            Rule("Half", _HALF_HOURS, {"ac_charge_windows": ("12:00-14:00",), "ac_charge_power": 3000.0}),
        ),
        {"ac_charge_limit": 80.0},
    ),
    "saving": (
        (
            Rule("Too much", _STORM, {"charge_limit": 100.0, "ac_charge_power": 9000.0}),
            Rule("Dark", _DARK, {"eps": False, "operating_mode": "standby", "discharge_current": 0.0}),
            Rule("Outage", _NO_GRID, {"discharge_floor": 50.0}),
            Rule("Full", _FULL, {"charge_limit": 80.0, "ac_charge": False}, scope=Scope.INVERTER),
            Rule("Floor", Always(), {"discharge_floor": 30.0}),
        ),
        {"charge_limit": 90.0, "ac_charge": False},
    ),
    "mixed": (
        (
            Rule("Low", All((_LOW, _HALF_HOURS)), {"quick_charge": 1800.0, "discharge_floor": 45.0}),
            Rule(
                "Storm",
                _STORM,
                {
                    "ac_charge": True,
                    "ac_charge_power": 3000.0,
                    "ac_charge_limit": 70.0,
                    "forced_discharge": False,
                },
            ),
            Rule("Floor", _DARK, {"discharge_floor": 30.0}),
            Rule("Full", _FULL, {"forced_discharge": True, "ac_charge": False}),
        ),
        {},
    ),
    "none": ((), {}),
}
_DOCUMENT: dict[str, tuple[tuple[Rule, ...], dict[str, object]]] = {
    "charging": (
        (
            Rule("Storm", _STORM, {"quick_charge": 1200.0, "charge_limit": 85.0}),
            Rule("Low", _LOW, {"ac_charge_power": 3000.0}, hold_s=600),
        ),
        {"charge_limit": 90.0},
    ),
    "saving": (
        (
            Rule("Too much", _STORM, {"ac_charge_power": 9000.0}),
            Rule("Dark", _DARK, {"eps": False, "operating_mode": "standby"}),
            Rule("Half", _HALF_HOURS, {"charge_limit": 80.0, "pv_charge_power": 3000.0}),
        ),
        {},
    ),
    "mixed": (
        (
            Rule("Low", All((_LOW, _HALF_HOURS)), {"quick_charge": 1800.0}),
            Rule("Full", _FULL, {"charge_limit": 80.0}),
            Rule("Floor", _DARK, {"ac_charge_power": 3000.0}),
        ),
        {},
    ),
    "none": ((), {}),
}
_FIRST = ("charging", "saving", "mixed")
NAMES = (*_FIRST, "none", *_FIRST, "firm charging", "firm saving", "dry charging", "dry mixed")
"""A firm file enforces what it says over another hand; a dry one writes nothing."""


def policies(wire: WireName) -> dict[str, Policy]:
    """Each file, ready to be asked."""
    files = _LIVE if wire == "live" else _DOCUMENT
    return {name: _policy(name, *files[name.split()[-1]]) for name in NAMES}


def _policy(name: str, rules: tuple[Rule, ...], baseline: dict[str, object]) -> Policy:
    guards = replace(GUARDS, on_override_s=None) if name.startswith("firm") else GUARDS
    return build(_ruleset(rules, baseline, guards, dry_run=name.startswith("dry")))


def let_go(policy: Policy) -> Policy:
    """The same file without its rules, and no longer dry."""
    return build(_ruleset((), dict(policy.baseline), policy.guards))


def _ruleset(
    rules: tuple[Rule, ...], baseline: dict[str, object], guards: GuardRules, *, dry_run: bool = False
) -> Ruleset:
    return Ruleset(
        Site(ZONE),
        rules=rules,
        baseline=baseline,  # type: ignore[arg-type]
        limits=LIMITS,
        guards=guards,
        flags=frozenset(FLAGS),
        dry_run=dry_run,
    )


BY_HAND: dict[WireName, dict[str, tuple[float | bool, ...]]] = {
    "live": {
        "charge_limit": (61.0, 97.0),
        "ac_charge_limit": (55.0, 96.0),
        "ac_charge_power": (1500.0, 7000.0),
        "discharge_floor": (12.0, 62.0),
        "ac_charge": (True, False),
        "forced_discharge": (True, False),
    },
    "document": {
        "charge_limit": (61.0, 97.0),
        "ac_charge_power": (1500.0, 7000.0),
        "pv_charge_power": (1500.0, 7000.0),
    },
}
"""What people set in the app: numbers that no file names, so that it is plain whose they are."""

SET_BY_HAND: dict[WireName, dict[str, tuple[float | bool | tuple[str, ...], ...]]] = {
    "live": {
        "charge_limit": (66.0, 88.0),
        "ac_charge_power": (4000.0,),
        "discharge_floor": (33.0,),
        "ac_charge": (True, False),
        "forced_discharge": (True, False),
        "ac_charge_windows": (("02:00-03:00",),),
        "quick_charge": (1800.0,),
    },
    "document": {
        "charge_limit": (66.0, 88.0),
        "ac_charge_power": (4000.0,),
        "pv_charge_power": (5000.0,),
        "quick_charge": (1800.0,),
    },
}
"""What people have luxagent set."""
