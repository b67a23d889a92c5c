"""`luxagent plan`: which rule can hold when, what it would set, and which readings decide."""

import logging
import sys
from datetime import datetime
from pathlib import Path

import click

from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.insight import Insight, insight
from luxagent.cli.instants import dated
from luxagent.cli.output import print_json
from luxagent.cli.render.plan_json import plan_json
from luxagent.config.load import Config
from luxagent.core.control.residual import Remainder, left_behind, remainders
from luxagent.core.memory import Memory
from luxagent.core.policy.forecast import forecast
from luxagent.core.policy.policy import Policy, build
from luxagent.errors import LuxagentError, StateUnusable

log = logging.getLogger("luxagent")

LONGEST_DAYS = 366


@click.command("plan", cls=Verb)
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=1, show_default=True,
              help="How many days of the wall clock.")  # fmt: skip
@click.option("--from", "written", metavar="TIME", help="Begin then, in site time (2026-03-07T12:00), as if "
              "nothing had happened before; else now, with what the agent remembers.")  # fmt: skip
@click.option("--offline", is_flag=True, help="Do not ask the portal how things are now.")
@click.option("--json", "as_json", is_flag=True, help="The windows as JSON.")
@pass_common
def command(common: Common, *, days: int, written: str | None, offline: bool, as_json: bool) -> int:
    """Show the next 24 hours: which rule can hold when, what it would set, and on which readings it depends.

    Clocks, days, sun, tariff and flags are exact, also when clocks change; what hangs on a reading says so.
    Ends with what the inverter would go on doing, and until when, if luxagent ended now.
    """
    config = load_config(common, secrets=False)
    policy = build(config.ruleset)
    now = common.clock().now().replace(microsecond=0)
    start = now if written is None else dated(written, config.ruleset.site.zone, "--from")
    memory = Memory() if written is not None else _remembered(common, config)
    spans = forecast(policy, memory, policy.calendar.moment(start), days)
    asks = not offline and written is None and bool(memory.owned if as_json else memory.owned or spans)
    seen = _seen(common, config) if asks else None
    rest = _remainders(config, policy, memory, seen, now)
    if as_json:
        print_json(plan_json(spans, rest, config.ruleset.site.zone))
        return OK
    from luxagent.cli.render.plan_text import draw
    from luxagent.cli.render.plan_words import Plan

    draw(
        Plan(policy, memory, spans, start, days, now, seen, rest, written is not None),
        sys.stdout,
        common.environ,
    )
    return OK


def _remainders(
    config: Config, policy: Policy, memory: Memory, seen: Insight | None, now: datetime
) -> tuple[Remainder, ...]:
    """What would remain if the agent ended now; as far as it is remembered where nobody was asked."""
    if not memory.owned:
        return ()
    moment = policy.calendar.moment(now)
    if seen is not None:
        return remainders(seen.plant, memory, moment)
    return left_behind(memory, {serial: name for name, serial in config.names.items()}, moment)


def _remembered(common: Common, config: Config) -> Memory:
    """What the agent remembers, also beside a running one; nothing where there is no ledger."""
    from luxagent.store import journal

    folder: Path = state_folder(common, config)
    try:
        return journal.look(folder)
    except StateUnusable as error:
        log.warning("%s The plan begins from nothing.", error)
        return Memory()


def _seen(common: Common, config: Config) -> Insight | None:
    """How things are now; a portal that cannot be asked does not keep the plan from being shown."""
    try:
        return insight(common, config)
    except LuxagentError as error:
        log.warning("How things are now is not known: %s", error)
        return None
