"""What a change of the file changed, in words for the journal: rules, alerts, baseline, limits, guards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from luxagent.core.policy.rules import AlertRule, Rule, Ruleset

_TOLD_APART = ("dry_run", "limits", "baseline", "rules", "alerts", "interval_s")
_WORDS = {"when": "its condition", "sets": "what it sets", "hold_s": "hold", "repeat_s": "repeat"}


def difference(old: Ruleset, new: Ruleset) -> tuple[str, ...]:
    """A phrase for each change, in the order of the file; empty where both mean the same."""
    return tuple(_difference(old, new))


def _difference(old: Ruleset, new: Ruleset) -> Iterator[str]:
    if old.dry_run != new.dry_run:
        yield "dry run switched on" if new.dry_run else "dry run switched off"
    for item in fields(Ruleset):
        if item.name not in _TOLD_APART and getattr(old, item.name) != getattr(new, item.name):
            yield f"{item.name} changed"
    yield from _entries("limit", old.limits, new.limits)
    yield from _entries("baseline", old.baseline, new.baseline)
    yield from _named("rule", old.rules, new.rules)
    yield from _named("alert", old.alerts, new.alerts)


def _entries(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What became of each entry of a mapping."""
    for name in (*old, *(name for name in new if name not in old)):
        if name not in new:
            yield f"{what} {name} removed"
        elif name not in old:
            yield f"{what} {name} added"
        elif old[name] != new[name]:
            yield f"{what} {name} changed"


def _named(
    what: str, old: Sequence[Rule] | Sequence[AlertRule], new: Sequence[Rule] | Sequence[AlertRule]
) -> Iterator[str]:
    """What became of each rule or alert, and whether those that stayed stand in another order."""
    before = {one.name: one for one in old}
    after = {one.name: one for one in new}
    for name in (*before, *(name for name in after if name not in before)):
        if name not in after:
            yield f"{what} {name!r} removed"
        elif name not in before:
            yield f"{what} {name!r} added"
        elif before[name] != after[name]:
            yield f"{what} {name!r} changed ({', '.join(_fields(before[name], after[name]))})"
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield f"{what}s in another order"


def _fields(old: Rule | AlertRule, new: Rule | AlertRule) -> Iterator[str]:
    for item in fields(old):
        if getattr(old, item.name) != getattr(new, item.name):
            yield _WORDS.get(item.name, item.name)
