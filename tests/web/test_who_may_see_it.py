"""The pages are for this machine, for reading, and for no other site's eyes."""

import pytest

from luxagent.errors import NeedsPerson
from luxagent.web.page import HEADERS
from tests.web.conftest import Visit

PAGES = ("/healthz", "/metrics", "/", "/nothing-here")
EVERY_PAGE = pytest.mark.parametrize("page", PAGES)
HOST = {"Host": "127.0.0.1:8788"}


@EVERY_PAGE
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8788", "luxagent.local", "192.168.1.5:8788", "127.0.0.1.evil.example",
     "localhost.evil.example", "[::2]:8788", "", "[", "127.0.0.1@evil.example"],
)  # fmt: skip
def test_a_name_that_a_stranger_could_point_here_is_refused(page: str, host: str, visit: Visit) -> None:
    assert visit().get(page, headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1:8788", "localhost:8788", "localhost", "[::1]:8788", "127.0.0.9"])
def test_this_machine_by_any_of_its_own_names_is_let_in(host: str, visit: Visit) -> None:
    assert visit().get("/healthz", headers={"Host": host}).status_code == 200


@EVERY_PAGE
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_whatever_comes_from_another_site_is_refused(
    page: str, headers: dict[str, str], visit: Visit
) -> None:
    assert visit().get(page, headers={**HOST, **headers}).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1:8788"}, {"Sec-Fetch-Site": "none"}])
def test_a_monitor_and_a_typed_address_are_let_in(headers: dict[str, str], visit: Visit) -> None:
    assert visit().get("/metrics", headers={**HOST, **headers}).status_code == 200


@EVERY_PAGE
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed_and_no_other_site_is_invited(page: str, method: str, visit: Visit) -> None:
    answer = visit().open(page, method=method, headers=HOST)
    assert answer.status_code == 405
    assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control")]  # noqa: SIM118


@EVERY_PAGE
def test_every_answer_forbids_to_keep_frame_or_run_it(page: str, visit: Visit) -> None:
    answer = visit().get(page, headers=HOST)
    assert HEADERS.items() <= dict(answer.headers).items()


def test_beyond_loopback_a_token_is_needed(visit: Visit) -> None:
    with pytest.raises(NeedsPerson):
        visit(loopback=False)
    browser = visit(loopback=False, token="canary-of-the-page")
    host = {"Host": "192.168.1.5:8788"}
    for shown in (
        "",
        "Bearer ",
        "Bearer canary",
        "canary-of-the-page",
        "Bearer canary-of-the-page2",
        "Bearer é",
    ):
        answer = browser.get("/metrics", headers={**host, "Authorization": shown})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert b"canary" not in answer.data
    good = {"Authorization": "Bearer canary-of-the-page"}
    assert browser.get("/metrics", headers={**host, **good}).status_code == 200
    assert browser.get("/metrics", headers={"Host": "nas.local", **good}).status_code == 403


def test_an_error_repeats_nothing_that_was_asked(visit: Visit) -> None:
    answer = visit().get("/<script>alert(1)</script>?x=<b>", headers=HOST)
    assert (answer.status_code, answer.json) == (404, {"error": 404})
