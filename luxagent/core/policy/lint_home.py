"""Lint about settings that a rule takes and the file does not say where to put back."""

from collections.abc import Iterator

from luxagent.core.facts.settings import (
    KEPT_WHILE_ON,
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
                    f"baseline: {{{name}: {_other(row, setter.sets[name])}}}",
                )
            else:
                yield Remark(
                    Sort.NO_WAY_HOME,
                    where,
                    f"no baseline says what {name} goes back to; it would be whatever it was before",
                    "give it a value under baseline",
                )


def _other(row: Setting, value: SettingValue) -> str:
    """What the baseline probably says: not what the rule sets, but never what cuts the house's power."""
    if row.kind is SettingKind.SWITCH:
        other = value is not True
        return "on" if other or (row.name, other) in POWER_CUTS else "off"
    return next(
        (word for word in row.words if word != value and (row.name, word) not in POWER_CUTS), str(value)
    )
