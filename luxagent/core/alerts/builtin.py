"""The built-in alerts through one tick, good or failed. Pure; called by `agent.alarms`.

They come after deciding and writing, so that they see what became of it. Lives whose alert or device is no
longer there end here as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from luxagent.core.alerts.catalogue import ORDER, Builtin
from luxagent.core.alerts.life import Alarm, AlertsOfTick, Hour, device_of, step
from luxagent.core.alerts.sights_agent import SIGHTS as AGENT_SIGHTS
from luxagent.core.alerts.sights_plant import SIGHTS as PLANT_SIGHTS
from luxagent.core.alerts.sights_plant import health_dropped
from luxagent.core.alerts.situation import Said, Situation, sight
from luxagent.core.events import AlertDropped, AlertEnded, DeviceForgotten, Event, ModulesSeen
from luxagent.core.policy.conditions import All, Condition, FaultIs, WordIs
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import DEFAULT_REPEAT_S, Tuning

SIGHTS = {**PLANT_SIGHTS, **AGENT_SIGHTS}
FORGOTTEN_AFTER = timedelta(days=7)
SAME_AS: dict[str, frozenset[Condition]] = {
    "grid lost": frozenset({WordIs("grid", "down")}),
    "device offline": frozenset({WordIs("online", "no"), WordIs("status", "offline")}),
    "firmware available": frozenset({WordIs("firmware", "update available")}),
    "fault code": frozenset({FaultIs()}),
    "warning code": frozenset({FaultIs()}),
}
"""An alert of the file that asks just this says it already, unless the file tunes the built-in one too."""


@dataclass(frozen=True, slots=True)
class _Loud:
    """What fires in this tick, and for which device."""

    found: set[tuple[str, str]] = field(default_factory=set)

    def add(self, row: Builtin, device: str) -> None:
        self.found.update((name, device) for name in row.mutes)

    def mutes(self, row: Builtin, device: str) -> bool:
        return (row.name, device) in self.found or (row.name, "") in self.found


def tuned(policy: Policy) -> tuple[tuple[Builtin, Alarm], ...]:
    """The built-in alerts that are on, as the file tunes them."""
    tunings = {one.name: one for one in policy.ruleset.tunings}
    told = {_whole(compiled.alert.when) for compiled in policy.alerts if not compiled.alert.devices}
    return tuple(
        (row, _alarm(row, tuning))
        for row in ORDER
        if (tuning := tunings.get(row.name, Tuning(row.name))).enabled
        and (row.name in tunings or told.isdisjoint(SAME_AS.get(row.name, ())))
    )


def _whole(when: Condition) -> Condition:
    """A condition without the mapping around its only part."""
    return when.parts[0] if isinstance(when, All) and len(when.parts) == 1 else when


def _alarm(row: Builtin, tuning: Tuning) -> Alarm:
    severity = tuning.severity or row.severity
    repeat_s = DEFAULT_REPEAT_S[severity] if row.reminds else None
    if tuning.repeat_s is not None or tuning.never_repeat:
        repeat_s = tuning.repeat_s
    return Alarm(row.name, severity, row.for_s, repeat_s, tuning.notify, row.news)


def look(about: Situation, alarms: tuple[tuple[Builtin, Alarm], ...]) -> AlertsOfTick:
    """Every built-in alert through this tick."""
    out = AlertsOfTick()
    hour = Hour(about.now, about.memory, about.policy.bridge_s)
    loud = _Loud()
    listed = frozenset(device.serial for device in about.devices)
    blind, lives = about.plant is None, about.watch.alerts
    for row, alarm in alarms:
        said_now = () if blind and row.plant else tuple(SIGHTS[row.name](about))
        known = lives.get(row.name, ())
        if not said_now and not known:  # as most of them in most ticks
            continue
        for said in _with_open(row, about, said_now, known, listed):
            seen = sight(row, said, about)
            before = len(out.events)
            muted = loud.mutes(row, said.device)
            step(alarm, seen, hour, out, muted=muted)
            if row.mutes and _fires(row, seen.key, about, out.events[before:]):
                loud.add(row, said.device)
    out.events += _gone(about, {alarm.name for _, alarm in alarms})
    out.events += _modules(about)
    return out


def _with_open(
    row: Builtin, about: Situation, said: Iterable[Said], known: Iterable[str], listed: frozenset[str]
) -> Iterator[Said]:
    """What is seen now, and what is open from before and was not seen: false, or unknown without a plant."""
    seen = {f"{one.device}/{one.part}": one for one in said}
    yield from seen.values()
    for key in known:
        device, _, part = key.partition("/")
        if f"{device}/{part}" not in seen:
            unknown = row.plant and (about.plant is None or (device != "" and device not in listed))
            vanished_is_back = row.name == "vanished device" and device in listed
            truth = None if unknown and not vanished_is_back else False
            besides = (part,) if row.name == "channel failing" else ()
            yield Said(truth, device=device, part=part, besides=besides)


def _fires(row: Builtin, key: str, about: Situation, moved: list[Event]) -> bool:
    life = about.life(row.name, key)
    ended = any(isinstance(event, AlertEnded) for event in moved)
    began = any(event.kind == "alert_fired" for event in moved)
    return began or (life is not None and life.state == "firing" and not ended)


def _gone(about: Situation, builtins: set[str]) -> Iterator[Event]:
    """Ends what the file no longer has, and what belonged to a device nobody waits for any more."""
    own = {one.alert.name: one.alert.devices for one in about.policy.alerts}
    forgotten = set(_forgotten(about))
    yield from (DeviceForgotten(about.now, serial) for serial in sorted(forgotten))
    for name, row in about.watch.alerts.items():
        for key, life in row.items():
            serial = device_of(key)
            kept = name in builtins or name in own
            narrowed = bool(own.get(name)) and serial not in own[name]
            if kept and not narrowed and not (serial and serial in forgotten):
                continue
            if life.state == "pending":
                yield AlertDropped(about.now, name, key)
            else:
                why = "the device is no longer there" if kept else "the alert is no longer in the file"
                yield AlertEnded(about.now, name, key, why)


def _forgotten(about: Situation) -> Iterator[str]:
    """Devices that vanished a week ago."""
    if about.plant is None:
        return
    for key, life in about.watch.alerts.get("vanished device", {}).items():
        serial = device_of(key)
        if about.device(serial) is None and about.now - life.since >= FORGOTTEN_AFTER:
            yield serial


def _modules(about: Situation) -> Iterator[Event]:
    """Notes which modules each inverter has, when that changes, and their health when it was told of."""
    if about.plant is None or not any(device.modules for device in about.inverters):
        return
    for serial, modules in about.modules.items():
        if not modules:
            continue
        known = about.watch.modules.get(serial, {})
        health = {}
        for module in modules:
            before = known[module.key].soh_pct if module.key in known else None
            fell = before is None or health_dropped(before, module.soh_pct)
            health[module.key] = module.soh_pct if fell else before
        forgotten = tuple(
            key
            for key, one in known.items()
            if one.missing_since is not None and about.now - one.missing_since >= FORGOTTEN_AFTER
        )
        changed = {key: one.soh_pct for key, one in known.items() if one.missing_since is None} != health
        if changed or forgotten:
            yield ModulesSeen(about.now, serial, health, forgotten)
