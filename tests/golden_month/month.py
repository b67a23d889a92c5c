"""A recorded month of readings decided anew, and told as a journal that can be compared byte by byte.

Pure: no portal, no clock, no disk. Each write lands at once, as if the inverter were perfect.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from luxagent.config.load import load
from luxagent.core.control.changes import Want
from luxagent.core.decide import Decision, decide
from luxagent.core.events import FlagSet, RuleLetGo, RuleTook, Ticked, WriteClosed, WriteIntended
from luxagent.core.facts.metrics import FAULTS_KEY
from luxagent.core.facts.settings import SETTINGS, SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Module, Reading, Value
from luxagent.core.policy.policy import Policy, build

FOLDER = Path(__file__).parent
ZONE, START, DAYS, STEP_S = "America/New_York", datetime(2026, 10, 25, 4, tzinfo=UTC), 30, 900.0
KEYS = ("soc_pct", "pv_power_w", "grid", "status")
"""The columns of readings.csv, and after them the millivolts by which the cells differ. Empty is unknown; a
double quote is the same as in the row before."""
SERIAL = "44300E0585"
STORM = (datetime(2026, 11, 17, 15, tzinfo=UTC), datetime(2026, 11, 18, 15, tzinfo=UTC))
ENVIRON = {"LUXAGENT_PASSWORD": "any", "NTFY_URL": "json://127.0.0.1:9"}
FACTORY: dict[str, SettingValue | None] = {
    "ac_charge": False, "ac_charge_type": "time", "ac_charge_windows": (), "ac_charge_limit": 100.0,
    "charge_limit": 100.0, "discharge_floor": 10.0,
}  # fmt: skip


Row = list[str]


def number(text: str) -> float | None:
    """None is unknown."""
    return float(text) if text else None


def readings() -> list[Row]:
    """The recorded month, one row a tick."""
    found: list[Row] = []
    for line in (FOLDER / "readings.csv").read_text(encoding="utf-8").splitlines():
        row = line.split(",")
        found.append([found[-1][at] if text == '"' else text for at, text in enumerate(row)])
    return found


@dataclass
class Replay:
    """The month as far as it was decided."""

    policy: Policy
    memory: Memory = field(default_factory=Memory)
    settings: dict[str, SettingValue | None] = field(default_factory=lambda: dict(FACTORY))
    number: int = 0

    def tick(self, now: datetime, row: Row) -> Iterator[str]:
        """What there is to tell of one tick."""
        if now in STORM:
            self.memory = fold_all(self.memory, [FlagSet(now, "storm", on=now == STORM[0])])
        plant = Plant((self._device(now, row),))
        decision = decide(self.policy.calendar.moment(now), plant, self.memory, self.policy)
        self.memory = fold_all(self.memory, decision.events)
        for change in sorted(decision.changes, key=lambda one: (one.stage, one.want.setting)):
            self._write(now, change.want, change.value)
        self.memory = fold_all(self.memory, [Ticked(now)])
        yield from told(decision)

    def _device(self, now: datetime, row: Row) -> Device:
        soc, pv, grid, status, delta = row
        online = status != ""
        values: dict[str, Value] = {
            "soc_pct": number(soc), "pv_power_w": number(pv), "grid": grid or None, "online": online,
            "status": frozenset(status.split("+")) if online else None,
            FAULTS_KEY: frozenset() if online else None, "data_age_s": 30.0 if online else None,
        }  # fmt: skip
        reading = Reading(values, uploaded_at=now - timedelta(seconds=30))
        cells = Module("Battery_ID_02", cell_max_mv=3300 + float(delta), cell_min_mv=3300, cell_max_number=7)
        return Device(
            SERIAL, Kind.INVERTER, SERIAL, online=online, reading=reading, modules=(cells,) if online else (),
            settings=self.settings, able=frozenset(SETTINGS), updating=False, name=SERIAL,
        )  # fmt: skip

    def _write(self, now: datetime, want: Want, value: SettingValue) -> None:
        self.number += 1
        intended = WriteIntended(
            now, self.number, SERIAL, want.setting, value, want.have, want.rule, want.because, want.homeward
        )
        closed = WriteClosed(now, self.number, SERIAL, want.setting, "confirmed", value)
        self.memory = fold_all(self.memory, [intended, closed])
        self.settings[want.setting] = value


def told(decision: Decision) -> Iterator[str]:
    """Everything a tick decided, in lines. Those that begin with a space say what stayed as it was."""
    for event in decision.events:
        if isinstance(event, RuleTook | RuleLetGo):
            verb = "took" if isinstance(event, RuleTook) else "let go"
            yield f"{event.rule} {verb}: {event.because}"
    for change in decision.changes:
        yield f"{said(change.want, change.value)}; {change.want.because}"
    for held in decision.held:
        yield f" {said(held.want, held.want.value)}; held: {', '.join(held.reasons)}"
    for want in decision.unchanged:
        yield f" {said(want, want.value)}; {want.because}"
    for view in decision.alerts:
        yield f" alert {view.name} {view.state}"
    for message in decision.messages:
        yield f"{message.title}: {message.body}"


def said(want: Want, value: object) -> str:
    home = " (home)" if want.homeward else ""
    return f"{want.setting} {value} was {want.have} [{want.rule}]{home}"


def journal() -> str:
    """A line for each thing that happened, and for each day a sum of all that was decided on it."""
    policy = build(load(FOLDER / "rules.yaml", environ=ENVIRON, resolve_secrets=True).ruleset)
    replay, lines, day, whole = Replay(policy), [], "", hashlib.sha256()
    for index, row in enumerate(readings()):
        now = START + timedelta(seconds=STEP_S * index)
        local = policy.calendar.local(now)
        if day and f"{local:%Y-%m-%d}" != day:
            lines.append(f"{day} in all {whole.hexdigest()[:16]}")
            whole = hashlib.sha256()
        day = f"{local:%Y-%m-%d}"
        for line in replay.tick(now, row):
            whole.update(f"{local:%H:%M}{line}\n".encode())
            if not line.startswith(" "):
                lines.append(f"{local:%Y-%m-%d %H:%M%z} {line}")
    lines.append(f"{day} in all {whole.hexdigest()[:16]}")
    return "\n".join(lines) + "\n"


def summary(text: str) -> Mapping[str, int]:
    """How often each rule took over."""
    names = [line.split(" ", 2)[2].partition(" took: ")[0] for line in text.splitlines() if " took: " in line]
    return {name: names.count(name) for name in names}


if __name__ == "__main__":
    (FOLDER / "journal.txt").write_text(journal(), encoding="utf-8")
