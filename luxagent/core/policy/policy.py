"""The owner's rules, ready to be asked. `build` is called once at start and at every reload."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter

from luxagent.core.facts.metrics import (
    FAULTS_KEY,
    GRIDBOSS_METRICS,
    GRIDBOSS_PREFERRED,
    METRICS,
    METRICS_BY_KEY,
    WORD_FACTS,
)
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.plant.bank import MODULE_KEYS
from luxagent.core.plant.units import TOLD_BY_GRIDBOSS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.best_case import hangs_on_readings, slots
from luxagent.core.policy.compile import compile_condition
from luxagent.core.policy.conditions import Bound, Condition
from luxagent.core.policy.explain import Explain
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.naming import digest
from luxagent.core.policy.optimistic import optimistic
from luxagent.core.policy.rules import AlertRule, GuardRules, Limit, Rule, Ruleset, Scope
from luxagent.core.policy.scene import Judge
from luxagent.core.values.moment import Calendar

_SELF = frozenset({"status", "online", "firmware", FAULTS_KEY, "data_age_s"})
"""What every device says of itself. The grid and the ports an inverter's reading has from its GridBOSS."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """An enabled rule."""

    rule: Rule
    judge: Judge
    clock_judge: Judge
    """The optimistic judge: true as long as only readings could end it. Appends nothing."""
    explain: Explain
    """Like `judge`, with reasons. Appends nothing."""


@dataclass(frozen=True, slots=True)
class CompiledAlert:
    """An enabled alert. `for_s` is the alert's life, not part of the judge."""

    alert: AlertRule
    judge: Judge
    explain: Explain
    for_gridboss: bool
    """It asks only what a GridBOSS says of itself as well (`_SELF`), so it watches that one too."""
    of_cells: bool = False
    """It asks what every battery module says for itself, so it watches each by itself."""
    cells: Judge | None = None
    """Only the part about the cells; None where the alert asks nothing else."""
    of_none: bool = False
    """It asks no device anything (clock, price, flags), so it is told once, and not for each inverter."""
    of_gridboss: bool = False
    """It asks only what a GridBOSS tells for all inverters behind it, so it is told once for those."""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Everything `decide` is told by the file. Disabled rules and alerts are only in `ruleset`."""

    ruleset: Ruleset
    calendar: Calendar
    rules: tuple[CompiledRule, ...]
    """In the order of the file: the first that holds wins, for each setting."""
    alerts: tuple[CompiledAlert, ...]
    unit_rules: tuple[CompiledRule, ...]
    """Those decided once per unit."""
    inverter_rules: tuple[CompiledRule, ...]
    """Those decided for each inverter by itself."""
    index_of: Mapping[str, int]
    """Rule name to index into `rules`."""
    by_setting: Mapping[str, tuple[tuple[int, SettingValue], ...]]
    """Setting to (index into `rules`, value) of each rule that sets it, in order."""
    managed: frozenset[str]
    """Settings that a rule or the baseline speaks of."""
    slots: frozenset[str]
    """Where timers and latches of its conditions are kept."""
    needs: frozenset[Need]
    """What must be asked of the portal so that every condition and message can be worked out."""
    digest: str
    """Tells one file's meaning from another's."""
    calm: dict[str, object] = field(default_factory=dict, repr=False)
    """A shortcut of `control.settle`'s: what the last quiet tick came to. Emptying it changes nothing."""

    @property
    def baseline(self) -> Mapping[str, SettingValue]:
        return self.ruleset.baseline

    @property
    def limits(self) -> Mapping[str, Limit]:
        return self.ruleset.limits

    @property
    def guards(self) -> GuardRules:
        return self.ruleset.guards

    @property
    def bridge_s(self) -> float:
        return self.ruleset.bridge_s

    @property
    def dry_run(self) -> bool:
        return self.ruleset.dry_run


def build(ruleset: Ruleset) -> Policy:
    """Compile everything. Cron expressions have passed `cron.is_valid` already."""
    ground = Ground.of(ruleset.site.zone, ruleset.tariff, ruleset.bridge_s)
    rules = tuple(_rule(rule, ground) for rule in ruleset.rules if rule.enabled)
    alerts = tuple(_alert(alert, ground) for alert in ruleset.alerts if alert.enabled)
    by_setting: dict[str, tuple[tuple[int, SettingValue], ...]] = {}
    for index, compiled in enumerate(rules):
        for name, value in compiled.rule.sets.items():
            by_setting[name] = (*by_setting.get(name, ()), (index, value))
    managed = frozenset(by_setting) | frozenset(ruleset.baseline)
    return Policy(
        ruleset=ruleset,
        calendar=Calendar(ruleset.site.zone, ruleset.site.place),
        rules=rules,
        alerts=alerts,
        unit_rules=tuple(r for r in rules if r.rule.scope is Scope.UNIT),
        inverter_rules=tuple(r for r in rules if r.rule.scope is Scope.INVERTER),
        index_of={compiled.rule.name: index for index, compiled in enumerate(rules)},
        by_setting=by_setting,
        managed=managed,
        slots=frozenset(_slots(rules, alerts)),
        needs=_needs(rules, alerts, managed),
        digest=digest(ruleset),
    )


