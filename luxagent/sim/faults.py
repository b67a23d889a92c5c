"""What can be made to go wrong, by name. Each fault is one entry of `CATALOGUE`.

A fault may change the world when it is switched on and off, answer instead of the wire, alter the wire's
answer, decide the fate of a write, or give the shape of an ended session. `server` asks in that order.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from luxagent.sim import pages
from luxagent.sim.world import Fate, Reply, Request, World, Write

Answer = Callable[[World, Request], Reply | None]
Alter = Callable[[World, Request, Reply], Reply]
Switch = Callable[[World, set[str]], None]

_REMOTE = ("/WManage/web/maintain/remote", "/WManage/web/config/quickCharge/")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong: any mix of the hooks."""

    about: str
    begin: Switch | None = None
    end: Switch | None = None
    answer: Answer | None = None
    alter: Alter | None = None
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


def _always(reply: Reply) -> Answer:
    return lambda _world, _request: reply


def _commands(code: str) -> Answer:
    """Settings and commands fail with a code; telemetry goes on."""

    def answer(_world: World, request: Request) -> Reply | None:
        return pages.failed(code) if request.path.startswith(_REMOTE) else None

    return answer


def _nan(_world: World, request: Request, reply: Reply) -> Reply:
    return replace(reply, body=pages.with_field(reply.body, "soc", "NaN")) if request.serial else reply


def _wild(_world: World, request: Request, reply: Reply) -> Reply:
    return replace(reply, body=pages.with_field(reply.body, "soc", "144")) if request.serial else reply


def _wrong_serial(_world: World, request: Request, reply: Reply) -> Reply:
    asked = request.serial.encode()
    return replace(reply, body=reply.body.replace(asked, b"0000000000")) if asked else reply


def _older(world: World, request: Request, reply: Reply) -> Reply:
    """A lagging node: every stamp of the answer is ten minutes old."""
    upload = world.house.uploads.get(request.serial)
    if upload is None:
        return reply
    now, then = (pages.utc_text(upload.at - timedelta(minutes=m)).encode() for m in (0, 10))
    return replace(reply, body=reply.body.replace(now, then))


CATALOGUE: dict[str, Fault] = {
    "lost": Fault("the dongle is gone, and the portal says so", _hush, _wake),
    "stale": Fault("uploads stop, and the portal does not say so", _hush_unnoticed, _wake),
    "lagging-node": Fault("answers carry an upload from ten minutes ago", alter=_older),
    "wild-soc": Fault("soc reads 144", alter=_wild),
    "nan": Fault("soc reads NaN, which is no JSON", alter=_nan),
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

    def on(self, name: str, serial: str | None = None) -> None:
        """Switch a fault on, for one device or for all; an unknown name raises KeyError."""
        fault = CATALOGUE[name]
        serials = {serial} if serial else set(self.world.serials)
        with self.lock:
            self._on[name] = self._on.get(name, set()) | serials
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
            if serial in serials or (serial not in everyone and serials == everyone)
        ]
