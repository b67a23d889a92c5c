"""One tick of thinking: (moment, plant, memory, policy) -> Decision. No I/O; nothing is changed.

The same function serves the daemon, `plan`, `why` and every simulation. The order: judge the rules, say
what each setting should be, subtract what it is, ask every guard, give the alerts their tick.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luxagent.core.alerts.life import AlertsOfTick, AlertView, live
from luxagent.core.alerts.message import Message
from luxagent.core.control.changes import Change, Held, Want, stage_for
from luxagent.core.control.guards import Ask, reasons_against
from luxagent.core.control.standing import Standing, stand
from luxagent.core.control.wants import Outlook, at_home, satisfied, wants, with_because
from luxagent.core.events import CameHome, Event, HeldBack, HoldEnded, ReadsRight, RuleLetGo, RuleTook
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SETTINGS, SettingValue
from luxagent.core.memory import Attempt, Hold, Memory
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Value
from luxagent.core.plant.units import inverter_reading, unit_reading
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Severity
from luxagent.core.policy.scene import Scene
from luxagent.core.values.moment import Moment


@dataclass(slots=True)
class Decision:
    """What one tick comes to. `events` is empty when nothing moved."""

    changes: list[Change] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    unchanged: list[Want] = field(default_factory=list)
    alerts: list[AlertView] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    outlooks: dict[str, Outlook] = field(default_factory=dict)
    """By serial, for those who want the reasons in words."""


def decide(moment: Moment, plant: Plant, memory: Memory, policy: Policy) -> Decision:
    """Decide for every inverter of the plant. `plant` has been through `freshness` already."""
    decision = Decision()
    units: dict[str, Standing] = {}
    for device in plant.inverters:
        reading = inverter_reading(plant, device)
        if device.unit not in units:
            units[device.unit] = _stand_unit(moment, plant, device.unit, memory, policy, decision)
        scene = _scene(moment, device.serial, reading.values, memory, policy)
        own = None
        if policy.inverter_rules:
            own, events = stand(
                policy.inverter_rules, device.serial, scene, memory, policy.guards.stale_after_s
            )
            decision.events += events
        outlook = Outlook(units[device.unit], own)
        decision.outlooks[device.serial] = outlook
        _settle(device, outlook, moment.at, plant, memory, policy, decision)
        _alert(device, scene, memory, policy, decision)
        decision.events += scene.moved
    for device in plant.devices:
        if device.kind is Kind.GRIDBOSS:
            scene = _scene(moment, device.serial, device.reading.values, memory, policy)
            _alert(device, scene, memory, policy, decision)
            decision.events += scene.moved
    if decision.events:
        _tell_channels(policy, decision)
    return decision


def _stand_unit(
    moment: Moment, plant: Plant, unit: str, memory: Memory, policy: Policy, decision: Decision
) -> Standing:
    scene = _scene(moment, unit, unit_reading(plant, unit).values, memory, policy)
    standing, events = stand(policy.unit_rules, unit, scene, memory, policy.guards.stale_after_s)
    decision.events += events
    decision.events += scene.moved
    return standing


def _settle(
    device: Device,
    outlook: Outlook,
    now: datetime,
    plant: Plant,
    memory: Memory,
    policy: Policy,
    decision: Decision,
) -> None:
    """Turn the wants of one inverter into changes, holds and what is as it should be."""
    serial = device.serial
    owned, misses = memory.owned.get(serial, {}), memory.misses.get(serial, {})
    differing: list[Want] = []
    found = wants(device, outlook, policy, memory)
    for want in found:
        mine = owned.get(want.setting)
        if at_home(want, mine):
            decision.events.append(CameHome(now, serial, want.setting, want.have))
        elif want.value is not None and satisfied(want) and want.have is not None:
            late = mine is not None and not mine.proven and want.rule == mine.holder
            if late or want.setting in misses:
                decision.events.append(ReadsRight(now, serial, want.setting))
        if want.doubtful:
            _hold(device, with_because(want, outlook, policy), _doubt(device), memory, now, decision)
        elif satisfied(want):
            decision.unchanged.append(want)
            _end_hold(want, memory, now, decision)
        else:
            differing.append(with_because(want, outlook, policy))
    if differing:
        _guard(differing, found, device, plant, memory, policy, now, decision)


def _guard(
    differing: list[Want],
    found: list[Want],
    device: Device,
    plant: Plant,
    memory: Memory,
    policy: Policy,
    now: datetime,
    decision: Decision,
) -> None:
    """Ask every guard about every difference, in the order in which they would be written."""
    reading = inverter_reading(plant, device)
    after: dict[str, SettingValue | None] = dict(device.settings)
    after.update({want.setting: want.value for want in found if want.value is not None})
    granted: list[Attempt] = []
    held_limits: set[str] = set()
    staged = sorted(
        differing, key=lambda want: (stage_for(want.setting, homeward=want.homeward), want.setting)
    )
    for want in staged:
        if want.value is None:
            continue
        ask = Ask(
            want, want.value, device, reading, plant, memory, policy.guards, policy.limits, now, after,
            granted, waits=want.setting in held_limits and want.value is not False and not want.homeward,
            dry_run=policy.dry_run,
        )  # fmt: skip
        reasons = reasons_against(ask)
        if reasons:
            row = SETTINGS.get(want.setting)
            if row is not None and row.before is not None and reasons != (Reason.DRY_RUN,):
                held_limits.add(row.before)
            _hold(device, want, reasons, memory, now, decision)
            continue
        stage = stage_for(want.setting, homeward=want.homeward)
        decision.changes.append(Change(want, want.value, stage))
        granted.append(Attempt(now, 0, want.setting, want.homeward))


def _doubt(device: Device) -> tuple[Reason, ...]:
    return (Reason.OFFLINE,) if device.online is not True else (Reason.STALE,)


def _hold(
    device: Device, want: Want, reasons: tuple[Reason, ...], memory: Memory, now: datetime, decision: Decision
) -> None:
    decision.held.append(Held(want, reasons))
    words = tuple(reason.value for reason in reasons)
    if memory.held.get(device.serial, {}).get(want.setting) != Hold(want.value, words):
        decision.events.append(
            HeldBack(now, device.serial, want.setting, want.value, want.have, want.rule, want.because, words)
        )


def _end_hold(want: Want, memory: Memory, now: datetime, decision: Decision) -> None:
    if want.setting in memory.held.get(want.serial, {}):
        decision.events.append(HoldEnded(now, want.serial, want.setting))


def _alert(device: Device, scene: Scene, memory: Memory, policy: Policy, decision: Decision) -> None:
    out = AlertsOfTick([], [], [])
    for compiled in policy.alerts:
        rule = compiled.alert
        if rule.devices and device.serial not in rule.devices:
            continue
        if device.kind is Kind.GRIDBOSS and not compiled.for_gridboss:
            continue
        live(compiled, device, scene, memory, policy.guards.stale_after_s, out)
    decision.alerts += out.views
    decision.events += out.events
    decision.messages += out.messages


def _scene(moment: Moment, who: str, values: Mapping[str, Value], memory: Memory, policy: Policy) -> Scene:
    return Scene(
        who=who,
        moment=moment,
        values=values,
        flags=_flags_on(memory, moment.at) if memory.flags else frozenset(),
        timers=memory.timers.get(who, {}),
        latched=memory.latched.get(who, {}),
        ticked_at=memory.ticked_at,
        stale_after_s=policy.ruleset.guards.stale_after_s,
    )


def _flags_on(memory: Memory, now: datetime) -> frozenset[str]:
    return frozenset(name for name, until in memory.flags.items() if until is None or until > now)


def _tell_channels(policy: Policy, decision: Decision) -> None:
    """Rules with `notify` say when they take and let go."""
    for event in decision.events:
        if not isinstance(event, RuleTook | RuleLetGo) or event.rule not in policy.index_of:
            continue
        channels = policy.rules[policy.index_of[event.rule]].rule.notify
        if channels:
            verb = "took over" if isinstance(event, RuleTook) else "let go"
            body = f"{event.rule} {verb}: {event.because}"
            decision.messages.append(Message(event.rule, body, Severity.INFO, channels))
