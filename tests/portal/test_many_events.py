"""A fault that stays open while newer events push it off the first page of the portal's list."""

import pytest

from luxagent.portal.client import PortalClient
from tests.portal.bench import SECOND, SERIAL, Enter, FakeClock, FakePortal, client_of, sure

Row = dict[str, object]
EVENTS = "list"


def closed(number: int, **changes: object) -> Row:
    return {
        "recordId": number,
        "serialNum": SERIAL,
        "event": "W018",
        "eventType": "WARNING",
        "status": "CLOSE",
        "startTime": f"2026-03-{1 + number // 24:02} {number % 24:02}:00:00",
        "renormalTime": f"2026-03-{1 + number // 24:02} {number % 24:02}:30:00",
        **changes,
    }


def fault(number: int = 0, **changes: object) -> Row:
    changes = {"event": "E019", "eventType": "FAULT", "status": "OPEN", "renormalTime": None} | changes
    return closed(number, **changes)


class EventList:
    """A list of events, newest first, in pages of 30. `told` is what it says of its length."""

    def __init__(self, rows: list[Row], *, tells: bool = True) -> None:
        self.rows, self.tells = rows, tells
        self.pages: list[str] = []

    def __call__(self, form: dict[str, str]) -> Row:
        self.pages.append(form["page"])
        first = 30 * (int(form["page"]) - 1)
        answer: Row = {"success": True, "rows": self.rows[first : first + 30]}
        return answer | ({"total": len(self.rows)} if self.tells else {})


def opened(client: PortalClient) -> set[str]:
    events = client.events(SERIAL)
    assert events is not None
    return {event.code for event in events if event.open}


def watch(portal: Enter, listed: EventList) -> tuple[FakeClock, PortalClient, FakePortal]:
    clock = FakeClock()
    fake = portal(list=listed)
    return clock, sure(client_of(clock), "live"), fake


@pytest.mark.parametrize("tells", [True, False])
def test_an_open_fault_on_the_second_page_is_seen(portal: Enter, tells: bool) -> None:
    listed = EventList([*(closed(n) for n in range(30, 0, -1)), fault()], tells=tells)
    _, client, _ = watch(portal, listed)
    assert opened(client) == {"E019"}
    assert listed.pages == ["1", "2"]


def test_a_short_list_is_asked_for_once_a_tick(portal: Enter) -> None:
    listed = EventList([fault()])
    clock, client, _ = watch(portal, listed)
    for _ in range(5):
        assert opened(client) == {"E019"}
        clock.move(60)
    assert listed.pages == ["1"] * 5


def test_later_pages_are_asked_for_every_quarter_of_an_hour_and_the_first_at_each_tick(portal: Enter) -> None:
    listed = EventList([*(closed(n) for n in range(80, 0, -1)), fault()])
    clock, client, _ = watch(portal, listed)
    for _ in range(30):
        assert opened(client) == {"E019"}
        clock.move(60)
    assert listed.pages.count("1") == 30
    assert listed.pages.count("2") == listed.pages.count("3") == 2


def test_later_pages_on_which_nothing_is_open_are_asked_for_once(portal: Enter) -> None:
    listed = EventList([closed(n) for n in range(80, 0, -1)])
    clock, client, _ = watch(portal, listed)
    for number in range(200, 230):
        assert opened(client) == set()
        listed.rows.insert(0, closed(number))
        clock.move(120)
    assert listed.pages.count("1") == 30
    assert listed.pages.count("2") == listed.pages.count("3") == 1


def test_a_fault_that_many_newer_events_push_off_is_looked_for_on_later_pages(portal: Enter) -> None:
    listed = EventList([fault(50), *(closed(n) for n in range(40, 0, -1))])
    clock, client, _ = watch(portal, listed)
    assert opened(client) == {"E019"}
    clock.move(901)
    listed.rows[:0] = [closed(n) for n in range(240, 200, -1)]
    assert opened(client) == {"E019"}
    assert listed.pages == ["1", "2", "1", "2", "3"]


