"""Every way a session begins, ends and fails, at the HTTP seam."""

import gc
import logging
from datetime import timedelta

import pytest
import requests

from luxagent.errors import (
    AnswerLost,
    CredentialsRefused,
    LuxagentError,
    NeedsPerson,
    NotPermitted,
    PortalRefused,
    TryLater,
    Unreadable,
)
from luxagent.portal.client import PortalClient
from luxagent.portal.line import Got, Request
from luxagent.portal.options import Secret
from luxagent.portal.session import Session
from luxagent.portal.troubles import NotNow
from tests.portal.bench import PAGE, PASSWORD, URL, Enter, FakeClock, client_of, options

READ = Request("/WManage/api/thing", (("serialNum", "1"),))
WRITE = Request("/WManage/web/change", (("serialNum", "1"),), control=True)
GOOD = {"success": True, "value": 7}

ENDED = {
    "a 401": (401, b""),
    "a 403": (403, b""),
    "a redirect to the login page": (302, b"", {"Location": "/WManage/web/login"}),
    "a login page with 200": (200, PAGE),
    "a login page that calls itself JSON": (200, PAGE, {"Content-Type": "application/json"}),
    "an empty refusal": {"success": False},
    "an empty message": {"success": False, "msg": ""},
    "a call to log in": {"success": False, "msg": "please login first"},
}


@pytest.mark.parametrize("shape", ENDED.values(), ids=ENDED.keys())
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_an_ended_session_is_opened_again_once_and_the_request_sent_again(
    portal: Enter, shape: object, request_: Request
) -> None:
    fake = portal(thing=[shape, GOOD], change=[shape, GOOD])
    assert client_of().ask(request_) == GOOD
    assert [name for name, _ in fake.asked] == ["login", request_.name, "login", request_.name]


def test_a_session_is_used_again(portal: Enter) -> None:
    fake = portal(thing=GOOD)
    client = client_of()
    for _ in range(3):
        client.ask(READ)
    assert fake.count("login") == 1


def test_a_session_is_refreshed_when_less_than_five_minutes_are_left(portal: Enter, clock: FakeClock) -> None:
    fake = portal(thing=GOOD)
    client = client_of(clock)
    client.ask(READ)
    clock.move(7200 - 301)
    client.ask(READ)
    assert fake.count("login") == 1
    clock.move(2)
    client.ask(READ)
    assert fake.count("login") == 2


def test_the_jar_is_emptied_before_logging_in_again(portal: Enter) -> None:
    cookies = iter(["first", "second"])

    def welcome(_: dict[str, str]) -> object:
        headers = {"Set-Cookie": f"JSESSIONID={next(cookies)}; Path=/WManage; HttpOnly"}
        return 200, {"success": True, "userId": 1}, headers

    fake = portal(login=welcome, thing=[GOOD, (401, b""), GOOD])
    client = client_of()
    client.ask(READ)
    client.ask(READ)
    logins = [
        h.get("Cookie") for h, (name, _) in zip(fake.headers, fake.asked, strict=True) if name == "login"
    ]
    assert logins == [None, None]
    assert fake.headers[-1]["Cookie"] == "JSESSIONID=second"


def test_a_session_that_is_not_believed_even_when_fresh_is_maintenance(portal: Enter) -> None:
    fake = portal(thing=(200, PAGE))
    with pytest.raises(TryLater):
        client_of().ask(READ)
    assert fake.count("login") <= 2


def test_the_portal_is_not_fought_over_when_it_ends_sessions_young(portal: Enter, clock: FakeClock) -> None:
    fake = portal(thing=[(401, b""), GOOD, (401, b"")])
    client = client_of(clock)
    client.ask(READ)
    assert fake.count("login") == 2
    for _ in range(5):
        with pytest.raises(TryLater):
            client.ask(READ)
        clock.move(40)
    assert fake.count("login") == 2
    clock.move(300)
    fake.answers["thing"] = [(401, b""), GOOD]
    assert client.ask(READ) == GOOD


def test_a_403_that_stays_is_a_matter_of_rights_and_costs_one_login(portal: Enter) -> None:
    fake = portal(thing=(403, b""), other=GOOD)
    client = client_of()
    for _ in range(3):
        with pytest.raises(NotPermitted):
            client.ask(READ)
    assert fake.count("login") == 2
    assert client.ask(Request("/WManage/api/other", ())) == GOOD


def test_html_on_every_path_is_maintenance_and_no_wrong_password(portal: Enter, clock: FakeClock) -> None:
    fake = portal(login=(200, PAGE), thing=(200, PAGE))
    client = client_of(clock)
    for _ in range(10):
        with pytest.raises(TryLater):
            client.ask(READ)
        clock.move(60)
    assert fake.count("login") <= 5
    fake.answers.update(login={"success": True}, thing=GOOD)
    clock.move(240)
    assert client.ask(READ) == GOOD


