"""What can be made to go wrong, by name. Each fault is one entry of `CATALOGUE`.

A fault may change the world when it is switched on and off, answer instead of the wire, alter the wire's
answer, decide the fate of a write, or give the shape of an ended session. `server` asks in that order.
"""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from luxagent.sim import mischief, pages
from luxagent.sim.world import Fate, Reply, Request, World, Write

Answer = Callable[[World, Request], Reply | None]
Alter = mischief.Alter
Nudge = Callable[[World, Request], None]
Switch = Callable[[World, set[str]], None]

_LOGIN = "/WManage/api/login"
_REMOTE = ("/WManage/web/maintain/remote", "/WManage/web/config/quickCharge/")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong: any mix of the hooks."""

    about: str
    begin: Switch | None = None
    end: Switch | None = None
    answer: Answer | None = None
    alter: Alter | None = None
    nudge: Nudge | None = None
    """Moves the world a little before each request."""
    fate: Fate | None = None
    no_session: Reply | None = None


def _hush(world: World, serials: set[str]) -> None:
    world.house.silent |= serials


def _wake(world: World, serials: set[str]) -> None:
    world.house.silent -= serials
    world.stale -= serials


def _hush_unnoticed(world: World, serials: set[str]) -> None:
    world.house.silent |= serials
    world.stale |= serials


def _read_only(world: World, _serials: set[str]) -> None:
    world.account = replace(world.account, readonly=True)


def _may_write(world: World, _serials: set[str]) -> None:
    world.account = replace(world.account, readonly=False)


def _as_guest(world: World, _serials: set[str]) -> None:
    world.account = replace(world.account, end_user="guest")


def _as_owner(world: World, _serials: set[str]) -> None:
    world.account = replace(world.account, end_user="owner")


def _take_off(world: World, serials: set[str]) -> None:
    world.unlisted |= serials


def _put_back(world: World, serials: set[str]) -> None:
    world.unlisted -= serials


def _always(reply: Reply) -> Answer:
    return lambda _world, _request: reply


def _commands(code: str) -> Answer:
    """Settings and commands fail with a code; telemetry goes on."""

    def answer(_world: World, request: Request) -> Reply | None:
        return pages.failed(code) if request.path.startswith(_REMOTE) else None

    return answer


def _flap(world: World, _request: Request) -> None:
    """Gone every other minute."""
    flapping = world.flapping
    world.house.silent = (
        world.house.silent | flapping if world.now.minute % 2 else world.house.silent - flapping
    )


def _flapping(world: World, serials: set[str]) -> None:
    world.flapping |= serials


def _steady(world: World, serials: set[str]) -> None:
    world.flapping -= serials
    _wake(world, serials)


_HANDS_MIN = 10


def _hand(world: World, _request: Request) -> None:
    """Somebody moves the charge limit every ten minutes."""
    slot = int(world.now.timestamp()) // (60 * _HANDS_MIN)
    if world.hand_slot not in (None, slot):
        for inverter in world.house.inverters.values():
            inverter.registers.put("HOLD_SYSTEM_CHARGE_SOC_LIMIT", 71 + slot % 2)
    world.hand_slot = slot


def _hands_off(world: World, _serials: set[str]) -> None:
    world.hand_slot = None


def _thaw(world: World, _serials: set[str]) -> None:
    world.kept.clear()


def _wrong_serial(_world: World, request: Request, reply: Reply) -> Reply:
    asked = request.serial.encode()
    return replace(reply, body=reply.body.replace(asked, b"0000000000")) if asked else reply


def _locked(_world: World, request: Request) -> Reply | None:
    return pages.failed("Account locked, too many attempts") if request.path == _LOGIN else None


def _unwelcome(_world: World, request: Request) -> Reply | None:
    return None if request.path == _LOGIN else pages.error_page(401)


def _no_groups(_world: World, request: Request) -> Reply | None:
    return pages.failed("SERVER_ERROR") if "arallel" in request.path else None


CATALOGUE: dict[str, Fault] = {
    "lost": Fault("the dongle is gone, and the portal says so", _hush, _wake),
    "stale": Fault("uploads stop, and the portal does not say so", _hush_unnoticed, _wake),
    "lagging-node": Fault("answers carry an upload from ten minutes ago", alter=mischief.older),
    "wild-soc": Fault("soc reads 144", alter=mischief.field("soc", "144")),
    "nan": Fault("soc reads NaN, which is no JSON", alter=mischief.field("soc", "NaN")),
    "wrong-serial": Fault("answers speak of another device", alter=_wrong_serial),
    "truncated-json": Fault(
        "answers end in the middle", alter=lambda _w, _q, r: replace(r, body=r.body[: len(r.body) // 2])
    ),
    "cut": Fault(
        "the line breaks inside the body", alter=lambda _w, _q, r: replace(r, cut_at=len(r.body) // 2)
    ),
    "trickle": Fault("a byte every tenth of a second", alter=lambda _w, _q, r: replace(r, drip_s=0.1)),
    "hang": Fault("no answer ever comes", alter=lambda _w, _q, r: replace(r, hang=True)),
    "html-everywhere": Fault("maintenance: a page on every path", answer=_always(pages.MAINTENANCE)),
    "http-500": Fault("the server fails", answer=_always(pages.error_page(500))),
    "http-503": Fault("the server is away", answer=_always(pages.error_page(503))),
    "forbidden": Fault("403 on every path", answer=_always(pages.error_page(403))),
    "busy": Fault("commands meet DEVICE_BUSY", answer=_commands("DEVICE_BUSY")),
    "command-timeout": Fault("commands meet DATAFRAME_TIMEOUT", answer=_commands("DATAFRAME_TIMEOUT")),
    "read-only": Fault("the account may look, not write", _read_only, _may_write),
    "guest": Fault("the account may not even read settings", _as_guest, _as_owner),
    "api-blocked": Fault("commands meet apiBlocked", answer=_commands("apiBlocked")),
    "no-permission": Fault("commands meet noPermission", answer=_commands("noPermission")),
    "write-ignored": Fault("acknowledged, not applied", fate=Fate(lands=False)),
    "write-late": Fault("acknowledged, applied four seconds later", fate=Fate(after_s=4)),
    "write-refused": Fault("the firmware refuses", fate=Fate(lands=False, error="REMOTE_SET_ERROR")),
    "write-clamped": Fault("applied one step lower than sent", fate=Fate(clamps=True)),
    "write-reverts": Fault("applied, and gone back after half a minute", fate=Fate(reverts_after_s=30)),
    "timeout-but-applied": Fault("DATAFRAME_TIMEOUT, yet applied", fate=Fate(error="DATAFRAME_TIMEOUT")),
    "timeout-not-applied": Fault(
        "DATAFRAME_TIMEOUT, not applied", fate=Fate(lands=False, error="DATAFRAME_TIMEOUT")
    ),
    "flapping": Fault("the dongle is gone every other minute", _flapping, _steady, nudge=_flap),
    "garbage-frame": Fault("a misread frame: many fields are nonsense", alter=mischief.garbage_frame),
    "soc-spike": Fault("soc reads 97, plausible and wrong", alter=mischief.field("soc", "97")),
    "dashes": Fault('soc reads "--"', alter=mischief.field("soc", '"--"')),
    "null-soc": Fault("soc reads null", alter=mischief.field("soc", "null")),
    "missing-fields": Fault("soc, vBat and ppv are left out", alter=mischief.without("soc", "vBat", "ppv")),
    "counters-reset": Fault("the day's counters read 0", alter=mischief.reset_counters),
    "frozen": Fault("the same values for ever, with fresh stamps", end=_thaw, alter=mischief.frozen),
    "local-stamps": Fault(
        "serverTime is eight hours ahead of UTC", alter=mischief.shifted("serverTime", timedelta(hours=8))
    ),
    "clock-off": Fault(
        "the inverter's clock is an hour ahead", alter=mischief.shifted("deviceTime", timedelta(hours=1))
    ),
    "clock-drift": Fault("the inverter's clock gains a minute in the hour", alter=mischief.drifting),
    "json-null": Fault("answers are null", alter=mischief.becomes(b"null")),
    "json-list": Fault("answers are a list", alter=mischief.becomes(b"[1, 2]")),
    "empty-body": Fault("answers are empty", alter=mischief.becomes(b"")),
    "doubled-keys": Fault("a key stands in the answer twice", alter=mischief.twice),
    "deep-json": Fault("answers nest without end", alter=mischief.becomes(b"[" * 100_000)),
    "long-number": Fault("a number of 5000 digits", alter=mischief.field("soc", "7" * 5000)),
    "huge": Fault("answers of two megabytes", alter=mischief.becomes(b" " * (2 << 20))),
    "html-type": Fault("data under text/html", alter=mischief.becomes(b"", "text/html;charset=UTF-8")),
    "too-many": Fault("429 with a Retry-After", answer=_always(pages.TOO_MANY)),
    "redirect-307": Fault("everything is redirected to another host", answer=_always(pages.ELSEWHERE)),
    "unauthorized": Fault("401 whatever the session", answer=_unwelcome),
    "locked": Fault("the account is locked", answer=_locked),
    "elsewhere": Fault("the account has no plant on this host", alter=mischief.no_plants),
    "unlisted": Fault("the device is not in the account's lists", _take_off, _put_back),
    "unknown-refusal": Fault("commands are refused in words nobody knows", answer=_commands("Fehler 77")),
    "no-groups": Fault("the parallel groups are refused", answer=_no_groups),
    "silent-refusal": Fault("commands are refused without a word", answer=_commands("")),
    "offline": Fault("commands meet DEVICE_OFFLINE", answer=_commands("DEVICE_OFFLINE")),
    "another-hand": Fault("somebody moves the charge limit every ten minutes", None, _hands_off, nudge=_hand),
    "expired-401": Fault("an ended session answers 401", no_session=pages.error_page(401)),
    "expired-redirect": Fault("an ended session redirects to the login page", no_session=pages.REDIRECT),
    "expired-empty": Fault(
        "an ended session answers success false, nothing else", no_session=pages.failed("")
    ),
    "expired-html": Fault("an ended session answers the login page with 200", no_session=pages.LOGIN),
}


@dataclass(slots=True)
class Faults:
    """The faults that are on. `on` and `off` may be called from any thread."""

    world: World
    lock: AbstractContextManager[object]
    _on: dict[str, set[str]] = field(default_factory=dict)
    _rates: dict[str, float] = field(default_factory=dict)
    _dice: random.Random = field(default_factory=lambda: random.Random(1))

    def on(self, name: str, serial: str | None = None, rate: float = 1.0) -> None:
        """Switch a fault on, for one device or for all; an unknown name raises KeyError.

        `rate` is the share of requests that meet it. What changes the world (lost, read-only) is on or off.
        """
        fault = CATALOGUE[name]
        if not 0 < rate <= 1:
            raise ValueError(f"a rate is above 0 and at most 1, not {rate:g}")
        serials = {serial} if serial else set(self.world.serials)
        with self.lock:
            self._on[name] = self._on.get(name, set()) | serials
            self._rates[name] = rate
            if fault.begin:
                fault.begin(self.world, serials)

    def off(self, name: str) -> None:
        fault = CATALOGUE[name]
        with self.lock:
            serials = self._on.pop(name, None)
            if serials and fault.end:
                fault.end(self.world, serials)

    @property
    def active(self) -> list[str]:
        return list(self._on)

    def answer(self, request: Request) -> Reply | None:
        """An answer instead of the wire's own, if a fault has one."""
        for name in self._on:
            nudge = CATALOGUE[name].nudge
            if nudge:
                nudge(self.world, request)
        for fault in self._touching(request.serial):
            if fault.answer and (reply := fault.answer(self.world, request)) is not None:
                return reply
        return None

    def alter(self, request: Request, reply: Reply) -> Reply:
        for fault in self._touching(request.serial):
            if fault.alter:
                reply = fault.alter(self.world, request, reply)
        return reply

    def fate(self, _world: World, write: Write) -> Fate:
        for fault in self._touching(write.serial):
            if fault.fate:
                return fault.fate
        return Fate()

    def no_session(self) -> Reply | None:
        shapes = [CATALOGUE[name].no_session for name in self._on]
        return next((shape for shape in shapes if shape), None)

    def _touching(self, serial: str) -> list[Fault]:
        """Faults that concern a device; a request about no device meets those that are on for all."""
        everyone = set(self.world.serials)
        return [
            CATALOGUE[name]
            for name, serials in self._on.items()
            if (serial in serials or (serial not in everyone and serials == everyone)) and self._strikes(name)
        ]

    def _strikes(self, name: str) -> bool:
        rate = self._rates.get(name, 1.0)
        return rate >= 1 or self._dice.random() < rate
