"""A watcher outside hears of good and bad ticks, and can do no harm to them."""

import socket
import threading

import pytest

from luxagent.notify.heartbeat import UrlHeartbeat, _Call
from tests.notify.conftest import Sink

CANARY = "c4n4ry-s3cr3t"


def beat(heartbeat: UrlHeartbeat, good: bool) -> str:
    heartbeat.beat(good)
    assert heartbeat.settle(20)
    return heartbeat.error


def test_a_good_tick_and_a_bad_one_are_told_apart(sink: Sink) -> None:
    heartbeat = UrlHeartbeat(f"http://127.0.0.1:{sink.port}/{CANARY}/?note=1")
    assert beat(heartbeat, good=True) == ""
    assert beat(heartbeat, good=False) == ""
    assert [(method, path) for method, path, _ in sink.arrived] == [
        ("GET", f"/{CANARY}/?note=1"),
        ("GET", f"/{CANARY}/fail?note=1"),
    ]


@pytest.mark.parametrize("url", [f"file:///etc/{CANARY}", f"ftp://{CANARY}", CANARY, "", f"http://[{CANARY}"])
def test_what_is_no_web_address_is_not_opened(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    error = beat(UrlHeartbeat(url), good=False)
    assert error
    captured = capfd.readouterr()
    assert CANARY not in error + captured.out + captured.err


def test_a_watcher_that_refuses_or_is_away_is_told_without_the_address(
    sink: Sink, closed_port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    sink.status = 404
    assert (
        beat(UrlHeartbeat(f"http://127.0.0.1:{sink.port}/{CANARY}"), good=True) == "the watcher answered 404"
    )
    heartbeat = UrlHeartbeat(f"http://127.0.0.1:{closed_port}/{CANARY}")
    assert beat(heartbeat, good=True) == "the watcher could not be reached"
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err


def test_a_redirect_is_followed_on_the_web_alone(sink: Sink) -> None:
    heartbeat = UrlHeartbeat(f"http://127.0.0.1:{sink.port}/")
    sink.status, sink.headers = 302, {"Location": "file:///etc/passwd"}
    assert beat(heartbeat, good=True) == "the watcher answered 302"
    assert len(sink.arrived) == 1
    sink.headers = {"Location": f"http://127.0.0.1:{sink.port}/"}
    assert beat(heartbeat, good=True) == "the watcher answered 302"  # in a circle, and given up
    assert 1 < len(sink.arrived) < 20


def test_a_hanging_watcher_is_cut_off_and_beats_do_not_pile_up(sink: Sink) -> None:
    heartbeat = UrlHeartbeat(f"http://127.0.0.1:{sink.port}/hang", limit_s=1)
    for _ in range(5):
        heartbeat.beat(True)
    assert not heartbeat.settle(0)
    assert heartbeat.settle(20)
    assert heartbeat.error == "the watcher took longer than 1 s"
    assert len(sink.arrived) <= 1


def test_a_trickling_watcher_is_cut_off_as_well() -> None:
    """Each piece comes in time, the whole never would."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            error = beat(UrlHeartbeat(f"http://127.0.0.1:{server.getsockname()[1]}/", limit_s=0.4), good=True)
        finally:
            stop.set()
            thread.join()
    assert error == "the watcher took longer than 0.4 s"


def test_a_connection_that_comes_to_be_after_the_time_was_up_ends_at_once() -> None:
    """Looking up the name may take longer than the limit: the cut then finds no socket yet."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        call = _Call()
        call.cut()
        call.keep(ours)
        assert theirs.recv(1) == b""
