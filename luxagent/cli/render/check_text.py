"""What `check` says: each finding with its place, or one friendly line."""

from collections.abc import Iterable
from dataclasses import fields

from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.config.load import Config, Finding


def findings_json(findings: Iterable[Finding]) -> dict[str, Json]:
    """The findings; their keys are the attributes of `Finding`, word by word."""
    names = [item.name for item in fields(Finding)]
    return {"findings": [{name: getattr(finding, name) for name in names} for finding in findings]}


def findings_text(findings: Iterable[Finding]) -> list[str]:
    """FILE:LINE:COL: error: …, which editors understand."""
    return [one_line(str(finding)) for finding in findings]


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


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
