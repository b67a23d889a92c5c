"""A real server beside real ticks: it listens, answers, and is gone at the end."""

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from luxagent.agent.service import Ended
from luxagent.cli import wiring
from luxagent.cli.common import Common
from luxagent.cli.files import load_config
from luxagent.cli.reload import Reloader
from luxagent.cli.webpage import web_page
from tests.cli.bench import HEAD, Desk, StillClock, new_portal

LIMIT_S = 10


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    clock = StillClock()
    with new_portal(clock) as portal:
        yield Desk(tmp_path, portal, clock, capsys)


def ask(port: int, page: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_the_pages_follow_the_ticks_and_end_with_the_daemon(desk: Desk) -> None:
    port = free_port()
    desk.write(f"baseline: {{charge_limit: 90%}}\nweb: {{listen: 127.0.0.1:{port}}}\n")
    config = load_config(Common(config=desk.file, environ=desk.environ), secrets=True)
    with (
        wiring.open_agent(config, desk.state, desk.clock, dry_run=False) as wired,
        web_page(config, wired, desk.clock) as hear,
    ):
        assert ask(port, "/healthz")[0] == 503
        hear(Ended(wired.agent.tick(), "", 30.0))
        assert ask(port, "/healthz")[0] == 200
        text = ask(port, "/metrics")[1]
        assert 'luxagent_writes_total{outcome="confirmed",setting="charge_limit"} 1.0' in text
        assert 'luxagent_requests_total{endpoint="login",outcome="200"} 1.0' in text
        assert 'luxagent_write_budget_left{per="hour",serial="52710E0417"} 11.0' in text
        hear(Ended(None, "The portal is away.", 30.0))
        desk.later(hours=1)
        assert ask(port, "/healthz") == (
            503,
            '{"detail":"the last good tick was 3600 s ago: The portal is away.","healthy":false}\n',
        )
    with pytest.raises(ConnectionRefusedError):
        ask(port, "/healthz")


def test_an_interval_that_is_reloaded_counts_for_health_from_the_next_tick_on(desk: Desk) -> None:
    port = free_port()
    web = f"web: {{listen: 127.0.0.1:{port}}}\n"
    desk.write(web)
    config = load_config(Common(config=desk.file, environ=desk.environ), secrets=True)
    with (
        wiring.open_agent(config, desk.state, desk.clock, dry_run=False) as wired,
        web_page(config, wired, desk.clock) as hear,
    ):
        reloader = Reloader(config, wired, desk.clock, desk.environ, lambda _: None)

        def well_after(interval: str, seconds: float) -> tuple[int, bool]:
            """The page and the metric so long after a tick at another interval."""
            desk.file.write_text(
                HEAD.format(dry_run="off", url=desk.portal.url).replace("30 s", interval) + web
            )
            reloader.hangup()
            hear(Ended(wired.agent.tick(), "", 30.0))
            desk.later(seconds=seconds)
            return ask(port, "/healthz")[0], "luxagent_healthy 1.0" in ask(port, "/metrics")[1]

        assert well_after("15 min", 45 * 60 + 50) == (200, True)
        assert well_after("1 min", 245) == (503, False)


def test_visitors_that_never_finish_their_request_do_not_keep_a_monitor_waiting(desk: Desk) -> None:
    port = free_port()
    desk.write(f"web: {{listen: 127.0.0.1:{port}}}\n")
    config = load_config(Common(config=desk.file, environ=desk.environ), secrets=True)
    with (
        wiring.open_agent(config, desk.state, desk.clock, dry_run=False) as wired,
        web_page(config, wired, desk.clock) as hear,
        ExitStack() as visitors,
    ):
        hear(Ended(wired.agent.tick(), "", 30.0))
        for _ in range(30):
            one = visitors.enter_context(socket.create_connection(("127.0.0.1", port), LIMIT_S))
            one.send(b"GET /healthz HTTP/1.1\r\nHost: ")
        assert ask(port, "/healthz")[0] == 200


def test_a_port_that_is_taken_leaves_the_agent_at_work(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("luxagent").propagate = True
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        desk.write(f"web: {{listen: 127.0.0.1:{taken.getsockname()[1]}}}\n")
        config = load_config(Common(config=desk.file, environ=desk.environ), secrets=True)
        with (
            wiring.open_agent(config, desk.state, desk.clock, dry_run=False) as wired,
            web_page(config, wired, desk.clock) as hear,
        ):
            hear(Ended(wired.agent.tick(), "", 30.0))
    assert "cannot be listened on: Address already in use" in caplog.text
