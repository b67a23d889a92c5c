"""The tariff's current period."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from luxagent.core.values.days import Days
from luxagent.core.values.moment import Calendar
from luxagent.core.values.tariff import Period, Tariff, period_at
from luxagent.core.values.windows import Edge, Window

LA = ZoneInfo("America/Los_Angeles")
CALENDAR = Calendar(LA)
WORKDAYS = frozenset(range(5))
TARIFF = Tariff(
    (
        Period("holiday", 0.05, windows=(Window(Edge(960), Edge(1260)),), days=Days(holiday=True)),
        Period(
            "peak", 0.31, 0.05, (Window(Edge(960), Edge(1260)),), Days(WORKDAYS, months=frozenset({5, 6, 7}))
        ),
        Period("night", 0.06, windows=(Window(Edge(1380), Edge(300)),), days=Days(WORKDAYS)),
        Period("rest", 0.12),
    ),
    holidays=frozenset({date(2026, 7, 3)}),
)


def name(*at: int) -> str:
    period = period_at(TARIFF, CALENDAR.moment(datetime(*at, tzinfo=LA)))  # type: ignore[misc, arg-type]
    return "" if period is None else period.name


def test_first_match_wins() -> None:
    assert name(2026, 7, 2, 16) == "peak"
    assert name(2026, 7, 3, 16) == "holiday"
    assert name(2026, 7, 2, 15, 59) == "rest"
    assert name(2026, 7, 2, 21) == "rest"
    assert name(2026, 8, 3, 16) == "rest"


def test_days_speak_of_the_day_the_window_began() -> None:
    assert name(2026, 6, 6, 4, 59) == "night"  # Saturday morning, begun on Friday
    assert name(2026, 6, 8, 4, 59) == "rest"  # Monday morning, begun on Sunday


def test_no_match_is_no_period() -> None:
    only = Tariff((Period("peak", 0.31, windows=(Window(Edge(960), Edge(1260)),)),))
    assert period_at(only, CALENDAR.moment(datetime(2026, 7, 2, 9, tzinfo=LA))) is None
