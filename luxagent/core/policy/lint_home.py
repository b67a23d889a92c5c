"""Lint about settings that a rule takes and the file does not say where to put back."""

from collections.abc import Iterator

from luxagent.core.facts.settings import (
    KEPT_WHILE_ON,
    MOVES_POWER,
    POWER_CUTS,
    SETTINGS,
    Setting,
    SettingKind,
    SettingValue,
)
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.lint_remarks import Remark, Sort, Study

_SWITCHES = (SettingKind.SWITCH, SettingKind.MODE)


def no_baseline(about: Study) -> Iterator[Remark]:
    """Settings without a baseline, told where a rule first takes them.

    A rule that always holds never lets go, so it serves as one. A quick charge ends by itself. What is kept
    only while a switch is on has its home in that switch.
    """
    at_home = set(about.ruleset.baseline)
    at_home |= {name for name, switch in KEPT_WHILE_ON.items() if about.ruleset.baseline.get(switch) is False}
    for setter in about.rules:
        if setter.rule is not None and setter.when == Always() and not setter.rule.devices:
            at_home |= set(setter.sets)
    for setter in about.rules:
        for name in setter.sets:
            row = SETTINGS.get(name)
            if name in at_home or (row is not None and row.kind is SettingKind.TASK):
                continue
            at_home.add(name)
            path = name.split(":", 1) if row is None else [name]
            where = (*setter.where, *(("parameters" if one == "parameter" else one) for one in path))
            if row is not None and row.kind in _SWITCHES:
                yield Remark(
                    Sort.NO_BASELINE,
                    where,
                    f"no baseline says whether {name} should be on once this rule lets go"
                    if row.kind is SettingKind.SWITCH
                    else f"no baseline says what {name} should be once this rule lets go",
                    _home(row, setter.sets[name]),
                )
            else:
                yield Remark(
                    Sort.NO_WAY_HOME,
                    where,
                    f"no baseline says what {name} goes back to; it would be whatever it was before",
                    "give it a value under baseline",
                )


def _home(row: Setting, value: SettingValue) -> str:
    """What the baseline could say: where it is plain the thing to write, else an example of it.

    What moves power is off at home, what cuts the house's power is never there, and a charge of type time is
    the one that the inverter ends by itself. What else a rule turns off may have been on or off before.
    """
    if row.name in MOVES_POWER:
        home, plain = "off", True
    elif row.kind is SettingKind.SWITCH:
        home = "off" if value is True and (row.name, False) not in POWER_CUTS else "on"
        plain = value is True or (row.name, False) in POWER_CUTS
    elif row.name == "ac_charge_type":
        home, plain = "time", True
    else:
        home, plain = next(word for word in row.words if (row.name, word) not in POWER_CUTS), True
    line = f"baseline: {{{row.name}: {home}}}"
    return line if plain else f"whatever it is now, like {line}"
