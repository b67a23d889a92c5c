"""`luxagent run`: the daemon."""

import logging
import os
import random
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import click

from luxagent import __version__
from luxagent.agent.service import Ended, Service
from luxagent.cli import logs, wiring
from luxagent.cli.clerk import Clerk
from luxagent.cli.clock import Clock, SignalRest
from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.errands import restore
from luxagent.cli.errands.desk import Desk
from luxagent.cli.files import load_config, rules_file, state_folder
from luxagent.cli.first_live import mind_the_first_write
from luxagent.cli.herald import Herald
from luxagent.cli.keeper import Keeper
from luxagent.cli.recorder import Recorder
from luxagent.cli.reload import FileWatch, Reloader
from luxagent.cli.systemd import Notifier
from luxagent.cli.webpage import web_page
from luxagent.config.load import Config, OnStop
from luxagent.config.portal import is_loopback
from luxagent.core.control import residual
from luxagent.core.events import Noted
from luxagent.core.values.units import format_duration
from luxagent.errors import LuxagentError, NeedsPerson, StateUnusable, TryLater
from luxagent.store import bell
from luxagent.store.requests import RequestBox
from luxagent.store.snapshot import Snapshot

log = logging.getLogger("luxagent")


@click.command("run", cls=Verb, log_level=logs.TALKATIVE)
@click.option("--dry-run", is_flag=True, help="Decide and report, but write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before the first write after a dry run.")
@pass_common
def command(common: Common, *, dry_run: bool, yes: bool) -> int:
    """Watch over the plant until told to end.

    SIGTERM and Ctrl-C end it after the running write is settled; SIGHUP reads the file anew. It stays
    while the portal is away. Exits 77 only if the very first login is refused. Before the first write after
    a dry run it lists what will change and, at a terminal, asks.
    """
    with _deaf_to_hangups():
        watch = FileWatch(rules_file(common))
        config = load_config(common, secrets=True)
        for warning in config.warnings:
            log.warning("%s", warning)
        try:
            _serve(common, config, watch, common.clock(), dry_run=dry_run, yes=yes)
        except TryLater as error:  # another agent holds the folder: no success for a service manager
            raise NeedsPerson(str(error)) from error
    return OK


@contextmanager
def _deaf_to_hangups() -> Iterator[None]:
    """Until the agent listens: it reads the file anyway, and looks whether it has changed since."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _serve(
    common: Common, config: Config, watch: FileWatch, clock: Clock, *, dry_run: bool, yes: bool
) -> None:
    folder = state_folder(common, config)
    with (
        wiring.open_agent(config, folder, clock, dry_run=dry_run) as wired,
        web_page(config, wired, clock) as page,
        closing(Recorder(folder, config.keep.readings_s)) as recorder,
    ):
        mind_the_first_write(wired, clock.now, yes=yes)
        keeper = Keeper(wired, Snapshot(folder))
        herald = Herald(Notifier(common.environ), keeper.summary)

        def ended(tick: Ended) -> None:
            herald.ended(tick)
            page(tick)
            if tick.report is not None:
                recorder.report(tick.report)

        def hangup() -> None:
            herald.reloading(clock.monotonic())
            herald.reloaded(reloader.hangup())

        rest = SignalRest(on_hangup=hangup)
        offset_s = start_offset_s(config, folder)
        service = Service(
            wired.agent,
            rest,
            interval_s=config.interval_s,
            offset_s=offset_s,
            on_report=keeper.report,
            on_ended=ended,
            clerk=Clerk(RequestBox(folder), lambda: desk_of(config, wired, keeper, clock), clock.now),
            on_poll=lambda: reloader.poll(),
        )
        reloader = Reloader(config, wired, clock, common.environ, service.pace, watch)
        with rest.listening(), bell.listening(folder, rest.ring) as heard:
            service.hears(heard)
            wired.agent.started(__version__)
            wired.examine_channels()
            log.info(
                "luxagent %s watches %s every %s%s; first look in %s",
                __version__,
                wiring.portal_url(config),
                format_duration(config.interval_s),
                ", dry run: nothing is written" if wired.dry_run else "",
                format_duration(offset_s),
            )
            try:
                service.run()
                herald.stopping()
                if reloader.config.on_stop is OnStop.RESTORE:
                    _go_home(desk_of(config, wired, keeper, clock))
                else:
                    _say_what_stays(desk_of(config, wired, keeper, clock))
            finally:
                with suppress(StateUnusable):
                    wired.agent.stopped()
            log.info("ending, as asked")


def desk_of(config: Config, wired: wiring.Wired, keeper: Keeper, clock: Clock) -> Desk:
    """What this agent's errands work with, by the rules that are in force now."""
    agent = wired.agent
    return Desk(
        agent.state,
        agent.policy,
        clock.now,
        config.names,
        agent,
        daemon=True,
        on_report=keeper.report,
        on_act=keeper.acted,
        seen=keeper.plant,
    )


def _say_what_stays(desk: Desk) -> None:
    """`on_stop: keep`: nobody will end a charge that the portal does not end, for one."""
    for sentence in residual.sentences(desk.plant(), desk.memory, desk.policy.calendar.moment(desk.now())):
        log.warning("stays as it is: %s", sentence)


def _go_home(desk: Desk) -> None:
    """`on_stop: restore`: everything home before the end. What cannot go now is told, and stays owned."""
    try:
        answer = restore.carry_out(desk, {"on_stop": True})
    except LuxagentError as error:
        log.error("going home before the end failed: %s", error)  # noqa: TRY400 - a sentence is enough
        return
    for line in answer.lines:
        log.log(logging.INFO if answer.code == OK else logging.ERROR, "%s", line)
    if answer.code != OK:
        with suppress(StateUnusable):  # the log has it
            desk.record(Noted(desk.now(), "not home at the end", " ".join(answer.lines)))


LONGEST_START_S = 15.0
"""Whoever starts the service waits for its first tick."""


def start_offset_s(config: Config, folder: Path) -> float:
    """When the first tick comes: fixed for an install, other for the next one.

    So the installs of a country do not ask the portal in the same second after a power cut. The portal on
    loopback has no crowd to fear.
    """
    url = wiring.portal_url(config)
    if is_loopback(url):
        return 0.0
    install = f"{os.uname().nodename}\n{folder}\n{url}\n{config.portal.username}"
    return random.Random(install).uniform(0.0, min(LONGEST_START_S, config.interval_s))
