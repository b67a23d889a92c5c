"""What the alerts remember, as a fold over the same events as the rest of memory: `Memory.watch`.

Pure. `fold_watch` is the only place where it changes, and gives the same object back where nothing did.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from luxagent.core import events as ev
from luxagent.core import sightings as si
from luxagent.core.events import Event
from luxagent.core.facts.settings import SettingValue
from luxagent.core.facts.words import value_text
from luxagent.core.values.nested import Nested, put

NEWS_LASTS = timedelta(hours=1)
KEPT_STARTS = timedelta(days=1)
"""How long it counts that an alert has started: one that starts often is damped."""


@dataclass(frozen=True, slots=True)
class AlertLife:
    """One alert of one device that is not quiet."""

    state: Literal["pending", "firing"]
    since: datetime
    told_at: datetime | None = None
    severity: str = ""
    detail: str = ""
    damped: bool = False
    eased_at: datetime | None = None
    """Since when the condition of a damped one is false."""
    peak: float | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the plant cannot be read."""

    kind: Literal["unreachable", "credentials", "blocked", "stuck"]
    since: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The last write of a setting, which was not confirmed."""

    outcome: Literal["refused", "unproven"]
    at: datetime
    found: SettingValue | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rules file that could not be used."""

    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class KnownModule:
    """A battery module that was seen, and how healthy it was when it was last told of."""

    soh_pct: float | None = None
    missing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened, rather than lasts."""

    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that must outlive a tick so that people hear of each thing once."""

    alerts: Nested[AlertLife] = field(default_factory=dict)
    """By alert, then device ("" for the whole plant, "SERIAL/PART" for a part of one)."""
    starts: Nested[tuple[datetime, ...]] = field(default_factory=dict)
    """By alert, then device: when it started during the last day."""
    silenced: Mapping[str, datetime] = field(default_factory=dict)
    """Alerts that a person wants to hear nothing of, and until when."""
    trouble: Trouble | None = None
    failed: Nested[Failure] = field(default_factory=dict)
    """By serial, then setting."""
    broken: Nested[str] = field(default_factory=dict)
    """By who, then rule or "alert NAME": why it cannot be worked out."""
    refused_file: Refusal | None = None
    modules: Nested[KnownModule] = field(default_factory=dict)
    """By serial, then module."""
    forgotten: tuple[str, ...] = ()
    """Devices that vanished and are no longer waited for."""
    running: bool = False
    no_effect: Nested[News] = field(default_factory=dict)
    """By serial, then setting: switched on and proven, yet nothing came of it."""
    news: Nested[News] = field(default_factory=dict)
    """What happened lately: by built-in alert, then device or "SERIAL/PART"."""


def fold_watch(watch: Watch, event: Event) -> Watch:
    """What is remembered after an event."""
    handler = _HANDLERS.get(type(event))
    return watch if handler is None else handler(watch, event)


def _life(w: Watch, name: str, device: str) -> AlertLife | None:
    return w.alerts.get(name, {}).get(device)


def _started(w: Watch, e: ev.Started) -> Watch:
    if w.running:  # the run before did not end on purpose
        w = _with_news(w, "restarted after a crash", "", News(e.at))
    return replace(w, running=True, refused_file=None)  # what it has started with is in order


def _with_news(w: Watch, name: str, key: str, news: News) -> Watch:
    """What happened, without what happened long ago."""
    kept = {
        other: recent
        for other, row in w.news.items()
        if (recent := {k: one for k, one in row.items() if abs(news.at - one.at) < NEWS_LASTS})
    }
    return replace(w, news=put(kept, name, key, news))


def _override(w: Watch, e: si.OverrideSeen) -> Watch:
    words = "took it back at once" if e.enforced else "leaves it alone for a while"
    detail = f"from {value_text(e.setting, e.before)} to {value_text(e.setting, e.found)}; luxagent {words}"
    return _with_news(w, "override seen", f"{e.serial}/{e.setting}", News(e.at, detail))