@pytest.mark.parametrize(
    "refusal",
    [
        {"success": False, "message": "Invalid username or password"},
        {"success": False, "msg": "用户名或密码错误"},
        {"success": False, "msg": "LOGIN_ERROR_PASSWORD"},
        (401, b"{}"),
        (401, PAGE),
        {
            "success": False,
            "msg": "USER_PASSWORD_ERROR",
            "message": "Wrong account or password, please try again.",
        },
        {"success": False, "msg": "password error", "code": 1002},
    ],
)
def test_a_refused_password_is_tried_exactly_once(portal: Enter, refusal: object) -> None:
    fake = portal(login=refusal)
    client = client_of()
    for _ in range(5):
        with pytest.raises(CredentialsRefused):
            client.ask(READ)
    assert fake.count("login") == 1
    assert fake.count("thing") == 0


@pytest.mark.parametrize(
    "busy",
    [
        {"success": False, "msg": "deviceBusy"},
        {"success": False, "msg": "Account service is busy, please try again later"},
        {"success": False, "msg": "SERVER_HTTP_EXCEPTION"},
        (503, PAGE),
        (500, b""),
        requests.ConnectionError("reset"),
        b'{"success": tr',
    ],
    ids=str,
)
def test_a_login_that_meets_trouble_is_no_refusal_and_is_tried_again(portal: Enter, busy: object) -> None:
    fake = portal(login=[busy, {"success": True, "userId": 1}], thing=GOOD)
    assert client_of().ask(READ) == GOOD
    assert fake.count("login") == 2


@pytest.mark.parametrize(
    "odd", [(400, b'{"status": 400, "error": "Bad Request"}'), (403, PAGE), (418, b"tea")]
)
def test_an_odd_status_of_the_login_is_no_refusal_and_is_tried_again_every_four_minutes(
    portal: Enter, clock: FakeClock, odd: object
) -> None:
    fake = portal(login=odd)
    client = client_of(clock)
    for _ in range(60):
        with pytest.raises(TryLater):
            client.ask(READ)
        clock.move(120)
    assert fake.count("login") <= 32


def test_a_login_refused_without_a_reason_is_neither_wrong_password_nor_hammered(portal: Enter) -> None:
    fake = portal(login={"success": False})
    client = client_of()
    for _ in range(4):
        with pytest.raises(TryLater):
            client.ask(READ)
    assert fake.count("login") == 1


def test_the_login_form_is_the_documents_unless_the_wire_is_known_to_be_live(portal: Enter) -> None:
    fake = portal(thing=GOOD)
    client_of().ask(READ)
    assert fake.form("login") == {"account": "owner@example.org", "password": PASSWORD}
    client_of(wire="live").ask(READ)
    assert fake.form("login")["language"] == "ENGLISH"


def test_a_read_is_tried_three_times_with_growing_waits(portal: Enter, clock: FakeClock) -> None:
    fake = portal(thing=[(500, b""), (503, b""), GOOD])
    assert client_of(clock).ask(READ) == GOOD
    assert fake.count("thing") == 3
    first, second = clock.waits
    assert 1 <= first <= 1.1
    assert 2 <= second <= 2.1


