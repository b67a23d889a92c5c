"""A look at the plant without a hand and without the lock: what `status` shows when no agent is running."""

from dataclasses import dataclass, replace
from pathlib import Path

from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.logs import without_secrets
from luxagent.cli.render.status_json import no_status_json, status_json
from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.cli.render.verdicts import plant_troubles, rule_troubles
from luxagent.config.load import Config
from luxagent.core.control.residual import left_behind, remainders
from luxagent.core.decide import decide
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SETTINGS
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device
from luxagent.core.plant.freshness import believe
from luxagent.core.policy.policy import Policy
from luxagent.errors import LuxagentError, StateUnusable
from luxagent.store import journal


@dataclass(frozen=True, slots=True)
class Looked:
    """The status, and the error that kept the plant from being read."""

    status: dict[str, Json]
    error: LuxagentError | None = None


def look(config: Config, folder: Path, clock: Clock) -> Looked:
    """Ask the portal for everything and judge it, changing nothing: not the plant, not the journal."""
    dry_run = config.ruleset.dry_run
    policy = wiring.policy_of(config, dry_run=dry_run)
    try:
        memory = journal.look(folder)
        trouble: list[str] = []
    except StateUnusable as error:
        memory, trouble = Memory(), [str(error)]
    try:
        return Looked(_status(config, policy, folder, memory, trouble, clock))
    except LuxagentError as error:
        url = wiring.portal_url(config)
        words = without_secrets(one_line(str(error)))
        now = clock.now()
        names = {serial: name for name, serial in config.names.items()}
        rest = left_behind(memory, names, policy.calendar.moment(now))
        return Looked(no_status_json(now, memory.owned, rest, words, dry_run=dry_run, url=url), error)


def _status(
    config: Config, policy: Policy, folder: Path, memory: Memory, trouble: list[str], clock: Clock
) -> dict[str, Json]:
    names = policy.managed.union(SETTINGS, *(row.keys() for row in memory.owned.values()))
    with wiring.open_reader(config, clock, folder) as reader:
        plant = reader.read(frozenset(Need), names)
    now = clock.now()
    devices = [
        believe(
            device,
            memory.seen.get(device.serial),
            now,
            policy.guards.stale_after_s,
            zone=policy.calendar.zone,
        )[0]
        for device in plant.devices
    ]
    plant = replace(plant, devices=tuple(devices))
    moment = policy.calendar.moment(now)
    decision = decide(moment, plant, memory, policy)
    rest = remainders(plant, memory, moment)
    errors = [*plant_troubles(plant, plant.errors), *rule_troubles(decision.events), *trouble]
    shown = replace(plant, devices=tuple(_without_lacking(device) for device in devices))
    return status_json(now, shown, decision.alerts, memory.owned, rest, errors, dry_run=policy.dry_run)


def _without_lacking(device: Device) -> Device:
    """The device without settings that it, or the wire, does not have."""
    has = {name: value for name, value in device.settings.items() if name in device.able}
    return replace(device, settings=has)
