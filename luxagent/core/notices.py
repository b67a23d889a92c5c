"""What a rule with `notify` says when it takes and when it lets go. Pure; called by `decide`.

That a rule holds does not mean that anything was written: its settings may be held back, or be decided by
what stands above it. So the words go by what the same tick makes of them, and by what was owned before. A
take that was held back whole is told when the first of it can be written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from luxagent.core.alerts.message import Message, message_id
from luxagent.core.control.changes import Change, Held, Want
from luxagent.core.events import Event, RuleLetGo, RuleTook
from luxagent.core.facts.reasons import REASON_WORDS, Reason
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Rule, Scope, Severity

Said = tuple[str, str]
"""What happened, and a further line or none."""


@dataclass(frozen=True, slots=True)
class Turns:
    """One tick: what turned, what came of it, and `memory` as it was before."""

    events: Iterable[Event]
    changes: list[Change]
    held: list[Held]
    unchanged: list[Want]
    plant: Plant
    memory: Memory
    policy: Policy
    at: datetime


def notices(about: Turns) -> Iterator[Message]:
    """A message for each turn of a rule that names channels."""
    turned: set[tuple[str, str]] = set()
    for event in about.events:
        if isinstance(event, RuleTook | RuleLetGo) and (rule := _loud(event.rule, about.policy)) is not None:
            turned.add((rule.name, event.who))
            mine, took = _members(rule, event.who, about.plant), isinstance(event, RuleTook)
            said = (_took if took else _let_go)(rule, event.because, mine, about)
            yield _message(rule, event.who, event.at.isoformat(), "took over" if took else "let go", said)
    for change in about.changes:
        found = None if change.want.rule is None else _loud(change.want.rule, about.policy)
        if found is None:
            continue
        who = _who(found, change.want.serial, about.plant)
        mine = _members(found, who, about.plant)
        if (found.name, who) not in turned and _begins(found, change.want, mine, about.memory):
            turned.add((found.name, who))
            said = (f"{found.name} took over: {change.want.because}", "It had been held back until now.")
            yield _message(found, who, about.at.isoformat(), "took over", said)


def _took(rule: Rule, because: str, mine: frozenset[str], about: Turns) -> Said:
    waiting = [one for one in about.held if _is_of(one.want, rule, mine)]
    moves = any(_is_of(one.want, rule, mine) for one in about.changes)
    if waiting and not moves:
        return f"{rule.name} holds, but nothing is written ({_why(waiting)}): {because}", ""
    if not moves and not any(_is_of(want, rule, mine) for want in about.unchanged):
        return f"{rule.name} holds, but what stands above it decides: {because}", ""
    return f"{rule.name} took over: {because}", _rest(waiting)


def _let_go(rule: Rule, because: str, mine: frozenset[str], about: Turns) -> Said:
    owned = _owned_by(rule, mine, about.memory)
    was_held = any(about.memory.held.get(serial, {}).keys() & rule.sets.keys() for serial in mine)
    if was_held and not owned:
        return f"{rule.name} no longer holds; nothing of it had been written: {because}", ""
    return f"{rule.name} let go: {because}", _rest(
        [one for one in about.held if (one.want.serial, one.want.setting) in owned]
    )


def _begins(rule: Rule, want: Want, mine: frozenset[str], memory: Memory) -> bool:
    """Whether this is the first write of a take that had been held back whole, and no further try of it."""
    held, missed = memory.held.get(want.serial, {}), memory.misses.get(want.serial, {})
    return want.setting in held and want.setting not in missed and not _owned_by(rule, mine, memory)


def _owned_by(rule: Rule, mine: frozenset[str], memory: Memory) -> set[tuple[str, str]]:
    return {
        (serial, setting)
        for serial in mine
        for setting, row in memory.owned.get(serial, {}).items()
        if row.holder == rule.name
    }


def _loud(name: str, policy: Policy) -> Rule | None:
    """The rule of that name, if it has somebody to tell."""
    rule = policy.rules[policy.index_of[name]].rule if name in policy.index_of else None
    return rule if rule is not None and rule.notify else None


def _who(rule: Rule, serial: str, plant: Plant) -> str:
    if rule.scope is Scope.INVERTER:
        return serial
    return next(device.unit for device in plant.inverters if device.serial == serial)


def _members(rule: Rule, who: str, plant: Plant) -> frozenset[str]:
    if rule.scope is Scope.INVERTER:
        return frozenset({who})
    return frozenset(device.serial for device in plant.members(who))


def _is_of(want: Want, rule: Rule, mine: frozenset[str]) -> bool:
    return want.rule == rule.name and want.serial in mine and not want.doubtful


def _why(held: list[Held]) -> str:
    """The reason that counts of each, and the dry run, which stands last and holds all the same."""
    reasons = dict.fromkeys(one.reasons[0] for one in held)
    if any(Reason.DRY_RUN in one.reasons for one in held):
        reasons |= {Reason.DRY_RUN: None}
    return "; ".join(REASON_WORDS[reason] for reason in reasons)


def _rest(held: list[Held]) -> str:
    names = ", ".join(dict.fromkeys(one.want.setting for one in held))
    return f"Not written yet: {names} ({_why(held)})." if held else ""


def _message(rule: Rule, who: str, at: str, verb: str, said: Said) -> Message:
    line, more = said
    made = message_id(rule.name, who, at, verb)
    return Message(rule.name, line, Severity.INFO, rule.notify, (more,) if more else (), made)
