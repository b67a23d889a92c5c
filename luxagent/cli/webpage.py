"""The optional web page beside the daemon. Without the extra, or the port, the agent goes on alone."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from luxagent.agent.service import Ended
from luxagent.cli import logs
from luxagent.cli.clock import Clock
from luxagent.cli.wiring import Wired
from luxagent.config.load import Config
from luxagent.errors import NeedsPerson

log = logging.getLogger("luxagent")

Hear = Callable[[Ended], None]


@contextmanager
def web_page(config: Config, wired: Wired, clock: Clock) -> Iterator[Hear]:
    """Serve health and metrics for the length of a `with`, if the file asks for them; hears of every tick."""
    section = config.web
    if section is None:
        yield lambda _: None
        return
    try:
        from luxagent.cli.vitals import Pulse
        from luxagent.web.server import WebServer

        token = None if section.token is None else section.token.reveal()
        logs.hide(token or "")
        pulse = Pulse(wired, clock.now)
        loopback = section.host == "localhost" or ip_address(section.host).is_loopback
        server = WebServer(pulse.look, section.host, section.port, loopback=loopback, token=token)
    except ImportError:
        log.error("web: this needs more than is installed; the README's steps bring it along")  # noqa: TRY400
        yield lambda _: None
        return
    except NeedsPerson as error:
        log.error("%s", error)  # noqa: TRY400 - a sentence is enough
        yield lambda _: None
        return
    with server:
        log.info("health and metrics on port %d of %s", server.port, section.host)
        yield pulse.ended
