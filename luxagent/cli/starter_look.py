"""What the portal says to somebody who has no rules file yet: plants, and the inverters' settings.

Reads only. The options come from a file that is written for this alone and gone when it returns.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.examine.line import Health
from luxagent.cli.examine.portal import zones
from luxagent.cli.starter import Answers, Seen, starter
from luxagent.config import load
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SETTINGS
from luxagent.errors import NeedsPerson
from luxagent.portal.client import PortalClient
from luxagent.portal.reader import PortalReader


def look_around(
    answers: Answers, environ: Mapping[str, str], clock: Clock, choose: Callable[[Sequence[str]], str]
) -> Seen:
    """Log in and look. `choose` says which of the plants; empty is the only one. Raises LuxagentError."""
    with tempfile.TemporaryDirectory(prefix="luxagent-init-") as folder:
        file = Path(folder, "rules.yaml")
        file.write_text(starter(answers, Seen()), encoding="utf-8")
        config = load.load(file, environ=environ, resolve_secrets=True)
    options = wiring.portal_options(config)
    client = PortalClient(options, clock)
    with closing(client.session):
        client.login()
        names = [plant.name for plant in client.account.plants or client.plants()]
        if not names:
            raise NeedsPerson(
                "The account has no plant on this portal. Is it the one it was registered with?"
            )
        chosen = choose(names)
        plants = (chosen,) if chosen else ()
    client = PortalClient(replace(options, plants=plants), clock)
    with closing(client.session):
        plant = PortalReader(client).read(frozenset({Need.RUNTIME}), frozenset(SETTINGS))
        lines = zones(client, plant, clock.now(), config.ruleset.site.zone)
        doubts = tuple(f"{line.words} {line.todo}" for line in lines if line.health is not Health.OK)
    return Seen(plants, plant.inverters, plant.wire, doubts)
