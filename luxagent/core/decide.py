"""One tick of thinking: (moment, plant, memory, policy) -> Decision. No I/O; nothing is changed.

The same function serves the daemon, `plan`, `why` and every simulation. The order: judge the rules, say
what each setting should be, subtract what it is, ask every guard, give the alerts their tick.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from luxagent.core.alerts.life import AlertView
from luxagent.core.alerts.message import Message
from luxagent.core.alerts.own import look_at
from luxagent.core.control.by_hand import run_out
from luxagent.core.control.changes import Change, Held, Want, with_first
from luxagent.core.control.effects import effects_seen
from luxagent.core.control.groups import group_news
from luxagent.core.control.hands import overrides_over, unread_news
from luxagent.core.control.leftovers import left_over
from luxagent.core.control.residual import dryness
from luxagent.core.control.round import Round
from luxagent.core.control.settle import settle
from luxagent.core.control.stand_in import ended_meanwhile, stands_in_for
from luxagent.core.control.standing import Standing, stand
from luxagent.core.control.wants import Outlook
from luxagent.core.events import Event, TimerSet
from luxagent.core.facts.settings import KEPT_WHILE_ON
from luxagent.core.memory import Memory
from luxagent.core.notices import Turns, notices
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Value
from luxagent.core.plant.units import inverter_reading, unit_reading
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.scene import Scene
from luxagent.core.sightings import KeptInMind
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


Decide = Callable[[Moment, Plant, Memory, Policy], Decision]


def decide(moment: Moment, plant: Plant, memory: Memory, policy: Policy) -> Decision:
    """Decide for every inverter of the plant. `plant` has been through `freshness` already."""
    decision = Decision()
    decision.events += overrides_over(memory, policy, moment.at)  # before a hand that comes in this very tick
    decision.events += unread_news(plant, memory, moment.at)
    about = Round(moment.at, plant, memory, policy)
    scenes: dict[str, Scene] = {}
    units: dict[str, Standing] = {}
    for device in plant.inverters:
        unit, serial = device.unit, device.serial
        if unit not in units:
            values = unit_reading(plant, unit).values
            scenes[unit] = scene = _scene(moment, unit, values, memory, policy)
            units[unit], events = stand(policy.unit_rules, unit, scene, memory, policy)
            decision.events += events
        reading = inverter_reading(plant, device)
        if serial not in scenes:
            scenes[serial] = _scene(moment, serial, reading.values, memory, policy)
        scene, own = scenes[serial], None
        if policy.inverter_rules:
            own, events = stand(policy.inverter_rules, serial, scene, memory, policy)
            decision.events += events
        members = frozenset(member.serial for member in plant.members(unit))
        away = stands_in_for(device, plant, memory) if len(members) > 1 else ()
        decision.outlooks[serial] = outlook = Outlook(units[unit], own, members, stands_in=bool(away))
        settled = settle(device, outlook, reading, about)
        decision.changes += settled.changes
        decision.held += settled.held
        decision.unchanged += settled.unchanged
        decision.events += settled.events
        decision.events += effects_seen(device, reading, moment, about)
        decision.events += ended_meanwhile(device, away, memory, moment.at) if away else []
        _alert(device, scene, about, decision)
    for device in plant.devices:
        if device.kind is Kind.GRIDBOSS:
            scenes[device.serial] = scene = _scene(
                moment, device.serial, device.reading.values, memory, policy
            )
            _alert(device, scene, about, decision)
    for scene in scenes.values():
        decision.events += scene.moved
    decision.events += _halted(memory, scenes, moment.at)
    decision.events += run_out(memory, moment.at)
    decision.events += left_over(memory, policy, moment.at)
    decision.events += dryness(plant, memory, moment, policy)
    if len(plant.inverters) > 1:
        decision.events += group_news(_wants(decision), about)
    decision.messages += _notices(decision, about)
    return decision


def _notices(decision: Decision, about: Round) -> list[Message]:
    """What rules with `notify` have to say of this tick."""
    if not (decision.events or decision.changes):
        return []
    turns = Turns(
        decision.events, decision.changes, decision.held, decision.unchanged, about.plant, about.memory,
        about.policy, about.now,
    )  # fmt: skip
    return list(notices(turns))


def _halted(memory: Memory, judged: Container[str], now: datetime) -> list[Event]:
    """The `for` timers of who is not there to be judged stand still, as those of an unknown part do."""
    return [
        TimerSet(now, who, slot, timer.since, now)
        for who, row in memory.timers.items()
        if who not in judged
        for slot, timer in row.items()
        if timer.halted_at is None
    ]


def decide_home(moment: Moment, plant: Plant, memory: Memory, policy: Policy) -> Decision:
    """What brings everything owned home, whatever rules and people want of it: `restore`, and `on_stop`.

    Rules and alerts are not judged: their timers and states stay as the last tick left them.
    """
    decision = Decision()
    about = Round(moment.at, plant, memory, policy, restoring=True)
    for device in plant.inverters:
        if device.serial not in memory.owned:
            continue
        reading = inverter_reading(plant, device)
        scene = _scene(moment, device.serial, reading.values, memory, policy)
        outlook = Outlook(Standing(device.unit, scene, timedelta()), None)
        settled = settle(device, outlook, reading, about)
        decision.changes += settled.changes
        decision.held += settled.held
        decision.unchanged += settled.unchanged
        decision.events += settled.events
    return decision


def decide_about(setting: str) -> Decide:
    """Decide as ever, but act on one setting only: for a person's `set` where no daemon is running."""
    return _only(decide, lambda one: one.setting == setting)


