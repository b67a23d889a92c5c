"""`luxagent silence`: hear nothing of an alert for a while."""

import click

from luxagent.cli.ask import ask
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.errands.desk import LONGEST_S
from luxagent.core.values.units import parse_duration_s


@click.command("silence", cls=Verb)
@click.argument("words", nargs=-1, required=True, metavar="ALERT LENGTH|off")
@pass_common
def command(common: Common, *, words: tuple[str, ...]) -> int:
    """Hear nothing of an alert for a while: `silence Cell imbalance 3 h`; `off` takes that back.

    ALERT is a name of the file, a built-in alert, or `all`. It goes on living; `status` and `doctor`
    show the silence and its end, and what still holds afterwards is told then.
    """
    name, for_s = _parted(" ".join(words).split())
    if for_s is None and words[-1].lower() == "off":
        return ask(common, "silence", {"name": " ".join(name[:-1]), "off": True})
    if for_s is None or not name:
        raise click.UsageError("Write the alert's name and a length of time: silence Cell imbalance 3 h.")
    return ask(common, "silence", {"name": " ".join(name), "for_s": for_s})


def _parted(words: list[str]) -> tuple[list[str], float | None]:
    """The name, and the length of time at the end; the longest one that can be read as such."""
    for count in range(len(words)):
        try:
            found = parse_duration_s(" ".join(words[count:]))
        except ValueError:
            continue
        if not 0 < found <= LONGEST_S:
            raise click.BadParameter(
                f"{' '.join(words[count:])!r} must be more than nothing, at most 366 days."
            )
        return words[:count], found
    return words, None
