"""The inverter's own windows: which edges are sent, in which order, and what stands there in between."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.control.answers import Answer
from luxagent.core.facts.clock_windows import Span, spans, window_of
from luxagent.core.facts.settings import same_value
from luxagent.core.values.sun import Place
from luxagent.portal.client import PortalClient
from luxagent.portal.hand import PortalHand
from luxagent.portal.live.windows import UNUSED, Edge, Slots, edges, open_minutes
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.reader import PortalReader
from luxagent.sim.scenario import single_house
from luxagent.sim.server import SimPortal
from tests.portal.bench import FakeClock

_minutes = st.one_of(st.integers(0, 1439), st.sampled_from([0, 1, 330, 720, 1410, 1439]))
_spans = st.tuples(_minutes, _minutes).filter(lambda span: span[0] != span[1])
_slots = st.lists(st.one_of(st.just(UNUSED), _spans), min_size=3, max_size=3).map(tuple)
_lists = st.lists(_spans, max_size=3, unique=True)


def told(wanted: list[Span]) -> tuple[str, ...]:
    return tuple(window_of(span) for span in wanted)


def prefixes(there: Slots, path: tuple[Edge, ...]) -> list[Slots]:
    found = [there]
    for edge in path:
        found.append(edge.on(found[-1]))
    return found


def harm(there: Slots, path: tuple[Edge, ...], wanted: list[Span]) -> int:
    """The most minutes that any interim has open beyond both lists."""
    allowed = open_minutes(there) | open_minutes(wanted)
    return max((open_minutes(now) & ~allowed).bit_count() for now in prefixes(there, path))


@settings(deadline=None, max_examples=60)
@given(_slots, _lists)
def test_the_edges_lead_to_the_wanted_windows_and_none_is_sent_that_need_not_be(
    there: Slots, wanted: list[Span]
) -> None:
    path = edges(there, told(wanted))
    end = prefixes(there, path)[-1]
    assert {span for span in end if span != UNUSED} == set(wanted)
    assert all(edge.on(now) != now for edge, now in zip(path, prefixes(there, path), strict=False))
    assert len(path) == len({(edge.slot, edge.end) for edge in path})


@settings(deadline=None, max_examples=60)
@given(_slots, _lists)
def test_no_other_order_of_the_same_edges_opens_less_in_between(there: Slots, wanted: list[Span]) -> None:
    """Every interim stays within old and new together, or no order could keep it so."""
    path = edges(there, told(wanted))
    least = harm(there, path, wanted)
    if least:
        assert all(harm(there, order, wanted) >= least for order in permutations(path))


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (((120, 240), UNUSED, UNUSED), [(180, 300)]),  # moved, with an overlap
        (((120, 240), UNUSED, UNUSED), [(240, 360)]),  # moved by its own length
        (((1410, 330), UNUSED, UNUSED), [(1380, 300)]),  # over midnight
        ((UNUSED, UNUSED, UNUSED), [(1410, 330)]),  # new, over midnight
        (((0, 360), UNUSED, UNUSED), []),
    ],
)
def test_where_an_order_without_harm_exists_it_is_taken(there: Slots, wanted: list[Span]) -> None:
    assert harm(there, edges(there, told(wanted)), wanted) == 0


def test_windows_that_are_there_already_send_nothing_whatever_their_order() -> None:
    assert edges(((720, 780), (1410, 330), UNUSED), ("23:30-05:30", "12:00-13:00")) == ()


def test_more_windows_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        edges((UNUSED,), ("01:00-02:00", "03:00-04:00"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("23:30-05:30", "12:00-13:00"), ("12:00-13:00", "23:30-05:30"), True),
        (("22:00-24:00",), ("22:00-00:00",), True),
        (("00:00-24:00",), ("00:00-23:59",), True),
        (("00:00-00:00",), (), True),
        (("23:30-05:30",), ("23:30-05:00",), False),
        ((), ("23:30-05:30",), False),
    ],
)
def test_windows_are_compared_as_sets_and_24_00_is_midnight(
    one: tuple[str, ...], other: tuple[str, ...], same: bool
) -> None:
    assert same_value("ac_charge_windows", one, other) is same


@settings(deadline=None)
@given(_lists)
def test_a_window_reads_as_it_was_written(wanted: list[Span]) -> None:
    assert spans(told(wanted)) == set(wanted)


ZONE = ZoneInfo("America/Phoenix")
NOON = datetime(2026, 6, 1, 12, 10, tzinfo=ZONE)
NAMES = ("ac_charge_windows", "forced_charge_windows", "forced_discharge_windows")
Enter = Callable[[], tuple[SimPortal, PortalReader, PortalHand, str]]


@pytest.fixture
def enter() -> Iterator[Enter]:
    with ExitStack() as stack:

        def made() -> tuple[SimPortal, PortalReader, PortalHand, str]:
            clock = FakeClock(NOON)
            house = single_house(NOON, ZONE, Place(33.45, -112.07))
            portal = stack.enter_context(SimPortal(house, "live", now=clock.now))
            clock.move(300)
            client = PortalClient(PortalOptions(portal.url, "owner", Secret("any")), clock)
            stack.callback(client.session.close)
            reader = PortalReader(client)
            serial = reader.read(frozenset(), frozenset()).inverters[0].serial
            return portal, reader, PortalHand(client), serial

        yield made


@pytest.mark.parametrize("name", NAMES)
def test_a_list_of_windows_is_written_and_read_back(enter: Enter, name: str) -> None:
    portal, reader, hand, serial = enter()
    assert reader.read_settings(serial, frozenset({name})) == {name: ()}
    for wanted in (("23:30-05:30", "12:00-13:15"), ("12:00-13:15",), ("22:00-24:00",), ()):
        assert hand.send(serial, name, wanted).answer is Answer.ACCEPTED
        found = reader.read_settings(serial, frozenset({name}))[name]
        assert same_value(name, wanted, found)
    assert {write.path.rsplit("/", 1)[-1] for write in portal.writes} == {"writeTime"}


def test_only_the_edge_that_moves_is_sent(enter: Enter) -> None:
    portal, _, hand, serial = enter()
    hand.send(serial, NAMES[0], ("23:30-05:30",))
    before = len(portal.asked)
    hand.send(serial, NAMES[0], ("23:30-06:00",))
    assert [(w.name, w.value) for w in portal.asked[before:]] == [("HOLD_AC_CHARGE_END_TIME", "06:00")]


def test_what_stops_after_the_first_edge_is_not_a_refusal(enter: Enter) -> None:
    portal, reader, hand, serial = enter()
    count = 0
    fate = portal.world.fate

    def second_is_refused(world: object, write: object) -> object:
        nonlocal count
        count += 1
        if count == 2:
            portal.faults.on("write-refused")
        return fate(world, write)  # type: ignore[arg-type]

    portal.world.fate = second_is_refused  # type: ignore[assignment]
    reply = hand.send(serial, NAMES[0], ("23:30-05:30",))
    assert reply.answer is Answer.LOST
    assert "1 of 2 edges" in reply.words
    assert len(reader.read_settings(serial, frozenset({NAMES[0]}))[NAMES[0]] or ()) == 1  # type: ignore[arg-type]


def test_a_refusal_of_the_first_edge_is_one(enter: Enter) -> None:
    portal, _, hand, serial = enter()
    portal.faults.on("write-refused")
    assert hand.send(serial, NAMES[0], ("23:30-05:30",)).answer is Answer.REFUSED
    assert portal.writes == []


def test_windows_that_cannot_be_read_are_not_written(enter: Enter) -> None:
    portal, _, hand, serial = enter()
    portal.faults.on("busy")
    assert hand.send(serial, NAMES[0], ("23:30-05:30",)).answer is Answer.REFUSED
    assert portal.asked == []


def test_voltage_control_is_known_wherever_a_soc_setting_is_managed(enter: Enter) -> None:
    """The switch lies in another block than most SOC settings; it is asked once an hour."""
    portal, reader, _, _ = enter()
    names = frozenset({"ac_charge_limit"})
    assert reader.read(frozenset(), names).inverters[0].by_voltage == frozenset()
    asked = portal.requests["/WManage/web/maintain/remoteRead/read"]
    assert reader.read(frozenset(), names).inverters[0].by_voltage == frozenset()
    assert portal.requests["/WManage/web/maintain/remoteRead/read"] == asked == 2
    assert reader.read(frozenset(), frozenset({"eps"})).inverters[0].by_voltage is None
