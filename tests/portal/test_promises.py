"""Promises of the client that no single part can keep alone: one login for all, growing waits, lifetimes."""

import logging
import random
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luxagent.errors import LuxagentError, TryLater
from luxagent.portal import cache
from luxagent.portal.client import PortalClient
from luxagent.portal.line import Request
from luxagent.portal.pace import Pace
from tests.portal.bench import SERIAL, Enter, FakeClock, client_of, sure
from tests.portal.test_decoders_fuzz import mutated
from tests.portal.test_every_endpoint import CASES, Case
from tests.portal.test_reader import house

READ = Request("/WManage/api/thing", (("serialNum", "1"),))


def test_a_session_that_ends_under_many_threads_is_opened_once(portal: Enter) -> None:
    """Single flight: were each to log in, the second would be told to wait for five minutes."""
    opened = 1
    fake = portal()

    def login(_form: dict[str, str]) -> object:
        nonlocal opened
        opened += 1
        return {"success": True, "userId": 1, "plants": []}

    fake.answers["login"] = login
    fake.answers["thing"] = lambda _form: {"success": True} if opened >= 3 else (401, b"")
    client = client_of()
    client.login()
    results: list[object] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait(timeout=10)
        try:
            results.append(client.ask(READ))
        except LuxagentError as error:
            results.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert results == [{"success": True}] * 8
    assert fake.count("login") == 2
    assert fake.count("thing") == 9  # one of them was sent again


@pytest.mark.parametrize("attempt", range(12))
def test_waits_double_from_a_second_to_a_minute_with_up_to_a_tenth_at_random(attempt: int) -> None:
    pace = Pace(FakeClock(), random.Random(attempt))
    waits = {pace.backoff(attempt) for _ in range(50)}
    least = min(2**attempt, 60)
    assert least <= min(waits) < max(waits) <= least + 0.1


def test_people_are_warned_from_the_third_error_in_a_row_on_and_anew_after_a_success(
    portal: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    fake, clock = portal(change={"success": True}), FakeClock()
    client = client_of(clock)
    write = Request("/WManage/web/change", (("serialNum", "1"),), control=True)

    def warnings_after(answers: list[object]) -> list[str]:
        caplog.clear()
        for answer in answers:
            fake.answers["change"] = answer
            clock.move(61)
            try:
                client.ask(write)
            except TryLater:
                continue
        return [record.message for record in caplog.records if record.levelno == logging.WARNING]

    down = (503, b"")
    good = {"success": True}
    with caplog.at_level(logging.INFO, "luxagent.portal"):
        assert warnings_after([good, down, down]) == []
        assert warnings_after([down]) == ["the portal has failed 3 times in a row"]
        assert warnings_after([good, down, down]) == []


LIFETIMES: dict[str, tuple[float, Callable[[PortalClient], object]]] = {
    "plants": (900, lambda c: c.plants()),
    "devices": (900, lambda c: c.devices("9")),
    "groups": (900, lambda c: c.groups("9", SERIAL)),
    "battery": (300, lambda c: c.battery(SERIAL)),
    "settings": (120, lambda c: c.parameters(SERIAL, {"ac_charge"})),
    "quick charge": (60, lambda c: c.quick_charge(SERIAL)),
    "runtime": (20, lambda c: c.runtime(SERIAL)),
    "energy": (20, lambda c: c.energy(SERIAL)),
    "energy of the group": (20, lambda c: c.group_energy(SERIAL)),
    "events": (20, lambda c: c.events(SERIAL)),
    "firmware versions": (3600, lambda c: c.firmware_check(SERIAL)),
    "progress of updates": (0, lambda c: c.firmware_progress()),
    "eligibility": (0, lambda c: c.firmware_eligibility(SERIAL)),
}
"""The document's caching table, and the method of each kind of answer."""


@pytest.mark.parametrize("name", LIFETIMES)
def test_an_answer_is_reused_for_as_long_as_the_document_says_and_no_longer(portal: Enter, name: str) -> None:
    lifetime_s, ask = LIFETIMES[name]
    fake = house(
        portal,
        viewer={"success": True, "total": 1, "rows": [{"plantId": 9, "name": "Home"}]},
        getInverterEnergyInfoParallel={"success": True, "todayYielding": 77},
        getParallelGroupDetails={"success": False, "msg": "notParallel"},
        checkUpdates={"success": False, "message": "already the latest version"},
        check12KParallelStatus={"success": True, "msg": "allowToUpdate"},
        info={"progressing": False, "deviceInfos": []},
    )
    clock = FakeClock()
    clock.move(5 * 60)  # 12:05 UTC: an hour without the edge at which everything is dropped
    client = sure(client_of(clock), "live")
    client.login()
    asked = len(fake.asked)

    def spent() -> int:
        nonlocal asked
        before, asked = asked, len(fake.asked)
        return asked - before

    ask(client)
    assert spent() == 1
    ask(client)
    assert spent() == (0 if lifetime_s else 1)
    if 0 < lifetime_s < 3000:
        clock.move(lifetime_s)
        ask(client)
        assert spent() == 0
        clock.move(1)
        ask(client)
        assert spent() == 1


def test_the_lifetime_of_firmware_versions_is_an_hour() -> None:
    """Longer than any time between two edges of an hour, so that it cannot be watched run out."""
    assert LIFETIMES["firmware versions"][0] == cache.FIRMWARE_S


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(answer=mutated(), again=st.booleans())
def test_whatever_an_endpoint_answers_its_method_gives_a_value_or_an_error_of_ours(
    portal: Enter, case: Case, answer: dict[str, object], again: bool
) -> None:
    fake = portal(**{case.path.rsplit("/", 1)[-1]: answer})
    client = sure(client_of(), case.wire)
    for _ in range(2 if again else 1):
        try:
            case.call(client)
        except LuxagentError as error:
            assert str(error).endswith((".", "?", ")"))
    assert fake.asked != []
