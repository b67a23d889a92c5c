"""A real SMTP server on loopback, as small as one can be: it keeps what it is sent, or refuses it."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Self


class SmtpSink:
    """What arrived, as messages; `busy` makes it refuse for the time being."""

    def __init__(self) -> None:
        self.arrived: list[Message] = []
        self.busy = False
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 sink")
                while line := self.rfile.readline().strip().upper():
                    if line.startswith((b"EHLO", b"HELO")):
                        self.say("250 sink")
                    elif line.startswith(b"MAIL") and sink.busy:
                        self.say("451 come again later")
                    elif line.startswith(b"DATA"):
                        self.say("354 go on")
                        self.keep()
                        self.say("250 kept")
                    elif line.startswith(b"QUIT"):
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 fine")

            def keep(self) -> None:
                lines: list[bytes] = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                sink.arrived.append(message_from_bytes(b"".join(lines), policy=default))

            def say(self, words: str) -> None:
                self.wfile.write(f"{words}\r\n".encode())

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def url(self) -> str:
        """Its address for apprise; without encryption, as it is on loopback."""
        port = self.server.server_address[1]
        return f"mailto://127.0.0.1:{port}?from=agent@example.com&to=owner@example.com&mode=insecure"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
