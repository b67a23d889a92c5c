"""What a running agent did not ask the GridBOSS is told as such, and not as unknown."""

import io
from dataclasses import replace

import pytest

from luxagent.cli import wiring
from luxagent.cli.render.status_json import status_json
from luxagent.cli.render.status_table import draw
from luxagent.config.load import load
from luxagent.core.facts.needs import Need
from luxagent.core.plant.freshness import believe
from tests.cli.bench import NOON, ZONE, Desk


def drawn(desk: Desk, needs: frozenset[Need], *, errors: tuple[str, ...] = ()) -> str:
    """The status of a plant that was asked for this much."""
    config = load(desk.file, environ=desk.environ, resolve_secrets=True)
    with wiring.open_reader(config, desk.clock, desk.state) as reader:
        plant = reader.read(needs, frozenset({"charge_limit"}))
    now = desk.clock.now()
    devices = tuple(believe(one, None, now, 900.0, zone=ZONE)[0] for one in plant.devices)
    status = status_json(now, replace(plant, devices=devices), [], {}, [], errors, dry_run=True)
    out = io.StringIO()
    draw(status, NOON, ZONE, None, out, {"COLUMNS": "120"})
    return out.getvalue()


def test_a_gridboss_that_nobody_asked_is_not_unknown(pair_desk: Desk) -> None:
    pair_desk.write("baseline: {charge_limit: 90%}\n")
    text = drawn(pair_desk, frozenset({Need.RUNTIME}))
    assert "House not asked" in text
    assert "Grid not asked" in text
    assert text.count("not asked") == 3
    assert "`luxagent status --fresh` does" in text


@pytest.mark.parametrize(
    ("needs", "errors"),
    [({Need.GRIDBOSS}, ()), ({Need.RUNTIME}, ("46330X0092 could not be read: it answers nothing",))],
)
def test_one_that_was_asked_is_told_as_ever(
    needs: set[Need], errors: tuple[str, ...], pair_desk: Desk
) -> None:
    pair_desk.write("baseline: {charge_limit: 90%}\n")
    assert "not asked" not in drawn(pair_desk, frozenset(needs), errors=errors)
