"""The owner's file as core values: rules, alerts, limits, guards, baseline. Built by `config`, read by all.

Nothing here is compiled: `compile.build` makes a `Policy` from a `Ruleset`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.conditions import Condition
from luxagent.core.values.sun import Place
from luxagent.core.values.tariff import Tariff


class Severity(StrEnum):
    """How loud an alert is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Scope(StrEnum):
    """Whether a rule is decided once per unit or for each inverter by itself."""

    UNIT = "unit"
    INVERTER = "inverter"


@dataclass(frozen=True, slots=True)
class Rule:
    """While `when` holds, `sets` should be so."""

    name: str
    when: Condition
    sets: Mapping[str, SettingValue]
    hold_s: float = 0.0
    """Once taken, readings cannot end it sooner; the end of a window can."""
    scope: Scope = Scope.UNIT
    devices: frozenset[str] = frozenset()
    """Serials it is narrowed to; empty is all."""
    notify: tuple[str, ...] = ()
    """Channels that are told when it takes and lets go."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AlertRule:
    """While `when` has held for `for_s`, people should know."""

    name: str
    when: Condition
    severity: Severity = Severity.WARNING
    for_s: float = 0.0
    repeat_s: float | None = None
    """Seconds between reminders while firing; None is never."""
    message: str = ""
    """A template with {metric} and {battery} placeholders; empty makes one up."""
    devices: frozenset[str] = frozenset()
    notify: tuple[str, ...] = ()
    enabled: bool = True


DEFAULT_REPEAT_S: dict[Severity, float | None] = {
    Severity.CRITICAL: 4 * 3600.0,
    Severity.WARNING: 86400.0,
    Severity.INFO: None,
}
"""How often people are reminded while an alert is firing; None is never."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the file says of a built-in alert; None is "as it comes"."""

    name: str
    severity: Severity | None = None
    enabled: bool = True
    repeat_s: float | None = None
    never_repeat: bool = False
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """What is allowed for one setting; None is open."""

    low: float | None = None
    high: float | None = None

    def allows(self, value: SettingValue) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class GuardRules:
    """The numbers of the guards; defaults are the file's."""

    stale_after_s: float = 15 * 60
    same_setting_every_s: float = 10 * 60
    writes_per_hour: int = 12
    writes_per_day: int = 60
    on_override_s: float | None = 2 * 3600
    """None is `enforce`."""
    allow_power_cut: bool = False
    allow_raw: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """Where the plant stands: its zone, and its place if a rule needs the sun."""

    zone: tzinfo
    place: Place | None = None


MOST_TICKS_APART = 2.5


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything of the file that the core thinks with."""

    site: Site
    rules: tuple[Rule, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    baseline: Mapping[str, SettingValue] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    guards: GuardRules = GuardRules()
    tariff: Tariff | None = None
    flags: frozenset[str] = frozenset()
    tunings: tuple[Tuning, ...] = ()
    """Of built-in alerts, by name."""
    dry_run: bool = True
    interval_s: float = 120.0
    """From tick to tick."""

    @property
    def bridge_s(self) -> float:
        """How long nobody may look, and a timer or a pending alert still runs on.

        Where ticks are further apart than `stale_after`, each would begin them anew, and none would ever be
        over. Half a tick more than two lets one tick fail and the next come late.
        """
        return max(self.guards.stale_after_s, MOST_TICKS_APART * self.interval_s)
