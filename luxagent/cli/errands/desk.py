"""What an errand works with, and the table of errands.

An errand takes what was asked for (JSON values by name, see `store.requests`) and says what came of it. The
daemon carries it out between two ticks (`clerk`); without one the verb does so itself (`ask`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from luxagent.agent.state import State
from luxagent.agent.tick import Agent, TickReport
from luxagent.cli.logs import without_secrets
from luxagent.cli.render.text import one_line
from luxagent.core.control.residual import as_remembered
from luxagent.core.decide import Decide
from luxagent.core.events import Event
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy
from luxagent.errors import LuxagentError, NeedsPerson
from luxagent.store.requests import Answer, Body

LONGEST_S = 366 * 86400.0
"""Of a flag, a pause, a value by hand: what is meant for longer belongs in the file."""


class Misasked(NeedsPerson):
    """What was asked for makes no sense: an unknown name, a value that will not do. Exit code 2."""


@dataclass(slots=True)
class Desk:
    """The state, the rules in force, and the agent where there is one at hand."""

    state: State
    policy: Policy
    now: Callable[[], datetime]
    names: Mapping[str, str]
    """The owner's names for serials."""
    agent: Agent | None = None
    """None where nothing is read or written: without a daemon, for what only has to be remembered."""
    daemon: bool = False
    """Whether an agent goes on ticking after this."""
    on_report: Callable[[TickReport], None] = lambda _: None
    on_act: Callable[[TickReport], None] = lambda _: None
    """Told what was done beside the ticks."""
    seen: Callable[[], Plant | None] = lambda: None
    """The plant as a running agent saw it last."""
    ticked: TickReport | None = None
    """The last tick of this errand."""

    @property
    def memory(self) -> Memory:
        return self.state.memory

    @property
    def zone(self) -> tzinfo:
        return self.policy.calendar.zone

    def plant(self) -> Plant:
        """The plant as it was seen last: by this errand, by the daemon, or as far as the ledger remembers."""
        found = self.ticked.plant if self.ticked is not None else self.seen()
        if found is not None:
            return found
        return as_remembered(self.memory, {serial: name for name, serial in self.names.items()})

    def record(self, *events: Event) -> None:
        """On disk when this returns. Raises StateUnusable."""
        self.state.record(events)

    def tick(self) -> TickReport | None:
        """A whole tick at once, where a daemon runs; None where there is none. Raises what a tick raises."""
        if self.agent is None or not self.daemon:
            return None
        self.ticked = self.agent.tick(asked=True)
        self.on_report(self.ticked)
        return self.ticked

    def act(self, decide: Decide) -> TickReport:
        """Look, and do what `decide` makes of it, beside the ticks. Raises what a tick raises."""
        if self.agent is None:
            raise NeedsPerson("This needs the plant, and there is no way to it.")
        self.ticked = self.agent.act(decide)
        self.on_act(self.ticked)
        return self.ticked

    def try_tick(self) -> str:
        """The same for what is done already; a sentence where the plant could not be read, else empty."""
        try:
            self.tick()
        except LuxagentError as error:
            return f"It counts from the next good look at the plant on; just now: {error}"
        return ""


Carry = Callable[[Desk, Body], Answer]


@dataclass(frozen=True, slots=True)
class Errand:
    """One kind of request."""

    carry_out: Carry
    needs_plant: Callable[[Body, Memory], bool] = lambda _body, _memory: False
    """Whether, without a daemon, the portal must be asked to do it."""


def said(*lines: str, code: int = 0) -> Answer:
    """An answer of some lines, without the empty ones."""
    return Answer(code, tuple(one_line(without_secrets(line)) for line in lines if line))


def text_of(body: Body, name: str) -> str:
    """A text that was asked with. Raises Misasked."""
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise Misasked(f"The request lacks {name!r}.")
    return found


def text_or_none(body: Body, name: str) -> str | None:
    """A text that may be missing."""
    found = body.get(name)
    return found if isinstance(found, str) and found else None


def is_set(body: Body, name: str) -> bool:
    """Whether a switch of the request is on."""
    return body.get(name) is True


def seconds_or_none(body: Body, name: str) -> float | None:
    """A length of time that may be missing. Raises Misasked for one that will not do."""
    found = body.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= LONGEST_S:
        raise Misasked("A length of time here is more than nothing and at most 366 days.")
    return float(found)
