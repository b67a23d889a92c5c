"""`luxagent portal`: serve the built-in portal on loopback, for practice and for other people's clients."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from luxagent.cli.clock import Clock, SignalRest
from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.questions import NumberBetween
from luxagent.core.values.sun import Place
from luxagent.errors import NeedsPerson
from luxagent.sim.faults import CATALOGUE
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal, WireName

HOUR_S = 3600.0
ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
"""Where the built-in house stands, as in the packaged example."""
OF_ITS_OWN = (
    "This portal's clock runs {speed:g} times as fast as this computer's. That is for looking at the house "
    "and for other clients: an agent finds that the clocks disagree and the readings have no age, and holds "
    "every write. `luxagent demo` hurries the agent along."
)


def _faults(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, float], ...]:
    """Names with their rates: busy is busy:1."""
    found = []
    for value in values:
        name, _, rate = value.partition(":")
        if name not in CATALOGUE:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(sorted(CATALOGUE))}.")
        try:
            share = float(rate or 1)
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            raise click.BadParameter(f"{rate!r} is not a rate above 0 and at most 1.")
        found.append((name, share))
    return tuple(found)


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
@click.option("--speed", type=NumberBetween(0.01, 100_000), default=1.0, help="How fast its clock "
              "runs: for looking at the house and for other clients. An agent beside it, whose clock is not "
              "hurried, holds every write; `luxagent demo` hurries both.")  # fmt: skip
@click.option("--seed", type=int, default=1, help="Weather and load; the same seed is the same house.")
@click.option("--fault", "faults", multiple=True, callback=_faults, metavar="NAME[:RATE]", help="Make "
              "something go wrong; repeatable. RATE is the share of requests that meet it.")  # fmt: skip
@click.option("--list-faults", is_flag=True, help="Name everything that can go wrong, and end.")
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
    faults: tuple[tuple[str, float], ...],
    list_faults: bool,
    password: str | None,
) -> int:
    """Serve the built-in portal on 127.0.0.1 until Ctrl-C or SIGTERM.

    The first line on stdout says where it listens.
    """
    if list_faults:
        for name in sorted(CATALOGUE):
            click.echo(f"{name:20} {CATALOGUE[name].about}")
        return OK
    now = faster(common.clock(), speed)
    house = (pair_house if plant == "pair" else single_house)(now(), ZONE, PLACE, seed)
    try:
        portal = SimPortal(house, wire, now=now, password=password, port=port)
    except OSError as error:
        raise NeedsPerson(f"Port {port} cannot be listened on: {error.strerror}.") from error
    for name, rate in faults:
        portal.faults.on(name, rate=rate)
    rest = SignalRest()
    with rest.listening(), portal:
        click.echo(f"listening on {portal.url}")
        if speed != 1:
            click.echo(OF_ITS_OWN.format(speed=speed), err=True)
        while not rest.stopping:
            rest.rest(HOUR_S)
    return OK


def faster(clock: Clock, speed: float) -> Callable[[], datetime]:
    """A clock that starts now and runs `speed` times as fast."""
    start, began = clock.now(), clock.monotonic()
    return lambda: start + timedelta(seconds=(clock.monotonic() - began) * speed)
