"""What the daemon does after each good tick: log what moved, leave a snapshot for `status`."""

import json
import logging
from collections import Counter
from collections.abc import Sequence

from luxagent.agent.tick import TickReport
from luxagent.cli.health import INTERVAL_KEY, PLANTS_KEY
from luxagent.cli.render.status_json import status_json
from luxagent.cli.render.tick_lines import tick_lines
from luxagent.cli.render.verdicts import Verdict, troubles, verdicts
from luxagent.cli.wiring import Wired
from luxagent.core.alerts.life import AlertView
from luxagent.core.control.residual import remainders
from luxagent.core.facts.reasons import Outcome
from luxagent.core.plant.device import Plant
from luxagent.errors import StateUnusable
from luxagent.store.snapshot import Snapshot

log = logging.getLogger("luxagent")


class Keeper:
    """Follows the ticks of one agent."""

    def __init__(self, wired: Wired, snapshot: Snapshot) -> None:
        self._wired = wired
        self._snapshot = snapshot
        self._troubles: frozenset[str] = frozenset()
        self._plant: Plant | None = None
        self._alerts: Sequence[AlertView] = ()
        self._counted = "no look yet"
        self._moved = ""

    def report(self, report: TickReport) -> None:
        """After a good tick. Never raises for what the disk will not take: the next tick tries again."""
        rows = verdicts(report, self._wired.agent.policy)
        clock = "{:02d}:{:02d}".format(*divmod(report.moment.minute, 60))
        for level, line in tick_lines(report, rows):
            log.log(level, "%s", line)
            self._moved = f"{clock} {line}"
        self._counted = f"{clock} {self._count(rows)}"
        found = troubles(report)
        for trouble in [*found, *self._wired.undelivered()]:
            if trouble not in self._troubles:  # said once, not every two minutes
                log.warning("%s", trouble)
        self._troubles = frozenset(found)
        self._alerts = report.decision.alerts
        self._save(report, found)
        self._wired.relent()

    def acted(self, report: TickReport) -> None:
        """After something was done beside the ticks: `status` must not show what was owned before.

        Alerts were not judged; they stand as the last tick left them.
        """
        self._save(report, troubles(report))

    def summary(self) -> str:
        """The last good tick in a line, and the last decision that changed something."""
        return f"{self._counted}. Last: {self._moved}" if self._moved else f"{self._counted}."

    def _count(self, rows: dict[str, list[Verdict]]) -> str:
        """ "2 inverters, 5 settings as wanted, 1 held", and whether anything is written at all."""
        counts = Counter(verdict.outcome for row in rows.values() for verdict in row)
        right = counts.pop(Outcome.UNCHANGED, 0) + counts.pop(Outcome.CONFIRMED, 0)
        parts = [
            f"{len(rows)} inverter{'' if len(rows) == 1 else 's'}",
            f"{right} setting{'' if right == 1 else 's'} as wanted",
            *(f"{count} {outcome.value}" for outcome, count in counts.items()),
            *([f"{len(self._troubles)} troubles"] if self._troubles else []),
            *(["dry run"] if self._wired.dry_run else []),
        ]
        return ", ".join(parts)

    def plant(self) -> Plant | None:
        """The plant as the last good tick left it."""
        return self._plant

    def _save(self, report: TickReport, found: list[str]) -> None:
        memory = self._wired.agent.state.memory
        status = status_json(
            report.moment.at,
            report.plant,
            self._alerts,
            memory.owned,
            remainders(report.plant, memory, report.moment),
            found,
            dry_run=self._wired.dry_run,
        )
        self._plant = report.plant
        # `health` must know the one even while the file is broken; `dump` has an alias for the others
        plants = sorted({device.plant for device in report.plant.devices if device.plant})
        kept = {**status, INTERVAL_KEY: self._wired.interval_s, PLANTS_KEY: plants}
        try:
            self._snapshot.save(json.dumps(kept, ensure_ascii=True, allow_nan=False) + "\n")
        except StateUnusable as error:
            log.warning("%s", error)
