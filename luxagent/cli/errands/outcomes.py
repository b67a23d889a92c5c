"""What became of each setting an errand was about, in a sentence each: the proof that a person asked for."""

from collections.abc import Iterable, Iterator, Mapping

from luxagent.agent.tick import TickReport
from luxagent.cli.render.once_text import reasons_text
from luxagent.cli.render.text import one_line
from luxagent.cli.render.verdicts import Verdict, verdicts
from luxagent.cli.render.words import value_text
from luxagent.core.facts.reasons import Outcome
from luxagent.core.policy.policy import Policy

DONE = frozenset({Outcome.CONFIRMED, Outcome.UNCHANGED})

Row = tuple[str, Verdict]
"""What the device is called, and one verdict on it."""


def rows_of(report: TickReport, policy: Policy) -> list[Row]:
    """Every verdict of a tick."""
    names = called(report)
    return [(names[serial], row) for serial, rows in verdicts(report, policy).items() for row in rows]


def moved(report: TickReport, policy: Policy) -> list[Row]:
    """The verdicts on what was sent in a tick."""
    return [
        row for row in rows_of(report, policy) if (row[1].want.serial, row[1].want.setting) in report.results
    ]


def called(report: TickReport) -> Mapping[str, str]:
    """What each device is called, by serial."""
    return {device.serial: device.name or device.serial for device in report.plant.devices}


def all_done(rows: Iterable[Row]) -> bool:
    """Whether every one reads as wanted."""
    return all(verdict.outcome in DONE for _, verdict in rows)


def sentences(rows: Iterable[Row]) -> Iterator[str]:
    """One for each verdict."""
    for name, verdict in rows:
        yield one_line(f"{name}: {_sentence(verdict)}.")


def _sentence(verdict: Verdict) -> str:
    want = verdict.want
    name, have = want.setting, value_text(want.setting, want.have)
    wanted = value_text(name, want.value)
    words = f": {verdict.words}" if verdict.words else ""
    match verdict.outcome:
        case Outcome.CONFIRMED:
            return f"{name} is {wanted}, written and read back (was {have})"
        case Outcome.UNCHANGED if want.value is None:
            return f"{name} is left alone at {have}: {want.because}"
        case Outcome.UNCHANGED:
            return f"{name} is {have} already, so nothing was written"
        case Outcome.HELD:
            against = f"; {want.against}" if want.against else ""
            why = f"{reasons_text(verdict.reasons)}{against}{words}"
            return f"{name} should be {wanted}, is {have}, and is held: {why}"
        case Outcome.REFUSED:
            return f"{name}: the portal refused {wanted}{words}"
        case Outcome.UNPROVEN:
            return f"{name} {wanted} was sent but is not proven{words}"
    return f"{name} {wanted} was sent, and whether it arrived is not known yet{words}"
