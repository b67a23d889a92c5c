"""The JSON of `once`. Every key is always there, whatever happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from luxagent.agent.tick import TickReport
from luxagent.cli.render.plant_json import alerts_json, devices_json, head_json, units_json
from luxagent.cli.render.values import Json
from luxagent.cli.render.verdicts import Verdict, verdict_json
from luxagent.core.alerts.life import AlertView


def once_json(
    report: TickReport, rows: Mapping[str, Sequence[Verdict]], errors: Sequence[str], *, dry_run: bool
) -> dict[str, Json]:
    """What one tick saw, decided and did."""
    plant = report.plant
    return {
        **head_json(report.moment.at, dry_run=dry_run, url=plant.portal_url, wire=plant.wire),
        "devices": devices_json(
            plant, lambda device: {"decisions": [verdict_json(row) for row in rows.get(device.serial, ())]}
        ),
        "units": units_json(plant),
        "alerts": alerts_json(report.decision.alerts),
        "errors": list(errors),
    }


def nothing_json(
    at: datetime, error: str, alerts: Sequence[AlertView] = (), *, dry_run: bool, url: str
) -> dict[str, Json]:
    """The same shape where nothing could be read."""
    return {
        **head_json(at, dry_run=dry_run, url=url, wire=None),
        "devices": [],
        "units": [],
        "alerts": alerts_json(alerts),
        "errors": [error],
    }
