"""Whatever a portal answers, in whatever order: only our own errors, few logins, no write sent twice."""

import re
from typing import Any

import pytest
import requests
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.control.answers import Answer
from luxagent.errors import CredentialsRefused, LuxagentError
from luxagent.portal.blocks import BLOCKED_S
from luxagent.portal.hand import PortalHand
from luxagent.portal.line import Got, Request, session_end
from luxagent.portal.login import PAUSE_S
from luxagent.portal.reader import PortalReader
from tests.portal.bench import PAGE, SERIAL, URL, FakeClock, FakePortal, client_of, live_runtime, sure
from tests.portal.test_reader import HOME, ROWS

GOOD: dict[str, Any] = {
    "login": HOME,
    "list": {"success": True, "rows": ROWS[:1]},
    "getInverterRuntime": live_runtime(),
    "write": {"success": True},
    "read": {"success": True, "HOLD_SYSTEM_CHARGE_SOC_LIMIT": "80"},
}
TROUBLE: list[Any] = [
    (401, b""),
    (403, b""),
    (302, b"", {"Location": "/WManage/web/login"}),
    (200, PAGE),
    (404, PAGE),
    (429, b"", {"Retry-After": "30"}),
    (500, b""),
    (503, PAGE),
    {"success": False},
    {"success": False, "msg": "DATAFRAME_TIMEOUT"},
    {"success": False, "msg": "DEVICE_OFFLINE"},
    {"success": False, "msg": "deviceBusy"},
    {"success": False, "msg": "REMOTE_SET_ERROR"},
    {"success": False, "msg": "apiBlocked"},
    {},
    b"",
    b'{"success": tr',
    b"null",
    requests.ConnectionError("reset"),
    requests.ReadTimeout("late"),
    requests.exceptions.ChunkedEncodingError("cut"),
]
names = st.sampled_from(sorted(GOOD))
steps = st.lists(
    st.tuples(
        st.sampled_from(["tick", "write", "look"]),
        st.dictionaries(names, st.sampled_from(TROUBLE), max_size=3),
        st.sampled_from([0, 5, 61, 121, 400, 7300]),
    ),
    min_size=1,
    max_size=12,
)


def _ends_session(answer: object) -> bool:
    if isinstance(answer, tuple):
        body = answer[1] if isinstance(answer[1], bytes) else answer[1].encode()
        return session_end(Got(Request("/anything", ()), answer[0], body)) is not None
    return answer == {"success": False}


@settings(max_examples=60, deadline=None)
@given(steps=steps)
def test_any_mixture_of_troubles_is_survived(steps: list[tuple[str, dict[str, Any], float]]) -> None:
    clock = FakeClock()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakePortal(mock, dict(GOOD))
        client = client_of(clock)
        reader, hand = PortalReader(client), PortalHand(client)
        for what, trouble, wait_s in steps:
            fake.answers.update({**GOOD, **trouble})
            logins, writes = fake.count("login"), fake.count("write")
            if what == "tick":
                try:
                    reader.read(frozenset(), frozenset({"charge_limit"}))
                except LuxagentError as error:
                    assert str(error).endswith(".") or "?" in str(error)
            elif what == "look":
                assert set(reader.read_settings(SERIAL, frozenset({"charge_limit"}))) == {"charge_limit"}
            else:
                reply = hand.send(SERIAL, "charge_limit", 80.0)
                sent = fake.count("write") - writes
                assert sent <= (2 if _ends_session(trouble.get("write")) else 1)
                if reply.answer is Answer.ACCEPTED:
                    assert sent >= 1
            assert fake.count("login") - logins <= 6
            clock.move(wait_s)
        fake.answers.update(GOOD)
        clock.move(BLOCKED_S + 900)
        if not _refused(client):
            assert reader.read(frozenset(), frozenset()).inverters[0].reading.values["soc_pct"] == 64


def _refused(client: Any) -> bool:  # noqa: ANN401 (a PortalClient)
    """Whether a login was refused in between: then nothing is tried again, rightly."""
    try:
        client.login()
    except CredentialsRefused:
        return True
    return False


@pytest.mark.parametrize("trouble", TROUBLE, ids=lambda t: re.sub(r"\W+", " ", repr(t))[:30])
def test_a_login_is_never_hammered(trouble: object) -> None:
    clock = FakeClock()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakePortal(mock, {**GOOD, "login": trouble})
        client = client_of(clock)
        for _ in range(60):
            with pytest.raises(LuxagentError):
                client.runtime(SERIAL)
            clock.move(10)
        assert fake.count("login") <= 60 * 10 / PAUSE_S * 2 + 10


def test_every_trouble_met_by_a_write_sends_it_at_most_twice_and_only_if_the_session_had_ended() -> None:
    for trouble in TROUBLE:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            fake = FakePortal(mock, {**GOOD, "write": trouble})
            reply = PortalHand(sure(client_of(), "live")).send(SERIAL, "charge_limit", 80.0)
            assert fake.count("write") == (2 if _ends_session(trouble) else 1), trouble
            assert reply.answer is not Answer.ACCEPTED or trouble == {}
            assert URL not in reply.words or reply.answer is Answer.REFUSED