def _left_alone(w: Watch, e: si.LeftAlone) -> Watch:
    stays = "an unknown value" if e.value is None else value_text(e.setting, e.value)
    return _with_news(w, "home unknown", f"{e.serial}/{e.setting}", News(e.at, stays))


def _firmware_update(w: Watch, e: si.FirmwareUpdate) -> Watch:
    return w if e.running else _with_news(w, "firmware done", e.serial, News(e.at))


def _trusted(w: Watch, e: si.FirmwareTrusted) -> Watch:
    words = f"{e.code}: {', '.join(e.settings)}" if e.settings else e.code
    return _with_news(w, "writes resumed", e.serial, News(e.at, words))


def _effect(w: Watch, e: si.EffectSeen) -> Watch:
    if e.effect == "no effect":
        return replace(w, no_effect=put(w.no_effect, e.serial, e.setting, News(e.at, e.detail)))
    return _with_effect(w, e.serial, e.setting)


def _with_effect(w: Watch, serial: str, setting: str) -> Watch:
    if setting not in w.no_effect.get(serial, {}):
        return w
    return replace(w, no_effect=put(w.no_effect, serial, setting, None))


def _ticked(w: Watch, e: ev.Ticked) -> Watch:
    if w.forgotten and not e.seen.keys().isdisjoint(w.forgotten):
        w = replace(w, forgotten=tuple(one for one in w.forgotten if one not in e.seen))
    # If the clock was set back, nobody would be reminded until that future has come.
    if not any((life.told_at or life.since) > e.at for row in w.alerts.values() for life in row.values()):
        return w
    return replace(
        w,
        alerts={
            name: {device: _not_after(life, e.at) for device, life in row.items()}
            for name, row in w.alerts.items()
        },
    )


def _not_after(life: AlertLife, at: datetime) -> AlertLife:
    return replace(
        life,
        since=min(life.since, at),
        told_at=None if life.told_at is None else min(life.told_at, at),
        eased_at=None if life.eased_at is None else min(life.eased_at, at),
    )


def _alert_pending(w: Watch, e: ev.AlertPending) -> Watch:
    return replace(w, alerts=put(w.alerts, e.name, e.device, AlertLife("pending", e.at)))


def _alert_fired(w: Watch, e: ev.AlertFired) -> Watch:
    life = AlertLife("firing", e.since, e.at, e.severity, e.detail, damped=e.damped, peak=e.peak)
    starts = {
        name: kept
        for name, row in w.starts.items()
        if (kept := {device: recent for device, all_ in row.items() if (recent := _recent(all_, e.at))})
    }
    mine = (*starts.get(e.name, {}).get(e.device, ()), e.at)
    return replace(
        w,
        alerts=put(w.alerts, e.name, e.device, life),
        starts=put(starts, e.name, e.device, mine),
    )


def _recent(starts: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in starts if abs(now - at) < KEPT_STARTS)


def _alert_reminded(w: Watch, e: ev.AlertReminded) -> Watch:
    life = _life(w, e.name, e.device)
    return w if life is None else _with_life(w, e, replace(life, told_at=e.at))


def _alert_peaked(w: Watch, e: ev.AlertPeaked) -> Watch:
    life = _life(w, e.name, e.device)
    return w if life is None else _with_life(w, e, replace(life, peak=e.value))


def _alert_eased(w: Watch, e: ev.AlertEased) -> Watch:
    life = _life(w, e.name, e.device)
    return w if life is None else _with_life(w, e, replace(life, eased_at=e.since))


def _with_life(w: Watch, e: ev.AlertReminded | ev.AlertPeaked | ev.AlertEased, life: AlertLife) -> Watch:
    return replace(w, alerts=put(w.alerts, e.name, e.device, life))


def _alert_gone(w: Watch, e: ev.AlertDropped | ev.AlertEnded) -> Watch:
    return replace(w, alerts=put(w.alerts, e.name, e.device, None))


