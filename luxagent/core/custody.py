"""What control remembers beside what is owned, as a fold over the same events: `Memory.custody`.

What each setting read last and what was sent to it, other hands, effects that are waited for, firmware,
groups that disagree. Pure; `fold_custody` is the only place where it changes, and gives the same object back
where nothing did.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from luxagent.core import events as ev
from luxagent.core import sightings as si
from luxagent.core.facts.settings import SettingValue
from luxagent.core.sent import Sent, made_by
from luxagent.core.values.moved import moved, not_after
from luxagent.core.values.nested import Nested, put

KEPT_SENT = timedelta(hours=24)
MOST_SENT = 8
"""Of one setting of one inverter: enough for every write that may still land late."""
SAME_REFUSAL = timedelta(minutes=10)
"""Shorter than any wait between two tries of a right that is wanting."""
KEPT_HOURS = 24


@dataclass(frozen=True, slots=True)
class Override:
    """A setting that another hand changed."""

    at: datetime
    found: SettingValue
    was: SettingValue | None = None
    """What it read until then."""
    rule: str | None = None
    """The rule that had taken it, and what it was before that: see `hands`."""
    home: SettingValue | None = None


@dataclass(frozen=True, slots=True)
class Firmware:
    """What an inverter runs, and since when it is not trusted (None: it is)."""

    code: str = ""
    doubted_at: datetime | None = None
    updating: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """Inverters of a group that differ in a setting."""

    since: datetime
    told: bool = False


@dataclass(frozen=True, slots=True)
class NoRights:
    """The portal said that this account may not write to an inverter, `times` in a row, last at `at`."""

    at: datetime
    detail: str = ""
    account: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Custody:
    """Everything control must not forget, by serial, then setting, unless said otherwise."""

    known: Nested[SettingValue] = field(default_factory=dict)
    """What each managed setting read last, or was proven to be."""
    unread: Nested[datetime] = field(default_factory=dict)
    """Those among them, written lately, that are not to be read just now, and when they were last."""
    sent: Nested[tuple[Sent, ...]] = field(default_factory=dict)
    """The last day's writes, oldest first."""
    overrides: Nested[Override] = field(default_factory=dict)
    effects: Nested[datetime] = field(default_factory=dict)
    """Charges from the grid that were proven to be on, and when; power should follow."""
    missed_home: Nested[int] = field(default_factory=dict)
    """Homes that people were told are out of reach, and after how many tries."""
    firmware: Mapping[str, Firmware] = field(default_factory=dict)
    """By serial."""
    gone: Nested[str] = field(default_factory=dict)
    """Settings that new firmware does not have any more, and its code."""
    splits: Nested[Split] = field(default_factory=dict)
    """By unit, then setting."""
    no_rights: Mapping[str, NoRights] = field(default_factory=dict)
    """By serial: inverters that the portal last refused to let this account write to."""
    dry_since: datetime | None = None
    """Since when nothing is written although settings are owned."""
    holds: Nested[int] = field(default_factory=dict)
    """How often each guard began to hold a write: by hour in UTC ("2026-03-08T05"), then reason."""


def holds_of_last_day(custody: Custody, now: datetime) -> dict[str, int]:
    """How often each guard began to hold a write within the last day."""
    first = _hour(now - timedelta(hours=KEPT_HOURS - 1))
    counts: dict[str, int] = {}
    for hour, row in custody.holds.items():
        if hour >= first:
            for reason, count in row.items():
                counts[reason] = counts.get(reason, 0) + count
    return counts


def fold_custody(custody: Custody, event: ev.Event) -> Custody:
    """The state after an event."""
    handler = _HANDLERS.get(type(event))
    return custody if handler is None else handler(custody, event)


def _intended(c: Custody, e: ev.WriteIntended) -> Custody:
    row = [one for one in c.sent.get(e.serial, {}).get(e.setting, ()) if one.at > e.at - KEPT_SENT]
    row.append(Sent(e.at, e.number, e.value, e.before, e.homeward, rule=e.rule))
    return replace(
        c,
        sent=put(c.sent, e.serial, e.setting, tuple(row[-MOST_SENT:])),
        effects=put(c.effects, e.serial, e.setting, None),
    )


