"""`luxagent set`: a setting by hand, above all rules and below the limits."""

import click

from luxagent.cli.ask import ask
from luxagent.cli.common import Common, pass_common
from luxagent.cli.lengths import LengthVerb, length_s


@click.command("set", cls=LengthVerb, length="--for")
@click.argument("words", metavar="NAME=VALUE", nargs=-1, required=True)
@click.option(
    "--for",
    "for_s",
    callback=length_s,
    metavar="LENGTH",
    help="How long it holds: 2 h. Without it, until it is taken back with --end.",
)
@click.option("--device", metavar="NAME", help="One inverter, by its serial or its name in the file.")
@click.option("--end", is_flag=True, help="Take it back: rules, baseline or what was before decide again.")
@pass_common
def command(
    common: Common, *, words: tuple[str, ...], for_s: float | None, device: str | None, end: bool
) -> int:
    """Set a setting by hand: `set charge_limit=80% --for 2 h`, and `set charge_limit --end`.

    Values are written as in the rules file. It is above all rules and below the file's limits, guarded,
    journalled and read back; when its time is over the setting goes home. A running agent does it. Exits 0
    when it reads as wanted, 1 when it is held or refused, with the reason.
    """
    name, equals, value = (part.strip() for part in " ".join(words).partition("="))
    body: dict[str, str | float | bool | None] = {"setting": name, "device": device}
    if end:
        if equals or for_s is not None:
            raise click.UsageError("To take a value back, name the setting alone: set NAME --end.")
        return ask(common, "set", {**body, "end": True})
    if not name or not value:
        raise click.UsageError("Write NAME=VALUE, like charge_limit=80%; or NAME --end to take it back.")
    return ask(common, "set", {**body, "value": value, "for_s": for_s})