def _silenced(w: Watch, e: ev.Silenced) -> Watch:
    rest = {name: until for name, until in w.silenced.items() if name != e.name and until > e.at}
    return replace(w, silenced={**rest, e.name: e.until} if e.on else rest)


def _plant_lost(w: Watch, e: ev.PlantLost) -> Watch:
    return replace(w, trouble=Trouble(e.trouble, e.at, e.detail))


def _write_closed(w: Watch, e: ev.WriteClosed) -> Watch:
    if e.outcome == "lapsed":
        return w
    if e.outcome == "confirmed":
        return _proven(w, e)
    failure = Failure(e.outcome, e.at, e.found, e.detail)
    return replace(w, failed=put(w.failed, e.serial, e.setting, failure))


def _proven(w: Watch, e: ev.WriteClosed | ev.CameHome | ev.ReadsRight) -> Watch:
    if isinstance(e, ev.CameHome):
        w = _with_effect(w, e.serial, e.setting)
    if e.setting not in w.failed.get(e.serial, {}):
        return w
    return replace(w, failed=put(w.failed, e.serial, e.setting, None))


def _rule_failed(w: Watch, e: ev.RuleFailed) -> Watch:
    return replace(w, broken=put(w.broken, e.who, e.rule, e.detail or "no reason was given"))


def _rule_mended(w: Watch, e: ev.RuleTook | ev.RuleLetGo | ev.RuleKnown) -> Watch:
    if e.rule not in w.broken.get(e.who, {}):
        return w
    return replace(w, broken=put(w.broken, e.who, e.rule, None))


def _modules_seen(w: Watch, e: ev.ModulesSeen) -> Watch:
    before = w.modules.get(e.serial, {})
    missing = {
        key: replace(known, missing_since=known.missing_since or e.at)
        for key, known in before.items()
        if key not in e.modules and key not in e.forgotten
    }
    listed = {key: KnownModule(soh) for key, soh in e.modules.items()}
    return replace(w, modules={**w.modules, e.serial: {**missing, **listed}})


def _device_forgotten(w: Watch, e: ev.DeviceForgotten) -> Watch:
    return replace(
        w,
        forgotten=(*(one for one in w.forgotten if one != e.serial), e.serial),
        modules={serial: row for serial, row in w.modules.items() if serial != e.serial},
    )


_HANDLERS: dict[type, Callable[[Watch, Any], Watch]] = {
    ev.Started: _started,
    ev.Stopped: lambda w, _: replace(w, running=False),
    ev.Ticked: _ticked,
    ev.AlertPending: _alert_pending,
    ev.AlertFired: _alert_fired,
    ev.AlertReminded: _alert_reminded,
    ev.AlertPeaked: _alert_peaked,
    ev.AlertEased: _alert_eased,
    ev.AlertDropped: _alert_gone,
    ev.AlertEnded: _alert_gone,
    ev.Silenced: _silenced,
    ev.PlantLost: _plant_lost,
    ev.PlantBack: lambda w, _: replace(w, trouble=None),
    ev.FileRefused: lambda w, e: replace(w, refused_file=Refusal(e.at, e.detail)),
    ev.FileTaken: lambda w, _: replace(w, refused_file=None),
    ev.WriteIntended: lambda w, e: _with_effect(w, e.serial, e.setting),
    ev.WriteClosed: _write_closed,
    ev.CameHome: _proven,
    ev.ReadsRight: _proven,
    ev.RuleFailed: _rule_failed,
    ev.RuleTook: _rule_mended,
    ev.RuleLetGo: _rule_mended,
    ev.RuleKnown: _rule_mended,
    ev.ModulesSeen: _modules_seen,
    ev.DeviceForgotten: _device_forgotten,
    si.EffectSeen: _effect,
    si.OverrideSeen: _override,
    si.LeftAlone: _left_alone,
    si.FirmwareUpdate: _firmware_update,
    si.FirmwareTrusted: _trusted,
}
