"""What a dry run would have written, summed up: `log --dry`."""

from collections import Counter
from collections.abc import Iterable
from datetime import tzinfo

from luxagent.cli.render.text import one_line
from luxagent.core.facts.reasons import Reason
from luxagent.core.journal import JournalLine


def was_held_by_the_dry_run_alone(line: JournalLine) -> bool:
    """Whether nothing but the dry run stood in the way of a write."""
    return line.kind == "hold" and line.state == "held" and line.detail == Reason.DRY_RUN.value


def dry_sum(lines: Iterable[JournalLine], zone: tzinfo) -> list[str]:
    """How many writes, of which settings, for which rules, and on which day the most."""
    found = list(lines)
    if not found:
        return []
    settings = Counter(str(line.setting) for line in found)
    rules = Counter(line.rule or "the baseline" for line in found)
    days = Counter((f"{line.at.astimezone(zone):%Y-%m-%d}", line.serial) for line in found)
    (day, serial), most = days.most_common(1)[0]
    return [
        one_line(line)
        for line in (
            f"In all {len(found)} writes would have been begun, each with its way home on top.",
            f"By setting: {_counted(settings)}.",
            f"By rule: {_counted(rules)}.",
            f"The most in one day: {most} to {serial}, on {day}.",
        )
    ]


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())
