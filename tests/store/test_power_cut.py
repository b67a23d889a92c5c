"""The power fails at every step of the disk: what was promised to be on it is there, and the ledger opens."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from luxagent.core import events as ev
from luxagent.core.memory import Memory
from luxagent.store.ledger import SqliteLedger
from tests.store.powerless import Disk, recorded
from tests.store.things import HOME, NOW, TAKE

APPENDS: list[Sequence[ev.Event]] = [
    [ev.Started(NOW, "0.1.0", dry_run=False)],
    [TAKE],
    [ev.WriteAnswered(NOW, 7, TAKE.serial, TAKE.setting, "accepted")],
    [ev.WriteClosed(NOW, 7, TAKE.serial, TAKE.setting, "confirmed", True), ev.Ticked(NOW)],
    [replace(TAKE, number=8, setting="charge_limit", value=80.0, before=100.0)],
    [ev.Noted(NOW, "note", "x" * 9000)],
    [HOME],
    [ev.Ticked(NOW + timedelta(minutes=2))],
]


def lived(disk: Disk) -> list[tuple[int, Memory]]:
    """After each append: how many steps the disk had done, and what must be known from then on."""
    found = []
    with recorded(disk):
        ledger = SqliteLedger(disk.folder, NOW, checkpoint_every=3)
        for events in APPENDS:
            ledger.append(events)
            found.append((len(disk.steps), ledger.load()))
        ledger.close()
    return found


def left(disk: Disk, count: int, chance: random.Random | None, folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    for name, data in disk.after(count, chance).items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(data)
    return folder


def chances(count: int) -> list[random.Random | None]:
    return [None, *(random.Random(f"{count}-{index}") for index in range(3))]


def test_after_a_power_cut_at_any_step_the_ledger_opens_and_knows_all_that_was_promised(
    tmp_path: Path,
) -> None:
    disk = Disk(tmp_path / "lived")
    promised = lived(disk)
    assert len(disk.steps) > 60
    for count in range(promised[0][0], len(disk.steps) + 1):
        before = [memory for steps, memory in promised if steps <= count]
        after = [memory for steps, memory in promised if steps > count][:1]
        for index, chance in enumerate(chances(count)):
            folder = left(disk, count, chance, tmp_path / f"{count}-{index}")
            with SqliteLedger(folder, NOW) as ledger:
                assert ledger.damage is None
                assert ledger.load() in (before[-1], *after)


def test_what_is_owned_is_on_the_disk_a_second_time_when_an_append_returns(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "lived")
    for index, (count, memory) in enumerate(lived(disk)):
        folder = left(disk, count, None, tmp_path / str(index))
        (folder / "ledger.db").write_bytes(b"garbage" * 1000)
        (folder / "ledger.db-wal").unlink(missing_ok=True)
        with SqliteLedger(folder, NOW) as ledger:
            assert ledger.load().owned == memory.owned


def test_a_disk_that_is_not_waited_for_would_be_noticed_here(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "lived", waits=False)
    promised = lived(disk)
    with pytest.raises(AssertionError):
        for index, (count, memory) in enumerate(promised):
            folder = left(disk, count, None, tmp_path / str(index))
            with SqliteLedger(folder, NOW) as ledger:
                assert ledger.load() == memory
