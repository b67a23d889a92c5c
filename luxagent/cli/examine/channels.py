"""`doctor` on the ways to people: nothing is sent, addresses are only looked at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Protocol

from luxagent.cli.examine.line import Line, failure, ok, warning
from luxagent.config.load import Config
from luxagent.notify.letters import Letter
from luxagent.notify.post import Channel

_WEB = ("flask", "waitress", "prometheus_client")


class Sender(Protocol):
    """Who would send; without a letter it only looks at the address."""

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> dict[str, str]: ...


def channels(found: Sequence[Channel], sender: Sender) -> Iterator[Line]:
    """Whether each address is understood, and the process that sends can start."""
    if not found:
        words = "The file has no channel, so that nobody is told of anything."
        yield warning("channels", words, "Name one under `notify:`.")
        return
    errors = sender.send({one.name: (one.url, None) for one in found})
    for one in found:
        error = errors.get(one.name, "")
        if error:
            todo = "Look at its address, and at `pip check` if the sending process is named."
            yield failure(f"channel {one.name}", f"{error[:1].upper()}{error[1:]}.", todo)
        else:
            words = "Its address is understood; nothing was sent."
            yield ok(f"channel {one.name}", words, f"`luxagent notify-test {one.name}` sends a message.")


def watchers(config: Config, has: Callable[[str], object] = find_spec) -> Iterator[Line]:
    """The heartbeat and the web page, where the file asks for them."""
    if config.heartbeat is not None:
        yield ok("heartbeat", "A watcher outside is told after every good tick; it was not asked now.")
    if config.web is not None:
        lacking = [name for name in _WEB if has(name) is None]
        if lacking:
            words = f"The file asks for the web page, which needs {', '.join(lacking)}."
            yield failure("web", words, "The README's steps install it, and so does the extra luxagent[web].")
        else:
            yield ok("web", f"It is to listen on {config.web.host}, port {config.web.port}.")
