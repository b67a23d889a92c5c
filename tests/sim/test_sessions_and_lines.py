"""Logging in, being logged out, and the line itself."""

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST
from luxagent.sim.server import SimPortal
from tests.sim.worlds import Clock, Enter

RUNTIME = "/api/inverter/getInverterRuntime"


class TestSessions:
    def test_any_account_will_do_unless_a_password_is_set(self, single: House, move_in: Enter) -> None:
        assert move_in(single, login=False).login("whatever")["success"]
        guarded = move_in(single, login=False, password="secret")
        assert guarded.login("wrong") == {"success": False, "msg": "Username or password error"}
        assert guarded.login("secret")["success"]

    def test_the_document_refuses_in_its_own_words(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, "document", login=False, password="secret")
        assert owner.login("wrong") == {"success": False, "message": "Invalid username or password"}

    def test_the_cookie_is_for_the_portals_path_alone(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, login=False)
        header = owner.post("/api/login", account="a", password="b").headers["Set-Cookie"]
        assert header.startswith("JSESSIONID=")
        assert header.endswith("; Path=/WManage; HttpOnly")

    def test_without_a_session_the_live_portal_shows_its_login_page(
        self, single: House, move_in: Enter
    ) -> None:
        answer = move_in(single, login=False).post(RUNTIME, serialNum=FIRST)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Login" in answer.text

    def test_without_a_session_the_document_says_401(self, single: House, move_in: Enter) -> None:
        assert move_in(single, "document", login=False).post(RUNTIME, serialNum=FIRST).status_code == 401

    def test_a_session_lasts_two_hours_of_the_portals_clock(
        self,
        single: House,
        move_in: Enter,
        clock: Clock,
    ) -> None:
        owner = move_in(single, session=timedelta(hours=2))
        clock.forward(hours=1, minutes=59)
        assert owner.ask(RUNTIME, serialNum=FIRST)["success"]
        clock.forward(minutes=1)
        assert "Login" in owner.post(RUNTIME, serialNum=FIRST).text

    @pytest.mark.parametrize(
        ("shape", "status", "sign"),
        [
            ("expired-401", 401, "Unauthorized"),
            ("expired-redirect", 302, ""),
            ("expired-empty", 200, '{"success": false}'),
            ("expired-html", 200, "Login"),
        ],
    )
    def test_an_ended_session_takes_any_of_four_shapes(
        self, single: House, move_in: Enter, shape: str, status: int, sign: str
    ) -> None:
        owner = move_in(single, faults=[shape])
        owner.portal.end_sessions()
        answer = owner.post(RUNTIME, serialNum=FIRST)
        assert answer.status_code == status
        assert sign in answer.text

    def test_a_redirect_that_is_followed_ends_at_a_page(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, faults=["expired-redirect"])
        owner.portal.end_sessions()
        followed = owner.session.post(f"{owner.portal.url}/WManage{RUNTIME}", data={}, timeout=5)
        assert followed.status_code == 200
        assert "Login" in followed.text


class TestTheLine:
    def test_an_unknown_path_is_not_found(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        assert owner.post("/api/nothing").status_code == 404
        assert owner.session.get(f"{owner.portal.url}/", timeout=5).status_code == 404

    def test_the_date_is_the_portals_own(self, single: House, move_in: Enter) -> None:
        answer = move_in(single).post(RUNTIME, serialNum=FIRST)
        assert answer.headers["Date"] == "Thu, 15 Jan 2026 19:00:00 GMT"

    def test_one_line_serves_many_requests(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        line = http.client.HTTPConnection("localhost", owner.portal.port, timeout=5)
        for _ in range(3):
            line.request("POST", f"/WManage{RUNTIME}", body="serialNum=1")
            assert line.getresponse().read()
        line.close()

    def test_many_ask_at_once_and_all_are_counted(self, pair: House, move_in: Enter) -> None:
        owner = move_in(pair)

        def ask(_: int) -> int:
            return requests.post(f"{owner.portal.url}/WManage{RUNTIME}", data={}, timeout=10).status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(40))) == {200}
        assert owner.portal.requests[f"/WManage{RUNTIME}"] == 40

    def test_it_can_be_stopped_and_started_again_at_the_same_address(
        self, single: House, clock: Clock
    ) -> None:
        portal = SimPortal(single, now=clock)
        portal.start()
        url = portal.url
        with requests.Session() as session:
            session.post(url, timeout=5)
            portal.stop()
            with pytest.raises(requests.ConnectionError):
                session.post(url, timeout=5)
            portal.start()
            assert portal.url == url
            assert session.post(url, timeout=5).status_code == 404
        portal.stop()
        portal.stop()

    def test_rubbish_and_a_client_that_leaves_print_nothing(
        self, single: House, move_in: Enter, capfd: pytest.CaptureFixture[str]
    ) -> None:
        owner = move_in(single)
        for rubbish in (
            b"\x00\xff\r\n\r\n",
            b"POST /WManage/api/login HTTP/1.1\r\nContent-Length: 90\r\n\r\nx",
        ):
            with socket.create_connection(("127.0.0.1", owner.portal.port), timeout=5) as line:
                line.sendall(rubbish)
        assert owner.ask(RUNTIME, serialNum=FIRST)["success"]
        owner.portal.stop()
        assert capfd.readouterr().err == ""

    def test_a_body_without_end_is_refused(self, single: House, move_in: Enter) -> None:
        line = http.client.HTTPConnection("127.0.0.1", move_in(single).portal.port, timeout=5)
        line.putrequest("POST", "/WManage/api/login")
        line.putheader("Content-Length", "9999999999")
        line.endheaders()
        assert line.getresponse().status == 413
        line.close()
