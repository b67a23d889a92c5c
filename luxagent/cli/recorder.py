"""Keeps what the devices reported for as long as the file says (`keep: {readings: 30 days}`)."""

import logging
from datetime import timedelta
from pathlib import Path

from luxagent.agent.tick import TickReport
from luxagent.cli.render.values import reading_json
from luxagent.errors import StateUnusable
from luxagent.store.readings import Kept, ReadingsFile

log = logging.getLogger("luxagent")


class Recorder:
    """Follows the good ticks of one agent."""

    def __init__(self, folder: Path, kept_for_s: float) -> None:
        self._file = ReadingsFile(folder, timedelta(seconds=kept_for_s))

    def report(self, report: TickReport) -> None:
        """After a good tick. Never raises: a full disk costs the history, not the agent."""
        found = [
            Kept(device.reading.uploaded_at, device.serial, reading_json(device.reading.values))
            for device in report.plant.devices
            if device.reading.uploaded_at is not None
        ]
        try:
            self._file.keep(found, report.moment.at)
        except StateUnusable as error:
            log.warning("what was read is not kept: %s", error)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
