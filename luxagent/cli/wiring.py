"""The one place where the parts meet: a file and a clock become an agent. mypy checks here that they fit.

A dry run is wired without a hand: nothing that could write exists in the program then.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from luxagent.agent.ports import Hand, Messenger, Reader
from luxagent.agent.state import State
from luxagent.agent.tick import Agent
from luxagent.cli import logs
from luxagent.cli.clock import Clock
from luxagent.config.load import Config
from luxagent.core.alerts.message import Message, message_id, told
from luxagent.core.alerts.routing import Way
from luxagent.core.events import Noted
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Severity
from luxagent.core.values.moment import Calendar
from luxagent.core.values.windows import Window, opened
from luxagent.notify.heartbeat import UrlHeartbeat
from luxagent.notify.post import Channel, Post
from luxagent.notify.sender import HelperSender
from luxagent.portal.client import PortalClient
from luxagent.portal.hand import PortalHand
from luxagent.portal.options import REGIONS, PortalOptions, Secret
from luxagent.portal.reader import PortalReader
from luxagent.store.ledger import SqliteLedger
from luxagent.store.lock import FolderLock
from luxagent.store.notes import PortalNotes
from luxagent.store.outbox import SqliteOutbox
from luxagent.store.refusals import Refusals

log = logging.getLogger("luxagent")

LAST_WORDS_S = 10.0
"""At the end, how long messages and the heartbeat have to leave."""


class Wired:
    """An agent with what its verb needs to know of the parts behind it."""

    def __init__(
        self,
        agent: Agent,
        policy: Policy,
        ledger: SqliteLedger,
        messenger: Post,
        heartbeat: UrlHeartbeat | None,
        clock: Clock,
        *,
        interval_s: float,
        make_hand: Callable[[], Hand] | None,
    ) -> None:
        """`make_hand` is None where the process was started to look only: it then never writes."""
        self.agent = agent
        self.exchanges: Counter[tuple[str, str]] = Counter()
        """Requests to the portal by endpoint and outcome."""
        self.interval_s = interval_s
        """The rhythm of a daemon, by the file that is in force."""
        self.has_hand = False
        self._make_hand = make_hand
        self._policy = policy
        self._ledger = ledger
        self._messenger = messenger
        self._heartbeat = heartbeat
        self._clock = clock

    @property
    def dry_run(self) -> bool:
        """Whether nothing is written just now."""
        return self.agent.policy.dry_run

    def relent(self) -> None:
        """After a good tick: what a damaged ledger made dry is dry no longer."""
        if self.agent.policy is not self._policy and self._ledger.damage is None:
            log.warning("the tick after the damaged ledger went well; from now on settings are written")
            self.agent.policy = self._policy

    @property
    def may_write(self) -> bool:
        """Whether the process was started to write, as far as the file lets it."""
        return self._make_hand is not None

    def hold(self) -> None:
        """Have a hand while the policy writes; in a dry run there is nothing that could write."""
        live = not self._policy.dry_run and self._make_hand is not None
        if live != self.has_hand:
            self.agent.grip(self._make_hand() if live and self._make_hand is not None else None)
        self.has_hand = live

    def adopt(self, policy: Policy) -> None:
        """Go by another policy from the next tick on. What was started to look only goes on looking only."""
        policy = policy if self.may_write or policy.dry_run else dry(policy)
        cautious = self.agent.policy is not self._policy
        self._policy = policy
        self.agent.policy = dry(policy) if cautious else policy
        self.hold()

    def tell(self, config: Config) -> None:
        """Go by the channels and the heartbeat of another file. What is on its way goes on."""
        self._messenger.adopt(channels(config))
        self._heartbeat = _heartbeat(config)
        self.agent.pulse(self._heartbeat)

    def examine_channels(self) -> None:
        """Have the channels' addresses looked at, in the background."""
        self._messenger.examine()

    def settle(self, limit_s: float = LAST_WORDS_S) -> None:
        """Let what is being sent leave, no longer than this."""
        deadline = self._clock.monotonic() + limit_s
        self._messenger.settle(limit_s)
        if self._heartbeat is not None:
            self._heartbeat.settle(max(0.0, deadline - self._clock.monotonic()))

    def undelivered(self) -> list[str]:
        """What did not reach people since the last time this was asked, in sentences."""
        if self._heartbeat is not None and self._heartbeat.error:
            log.warning("the heartbeat did not arrive: %s", self._heartbeat.error)
        return [
            f"The message {one.title!r} did not reach {one.channel}: {one.error}."
            for one in self._messenger.outcomes()
            if one.error
        ]