@pytest.mark.parametrize("trouble", [{"success": False, "msg": "DEVICE_BUSY"}, (400, b"{}"), (200, b"[")])
def test_a_later_page_that_cannot_be_read_hides_nothing_of_the_first(portal: Enter, trouble: object) -> None:
    listed = EventList([fault(), *(closed(n) for n in range(60, 0, -1))])
    clock, client, fake = watch(portal, listed)
    fake.answers["list"] = lambda form: listed(form) if form["page"] == "1" else trouble
    for _ in range(5):
        assert opened(client) == {"E019"}
        clock.move(60)
    assert fake.count("list") <= 5 + 3  # the later page three times, and then not for a quarter of an hour


def test_a_later_page_that_cannot_be_read_ends_no_fault_and_is_tried_again(portal: Enter) -> None:
    listed = EventList([fault(50), *(closed(n) for n in range(40, 0, -1))])
    clock, client, fake = watch(portal, listed)
    assert opened(client) == {"E019"}
    busy = {"success": False, "msg": "DEVICE_BUSY"}
    fake.answers["list"] = lambda form: listed(form) if form["page"] == "1" else busy
    clock.move(901)
    listed.rows[:0] = [closed(n) for n in range(240, 200, -1)]
    for _ in range(5):
        assert opened(client) == {"E019"}
        clock.move(60)
    fake.answers["list"] = listed
    listed.rows[40] = fault(50, status="CLOSE")
    clock.move(901)
    assert opened(client) == set()


def test_an_old_fault_is_found_once_the_later_pages_can_be_read(portal: Enter) -> None:
    listed = EventList([*(closed(n) for n in range(40, 0, -1)), fault()])
    clock, client, fake = watch(portal, listed)
    busy = {"success": False, "msg": "DEVICE_BUSY"}
    fake.answers["list"] = lambda form: listed(form) if form["page"] == "1" else busy
    assert opened(client) == set()
    fake.answers["list"] = listed
    clock.move(901)
    assert opened(client) == {"E019"}


def test_after_a_gap_in_which_more_came_than_a_page_shows_later_pages_are_looked_at(portal: Enter) -> None:
    listed = EventList([closed(n) for n in range(40, 0, -1)])
    clock, client, _ = watch(portal, listed)
    assert opened(client) == set()
    clock.move(8 * 3600)
    listed.rows[:0] = [*(closed(n) for n in range(235, 200, -1)), fault(100)]
    assert opened(client) == {"E019"}


def test_a_list_of_years_is_read_five_pages_deep(portal: Enter) -> None:
    listed = EventList([*(closed(n) for n in range(400, 0, -1)), fault()])
    _, client, _ = watch(portal, listed)
    assert opened(client) == set()
    assert listed.pages == ["1", "2", "3", "4", "5"]


def test_a_fault_that_newer_events_push_off_the_first_page_stays_known(portal: Enter) -> None:
    listed = EventList([*(closed(n) for n in range(29, 0, -1)), fault(), closed(100)])
    clock, client, _ = watch(portal, listed)
    assert opened(client) == {"E019"}
    for number in range(200, 208):
        listed.rows.insert(0, closed(number))
        clock.move(60)
        assert opened(client) == {"E019"}
    assert listed.pages.count("2") == 1


@pytest.mark.parametrize("record", [7, None])
def test_what_the_first_page_says_now_counts_more_than_what_a_later_one_said(
    portal: Enter, record: int | None
) -> None:
    still_open = fault(7, recordId=record)
    listed = EventList([*(closed(n) for n in range(60, 30, -1)), still_open])
    clock, client, _ = watch(portal, listed)
    assert opened(client) == {"E019"}
    listed.rows.insert(0, {**still_open, "status": "CLOSE", "renormalTime": "2026-03-10 12:00:00"})
    clock.move(60)
    assert opened(client) == set()


def test_a_fault_that_closes_on_a_later_page_is_seen_to_within_a_quarter_of_an_hour(portal: Enter) -> None:
    listed = EventList([*(closed(n) for n in range(30, 0, -1)), fault()])
    clock, client, _ = watch(portal, listed)
    assert opened(client) == {"E019"}
    listed.rows[30] = fault(status="CLOSE")
    clock.move(901)
    assert opened(client) == set()


def test_the_same_code_twice_without_numbers_or_times_is_open_if_one_of_them_is(portal: Enter) -> None:
    bare: Row = {"recordId": None, "startTime": None}
    listed = EventList([fault(**bare, status="CLOSE"), fault(**bare), fault(**bare, serialNum=SECOND)])
    _, client, _ = watch(portal, listed)
    assert opened(client) == {"E019"}