def test_a_portal_that_stays_down_is_warned_of_and_then_left_alone(
    portal: Enter, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    fake = portal(thing=(500, b""))
    client = client_of(clock)
    with caplog.at_level(logging.WARNING, "luxagent.portal"):
        for _ in range(200):
            with pytest.raises(TryLater):
                client.ask(READ)
    assert "failed 3 times in a row" in caplog.text
    assert fake.count("thing") <= 8
    clock.move(61)
    fake.answers["thing"] = GOOD
    assert client.ask(READ) == GOOD
    fake.answers["thing"] = [(500, b""), (500, b""), GOOD]
    assert client.ask(READ) == GOOD  # the count began anew


@pytest.mark.parametrize("words", ["DATAFRAME_TIMEOUT", "device_busy", "deviceBusy", "ACTION_ERROR_UNDONE"])
@pytest.mark.parametrize("key", ["msg", "message"])
def test_a_slow_device_is_asked_again_and_does_not_count_against_the_portal(
    portal: Enter, words: str, key: str
) -> None:
    fake = portal(thing={"success": False, key: words}, other=GOOD)
    client = client_of()
    for _ in range(4):
        with pytest.raises(TryLater):
            client.ask(READ)
    assert fake.count("thing") == 12
    assert client.ask(Request("/WManage/api/other", ())) == GOOD


def test_a_device_that_is_away_is_not_asked_again_at_once(portal: Enter) -> None:
    fake = portal(thing={"success": False, "msg": "DEVICE_OFFLINE"})
    with pytest.raises(NotNow):
        client_of().ask(READ)
    assert fake.count("thing") == 1


@pytest.mark.parametrize(
    "words", ["apiBlocked", "noPermission", "NO_PERMISSION", "notAllowRemoteTechSupport"]
)
def test_a_blocked_or_unprivileged_account_is_not_retried(portal: Enter, words: str) -> None:
    fake = portal(thing={"success": False, "msg": words})
    with pytest.raises(NotPermitted) as caught:
        client_of().ask(READ)
    assert caught.value.words == words
    assert fake.count("thing") == 1


@pytest.mark.parametrize(
    "refusal",
    [
        {"success": False, "msg": "REMOTE_SET_ERROR", "errorCode": 3},
        {"success": False, "message": "Invalid parameter value or out of range"},
        {"success": False, "msg": "etwas ganz anderes"},
        (400, b""),
        (404, PAGE),
    ],
)
def test_a_refusal_for_good_is_not_retried(portal: Enter, refusal: object) -> None:
    fake = portal(change=refusal, thing=refusal)
    for request in (READ, WRITE):
        with pytest.raises(PortalRefused):
            client_of().ask(request)
    assert (fake.count("thing"), fake.count("change")) == (1, 1)


@pytest.mark.parametrize(
    "lost",
    [
        (500, b""),
        b"",
        b'{"success":',
        b'{"success": true, "x": NaN}',
        b"[]",
        {"success": False, "msg": "DATAFRAME_TIMEOUT"},
        {"success": False, "msg": "TIMEOUT"},
        requests.ConnectionError("reset by peer"),
        requests.ReadTimeout("late"),
    ],
    ids=str,
)
def test_a_write_is_sent_once_and_a_doubtful_answer_is_lost(portal: Enter, lost: object) -> None:
    fake = portal(change=lost)
    with pytest.raises(AnswerLost):
        client_of().ask(WRITE)
    assert fake.count("change") == 1


@pytest.mark.parametrize("busy", ["DEVICE_BUSY", "DATAFRAME_UNSEND", "DEVICE_OFFLINE", "ACTION_ERROR_UNDONE"])
def test_a_write_that_surely_was_not_carried_out_is_not_lost(portal: Enter, busy: str) -> None:
    fake = portal(change={"success": False, "msg": busy})
    with pytest.raises(TryLater) as caught:
        client_of().ask(WRITE)
    assert not isinstance(caught.value, AnswerLost)
    assert fake.count("change") == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b'{"a": 1, "a": 2}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' * 1_500 + b"1" + b"}" * 1_500,
        b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}",
        b"\xff\xfe\x00",
        b'{"a": "' + b"x" * (1 << 20) + b'"}',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_an_answer_that_is_not_sound_json_is_unreadable(portal: Enter, garbage: bytes) -> None:
    portal(thing=garbage)
    with pytest.raises(Unreadable):
        client_of().ask(READ)


def test_an_answer_may_be_as_broad_as_it_likes(portal: Enter) -> None:
    broad = {"rows": [{"deviceData": {"cells": [[3301], [3302]]}}] * 500}
    portal(thing=broad)
    assert client_of().ask(READ) == broad


def test_json_is_judged_by_its_content_and_not_by_its_header(portal: Enter) -> None:
    portal(thing=(200, b' {"success": true, "value": 7}', {"Content-Type": "text/html"}))
    assert client_of().ask(READ) == GOOD


def test_success_may_be_absent(portal: Enter) -> None:
    portal(thing={"rows": []})
    assert client_of().ask(READ) == {"rows": []}


