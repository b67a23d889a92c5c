"""The verbs' side of requests: ask the running agent, or do it oneself where none is running."""

from pathlib import Path

import click

from luxagent.agent.state import State
from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.codes import LATER, REFUSED, USAGE
from luxagent.cli.common import Common
from luxagent.cli.errands.desk import Desk, Errand, Misasked, said
from luxagent.cli.errands.table import ERRANDS
from luxagent.cli.files import folder_of_running_agent, load_config, state_folder
from luxagent.cli.output import print_text
from luxagent.config.load import Config
from luxagent.core.memory import Memory
from luxagent.errors import BadFile, StateHeld, StateUnusable, TryLater
from luxagent.store import journal
from luxagent.store.ledger import SqliteLedger
from luxagent.store.lock import FolderLock, holder_pid
from luxagent.store.requests import Answer, Body, RequestBox

PATIENCE_S = 120.0
"""A tick that is under way may wait for the portal this long before it lets the agent listen."""
LOOK_S, LOOK_AT_HOLDER_S, SAY_AFTER_S = 0.05, 1.0, 3.0


def ask(common: Common, kind: str, body: Body) -> int:
    """Have it done, print what came of it, return the exit code."""
    try:
        config = load_config(common, secrets=False)
    except BadFile as error:
        answer = _by_the_agent(common, error, kind, body)
    else:
        answer = _answer(common, config, kind, body)
    for line in answer.lines:
        if answer.code in (USAGE, LATER, REFUSED):
            click.echo(f"luxagent: {line}", err=True)
        else:
            print_text(line)
    return answer.code


def _answer(common: Common, config: Config, kind: str, body: Body) -> Answer:
    folder, clock = state_folder(common, config), common.clock()
    while True:
        if holder_pid(folder) is None:
            try:
                return alone(common, config, folder, clock, kind, body)
            except StateHeld:  # somebody was quicker
                pass
        answer = _Waiting(folder, clock, kind, body).wait()
        if answer is not None:
            return answer


def _by_the_agent(common: Common, broken: BadFile, kind: str, body: Body) -> Answer:
    """A running agent goes by the last good file, so it can be stopped whatever the file has become.

    Raises `broken` where no agent runs.
    """
    folder = folder_of_running_agent(common, broken)
    answer = _Waiting(folder, common.clock(), kind, body).wait()
    if answer is None:
        raise broken
    return answer


def alone(common: Common, config: Config, folder: Path, clock: Clock, kind: str, body: Body) -> Answer:
    """Hold the folder for the length of the errand. The portal is opened only where it is needed."""
    errand = ERRANDS[kind]
    try:
        if errand.needs_plant(body, _memory(folder)):
            return _at_the_plant(common, errand, folder, clock, body)
        return _remembered(errand, config, folder, clock, body)
    except Misasked as error:
        return said(str(error), code=USAGE)


def _at_the_plant(common: Common, errand: Errand, folder: Path, clock: Clock, body: Body) -> Answer:
    config = load_config(common, secrets=True)
    with wiring.open_agent(config, folder, clock, dry_run=config.ruleset.dry_run) as wired:
        agent = wired.agent
        return errand.carry_out(Desk(agent.state, agent.policy, clock.now, config.names, agent), body)


def _remembered(errand: Errand, config: Config, folder: Path, clock: Clock, body: Body) -> Answer:
    policy = wiring.policy_of(config, dry_run=config.ruleset.dry_run)
    with FolderLock(folder), SqliteLedger(folder, clock.now()) as ledger:
        if ledger.damage is not None:
            click.echo(f"luxagent: {ledger.damage}", err=True)
        return errand.carry_out(Desk(State(ledger), policy, clock.now, config.names), body)


def _memory(folder: Path) -> Memory:
    """What is remembered, before the folder is held; a damaged ledger may hold anything."""
    try:
        return journal.look(folder)
    except StateUnusable:
        return Memory()


class _Waiting:
    """A request that was left, and the wait for its answer."""

    def __init__(self, folder: Path, clock: Clock, kind: str, body: Body) -> None:
        self._folder, self._clock = folder, clock
        self._box = RequestBox(folder)
        self._name = self._box.leave(kind, body, clock.now())

    def wait(self) -> Answer | None:
        """The answer; None where the other ended without taking the request up. Raises TryLater."""
        try:
            return self._wait()
        finally:
            self._box.withdraw(self._name)

    def _wait(self) -> Answer | None:
        began = look_at = self._clock.monotonic()
        said = False
        while True:
            answer = self._box.collect(self._name)
            if answer is not None:
                return answer
            now = self._clock.monotonic()
            if now - look_at >= LOOK_AT_HOLDER_S:
                look_at = now
                if holder_pid(self._folder) is None:
                    return self._after_the_end()
            if now - began >= SAY_AFTER_S and not said:
                said = True
                click.echo("Waiting for the running agent, which is busy.", err=True)
            if now - began >= PATIENCE_S:
                raise TryLater(self._unanswered())
            self._clock.wait(LOOK_S)

    def _after_the_end(self) -> Answer | None:
        """The agent has ended. What it had not taken up can be done without it."""
        if self._box.withdraw(self._name):
            return None
        answer = self._box.collect(self._name)
        if answer is None:
            raise TryLater(
                "The agent took the request up and ended before it answered; "
                "`luxagent log` tells how far it got."
            )
        return answer

    def _unanswered(self) -> str:
        pid = holder_pid(self._folder) or "unknown"
        if self._box.withdraw(self._name):
            return f"The running agent (process {pid}) did not answer; nothing was done."
        return (
            f"The running agent (process {pid}) took the request up but has not answered yet; "
            "`luxagent log` tells what came of it."
        )
