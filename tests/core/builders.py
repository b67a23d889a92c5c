"""A plant, a policy and a moment with one thing changed at a time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from luxagent.core.decide import Decision, decide
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SETTINGS, SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Reading, Value
from luxagent.core.policy.conditions import Bound, Compare, Condition, Op
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import GuardRules, Rule, Ruleset, Site

NOON = datetime(2026, 6, 10, 19, 0, tzinfo=UTC)  # 12:00 in Phoenix, which knows no clock change
SITE = Site(ZoneInfo("America/Phoenix"))
SERIAL = "44300E0001"

VALUES: dict[str, Value] = {
    "soc_pct": 50.0,
    "pv_power_w": 2000.0,
    "load_power_w": 900.0,
    "grid_voltage_v": 240.0,
    "data_age_s": 30.0,
    "grid": "up",
    "online": True,
    "status": frozenset({"normal"}),
}
SETTINGS_NOW: dict[str, SettingValue | None] = {
    "charge_limit": 100.0,
    "ac_charge_power": 3000.0,
    "ac_charge": False,
    "ac_charge_limit": 90.0,
    "discharge_floor": 20.0,
    "forced_discharge": False,
    "eps": True,
    "operating_mode": "normal",
    "quick_charge": False,
    "discharge_current": 100.0,
}


def soc_below(pct: float, until: float | None = None) -> Compare:
    return Compare("soc_pct", Op.BELOW, Bound(pct), None if until is None else Bound(until))


def rule(
    name: str = "Rule", when: Condition | None = None, *, hold_s: float = 0, **sets: SettingValue
) -> Rule:
    return Rule(name, when or soc_below(60), sets, hold_s=hold_s)


def ruleset(*rules: Rule, baseline: Mapping[str, SettingValue] | None = None, **more: object) -> Ruleset:
    made = Ruleset(SITE, rules=rules, baseline=baseline or {}, dry_run=False)
    return replace(made, **more)  # type: ignore[arg-type]


def policy(*rules: Rule, baseline: Mapping[str, SettingValue] | None = None, **more: object) -> Policy:
    return build(ruleset(*rules, baseline=baseline, **more))


def inverter(
    serial: str = SERIAL,
    *,
    values: Mapping[str, Value] | None = None,
    settings: Mapping[str, SettingValue | None] | None = None,
    unit: str | None = None,
    **more: object,
) -> Device:
    made = Device(
        serial,
        Kind.INVERTER,
        unit or serial,
        online=True,
        reading=Reading({**VALUES, **(values or {})}, uploaded_at=NOON),
        settings={**SETTINGS_NOW, **(settings or {})},
        able=frozenset(SETTINGS),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def plant(*devices: Device, **more: object) -> Plant:
    return replace(Plant(devices or (inverter(),), wire="live"), **more)  # type: ignore[arg-type]


def guards(**changed: object) -> GuardRules:
    return replace(GuardRules(), **changed)  # type: ignore[arg-type]


def tick(
    rules: Policy, seen: Plant, memory: Memory | None = None, at: datetime = NOON
) -> tuple[Decision, Memory]:
    """Decide, and fold what moved, as the loop does but for the writing."""
    memory = memory or Memory()
    decision = decide(rules.calendar.moment(at), seen, memory, rules)
    return decision, fold_all(memory, decision.events)


def after(minutes: float, start: datetime = NOON) -> datetime:
    return start + timedelta(minutes=minutes)


def changes_of(decision: Decision) -> list[tuple[str, SettingValue]]:
    return [(change.want.setting, change.value) for change in decision.changes]


def reasons_of(decision: Decision, setting: str) -> tuple[Reason, ...]:
    return next(held.reasons for held in decision.held if held.want.setting == setting)
