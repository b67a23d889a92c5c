"""The JSON of `status`, which is also the snapshot that a running agent leaves for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from luxagent.cli.render.plant_json import alerts_json, devices_json, head_json, units_json
from luxagent.cli.render.remains import remains_json
from luxagent.cli.render.values import Json, instant_json, setting_json
from luxagent.core.alerts.life import AlertView
from luxagent.core.control.residual import Remainder
from luxagent.core.memory import Owned
from luxagent.core.plant.device import Plant

Silences = Mapping[str, datetime]
Ownership = Mapping[str, Mapping[str, Owned]]


def status_json(
    at: datetime,
    plant: Plant,
    alerts: Sequence[AlertView],
    owned: Ownership,
    remainders: Sequence[Remainder],
    errors: Sequence[str],
    *,
    dry_run: bool,
) -> dict[str, Json]:
    """What the plant reports and what is owned."""
    return {
        **head_json(at, dry_run=dry_run, url=plant.portal_url, wire=plant.wire),
        "devices": devices_json(plant, lambda _: {}),
        "units": units_json(plant),
        "owned": owned_json(owned),
        "remains": remains_json(remainders),
        "alerts": alerts_json(alerts),
        "errors": list(errors),
    }


def no_status_json(
    at: datetime,
    owned: Ownership,
    remainders: Sequence[Remainder],
    error: str,
    *,
    dry_run: bool,
    url: str,
) -> dict[str, Json]:
    """The same shape where nothing could be read; what is owned is known all the same."""
    return {
        **head_json(at, dry_run=dry_run, url=url, wire=None),
        "devices": [],
        "units": [],
        "owned": owned_json(owned),
        "remains": remains_json(remainders),
        "alerts": [],
        "errors": [error],
    }


def silenced_json(silenced: Silences, now: datetime) -> list[Json]:
    """What nobody is to hear of just now, by people's word; `all` is every alert."""
    return [
        {"name": name, "until": instant_json(until)}
        for name, until in sorted(silenced.items())
        if now < until
    ]


def owned_json(owned: Ownership) -> list[Json]:
    """Settings that a rule has moved and that must go home one day."""
    return [
        {
            "serial": serial,
            "setting": name,
            "value": setting_json(name, row.value),
            "before": setting_json(name, row.before),
            "rule": row.holder,
            "taken_at": instant_json(row.taken_at),
            "proven": row.proven,
        }
        for serial in sorted(owned)
        for name, row in sorted(owned[serial].items())
    ]
