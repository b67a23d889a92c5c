"""`luxagent portal`: serve the built-in portal on loopback, for practice and for other people's clients."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from luxagent.cli.clock import Clock, SignalRest
from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.core.values.sun import Place
from luxagent.errors import NeedsPerson
from luxagent.sim.faults import CATALOGUE
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal, WireName

HOUR_S = 3600.0
ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
"""Where the built-in house stands, as in the packaged example."""


@click.command("portal", cls=Verb)
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="0 picks a free one. [default: 0]")
@click.option(
    "--wire",
    type=click.Choice(["live", "document"]),
    default="live",
    help="Which form of the API it answers.",
)
@click.option("--plant", type=click.Choice(["pair", "single"]), default="pair", help="Two inverters with a "
              "GridBOSS, or one inverter.")  # fmt: skip
@click.option("--speed", type=click.FloatRange(0.01, 100_000), default=1.0, help="How fast its clock runs.")
@click.option("--seed", type=int, default=1, help="Weather and load; the same seed is the same house.")
@click.option("--fault", "faults", multiple=True, type=click.Choice(sorted(CATALOGUE)), metavar="NAME",
              help="Make something go wrong; repeatable. A wrong name lists them all.")  # fmt: skip
@click.option("--password", help="The only password that is taken; without it any will do.")
@pass_common
def command(
    common: Common,
    *,
    port: int,
    wire: WireName,
    plant: str,
    speed: float,
    seed: int,
    faults: tuple[str, ...],
    password: str | None,
) -> int:
    """Serve the built-in portal on 127.0.0.1 until Ctrl-C or SIGTERM.

    The first line on stdout says where it listens.
    """
    now = faster(common.clock(), speed)
    house = (pair_house if plant == "pair" else single_house)(now(), ZONE, PLACE, seed)
    try:
        portal = SimPortal(house, wire, now=now, password=password, faults=faults, port=port)
    except OSError as error:
        raise NeedsPerson(f"Port {port} cannot be listened on: {error.strerror}.") from error
    rest = SignalRest()
    with rest.listening(), portal:
        click.echo(f"listening on {portal.url}")
        while not rest.stopping:
            rest.rest(HOUR_S)
    return OK


def faster(clock: Clock, speed: float) -> Callable[[], datetime]:
    """A clock that starts now and runs `speed` times as fast."""
    start, began = clock.now(), clock.monotonic()
    return lambda: start + timedelta(seconds=(clock.monotonic() - began) * speed)