@pytest.mark.parametrize("path", ["thing", "login"])
@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("5", 5),
        ("120", 120),
        ("nonsense", 60),
        ("99999", 900),
        ("Tue, 10 Mar 2026 12:02:30 GMT", 120),
        (None, 60),
    ],
)
def test_a_portal_that_asks_for_patience_gets_it(
    portal: Enter, clock: FakeClock, header: str | None, wait_s: float, path: str
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    good = {"success": True, "userId": 1} if path == "login" else GOOD
    fake = portal(**{"thing": GOOD, path: [(429, b"", headers), good]})
    client = client_of(clock)
    with pytest.raises(NotNow, match=rf"again in {wait_s} s \(HTTP 429\)"):
        client.ask(READ)
    clock.move(wait_s - 1)
    with pytest.raises(NotNow):
        client.ask(READ)
    assert fake.count(path) == 1
    clock.move(2)
    assert client.ask(READ) == GOOD


def test_a_login_that_is_asked_for_patience_is_sent_once_for_each_time_it_names(
    portal: Enter, clock: FakeClock
) -> None:
    fake = portal(login=(429, b"", {"Retry-After": "30"}))
    client = client_of(clock)
    for logins in (1, 2, 3):
        for _ in range(4):
            with pytest.raises(NotNow):
                client.login()
        assert fake.count("login") == logins
        clock.move(31)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_never_followed(portal: Enter, status: int) -> None:
    fake = portal(
        login=(status, b"", {"Location": f"{URL}/elsewhere"}),
        elsewhere={"success": True},
        thing=GOOD,
    )
    with pytest.raises(TryLater):
        client_of().ask(READ)
    assert fake.count("elsewhere") == 0


def test_the_portals_clock_is_compared_with_ours(portal: Enter) -> None:
    portal(thing=(200, b'{"success": true}', {"Date": "Tue, 10 Mar 2026 11:55:30 GMT"}))
    clock = FakeClock()
    client = client_of(clock)
    assert client.session.portal_time_skew_s is None
    client.ask(READ)
    assert client.session.portal_time_skew_s == 300
    clock.move(3600)
    assert client.session.portal_time_skew_s == 300


def test_a_clock_that_was_set_since_the_newest_answer_has_no_witness_in_it(portal: Enter) -> None:
    portal(thing=(200, b'{"success": true}', {"Date": "Tue, 10 Mar 2026 11:55:30 GMT"}))
    clock = FakeClock()
    client = client_of(clock)
    client.ask(READ)
    clock.at -= timedelta(hours=25)
    assert client.session.portal_time_skew_s == 300 - 25 * 3600


def test_proxies_and_passwords_of_the_environment_are_not_used(
    portal: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    session = requests.Session()
    portal(thing=GOOD)
    Session(options(), FakeClock(), session=session)
    assert session.trust_env is False
    assert session.proxies == {}


def test_an_injected_session_is_honoured(portal: Enter) -> None:
    fake = portal(thing=GOOD)
    session = requests.Session()
    session.headers["X-Mine"] = "yes"
    PortalClient(options(), FakeClock(), session=session).ask(READ)
    assert fake.headers[-1]["X-Mine"] == "yes"


def test_the_password_is_nowhere_but_in_the_login_form(
    portal: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [
        {"success": False, "msg": f"wrong password {PASSWORD} \x1b[31m"},
        (200, PAGE),
        (500, PASSWORD.encode()),
        requests.ConnectionError("gone"),
    ]
    for answer in answers:
        fake = portal(login=answer)
        client = client_of()
        with caplog.at_level(logging.DEBUG), pytest.raises(LuxagentError) as caught:
            client.ask(READ)
        assert fake.count("thing") == 0
        assert PASSWORD not in str(caught.value)
        assert "\x1b" not in str(caught.value)
        seen: BaseException | None = caught.value
        while seen is not None:
            assert PASSWORD not in repr(seen)
            assert not hasattr(seen, "request")
            seen = seen.__cause__ or seen.__context__
        assert PASSWORD not in repr(client.options)
        assert PASSWORD not in repr(vars(client.session))
    assert PASSWORD not in caplog.text


def test_a_password_that_cannot_be_sent_needs_a_person(portal: Enter) -> None:
    portal(thing=GOOD)
    with pytest.raises(NeedsPerson) as caught:
        client_of(password=Secret("horse\ud800")).ask(READ)
    assert "horse" not in str(caught.value)


def test_the_life_of_a_session_is_logged(portal: Enter, caplog: pytest.LogCaptureFixture) -> None:
    portal(thing=[(401, b""), GOOD])
    with caplog.at_level(logging.INFO, "luxagent.portal"):
        client_of().ask(READ)
    assert "there is no session" in caplog.text
    assert "HTTP 401" in caplog.text


def test_forms_of_one_path_do_not_mix_and_none_is_kept(portal: Enter) -> None:
    fake = portal(thing=GOOD)
    client = client_of()
    for serial in ("12345", "6", ""):
        client.ask(Request(READ.path, (("serialNum", serial), ("note", "ä&=%"))))
    client.ask(Request(READ.path, ()))
    things = [form for name, form in fake.asked if name == "thing"]
    assert things == [{"serialNum": serial, "note": "ä&=%"} for serial in ("12345", "6", "")] + [{}]
    lengths = [headers["Content-Length"] for headers in fake.headers[1:]]
    assert lengths == ["36", "32", "31", "0"]
    gc.collect()
    kept = [one.body for one in gc.get_objects() if isinstance(one, requests.PreparedRequest)]
    assert not any(PASSWORD in str(body) for body in kept)


def test_a_request_and_its_answer_do_not_show_the_form() -> None:
    login = Request("/api/login", (("account", "owner"), ("password", PASSWORD)))
    assert PASSWORD not in repr(login)
    assert PASSWORD not in repr(Got(login, 200, b"{}"))
