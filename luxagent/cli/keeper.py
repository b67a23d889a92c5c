"""What the daemon does after each good tick: log what moved, leave a snapshot for `status`."""

import json
import logging

from luxagent.agent.tick import TickReport
from luxagent.cli.render.status_json import status_json
from luxagent.cli.render.tick_lines import tick_lines
from luxagent.cli.render.values import Json
from luxagent.cli.render.verdicts import troubles, verdicts
from luxagent.cli.wiring import Wired
from luxagent.errors import StateUnusable
from luxagent.store.snapshot import Snapshot

log = logging.getLogger("luxagent")


class Keeper:
    """Follows the ticks of one agent."""

    def __init__(self, wired: Wired, snapshot: Snapshot) -> None:
        self._wired = wired
        self._snapshot = snapshot
        self._troubles: frozenset[str] = frozenset()
        self._devices: list[Json] = []

    def report(self, report: TickReport) -> None:
        """After a good tick. Never raises for what the disk will not take: the next tick tries again."""
        for level, line in tick_lines(report, verdicts(report, self._wired.agent.policy)):
            log.log(level, "%s", line)
        found = troubles(report)
        for trouble in [*found, *self._wired.undelivered()]:
            if trouble not in self._troubles:  # said once, not every two minutes
                log.warning("%s", trouble)
        self._troubles = frozenset(found)
        self._save(report, found)
        self._wired.relent()

    def devices(self) -> list[Json]:
        """The devices as the last good tick left them, in the shape of `status --json`."""
        return self._devices

    def _save(self, report: TickReport, found: list[str]) -> None:
        status = status_json(
            report.moment.at,
            report.plant,
            report.decision.alerts,
            self._wired.agent.state.memory.owned,
            found,
            dry_run=self._wired.dry_run,
        )
        self._devices = status["devices"]
        try:
            self._snapshot.save(json.dumps(status, ensure_ascii=True, allow_nan=False) + "\n")
        except StateUnusable as error:
            log.warning("%s", error)