@contextmanager
def open_agent(config: Config, folder: Path, clock: Clock, *, dry_run: bool) -> Iterator[Wired]:
    """The agent of a file, holding its state folder for the length of a `with`.

    `dry_run` is what the command line says: such a process never writes, whatever the file comes to say.
    Raises StateHeld, StateUnusable, or NeedsPerson for an address that will not do.
    """
    options = portal_options(config)
    policy = policy_of(config, dry_run=dry_run)
    with ExitStack() as stack:
        stack.enter_context(FolderLock(folder))
        kept_for = timedelta(seconds=config.keep.journal_s)
        ledger = stack.enter_context(SqliteLedger(folder, clock.now(), kept_for=kept_for))
        client = PortalClient(options, clock, gate=Refusals(folder, clock.now), notes=PortalNotes(folder))
        stack.callback(client.session.close)
        reader = PortalReader(client)
        messenger = stack.enter_context(
            closing(Post(channels(config), HelperSender(), SqliteOutbox(folder), clock.now))
        )
        heartbeat = _heartbeat(config)
        agent = Agent(
            clock=clock,
            reader=reader,
            hand=None,
            state=State(ledger),
            policy=policy if ledger.damage is None else dry(policy),
            settle_s=options.settle_s,
            messenger=messenger,
            heartbeat=heartbeat,
            channels=messenger,
            account=hashlib.sha256(f"{options.url}\n{options.account}".encode()).hexdigest()[:16],
        )
        make_hand = None if dry_run else partial(PortalHand, client)
        wired = Wired(
            agent,
            policy,
            ledger,
            messenger,
            heartbeat,
            clock,
            interval_s=config.interval_s,
            make_hand=make_hand,
        )
        wired.hold()
        client.session.on_exchange = lambda name, outcome: wired.exchanges.update([(name, outcome)])
        if ledger.damage is not None:
            _say_damage(ledger.damage, agent, messenger, clock)
        try:
            yield wired
        finally:
            wired.settle()


@contextmanager
def open_reader(config: Config, clock: Clock, folder: Path | None = None) -> Iterator[Reader]:
    """Eyes without a hand, for verbs that only look. `folder` is where refusals and blocks are kept."""
    with open_client(config, clock, folder) as client:
        yield PortalReader(client)


@contextmanager
def open_client(config: Config, clock: Clock, folder: Path | None = None) -> Iterator[PortalClient]:
    """The portal itself, for the verbs `firmware` and `doctor`."""
    gate = None if folder is None else Refusals(folder, clock.now)
    notes = None if folder is None else PortalNotes(folder)
    client = PortalClient(portal_options(config), clock, gate=gate, notes=notes)
    with closing(client.session):
        yield client


def policy_of(config: Config, *, dry_run: bool) -> Policy:
    """The file's rules, compiled; never livelier than the file says."""
    policy = build(config.ruleset)
    return dry(policy) if dry_run and not policy.dry_run else policy


def dry(policy: Policy) -> Policy:
    """The same policy, which writes nothing."""
    return build(replace(policy.ruleset, dry_run=True))


def portal_options(config: Config) -> PortalOptions:
    """The portal section as the portal's own options; its secrets never show in a log from here on."""
    section = config.portal
    password = section.password.reveal()
    proxy = section.proxy.reveal() if section.proxy is not None else None
    logs.hide(password, proxy or "")
    return PortalOptions(
        url=portal_url(config),
        account=section.username,
        password=Secret(password),
        wire=section.wire,
        plants=section.plants,
        settle_s=section.settle_s,
        server_time="auto" if section.server_time is None else _offset_text(section.server_time),
        scaling=section.scaling,
        proxy=proxy,
        ca_file=None if section.ca_file is None else str(section.ca_file),
        names={serial: name for name, serial in config.names.items()},
        zone=config.ruleset.site.zone,
    )


def portal_url(config: Config) -> str:
    """The portal's address, by region or as the file gives it."""
    return config.portal.url or REGIONS[config.portal.region or ""]


def channels(config: Config) -> list[Channel]:
    """The ways to people, with their addresses; those never show in a log from here on."""
    calendar = Calendar(config.ruleset.site.zone, config.ruleset.site.place)
    found = []
    for one in config.channels.values():
        url = one.url.reveal()
        logs.hide(url)
        quiet = _inside(one.quiet, calendar) if one.quiet else None
        found.append(Channel(Way(one.name, one.severity, quiet, one.fallback), url))
    return found


def _inside(windows: tuple[Window, ...], calendar: Calendar) -> Callable[[datetime], bool]:
    """Whether an instant lies in one of the windows, by the site's clock."""

    def quiet(at: datetime) -> bool:
        moment = calendar.moment(at)
        return any(opened(window, moment) is not None for window in windows)

    return quiet


def _heartbeat(config: Config) -> UrlHeartbeat | None:
    if config.heartbeat is None:
        return None
    url = config.heartbeat.reveal()
    logs.hide(url)
    return UrlHeartbeat(url)


def _say_damage(damage: str, agent: Agent, messenger: Messenger, clock: Clock) -> None:
    """A damaged ledger is said aloud: on stderr, in the new journal, and to people."""
    log.error("%s This tick writes nothing.", damage)
    now = clock.now()
    message = Message(
        "The journal was damaged", damage, Severity.CRITICAL, id=message_id("damage", now.isoformat())
    )
    agent.state.record([Noted(now, "damaged ledger", damage), told(message, now)])
    messenger.put([message])


def _offset_text(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
