"""An ear like the service manager's: a datagram socket that a service is told of by $NOTIFY_SOCKET."""

import socket
from pathlib import Path
from types import TracebackType
from typing import Self

LIMIT_S = 30.0


class Ear:
    """Hears one service. Use it as a context."""

    def __init__(self, folder: Path, *, abstract: bool = False) -> None:
        path = folder / "notify"
        self.name = f"@{path}" if abstract else str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{path}" if abstract else str(path))
        self._socket.settimeout(LIMIT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def hear(self) -> dict[str, str]:
        """The next datagram, as its assignments."""
        lines = self._socket.recv(4096).decode().split("\n")
        return dict(line.split("=", 1) for line in lines)

    def hear_until(self, *names: str) -> list[dict[str, str]]:
        """All datagrams up to the first that assigns one of these."""
        found = [self.hear()]
        while not found[-1].keys() & set(names):
            found.append(self.hear())
        return found

    def silence(self) -> bool:
        """Whether nothing is waiting to be heard."""
        self._socket.setblocking(False)
        try:
            self._socket.recv(4096)
        except BlockingIOError:
            return True
        finally:
            self._socket.settimeout(LIMIT_S)
        return False