def decide_home_of(setting: str, serial: str | None) -> Decide:
    """Bring one setting home, on one inverter or on all of them, whatever rules want of it."""
    return _only(decide_home, lambda one: one.setting == setting and (serial is None or one.serial == serial))


def _only(whole: Decide, concerns: Callable[[Any], bool]) -> Decide:
    """Of what is decided, the part about some settings, with what must be in place before those."""

    def part(moment: Moment, plant: Plant, memory: Memory, policy: Policy) -> Decision:
        decision = whole(moment, plant, memory, policy)
        return Decision(
            changes=with_first(decision.changes, [one for one in decision.changes if concerns(one.want)]),
            held=[held for held in decision.held if concerns(held.want)],
            unchanged=[want for want in decision.unchanged if concerns(want)],
            events=[event for event in decision.events if hasattr(event, "setting") and concerns(_of(event))],
            outlooks=decision.outlooks,
        )

    return part


def _of(event: Any) -> Any:  # noqa: ANN401  # whatever has a setting
    """What is kept in mind for a switch is an event of that switch."""
    return replace(event, setting=KEPT_WHILE_ON[event.setting]) if isinstance(event, KeptInMind) else event


def _wants(decision: Decision) -> list[Want]:
    changes, held = [one.want for one in decision.changes], [one.want for one in decision.held]
    return [*changes, *held, *decision.unchanged]


def _alert(device: Device, scene: Scene, about: Round, decision: Decision) -> None:
    """The alerts of the file, for one device."""
    policy = about.policy
    if not policy.alerts:
        return
    modules = device.modules and about.modules.get(device.serial, ())
    outlook = decision.outlooks.get(device.serial)
    holding = (
        () if outlook is None else tuple(name for name in outlook.unit.states if outlook.unit.holds(name))
    )
    plant = about.plant
    first = device in plant.inverters[:1]
    leads = plant.gridboss(device.unit) is None or device in plant.members(device.unit)[:1]
    out = look_at(device, scene, modules, about.memory, policy, holding, first=first, leads=leads)
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
        stale_after_s=policy.guards.stale_after_s,
    )


def _flags_on(memory: Memory, now: datetime) -> frozenset[str]:
    return frozenset(name for name, until in memory.flags.items() if until is None or until > now)