def _closed(c: Custody, e: ev.WriteClosed) -> Custody:
    row = c.sent.get(e.serial, {}).get(e.setting, ())
    write = next((one for one in row if one.number == e.number), None)
    if write is None:
        return c
    if not e.left:
        rest = tuple(one for one in row if one is not write)
        return replace(c, sent=put(c.sent, e.serial, e.setting, rest or None))
    after = tuple(replace(one, outcome=e.outcome) if one is write else one for one in row)
    c = replace(c, sent=put(c.sent, e.serial, e.setting, after))
    if e.found is not None and made_by(write, e):
        c = replace(c, known=put(c.known, e.serial, e.setting, e.found))
    if e.outcome == "confirmed" and write.homeward:
        c = replace(c, missed_home=put(c.missed_home, e.serial, e.setting, None))
    charges = e.setting in ("ac_charge", "quick_charge") and write.value is not False
    if e.outcome == "confirmed" and charges and not write.homeward:
        c = replace(c, effects=put(c.effects, e.serial, e.setting, e.at))
    return c


def _home(c: Custody, e: ev.CameHome) -> Custody:
    c = replace(
        c,
        effects=put(c.effects, e.serial, e.setting, None),
        missed_home=put(c.missed_home, e.serial, e.setting, None),
    )
    return c if e.value is None else replace(c, known=put(c.known, e.serial, e.setting, e.value))


def _known(c: Custody, e: si.SettingsKnown) -> Custody:
    known: Mapping[str, Any] = c.known
    unread: Mapping[str, Any] = c.unread
    for setting, value in e.values.items():
        known = put(known, e.serial, setting, value)
        unread = put(unread, e.serial, setting, None)
    return replace(c, known=known, unread=unread)


def _unread(c: Custody, e: si.SettingsUnread) -> Custody:
    unread: Mapping[str, Any] = c.unread
    for setting in e.settings:
        unread = put(unread, e.serial, setting, e.since)
    return replace(c, unread=unread)


def _override(c: Custody, e: si.OverrideSeen) -> Custody:
    held = c.overrides
    if not e.enforced:
        held = put(held, e.serial, e.setting, Override(e.at, e.found, e.before, e.rule, e.home))
    return replace(
        c,
        known=put(c.known, e.serial, e.setting, e.found),
        unread=put(c.unread, e.serial, e.setting, None),
        overrides=held,
        effects=put(c.effects, e.serial, e.setting, None),
        missed_home=put(c.missed_home, e.serial, e.setting, None),
    )


def _override_over(c: Custody, e: si.OverrideEnded) -> Custody:
    return replace(c, overrides=put(c.overrides, e.serial, e.setting, None))


def _lease(c: Custody, e: ev.LeaseSet) -> Custody:
    """Whoever sets a value by hand knows of the other hand."""
    overrides: Mapping[str, Any] = c.overrides
    for serial in list(c.overrides) if e.serial is None else [e.serial]:
        overrides = put(overrides, serial, e.setting, None)
    return replace(c, overrides=overrides)


def _resumed(c: Custody, e: ev.Resumed) -> Custody:
    return replace(c, overrides={}, no_rights={}) if e.by_person else c


def _answered(c: Custody, e: ev.WriteAnswered) -> Custody:
    """Whoever may write has the right."""
    if e.answer != "accepted" or e.serial not in c.no_rights:
        return c
    return replace(c, no_rights={serial: row for serial, row in c.no_rights.items() if serial != e.serial})


def _refused(c: Custody, e: si.AccountRefused) -> Custody:
    """Several settings that were refused one after the other are one refusal."""
    was = c.no_rights.get(e.serial)
    times = 1 if was is None else was.times + (e.at - was.at > SAME_REFUSAL)
    return replace(c, no_rights={**c.no_rights, e.serial: NoRights(e.at, e.detail, e.account, times)})


def _split(c: Custody, e: si.GroupSplit) -> Custody:
    was = c.splits.get(e.unit, {}).get(e.setting)
    split = Split(e.at if was is None else was.since, e.lasting)
    return replace(c, splits=put(c.splits, e.unit, e.setting, split))


def _firmware(c: Custody, e: si.FirmwareSeen) -> Custody:
    was = c.firmware.get(e.serial, Firmware())
    doubted_at = e.at if e.before else was.doubted_at
    return replace(c, firmware={**c.firmware, e.serial: replace(was, code=e.code, doubted_at=doubted_at)})


