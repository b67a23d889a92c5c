"""What lint looks at, and what it says. The checks stand in the modules beside this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.lint_times import Almanac
from luxagent.core.policy.lint_ways import Way, ways_of
from luxagent.core.policy.optimistic import optimistic
from luxagent.core.policy.rules import Rule, Ruleset


class Sort(StrEnum):
    """The code of a remark; the same word in `check --json` and in docs/findings.md."""

    NEVER_HOLDS = "never-holds"
    HIDDEN = "hidden"
    OVERLAP = "overlap"
    NO_UNTIL = "no-until"
    CONFLICT = "conflict"
    NO_END = "no-end"
    UNTIL_PAST_STOP = "until-past-stop"
    CHARGE_WINDOWS = "charge-windows"
    CHARGE_TYPE = "charge-type"
    START_SOC = "start-soc"
    NO_EFFECT = "no-effect"
    DARK_FLOOR = "dark-floor"
    ALWAYS_HELD = "always-held"
    NO_BASELINE = "no-baseline"
    NO_WAY_HOME = "no-way-home"
    KEEPS_GOING = "keeps-going"
    OWN_END = "own-end"
    IDLE_HOLIDAYS = "idle-holidays"
    NO_POWER = "no-power"
    UNUSED = "unused"
    OVER = "over"
    PERCENT = "percent"
    CUT_AT_MIDNIGHT = "cut-at-midnight"
    TOO_LONG = "too-long"
    FAR_PLACE = "far-place"
    FIXED_ZONE = "fixed-zone"
    MANY_WRITES = "many-writes"


OFFERS = (Sort.OWN_END, Sort.NO_POWER, Sort.IDLE_HOLIDAYS)
"""What is good as it is, and could be better."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing worth a second thought."""

    sort: Sort
    where: tuple[str, ...]
    """Keys of the file from the top, a rule or an alert by its name: ("rules", "Fill up", "set", "eps").

    What may share its name with others is told by its place in the list: "[0]" is the first.
    """
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Setter:
    """A rule, or the baseline as a rule that always holds."""

    where: tuple[str, ...]
    """Where its settings stand in the file."""
    sets: Mapping[str, SettingValue]
    when: Condition
    ways: tuple[Way, ...] | None
    rule: Rule | None
    """None is the baseline."""
    parts: frozenset[Condition] = frozenset()
    """What must hold side by side."""
    lasting: tuple[Way, ...] | None = None
    """The ways in which it may go on holding: with a `hold` readings cannot end it, and the clock can."""
    lasting_parts: frozenset[Condition] = frozenset()


@dataclass(frozen=True, slots=True)
class Study:
    """A ruleset made ready to be looked at from all sides."""

    ruleset: Ruleset
    keeps_on_stop: bool
    almanac: Almanac
    rules: tuple[Setter, ...]
    """The enabled ones, in the order of the file."""
    baseline: Setter
    conditions: tuple[tuple[str, str, tuple[Way, ...] | None], ...]
    """Of enabled rules and alerts: the section, the name, the ways."""
    flags_asked: frozenset[str]
    holidays_asked: bool
    """A rule, an alert or a period of the tariff speaks of a holiday."""
    ruled: frozenset[str]
    """Settings that a rule sets."""

    @property
    def setters(self) -> tuple[Setter, ...]:
        return (*self.rules, self.baseline)

    def value(self, setter: Setter, name: str) -> SettingValue | None:
        """What a setting is while a rule holds and none above it: its own value, else the baseline's."""
        own = setter.sets.get(name)
        return self.ruleset.baseline.get(name) if own is None else own

    def sure_value(self, setter: Setter, name: str) -> SettingValue | None:
        """The same; None where another rule may set it meanwhile."""
        if name not in setter.sets and name in self.ruled:
            return None
        return self.value(setter, name)


def study(ruleset: Ruleset, *, keeps_on_stop: bool) -> Study:
    """Look at every enabled rule and alert once. Equal conditions are looked at together."""
    almanac = Almanac(ruleset)
    known: dict[Condition, tuple[Way, ...] | None] = {}

    def ways(condition: Condition) -> tuple[Way, ...] | None:
        if condition not in known:
            known[condition] = ways_of(condition, almanac)
        return known[condition]

    def setter(rule: Rule) -> Setter:
        where, lasting = ("rules", rule.name, "set"), optimistic(rule.when) if rule.hold_s > 0 else rule.when
        return Setter(
            where,
            rule.sets,
            rule.when,
            ways(rule.when),
            rule,
            _parts(rule.when),
            ways(lasting),
            _parts(lasting),
        )

    rules = tuple(setter(rule) for rule in ruleset.rules if rule.enabled)
    alerts = [alert for alert in ruleset.alerts if alert.enabled]
    every = [*(one.when for one in ruleset.rules), *(one.when for one in ruleset.alerts)]
    return Study(
        ruleset,
        keeps_on_stop,
        almanac,
        rules,
        Setter(("baseline",), ruleset.baseline, c.Always(), ways(c.Always()), None),
        (
            *(("rules", one.rule.name, one.ways) for one in rules if one.rule is not None),
            *(("alerts", one.name, ways(one.when)) for one in alerts),
        ),
        frozenset(flag for condition in every for flag in c.flags_in(condition)),
        asks_for_holidays(ruleset),
        frozenset(name for one in rules for name in one.sets),
    )


def asks_for_holidays(ruleset: Ruleset) -> bool:
    """Whether anything of the file, disabled rules too, hangs on what day is a holiday."""
    periods = ruleset.tariff.periods if ruleset.tariff is not None else ()
    every = [*(one.when for one in ruleset.rules), *(one.when for one in ruleset.alerts)]
    asked = [*(days for condition in every for days in c.days_in(condition)), *(one.days for one in periods)]
    return any(days.holiday for days in asked)


def _parts(when: Condition) -> frozenset[Condition]:
    return frozenset(when.parts if isinstance(when, c.All) else () if when == c.Always() else (when,))
