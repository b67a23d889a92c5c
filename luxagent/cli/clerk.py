"""The daemon's side of requests: take what people ask for, do it, answer. Fits `agent.service.Clerk`."""

import logging
from collections.abc import Callable
from datetime import datetime

from luxagent.agent.tick import TickReport
from luxagent.cli.codes import FAILED, USAGE, code_of
from luxagent.cli.errands.desk import Desk, Misasked
from luxagent.cli.errands.table import ERRANDS
from luxagent.cli.logs import without_secrets
from luxagent.cli.render.text import one_line
from luxagent.errors import LuxagentError
from luxagent.store.requests import Answer, Request, RequestBox

log = logging.getLogger("luxagent")


class Clerk:
    """Serves one state folder. `desk` makes a new one for each request: the rules may have been reloaded."""

    def __init__(self, box: RequestBox, desk: Callable[[], Desk], now: Callable[[], datetime]) -> None:
        self._box = box
        self._desk = desk
        self._now = now
        box.sweep(now())

    def serve(self) -> TickReport | None:
        """Do all that was asked. The report of the last tick where that took one. Never raises."""
        requests = self._box.take()
        if not requests:
            return None
        self._box.sweep(self._now())
        report = None
        for request in requests:
            desk = self._desk()
            self._box.answer(request.id, self._answer(request, desk))
            report = desk.ticked or report
        return report

    def _answer(self, request: Request, desk: Desk) -> Answer:
        if request.is_stale(self._now()):
            log.warning("a request (%s) was too old to be carried out", one_line(request.kind))
            return Answer(FAILED, ("The request was too old, so nothing was done.",))
        log.info("asked by hand: %s", one_line(f"{request.kind} {_told(request)}"))
        return carry_out(request.kind, desk, request)


def carry_out(kind: str, desk: Desk, request: Request) -> Answer:
    """What came of it, also where it failed."""
    errand = ERRANDS.get(kind)
    if errand is None:
        words = f"The running agent does not know {kind!r}: it is of another version. Restart it."
        return Answer(FAILED, (one_line(words),))
    try:
        return errand.carry_out(desk, request.body)
    except Misasked as error:
        return Answer(USAGE, (one_line(str(error)),))
    except LuxagentError as error:
        return Answer(code_of(error), (without_secrets(one_line(str(error))),))
    except Exception as error:  # a mistake of ours must not end the daemon
        log.exception("a request (%s) could not be carried out", one_line(kind))
        return Answer(FAILED, (one_line(f"Something went wrong that should not have: {error!r}"),))


def _told(request: Request) -> str:
    return " ".join(f"{name}={value}" for name, value in request.body.items() if value not in (None, False))