def _update(c: Custody, e: si.FirmwareUpdate) -> Custody:
    was = c.firmware.get(e.serial, Firmware())
    return replace(c, firmware={**c.firmware, e.serial: replace(was, doubted_at=e.at, updating=e.running)})


def _trusted(c: Custody, e: si.FirmwareTrusted) -> Custody:
    return replace(c, firmware={**c.firmware, e.serial: Firmware(e.code)})


def _gone(c: Custody, e: si.SettingGone) -> Custody:
    """What it reads when it is back is the firmware's doing, and nobody else's."""
    return replace(
        c, gone=put(c.gone, e.serial, e.setting, e.code), known=put(c.known, e.serial, e.setting, None)
    )


def _held(c: Custody, e: ev.HeldBack) -> Custody:
    hour = _hour(e.at)
    kept = {h: row for h, row in c.holds.items() if h >= _hour(e.at - timedelta(hours=KEPT_HOURS))}
    row = dict(kept.get(hour, {}))
    for reason in e.reasons:
        row[reason] = row.get(reason, 0) + 1
    return replace(c, holds={**kept, hour: row})


def _hour(at: datetime) -> str:
    return at.isoformat()[:13]


def _ticked(c: Custody, e: ev.Ticked) -> Custody:
    """A clock that was set back must not make a hold last for years: what is "in the future" began now."""
    times = [o.at for row in c.overrides.values() for o in row.values()]
    times += [at for row in (*c.effects.values(), *c.unread.values()) for at in row.values()]
    times += [s.since for row in c.splits.values() for s in row.values()]
    times += [f.doubted_at for f in c.firmware.values() if f.doubted_at is not None]
    times += [sent.at for settings in c.sent.values() for row in settings.values() for sent in row]
    if not times or max(times) <= e.at:
        return c
    return replace(
        c,
        sent=not_after(c.sent, e.at),
        overrides=not_after(c.overrides, e.at),
        effects=not_after(c.effects, e.at),
        unread=not_after(c.unread, e.at),
        firmware=not_after(c.firmware, e.at),
        splits=not_after(c.splits, e.at),
    )


def _clock_set(c: Custody, e: ev.ClockSet) -> Custody:
    """Times go along with the clock that told them. What each setting read has none."""
    return replace(
        c,
        sent=moved(c.sent, e.by_s),
        overrides=moved(c.overrides, e.by_s),
        effects=moved(c.effects, e.by_s),
        unread=moved(c.unread, e.by_s),
        firmware=moved(c.firmware, e.by_s),
        splits=moved(c.splits, e.by_s),
    )


_HANDLERS: dict[type, Callable[[Custody, Any], Custody]] = {
    ev.Ticked: _ticked,
    ev.ClockSet: _clock_set,
    ev.WriteIntended: _intended,
    ev.WriteAnswered: _answered,
    ev.WriteClosed: _closed,
    ev.CameHome: _home,
    ev.HeldBack: _held,
    ev.LeaseSet: _lease,
    ev.Resumed: _resumed,
    si.SettingsKnown: _known,
    si.SettingsUnread: _unread,
    si.OverrideSeen: _override,
    si.KeptInMind: lambda c, e: replace(c, known=put(c.known, e.serial, e.setting, e.before)),
    si.OverrideEnded: _override_over,
    si.EffectSeen: lambda c, e: replace(c, effects=put(c.effects, e.serial, e.setting, None)),
    si.LeftAlone: lambda c, e: replace(c, missed_home=put(c.missed_home, e.serial, e.setting, None)),
    si.HomeMissed: lambda c, e: replace(c, missed_home=put(c.missed_home, e.serial, e.setting, e.misses)),
    si.GroupSplit: _split,
    si.GroupWhole: lambda c, e: replace(c, splits=put(c.splits, e.unit, e.setting, None)),
    si.FirmwareSeen: _firmware,
    si.FirmwareUpdate: _update,
    si.FirmwareTrusted: _trusted,
    si.SettingGone: _gone,
    si.SettingBack: lambda c, e: replace(c, gone=put(c.gone, e.serial, e.setting, None)),
    si.AccountRefused: _refused,
    si.AccountTried: lambda c, _: replace(c, no_rights={}),
    si.WentDry: lambda c, e: replace(c, dry_since=e.at),
    si.WentLive: lambda c, _: replace(c, dry_since=None),
}
