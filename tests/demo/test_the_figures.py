"""The summary: what is counted, what it costs, and how it reads."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.cli.demo.meter import Meter
from luxagent.cli.demo.plain import figure_lines
from luxagent.cli.demo.spark import Series, block_row
from luxagent.cli.demo.summary import Score, figures
from luxagent.cli.demo.telling import AlertTurned, RuleTurned, Sent, Withheld, Written
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import Place
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window
from luxagent.sim.house import House
from luxagent.sim.scenario import single_house

ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
START = datetime(2026, 1, 14, 15, 0, tzinfo=ZONE)
PEAK = Period("peak", 0.30, 0.10, (Window(Edge(16 * 60), Edge(21 * 60)),))
TARIFF = Tariff((PEAK, Period("rest", 0.10, 0.02)), "USD")
AT = datetime(2026, 1, 14, tzinfo=UTC)


def empty_house() -> House:
    """No sun, and a battery at its floor: all that the house takes is bought."""
    return single_house(START, ZONE, PLACE, soc_pct=20, pv_peak_w=0)


def meter(house: House, tariff: Tariff | None = TARIFF) -> Meter:
    return Meter(house, Calendar(ZONE, PLACE), tariff)


def written(outcome: str) -> Written:
    return Written(AT, "ac_charge", "off", "on", "Fill up", outcome, 3.0, homeward=False)


def test_each_hour_is_paid_at_its_own_price() -> None:
    house = empty_house()
    mine = meter(house)
    mine.catch_up(START + timedelta(hours=1))
    before_peak = mine.flows.grid_import
    assert mine.cost == pytest.approx(before_peak * 0.10)
    mine.catch_up(START + timedelta(hours=3))
    in_peak = mine.flows.grid_import - before_peak
    assert in_peak > 1
    assert mine.cost == pytest.approx(before_peak * 0.10 + in_peak * 0.30)
    assert mine.imported_by_period == pytest.approx({"peak": in_peak, "rest": before_peak})


def test_what_is_sold_is_earned() -> None:
    house = single_house(START - timedelta(hours=4), ZONE, PLACE, soc_pct=100, load_scale=0.1)
    mine = meter(house)
    mine.catch_up(START)
    assert mine.flows.grid_export > 5
    assert mine.cost == pytest.approx(0.10 * mine.flows.grid_import - 0.02 * mine.flows.grid_export)


def test_the_meter_begins_where_it_is_put_in() -> None:
    house = empty_house()
    house.advance_to(START + timedelta(hours=1))
    before = house.kwh.load
    mine = meter(house)
    mine.catch_up(START + timedelta(hours=2))
    assert mine.flows.load == pytest.approx(house.kwh.load - before)


def test_without_a_tariff_there_is_energy_and_no_cost() -> None:
    house = empty_house()
    mine = meter(house, None)
    mine.catch_up(START + timedelta(hours=1))
    lines = dict(figures(Score(), mine, meter(empty_house(), None), None, 0, 3600))
    assert lines["Cost"] == "the file has no tariff"
    assert "Untouched" not in lines
    assert mine.flows.grid_import > 0.3


def test_things_are_counted_by_what_became_of_them() -> None:
    score = Score()
    for happening in (
        written("confirmed"),
        written("confirmed"),
        written("unproven"),
        Withheld(AT, "ac_charge", "on", "Fill up", "the grid is down or its state is unknown"),
        RuleTurned(AT, "Fill up", holds=True, because=""),
        RuleTurned(AT, "Fill up", holds=False, because=""),
        RuleTurned(AT, "Fill up", holds=True, because=""),
        AlertTurned(AT, "Grid outage", fires=True),
        Sent(AT, "Grid outage", "The grid is down.", "critical", ()),
    ):
        score.hear(happening)
    house = empty_house()
    lines = dict(figures(score, meter(house), meter(house), TARIFF, 240, 2 * 3600))
    assert lines["Writes"] == "2 confirmed, 1 unproven"
    assert lines["Held back"] == "1 the grid is down or its state is unknown"
    assert lines["Rules"] == "Fill up took over 2 times, let go"
    assert lines["Alerts"] == "Grid outage started"
    assert lines["Requests"] == "240 to the portal, 120 an hour"


def test_a_day_ended_before_it_began_still_has_its_figures() -> None:
    house = empty_house()
    lines = figure_lines(figures(Score(), meter(house), meter(house), TARIFF, 0, 0))
    assert "  Writes      none" in lines
    assert "  Requests    0 to the portal" in lines


def test_money_is_compared_with_what_is_left_in_the_battery() -> None:
    house, full = empty_house(), single_house(START, ZONE, PLACE, soc_pct=60, pv_peak_w=0)
    poor, rich = meter(house), meter(full)
    poor.catch_up(START + timedelta(hours=2))
    rich.catch_up(START + timedelta(hours=2))
    ahead, behind = (
        dict(figures(Score(), mine, other, TARIFF, 0, 7200))["Difference"]
        for mine, other in ((rich, poor), (poor, rich))
    )
    kept = rich.stored_kwh - poor.stored_kwh
    assert ahead == (
        f"{round(poor.cost, 2) - round(rich.cost, 2):.2f} USD less, and {kept:.1f} kWh more in the battery "
        f"({kept * 0.10:.2f} USD at the cheapest price)"
    )
    assert behind == ahead.replace("less", "x").replace("more", "less").replace("x", "more")


def test_a_series_shows_the_mean_of_each_part_of_the_day() -> None:
    series = Series()
    for part, value in ((0.0, 0.0), (0.1, 100.0), (0.5, 50.0), (0.6, None), (0.99, 200.0)):
        series.add(part, value)
    assert series.columns(4) == [50.0, None, 50.0, 200.0]
    series.clear()
    assert series.columns(2) == [None, None]


def test_blocks_rise_with_the_value_and_unknown_is_blank() -> None:
    assert block_row([0, 10, 50, 100, 150, None, -5], 100) == "▁▁▅██ ▁"
    assert block_row([5], 0) == "▁"
