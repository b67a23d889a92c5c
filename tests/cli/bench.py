"""A desk to try the commands at: the real command line, the real portal on loopback, a clock that stands."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from luxagent.cli.common import Common
from luxagent.cli.main import run
from luxagent.cli.render.values import Json
from luxagent.core.values.sun import Place
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal, WireName

NOON = datetime(2026, 6, 1, 19, 0, tzinfo=UTC)
"""At the site it is noon."""
ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
PASSWORD = "correct horse"
GOLDEN = Path(__file__).parent / "golden"

HEAD = """\
version: 1
dry_run: {dry_run}
interval: 30 s
portal: {{url: "{url}", username: owner, password: "${{LUXAGENT_PASSWORD}}", settle: 0.2 s}}
site: {{timezone: America/Phoenix}}
names: {{garage: 52710E0417}}
"""


class StillClock:
    """Stands still but for waits, which take no time."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self._start = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(0.0, seconds))


@dataclass
class Said:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        return json.loads(self.out)


@dataclass
class Desk:
    """One portal, one file, one state folder."""

    folder: Path
    portal: SimPortal
    clock: StillClock
    capsys: pytest.CaptureFixture[str]
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environ = {"HOME": str(self.folder), "LUXAGENT_PASSWORD": PASSWORD}

    @property
    def file(self) -> Path:
        return self.folder / "rules.yaml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def write(self, rules: str = "", *, dry_run: str = "off", url: str = "") -> None:
        """Put a rules file in place."""
        self.file.write_text(HEAD.format(dry_run=dry_run, url=url or self.portal.url) + rules)

    def say(self, *arguments: str) -> Said:
        """Run one command in this process, past the same door as the console script."""
        common = Common(
            config=self.file, state=self.state, clock=lambda: self.clock, environ=dict(self.environ)
        )
        code = run(arguments, common)
        captured = self.capsys.readouterr()
        return Said(code, captured.out, captured.err)

    def later(self, **lasting: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**lasting)


def new_portal(
    clock: StillClock, *, pair: bool = False, wire: WireName = "live", password: str | None = None
) -> SimPortal:
    """A portal whose clock is the desk's."""
    house = (pair_house if pair else single_house)(clock.now(), ZONE, PLACE, 7)
    return SimPortal(house, wire, now=clock.now, password=password)


def golden(name: str) -> Json:
    """What a command should have said, word by word."""
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def of(said: Said, serial: str) -> dict[str, Json]:
    """One device of a `--json`."""
    found: dict[str, Json] = next(device for device in said.json["devices"] if device["serial"] == serial)
    return found


def decision(said: Said, serial: str, setting: str) -> dict[str, Json]:
    """One decision of `once --json`."""
    found: dict[str, Json] = next(row for row in of(said, serial)["decisions"] if row["setting"] == setting)
    return found
