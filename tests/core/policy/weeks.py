"""Random rules and a patient reference: what a week comes to when it is ticked minute by minute."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from luxagent.core.control.standing import stand
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Between,
    Bound,
    Compare,
    Condition,
    CronIn,
    DayIs,
    FlagOn,
    Held,
    Not,
    Op,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.forecast import WindowSpan, forecast
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Rule, Ruleset, Site
from luxagent.core.policy.scene import Scene
from luxagent.core.values.days import Days, YearlySpan
from luxagent.core.values.sun import Place, SunEvent
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.wallclock import days_later
from luxagent.core.values.windows import Edge, Window

MINUTE = timedelta(minutes=1)
SITES = {
    "Phoenix": Site(ZoneInfo("America/Phoenix"), Place(33.45, -112.07)),
    "Los Angeles": Site(ZoneInfo("America/Los_Angeles"), Place(34.05, -118.24)),
    "London": Site(ZoneInfo("Europe/London"), Place(51.5, -0.12)),
    "Lord Howe": Site(ZoneInfo("Australia/Lord_Howe"), Place(-31.55, 159.08)),
    "Tromsø": Site(ZoneInfo("Europe/Oslo"), Place(69.6, 18.96)),
}
CHANGES = {
    "Phoenix": (),
    "Los Angeles": (date(2026, 3, 8), date(2026, 11, 1)),
    "London": (date(2026, 3, 29), date(2026, 10, 25)),
    "Lord Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Tromsø": (
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2026, 5, 18),
        date(2026, 7, 26),
        date(2026, 11, 27),
    ),
}
"""Days on which something special happens: clocks change, or the sun stops or begins to rise or set."""

SOC = {"soc_pct": 50.0, "grid": "up"}
"""The reading at every minute. Leaves that must be true ask for what it says, those under a `not` do not."""


def _windows(edges: st.SearchStrategy[Edge]) -> st.SearchStrategy[Window]:
    return st.builds(Window, edges, edges).filter(lambda window: window.start != window.end)


clock_edges = st.builds(Edge, st.one_of(st.integers(0, 1440), st.integers(50, 200)))
"""Often in the hours in which clocks change."""
sun_edges = st.builds(
    Edge,
    st.just(0),
    st.sampled_from(list(SunEvent)),
    st.one_of(st.just(0), st.integers(-900, 900)),
)
windows = st.one_of(_windows(clock_edges), _windows(st.one_of(clock_edges, sun_edges)))
days = st.one_of(
    st.just(Days()),
    st.builds(Days, st.sets(st.integers(0, 6), min_size=1).map(frozenset), st.booleans()),
    st.builds(
        Days,
        dates=st.tuples(
            st.builds(
                YearlySpan,
                st.tuples(st.integers(1, 12), st.integers(1, 28)),
                st.tuples(st.integers(1, 12), st.integers(1, 28)),
            )
        ),
    ),
)
prices = st.sampled_from([0.05, 0.1, 0.2, 0.3])
tariffs = st.builds(
    lambda periods, holiday: Tariff(
        (*periods, Period("rest", 0.1, 0.05)), "EUR", frozenset({date(2026, 1, 1), holiday})
    ),
    st.lists(
        st.builds(
            Period,
            st.sampled_from(["peak", "night"]),
            prices,
            prices,
            st.lists(windows, max_size=2).map(tuple),
            days,
        ),
        max_size=2,
    ),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
crons = st.builds(
    CronIn,
    st.sampled_from(["30 2 * * *", "*/20 1-3 * * sat,sun", "0 0 1 * *", "15 */6 * * *", "45 23 * 3,10 0"]),
    st.sampled_from([60.0, 1800.0, 3600.0 * 5, 3600.0 * 30]),
)
clocks: st.SearchStrategy[Condition] = st.one_of(
    st.just(Always()),
    st.builds(TimeIn, st.lists(windows, min_size=1, max_size=2).map(tuple), days),
    st.builds(DayIs, days),
    crons,
    st.builds(SunIs, st.booleans()),
    st.builds(TariffIs, st.sampled_from([frozenset({"peak"}), frozenset({"night", "rest"})])),
    st.builds(FlagOn, st.just("storm")),
    st.builds(
        Compare,
        st.sampled_from(["price", "export_price"]),
        st.sampled_from(list(Op)),
        prices.map(Bound),
        st.one_of(st.none(), prices.map(Bound)),
    ),
    st.builds(Between, st.just("price"), prices.map(Bound), prices.map(Bound), st.sampled_from([0.0, 0.1])),
)
TRUE_READINGS: tuple[Condition, ...] = (
    Compare("soc_pct", Op.BELOW, Bound(60), Bound(80)),
    Compare("soc_pct", Op.ABOVE, Bound(40)),
    WordIs("grid", "up"),
)
FALSE_READINGS: tuple[Condition, ...] = (
    Compare("soc_pct", Op.ABOVE, Bound(60), Bound(55)),
    WordIs("grid", "down"),
)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3, *, helping: bool = True) -> Condition:
    """A tree whose readings always turn out as they must for it to hold: true, and false under a `not`."""
    kinds = ["clock", "clock", "reading", "all", "any", "not", "for"] if depth else ["clock", "reading"]
    kind = draw(st.sampled_from(kinds))
    if kind == "clock":
        return draw(clocks)
    if kind == "reading":
        return draw(st.sampled_from(TRUE_READINGS if helping else FALSE_READINGS))
    if kind == "not":
        return Not(draw(conditions(depth - 1, helping=not helping)))
    if kind == "for":
        seconds = draw(st.sampled_from([0, 60, 600, 3600, 3600 * 7]))
        return Held(draw(conditions(depth - 1, helping=helping)), seconds)
    parts = draw(st.lists(conditions(depth - 1, helping=helping), min_size=1, max_size=3))
    return All(tuple(parts)) if kind == "all" else AnyOf(tuple(parts))


@st.composite
def policies(draw: st.DrawFn, place: str) -> Policy:
    """One to three rules at a place."""
    when = draw(st.lists(conditions(), min_size=1, max_size=3))
    holds = st.sampled_from([0, 0, 900, 7200])
    rules = tuple(
        Rule(f"rule {n}", one, {"charge_limit": 80.0}, hold_s=draw(holds)) for n, one in enumerate(when)
    )
    tariff = draw(tariffs)
    return build(Ruleset(SITES[place], rules, tariff=tariff, flags=frozenset({"storm"})))


@st.composite
def starts(draw: st.DrawFn, place: str) -> datetime:
    """Any minute of 2026, and often one in the days before something special."""
    if CHANGES[place] and draw(st.booleans()):
        day = draw(st.sampled_from(CHANGES[place])) - timedelta(draw(st.integers(0, 2)))
    else:
        day = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + MINUTE * draw(st.integers(0, 1439))


def ticked(
    policy: Policy, memory: Memory, start: datetime, end: datetime
) -> Iterator[tuple[datetime, set[str]]]:
    """Each minute with the rules that hold, as the agent's own ticks find them."""
    at, before = start, memory.ticked_at
    while at < end:
        flags = frozenset(name for name, until in memory.flags.items() if until is None or until > at)
        timers, latched = memory.timers.get("unit", {}), memory.latched.get("unit", {})
        scene = Scene("unit", policy.calendar.moment(at), SOC, flags, timers, latched, before)
        standing, events = stand(policy.rules, "unit", scene, memory, policy)
        if events or scene.moved:
            memory = fold_all(memory, [*events, *scene.moved])
        yield at, {name for name, state in standing.states.items() if state.on}
        at, before = at + MINUTE, at


def assert_plan_equals_ticking(policy: Policy, memory: Memory, start: datetime, days: int) -> None:
    """At every minute the forecast names the rules that hold when the days are lived through."""
    spans = deque(forecast(policy, memory, policy.calendar.moment(start), days))
    open_spans: list[WindowSpan] = []
    zone = policy.ruleset.site.zone
    for at, holding in ticked(policy, memory, start, days_later(start, days, zone)):
        while spans and spans[0].start <= at:
            open_spans.append(spans.popleft())
        open_spans = [span for span in open_spans if at < span.end]
        found = {span.rule for span in open_spans}
        assert found == holding, (
            f"at {at.astimezone(zone)} the plan has {found or 'nothing'}, ticking {holding or 'nothing'}; "
            f"from {start}, flags {memory.flags}, {policy.ruleset.tariff} "
            f"{[(rule.rule.when, rule.rule.hold_s) for rule in policy.rules]}"
        )
