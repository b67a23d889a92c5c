"""What `check` says: each finding with its place, or one friendly line."""

from collections.abc import Iterable
from dataclasses import fields
from unicodedata import combining, east_asian_width

from luxagent.cli.render.text import one_line, printable
from luxagent.cli.render.values import Json
from luxagent.config.load import Config, Finding
from luxagent.core.policy.budget import ByFlag, worst_day

_WIDEST = 100
"""Characters of a line that are shown."""


def findings_json(findings: Iterable[Finding]) -> dict[str, Json]:
    """The findings; their keys are the attributes of `Finding` that make it what it is, word by word."""
    names = [item.name for item in fields(Finding) if item.compare]
    return {"findings": [{name: getattr(finding, name) for name in names} for finding in findings]}


def findings_text(findings: Iterable[Finding]) -> list[str]:
    """FILE:LINE:COL: error: …, which editors understand; below it the line, with what is meant underlined."""
    return [line for finding in findings for line in (one_line(str(finding)), *_underlined(finding))]


def _underlined(finding: Finding) -> list[str]:
    """The line of the file, cut where it is long, and a row of ^ under what the finding speaks of."""
    if not finding.source.strip():
        return []
    start = finding.column - 1
    first = 0 if start < _WIDEST - 20 else start - 20
    shown = finding.source[first : first + _WIDEST]
    head = f"{finding.line:>6} | "
    length = max(1, min(finding.length, len(shown) - (start - first)))
    before, marked = shown[: start - first], shown[start - first :][:length]
    marks = " " * _width(before) + "^" * max(1, _width(marked))
    return [(head + printable(shown)).rstrip(), " " * (len(head) - 2) + "| " + marks]


def _width(text: str) -> int:
    """Columns of a terminal."""
    return sum(2 if east_asian_width(sign) in "WF" else 0 if combining(sign) else 1 for sign in text)


def good_text(config: Config) -> str:
    """What a good file comes to."""
    rules = config.ruleset
    managed = {name for rule in rules.rules for name in rule.sets} | set(rules.baseline)
    parts = (
        _count(len(rules.rules), "rule"),
        _count(len(rules.alerts), "alert"),
        f"{_count(len(managed), 'setting')} managed",
        "dry run: nothing is written" if rules.dry_run else "live: settings are written",
    )
    return one_line(f"{config.path} is good: {', '.join(parts)}.")


def worst_text(config: Config) -> str:
    """The most writes that the file can ask of an inverter, told in advance."""
    worst = worst_day(config.ruleset, config.interval_s)
    if worst.asked > worst.allowed:
        ends = f"; the guards end it at {worst.allowed} (writes_per_day)"
    else:
        ends = f", of {worst.allowed} allowed (writes_per_day)"
    by_flags = "".join(_by_flag(one, worst.allowed) for one in worst.by_flags)
    return one_line(
        f"At worst {_count(worst.asked, 'write')} a day to each inverter{ends}: "
        f"{worst.by_clock} by the clock, {worst.by_readings} if readings swing as fast as they can"
        f"{by_flags}."
    )


def _by_flag(one: ByFlag, allowed: int) -> str:
    most = f"up to {one.while_on} a day" if one.while_on <= allowed else f"what is left of the {allowed}"
    while_on = f" and {most} while it is on" if one.while_on else ""
    return f"; plus {one.each_switch} each time flag {one.name} is switched{while_on}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
