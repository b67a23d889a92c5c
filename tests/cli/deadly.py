"""A portal that kills whoever asks it: signals at instants that the portal itself can name.

The agent is a real process on real files, the portal a real one on loopback, in the test's own process. A
trap springs when a certain request arrives, when its effect has landed and the answer has not left, or when
the agent looks for the first time after it. So no test has to guess how long anything takes.

The portal also notes, as each control request arrives, which intents are on the disk just then.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from luxagent.cli.clock import SystemClock
from luxagent.core.events import WriteClosed, WriteIntended
from luxagent.core.sightings import OverrideSeen
from luxagent.core.values.sun import Place
from luxagent.errors import StateUnusable
from luxagent.sim.pages import error_page
from luxagent.sim.scenario import single_house
from luxagent.sim.server import SimPortal, WireName
from luxagent.sim.world import Reply, Request
from luxagent.store.journal import journal, look

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S, LOOK_S = 60.0, 0.05
ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
READS = "remoteRead/read"

HEAD = """\
version: 1
dry_run: off
interval: 30 s
on_stop: {on_stop}
portal: {{url: "{url}", username: owner, password: "${{LUXAGENT_PASSWORD}}", settle: 0.2 s}}
site: {{timezone: America/Phoenix}}
guards: {{same_setting_every: 0 s, writes_per_hour: {most}, writes_per_day: {most}}}
baseline: {{charge_limit: 90%}}
rules:
"""
RULE = "  - {{name: Wanted, when: always, set: {{{sets}}}}}\n"
NOTHING = "  []\n"

WRITTEN_AS: Mapping[str, tuple[str, ...]] = {
    "ac_charge": ("FUNC_AC_CHARGE",),
    "ac_charge_limit": ("HOLD_AC_CHARGE_SOC_LIMIT",),
    "charge_limit": ("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "21"),
    "ac_charge_power": ("HOLD_AC_CHARGE_POWER_CMD", "22"),
    "pv_charge_power": ("HOLD_FORCED_CHG_POWER_CMD", "23"),
    "quick_charge": ("quickCharge",),
    "ac_charge_windows": tuple(
        f"HOLD_AC_CHARGE_{edge}_TIME{suffix}" for suffix in ("", "_1", "_2") for edge in ("START", "END")
    ),
}
"""What a control request names, by setting, on either wire."""
SETTING_OF = {name: setting for setting, names in WRITTEN_AS.items() for name in names}

NEVER_CAME = error_page(503)
"""Nobody reads it: who asked is dead, and the request counts as one that never left."""
Moment = Literal["arrives", "landed", "settling", "looked"]


@dataclass(slots=True)
class Trap:
    """When the n-th request whose path ends so arrives (and is dropped), has landed, or is looked after."""

    moment: Moment
    path: str
    nth: int = 1
    number: int = signal.SIGKILL
    later_s: float = 0.0
    """How long after it the signal leaves; the answer does not wait for that."""


class Sent(NamedTuple):
    """A control request as it arrived, and the intent that was open on the disk just then."""

    intent: int | None
    name: str
    value: str


class DeadlyPortal(SimPortal):
    """The built-in portal of a lone inverter, with a trap in it."""

    def __init__(self, state: Path, wire: WireName = "live") -> None:
        now = SystemClock().now
        house = single_house(now(), ZONE, PLACE, 7, numeric_serials=wire == "document")
        super().__init__(house, wire, now=now)
        [self.serial] = self.house.inverters
        self.state = state
        self.sent: list[Sent] = []
        self.sprung = threading.Event()
        self._trap: Trap | None = None
        self._prey: subprocess.Popen[bytes] | None = None
        self._seen = 0

    def lay(self, trap: Trap | None) -> None:
        """A trap for the next process; none lets it live."""
        self._trap, self._prey, self._seen = trap, None, 0
        self.sprung.clear()

    def hunt(self, process: subprocess.Popen[bytes]) -> None:
        self._prey = process

    def registers(self) -> dict[str, float | bool]:
        return dict(self.house.inverters[self.serial].registers)

    @property
    def charging_quickly(self) -> bool:
        return self.house.quick.running(self.house.unit_of(self.serial), self._now())

    def _answer(self, request: Request, cookies: str) -> Reply:
        trap = self._trap
        name = _control_name(request)
        if name is not None:
            self.sent.append(Sent(self._intent_behind(name), name, _value(request)))
        if trap is None:
            return super()._answer(request, cookies)
        mine = request.path.endswith(trap.path)
        self._seen += mine
        met = self._seen >= trap.nth
        if met and trap.moment == "arrives" and mine:
            self._spring(trap)
            return NEVER_CAME
        if met and trap.moment == "looked" and request.path.endswith(READS):
            self._spring(trap)
        reply = super()._answer(request, cookies)
        if met and trap.moment in ("landed", "settling") and mine:
            self._spring(trap)
        return reply

    def _spring(self, trap: Trap) -> None:
        """Send the signal, once; unless it leaves later it has taken effect when this returns."""
        self._trap = None
        if trap.later_s:
            threading.Timer(trap.later_s, self._signal, (trap, self._prey)).start()
        else:
            self._signal(trap, self._prey)

    def _signal(self, trap: Trap, prey: subprocess.Popen[bytes] | None) -> None:
        if prey is None or prey.returncode is not None:
            return
        with suppress(ProcessLookupError):  # its tick came to its end first
            os.kill(prey.pid, trap.number)
        seen = {signal.SIGKILL: os.WEXITED, signal.SIGSTOP: os.WSTOPPED}.get(signal.Signals(trap.number))
        if seen is not None:
            with suppress(ChildProcessError):  # the test has collected it already
                os.waitid(os.P_PID, prey.pid, seen | os.WNOWAIT)
        self.sprung.set()

    def _intent_behind(self, name: str) -> int | None:
        """The open intent of that setting, as the disk has it now."""
        memory = look(self.state)
        found = [write.number for write in memory.open.values() if write.setting == SETTING_OF.get(name)]
        return max(found, default=None)


def _control_name(request: Request) -> str | None:
    """What a control request wants to change; None for any other request."""
    path = request.path
    if path.endswith(("quickCharge/start", "quickCharge/stop")):
        return "quickCharge"
    if "/remoteSet/" not in path:
        return None
    form = request.form
    if "data" in form:
        return form["data"].split(":")[0]
    keys = ("holdParam", "functionParam", "bitParam", "timeParam", "function")
    return next(form[key] for key in keys if key in form)


def _value(request: Request) -> str:
    form = request.form
    if request.path.endswith("/stop"):
        return "off"
    if "hour" in form:
        return f"{form['hour']}:{form['minute']}"
    if "data" in form:
        return form["data"].split(":")[1]
    return next((form[key] for key in ("valueText", "enable", "value", "minute") if key in form), "on")


@dataclass
class Home:
    """A rules file, a state folder and a portal; agents come and go."""

    folder: Path
    portal: DeadlyPortal
    on_stop: str = "keep"
    most_writes: int = 500

    @property
    def ticked_at(self) -> datetime | None:
        """When the last tick came to its end; None before the first, and while the ledger is being made."""
        try:
            return look(self.portal.state).ticked_at
        except StateUnusable:
            return None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def want(self, sets: str) -> None:
        """The file's one rule; without any text there is none."""
        head = HEAD.format(url=self.portal.url, on_stop=self.on_stop, most=self.most_writes)
        (self.folder / "rules.yaml").write_text(head + (RULE.format(sets=sets) if sets else NOTHING))

    @contextmanager
    def agent(self, trap: Trap | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """`luxagent run`, as a person starts it. Whatever happens, it is gone afterwards."""
        self.portal.lay(trap)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        environ = kept | {"PYTHONPATH": str(ROOT), "HOME": str(self.folder), "LUXAGENT_PASSWORD": "any"}
        where = ["-c", str(self.folder / "rules.yaml"), "--state", str(self.portal.state)]
        with (
            (self.folder / "log").open("ab") as log,
            subprocess.Popen(
                [sys.executable, "-m", "luxagent", "run", *where],
                env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            ) as process,
        ):  # fmt: skip
            self.portal.hunt(process)
            try:
                yield process
            finally:
                process.kill()

    def die(self, trap: Trap) -> None:
        """One life, up to the instant of its end."""
        ticked = self.ticked_at
        with self.agent(trap) as process:
            until(lambda: process.poll() is not None or self.ticked_at != ticked)
            assert process.poll() == -signal.SIGKILL, f"nothing met {trap}"

    def live(self) -> None:
        """One life in which the first tick comes to its end, and SIGTERM after it."""
        ticked = self.ticked_at
        with self.agent() as process:
            until(lambda: process.poll() is not None or self.ticked_at != ticked)
            process.terminate()
            assert process.wait(LIMIT_S) == 0, self.log

    def mind_what_is_kept(self, was: Mapping[str, float | bool]) -> None:
        """Whatever a rule has moved is on the disk as owned, or as a write that nobody has settled yet."""
        memory, there = look(self.portal.state), self.portal.registers()
        kept = {write.setting for write in memory.open.values()}
        kept |= memory.owned.get(self.portal.serial, {}).keys()
        moved = {SETTING_OF.get(_as_time(name), name) for name in was if there[name] != was[name]}
        moved |= {"quick_charge"} if self.portal.charging_quickly else set()
        assert moved - {"charge_limit"} <= kept, "something was moved, and nothing on the disk says so"

    def mind_what_was_sent(self) -> None:
        """No intent twice, none that is not on the disk, none forgotten, and no hand but ours."""
        told = [entry.event for entry in journal(self.portal.state)]
        intents = [event.number for event in told if isinstance(event, WriteIntended)]
        closes = [event.number for event in told if isinstance(event, WriteClosed)]
        sent = [(one.intent, one.name) for one in self.portal.sent]
        assert None not in dict(sent), "something was sent without an intent on the disk"
        assert len(sent) == len(set(sent)), "an intent was sent twice"
        assert {number for number, _ in sent} <= set(intents)
        assert sorted(closes) == sorted(intents), "an intent was forgotten"
        assert [event for event in told if isinstance(event, OverrideSeen)] == []
        assert "Traceback" not in self.log
        assert self.portal.mistakes == []


def _as_time(register: str) -> str:
    """HOLD_AC_CHARGE_START_HOUR_1 is written by HOLD_AC_CHARGE_START_TIME_1."""
    return register.replace("_HOUR", "_TIME").replace("_MINUTE", "_TIME")


@contextmanager
def home(
    folder: Path, on_stop: str = "keep", most_writes: int = 500, wire: WireName = "live"
) -> Iterator[Home]:
    """A portal with nobody asking it yet."""
    with DeadlyPortal(folder / "state", wire) as portal:
        yield Home(folder, portal, on_stop, most_writes)


def until(done: Callable[[], bool]) -> None:
    """Wait for what a process does, with a limit."""
    patience, looks = threading.Event(), 0
    while not done():
        looks += 1
        assert looks < LIMIT_S / LOOK_S, "it takes too long"
        patience.wait(LOOK_S)
