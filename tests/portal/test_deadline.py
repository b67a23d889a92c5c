"""Real sockets that dawdle, cut and lie: one deadline holds the whole call, and a cut is never a success."""

import gzip
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from luxagent.errors import AnswerLost, TryLater, Unreadable
from luxagent.portal.client import PortalClient
from luxagent.portal.line import CONNECT_S, Request
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.troubles import PortalDown
from tests.portal.bench import FakeClock

DEADLINE_S = 0.25
WELCOME = b'{"success": true, "userId": 1}'
BODY = b'{"success": true, "value": 7}'
Serve = Callable[[socket.socket], None]


def _head(length: int, *more: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Type: application/json", b"Content-Length: %d" % length, *more]
    return b"\r\n".join([*lines, b"", b""])


class Dawdler:
    """A server that welcomes every login at once and answers everything else as the test says."""

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.over = threading.Event()
        self.requests = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                while request := self._whole_request(connection):
                    if b"/api/login" in request:
                        connection.sendall(_head(len(WELCOME)) + WELCOME)
                    else:
                        self.requests += 1
                        self.serve(connection)
                        return
            except OSError:
                return

    def _whole_request(self, connection: socket.socket) -> bytes:
        """Head and body of one request; empty when the client has gone."""
        got = b""
        while True:
            head, end, body = got.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            if end and len(body) >= (int(length[1]) if length else 0):
                return got
            part = connection.recv(65536)
            if not part:
                return b""
            got += part

    def drip(self, connection: socket.socket, data: bytes) -> None:
        """One byte after the other, slowly, for as long as the client listens."""
        for place in range(len(data)):
            connection.sendall(data[place : place + 1])
            if self.over.wait(0.02):
                return

    def stop(self) -> None:
        self.over.set()
        self.listener.close()
        for thread in self.threads[1:]:
            thread.join(2)


@pytest.fixture
def dawdler() -> Iterator[Callable[[Callable[[Dawdler, socket.socket], None]], Dawdler]]:
    made: list[Dawdler] = []

    def make(serve: Callable[[Dawdler, socket.socket], None]) -> Dawdler:
        server = Dawdler(lambda connection: serve(server, connection))
        made.append(server)
        return server

    yield make
    for server in made:
        server.stop()


Make = Callable[[Callable[[Dawdler, socket.socket], None]], Dawdler]


def _client(url: str) -> PortalClient:
    return PortalClient(PortalOptions(url, "owner", Secret("correct-horse-77")), FakeClock())


def _request(control: bool) -> Request:
    return Request("/WManage/api/thing", (), control=control, deadline_s=DEADLINE_S)


def _took(client: PortalClient, request: Request, error: type[Exception]) -> float:
    client.login()
    client.session._pace.failures = 3  # one attempt, so that the time of one call is measured
    begun = time.perf_counter()
    with pytest.raises(error):
        client.ask(request)
    took_s = time.perf_counter() - begun
    client.session.close()
    return took_s


def drip_headers(server: Dawdler, connection: socket.socket) -> None:
    server.drip(connection, _head(len(BODY), b"X-Long: " + b"x" * 4000) + BODY)


def drip_body(server: Dawdler, connection: socket.socket) -> None:
    connection.sendall(_head(4000))
    server.drip(connection, b" " * 4000)


def drip_body_and_close(server: Dawdler, connection: socket.socket) -> None:
    connection.sendall(_head(4000, b"Connection: close"))
    server.drip(connection, b" " * 4000)


def say_nothing(server: Dawdler, connection: socket.socket) -> None:
    server.over.wait(5)


@pytest.mark.parametrize("serve", [drip_headers, drip_body, drip_body_and_close, say_nothing])
@pytest.mark.parametrize("control", [False, True], ids=["read", "write"])
def test_a_server_that_trickles_cannot_hold_a_call_past_its_deadline(
    dawdler: Make, serve: Callable[[Dawdler, socket.socket], None], control: bool
) -> None:
    server = dawdler(serve)
    took_s = _took(_client(server.url), _request(control), AnswerLost if control else PortalDown)
    assert DEADLINE_S * 0.9 <= took_s < DEADLINE_S + 1
    assert server.requests == 1


@pytest.mark.parametrize("at", [0, 1, 20, len(_head(len(BODY))) - 1, len(_head(len(BODY))) + 5])
@pytest.mark.parametrize("control", [False, True], ids=["read", "write"])
def test_an_answer_that_is_cut_anywhere_is_discarded_whole(dawdler: Make, at: int, control: bool) -> None:
    def cut(_: Dawdler, connection: socket.socket) -> None:
        connection.sendall((_head(len(BODY)) + BODY)[:at])

    server = dawdler(cut)
    assert _took(_client(server.url), _request(control), AnswerLost if control else TryLater) < 1
    assert server.requests == 1


def test_an_answer_without_length_that_is_cut_is_discarded(dawdler: Make) -> None:
    def cut(_: Dawdler, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY[:-4])

    _took(_client(dawdler(cut).url), _request(control=False), Unreadable)


def test_a_small_answer_that_unpacks_into_a_huge_one_is_refused(dawdler: Make) -> None:
    bomb = gzip.compress(b" " * (64 << 20))

    def send(_: Dawdler, connection: socket.socket) -> None:
        connection.sendall(_head(len(bomb), b"Content-Encoding: gzip") + bomb)

    client = _client(dawdler(send).url)
    request = Request("/WManage/api/thing", (), deadline_s=5)
    _took(client, request, Unreadable)


def test_a_closed_port_is_no_connection_and_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = _client(f"http://127.0.0.1:{port}")
    with pytest.raises(PortalDown, match="cannot be reached"):
        client.ask(_request(control=True))


def test_a_host_that_swallows_packets_is_given_up_by_the_deadline() -> None:
    """A listener whose queue is full drops what asks to connect, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            client = _client(f"http://127.0.0.1:{port}")
            began = time.monotonic()  # noqa: TID251 - how long a real connection is waited for
            with pytest.raises(PortalDown):
                client.ask(_request(control=True))
            assert time.monotonic() - began < CONNECT_S + 1  # noqa: TID251
        finally:
            for one in waiting:
                one.close()


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"])
def test_a_server_that_does_not_speak_tls_is_refused_in_time(greeting: bytes) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                over.wait(5)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        client = _client(f"https://127.0.0.1:{listener.getsockname()[1]}")
        begun = time.perf_counter()
        with pytest.raises(PortalDown):
            client.session._post(_request(control=False))
        assert time.perf_counter() - begun < DEADLINE_S + 1
        over.set()
        thread.join(2)
        client.session.close()


def test_certificates_are_verified_unless_the_owner_names_another_authority() -> None:
    assert _client("https://host").session._http.verify is True
    options = PortalOptions("https://host", "owner", Secret("x"), ca_file="/etc/own-ca.pem")
    assert PortalClient(options, FakeClock()).session._http.verify == "/etc/own-ca.pem"


def test_no_socket_or_thread_is_left_behind(dawdler: Make) -> None:
    before = set(threading.enumerate())
    server = dawdler(drip_body)
    client = _client(server.url)
    client.login()
    client.session._pace.failures = 3
    for _ in range(2):
        with pytest.raises(TryLater):
            client.ask(_request(control=True))
    guard = client.session._guard
    assert len(guard._handles) <= 1
    [watching] = [one for one in set(threading.enumerate()) - before if one.name == "deadlines"]
    client.session.close()
    assert guard._handles == []
    watching.join(5)
    assert not watching.is_alive()


@pytest.mark.parametrize("control", [False, True], ids=["read", "write"])
def test_without_a_thread_to_watch_it_no_request_is_sent_and_the_next_tick_tries_again(
    dawdler: Make, monkeypatch: pytest.MonkeyPatch, control: bool
) -> None:
    server = dawdler(lambda _, connection: connection.sendall(_head(len(BODY)) + BODY))
    client = _client(server.url)

    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(TryLater, match="no thread left") as caught:
            client.ask(_request(control))
    assert not isinstance(caught.value, AnswerLost)
    assert server.requests == 0
    assert client.ask(_request(control)) is not None
    client.session.close()
