"""The life of an alert, per alert and device: quiet, pending, firing, ended.

Unknown never resolves and never starts anything. Firing and reminders survive any gap; a pending alert that
was not looked at for too long starts anew, as a `for` timer does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from luxagent.core.alerts.message import Message
from luxagent.core.alerts.texts import ended_text, started_text, still_text
from luxagent.core.events import (
    AlertDropped,
    AlertEnded,
    AlertFired,
    AlertPending,
    AlertReminded,
    Event,
    RuleFailed,
)
from luxagent.core.memory import AlertLife, Memory
from luxagent.core.plant.device import Device
from luxagent.core.policy.policy import CompiledAlert
from luxagent.core.policy.rules import Severity
from luxagent.core.policy.scene import Scene
from luxagent.core.values.tri import Tri


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert that is not quiet, or ended this tick; what `once --json` shows."""

    name: str
    device: str
    severity: Severity
    state: Literal["pending", "firing", "ended"]
    message: str


@dataclass(slots=True)
class AlertsOfTick:
    """What the alerts of one tick come to."""

    views: list[AlertView]
    events: list[Event]
    messages: list[Message]


def live(
    compiled: CompiledAlert,
    device: Device,
    scene: Scene,
    memory: Memory,
    stale_after_s: float,
    out: AlertsOfTick,
) -> None:
    """One alert of one device through one tick."""
    rule, now = compiled.alert, scene.moment.at
    was = memory.alerts.get(rule.name, {}).get(device.serial)
    try:
        truth = compiled.judge(scene)
    except Exception as error:  # noqa: BLE001 - one poisoned alert must not stop the others
        truth = None
        if was is None:
            out.events.append(RuleFailed(now, device.serial, rule.name, f"{type(error).__name__}: {error}"))
    if was is not None and was.state == "firing":
        _firing(compiled, device, scene, was, truth, out)
    elif truth is True:
        since = _since(was, now, memory, stale_after_s)
        if now - since >= timedelta(seconds=rule.for_s):
            _fire(compiled, device, scene, since, out)
        else:
            if was is None or since != was.since:
                out.events.append(AlertPending(now, rule.name, device.serial))
            out.views.append(AlertView(rule.name, device.serial, rule.severity, "pending", ""))
    elif was is not None and truth is False:
        out.events.append(AlertDropped(now, rule.name, device.serial))
    elif was is not None:
        out.views.append(AlertView(rule.name, device.serial, rule.severity, "pending", ""))


def _since(was: AlertLife | None, now: datetime, memory: Memory, stale_after_s: float) -> datetime:
    if was is None:
        return now
    gap_ok = memory.ticked_at is not None and now - memory.ticked_at <= timedelta(seconds=stale_after_s)
    return was.since if gap_ok else now


def _fire(compiled: CompiledAlert, device: Device, scene: Scene, since: datetime, out: AlertsOfTick) -> None:
    rule = compiled.alert
    text = started_text(compiled, device, scene)
    out.events.append(AlertFired(scene.moment.at, rule.name, device.serial, rule.severity, text, since))
    out.views.append(AlertView(rule.name, device.serial, rule.severity, "firing", text))
    out.messages.append(Message(rule.name, text, rule.severity, rule.notify))


def _firing(
    compiled: CompiledAlert, device: Device, scene: Scene, was: AlertLife, truth: Tri, out: AlertsOfTick
) -> None:
    rule, now = compiled.alert, scene.moment.at
    if truth is False:
        text = ended_text(device, was, now)
        out.events.append(AlertEnded(now, rule.name, device.serial, text))
        out.views.append(AlertView(rule.name, device.serial, rule.severity, "ended", text))
        out.messages.append(Message(f"Over: {rule.name}", text, rule.severity, rule.notify))
        return
    out.views.append(AlertView(rule.name, device.serial, rule.severity, "firing", was.detail))
    told = was.told_at or was.since
    if truth is True and rule.repeat_s is not None and now - told >= timedelta(seconds=rule.repeat_s):
        text = still_text(compiled, device, scene, was)
        out.events.append(AlertReminded(now, rule.name, device.serial, text))
        out.messages.append(Message(f"Still: {rule.name}", text, rule.severity, rule.notify))