def _rule(rule: Rule, ground: Ground) -> CompiledRule:
    judge, explain = compile_condition(rule.when, rule.name, ground)
    clock_judge, _ = compile_condition(optimistic(rule.when), rule.name, ground)
    return CompiledRule(rule, judge, clock_judge, explain)


def _alert(alert: AlertRule, ground: Ground) -> CompiledAlert:
    owner = _owner(alert)
    judge, explain = compile_condition(alert.when, owner, ground)
    asked = frozenset(read_by(alert.when))
    of_cells = not asked.isdisjoint(MODULE_KEYS)
    about = _about_cells(alert.when)
    cells = None if about is None else compile_condition(about, f"{owner} cells", ground)[0]
    of_none = not alert.devices and not hangs_on_readings(alert.when)
    of_gridboss = not alert.devices and bool(asked) and asked <= TOLD_BY_GRIDBOSS
    for_gridboss = bool(asked) and asked <= _SELF
    return CompiledAlert(alert, judge, explain, for_gridboss, of_cells, cells, of_none, of_gridboss)


def _about_cells(when: Condition) -> Condition | None:
    """The parts of a condition that ask the modules, if it has others beside them."""
    if not isinstance(when, c.All):
        return None
    parts = tuple(part for part in when.parts if not MODULE_KEYS.isdisjoint(read_by(part)))
    return c.All(parts) if parts and len(parts) < len(when.parts) else None


def _slots(rules: tuple[CompiledRule, ...], alerts: tuple[CompiledAlert, ...]) -> Iterator[str]:
    named = [(one.rule.name, one.rule.when) for one in rules]
    for alert in alerts:
        owner, when = _owner(alert.alert), alert.alert.when
        named.append((owner, when))
        about = _about_cells(when)
        if about is not None:
            named.append((f"{owner} cells", about))
    for owner, when in named:
        yield from (slot.name for slot in slots(when, when, owner))


def _owner(alert: AlertRule) -> str:
    """An alert may bear the name of a rule; their timers must not meet."""
    return f"alert {alert.name}"


def _needs(
    rules: tuple[CompiledRule, ...], alerts: tuple[CompiledAlert, ...], managed: frozenset[str]
) -> frozenset[Need]:
    needs = {Need.RUNTIME}
    if "quick_charge" in managed:
        needs.add(Need.QUICK_CHARGE)
    for condition in (*(r.rule.when for r in rules), *(a.alert.when for a in alerts)):
        for name in read_by(condition):
            needs |= needs_of(name)
    for alert in alerts:
        for name in placeholders(alert.alert.message):
            row = METRICS.get(name)
            needs |= needs_of(name if row is None else row.key)
    return frozenset(needs)


def read_by(condition: Condition) -> Iterator[str]:
    """Every metric's key and word fact that a condition reads, and "faults"."""
    for leaf in c.leaves_in(condition):
        match leaf:
            case c.Compare(metric, _, bound, until):
                yield from _named(metric, bound, until)
            case c.Between(metric, low, high):
                yield from _named(metric, low, high)
            case c.WordIs(fact):
                yield fact
            case c.FaultIs():
                yield FAULTS_KEY


def _named(metric: str, *bounds: Bound | None) -> Iterator[str]:
    yield metric
    yield from (bound.metric for bound in bounds if bound is not None and bound.metric is not None)


def needs_of(name: str) -> frozenset[Need]:
    """The requests that bring a metric (by key), a word fact, "faults", or a module's placeholder."""
    if name in METRICS_BY_KEY:
        needs = {METRICS_BY_KEY[name].need}
    elif name in WORD_FACTS:
        needs = {WORD_FACTS[name].need}
    elif name == FAULTS_KEY:
        needs = {Need.EVENTS}
    elif name == "battery" or name.startswith(("battery_", "cell_")):
        needs = {Need.BATTERY}
    else:
        needs = set()
    if name in GRIDBOSS_METRICS or name in GRIDBOSS_PREFERRED or name == "grid":
        needs.add(Need.GRIDBOSS)
    return frozenset(needs)


def placeholders(message: str) -> list[str]:
    """The names in braces of a message; none where it is not a proper template."""
    try:
        return [name for _, name, _, _ in Formatter().parse(message) if name]
    except ValueError:
        return []
