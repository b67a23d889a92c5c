"""A write that was not proven may still land: which one, and until when it is waited for."""

from datetime import datetime

from luxagent.core.facts.settings import SettingValue, same_value
from luxagent.core.memory import Memory
from luxagent.core.sent import LATE, Sent, may_be_on_its_way


def on_the_way(memory: Memory, serial: str, setting: str, home: SettingValue, now: datetime) -> Sent | None:
    """The newest write of something else than `home` that may still land; None where there is none.

    What was sent before a write that was proven is not waited for, nor is what the portal refused.
    """
    for sent in reversed(memory.custody.sent.get(serial, {}).get(setting, ())):
        if sent.outcome == "confirmed" or now - sent.at > LATE:
            return None
        if sent.outcome != "refused" and not same_value(setting, sent.value, _as_read(setting, home)):
            return sent
    return None


def read_before(memory: Memory, serial: str, setting: str, now: datetime) -> datetime:
    """When a setting was read last before now."""
    return memory.custody.unread.get(serial, {}).get(setting) or memory.ticked_at or now


def landed(
    memory: Memory, serial: str, setting: str, have: SettingValue | None, now: datetime
) -> Sent | None:
    """The write of ours, not proven by then, whose value (or part of the way to it) is there now.

    It may have landed in time and be seen much later, if nobody could look: then only the very value counts.
    A number on the way is ours only while no later write was proven: the inverter that took that one cut
    nothing short, so the number is somebody's.
    Windows are written edge by edge. What an agent that died there left half-moved stays our own doing while
    we go on writing them: an inverter that drops the write which finished them goes back to that half. Once a
    write of ours was proven, windows as they were before, or none at all, are no half: they are somebody's.
    """
    row = memory.custody.sent.get(serial, {}).get(setting, ())
    partly, proven, seen = True, False, min(now, read_before(memory, serial, setting, now))
    for sent in reversed(row):
        last = row[-1] if isinstance(have, tuple) else sent
        partly = partly and (isinstance(have, tuple) or sent.outcome != "confirmed")
        if sent.outcome == "confirmed":
            proven = True
            continue
        if seen - last.at > LATE:
            continue
        whole = have == () or (sent.before is not None and same_value(setting, sent.before, have))
        on_its_way = (
            partly and not (proven and whole) and now - last.at <= LATE and may_be_on_its_way(sent, have)
        )
        if on_its_way or same_value(setting, sent.value, have):
            return sent
    return None


def _as_read(setting: str, value: SettingValue) -> SettingValue:
    """A quick charge is wanted as seconds and reads as running or not."""
    return value is not False if setting == "quick_charge" else value
