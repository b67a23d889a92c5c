"""`luxagent log`: the journal, as text or one JSON object a line. Reads only, also beside a running agent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from luxagent.cli.codes import OK
from luxagent.cli.common import Common, pass_common
from luxagent.cli.files import state_alone
from luxagent.cli.instants import dated_or_ago
from luxagent.cli.lengths import LengthVerb
from luxagent.cli.output import print_json_line, print_text
from luxagent.cli.render.dry_text import dry_sum, was_held_by_the_dry_run_alone
from luxagent.core.journal import JournalLine, lines, oldest_first, text
from luxagent.store.journal import journal
from luxagent.store.readings import readings


@click.command("log", cls=LengthVerb, length="--since")
@click.option(
    "--since",
    metavar="TIME",
    help="A length of time (2 h, 3 days), a date (2026-06-01), or a date and time of the site "
    "(2026-06-01T12:00).",
)
@click.option("--writes", is_flag=True, help="Writes and their proof only.")
@click.option("--alerts", is_flag=True, help="Alerts only; with --writes, both.")
@click.option("--dry", is_flag=True, help="What a dry run alone has held back, and the sum of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--readings", "measured", is_flag=True, help="What devices reported instead: one JSON object "
              "for each upload that is kept.")  # fmt: skip
@pass_common
def command(
    common: Common, *, since: str | None, writes: bool, alerts: bool, dry: bool, as_json: bool, measured: bool
) -> int:
    """Show the journal, oldest first: writes with their proof, holds, rules, alerts."""
    folder, known_zone = state_alone(common)
    now = common.clock().now()
    zone = known_zone or now.astimezone().tzinfo or UTC
    if known_zone is None and not (as_json or measured):
        words = f"the site's time zone is not known here; times are this computer's ({now.astimezone():%Z})."
        click.echo(f"luxagent: {words}", err=True)
    begin = None if since is None else dated_or_ago(since, now, zone, "--since")
    if measured:
        return _show_readings(folder, begin)
    chosen = {kind for kind, wanted in (("write", writes), ("alert", alerts)) if wanted}
    held: list[JournalLine] = []
    shown = False
    for line in _lines(folder, begin):
        if not _is_chosen(line, chosen, dry=dry):
            continue
        shown = True
        if dry and was_held_by_the_dry_run_alone(line):
            held.append(line)
        if as_json:
            print_json_line(line.as_json())
        else:
            print_text(text(line, zone))
    if dry and not as_json:
        for sentence in dry_sum(held, zone):
            print_text(sentence)
    if not shown:
        click.echo(f"Nothing of that kind is recorded in {folder}.", err=True)
    return OK


def _show_readings(folder: Path, since: datetime | None) -> int:
    for kept in readings(folder, since):
        print_json_line({"at": kept.at.isoformat(), "serial": kept.serial, "reading": kept.values})
    return OK


def _is_chosen(line: JournalLine, kinds: set[str], *, dry: bool) -> bool:
    """Any of what was asked for; all where nothing was."""
    if dry and was_held_by_the_dry_run_alone(line):
        return True
    return line.kind in kinds or not (kinds or dry)


def _lines(folder: Path, since: datetime | None) -> Iterator[JournalLine]:
    return oldest_first(lines(entry.event for entry in journal(folder, since)))
