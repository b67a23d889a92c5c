"""What `why` tells, before it is text or JSON: rules with their conditions, settings with who decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from luxagent.cli.insight import Decided, Insight, Judged
from luxagent.core.control.changes import Want
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.best_case import hangs_on_readings
from luxagent.core.policy.explain import Because
from luxagent.core.policy.flip import flip_text, flips
from luxagent.core.policy.policy import CompiledRule
from luxagent.core.policy.words import counted, wanted
from luxagent.core.values.tri import Tri
from luxagent.core.values.units import format_duration


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One line of a rule's condition."""

    depth: int
    wanted: str
    truth: Tri
    observed: str = ""
    age_s: float | None = None
    """How old the reading is; None where only the clock was asked, or where it is not known."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a rule would take or let go."""

    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleView:
    """How one rule stands for one unit or inverter."""

    who: str
    compiled: CompiledRule
    holds: Tri
    since: datetime | None
    because: str
    conditions: tuple[ConditionView, ...]
    taking: bool
    """The ways are to taking; else to letting go."""
    ways: tuple[Way, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherRule:
    """A rule that speaks of a setting too and does not decide it."""

    rule: str
    value: SettingValue
    why_not: str


@dataclass(frozen=True, slots=True)
class SettingView:
    """Who decides one setting of one inverter."""

    want: Want
    reasons: tuple[Reason, ...]
    others: tuple[OtherRule, ...]


def rule_views(seen: Insight, now: datetime, setting: str | None) -> list[RuleView]:
    """Every rule for every unit; with a setting those that speak of it."""
    return [
        _rule_view(rule, judged, seen, now)
        for judged in seen.judged
        for rule in judged.rules
        if setting is None or setting in rule.rule.sets
    ]


def setting_views(seen: Insight, setting: str | None) -> list[SettingView]:
    """Every managed or owned setting of every inverter, or that one."""
    return [
        SettingView(one.want, one.reasons, tuple(_others(one, seen)))
        for rows in seen.settings.values()
        for one in rows
        if setting is None or one.want.setting == setting
    ]


def _rule_view(rule: CompiledRule, judged: Judged, seen: Insight, now: datetime) -> RuleView:
    standing, scene = judged.standing, judged.standing.scene
    told = rule.explain(scene)
    state = standing.states.get(rule.rule.name)
    holds = True if state is not None and state.on else None if told.truth is None else False
    age = scene.values.get("data_age_s")
    age_s = age + (now - seen.at).total_seconds() if isinstance(age, int | float) else None
    taking = told.truth is not True
    ways = flips(rule, scene, seen.policy, dict(seen.memory.flags))
    return RuleView(
        standing.who, rule, holds, state.since if state is not None and state.on else None, told.text(),
        tuple(_lines(told, 0, age_s)), taking,
        tuple(Way(flip_text(way, scene.moment.at, seen.policy, taking=taking), way.at) for way in ways),
        _note(rule, judged, told.truth, seen),
    )  # fmt: skip


def _note(rule: CompiledRule, judged: Judged, truth: Tri, seen: Insight) -> str:
    """What else keeps the rule as it is: its hold, or the grace of what is unknown."""
    state = judged.standing.states.get(rule.rule.name)
    if state is None or not state.on:
        return ""
    if truth is None and state.unknown_since is not None:
        end = state.unknown_since + judged.standing.grace
        return f"unknown; lets go {_at(end, seen)} unless it is known again"
    end = state.since + timedelta(seconds=rule.rule.hold_s)
    if rule.rule.hold_s <= 0 or end <= judged.standing.scene.moment.at:
        return ""
    return f"readings cannot end it before {seen.policy.calendar.local(end):%H:%M} (hold)"


def _at(at: datetime, seen: Insight) -> str:
    return f"at {seen.policy.calendar.local(at):%H:%M}"


def _lines(told: Because, depth: int, age_s: float | None) -> Iterator[ConditionView]:
    about, parts = told.about, told.parts
    match about:
        case c.All() if depth == 0:
            for part in parts:
                yield from _lines(part, depth, age_s)
        case c.All() | c.AnyOf() | c.Not():
            word = {c.All: "all of", c.AnyOf: "any of", c.Not: "not"}[type(about)]
            yield ConditionView(depth, word, told.truth)
            for part in parts:
                yield from _lines(part, depth + 1, age_s)
        case c.Held(_, seconds):
            so_far = counted(seconds, told.seen).removeprefix(" for ") if parts[0].truth is True else ""
            yield ConditionView(depth, f"for {format_duration(seconds)}", told.truth, so_far)
            inner = parts[0].parts if isinstance(parts[0].about, c.All) else parts
            for part in inner:
                yield from _lines(part, depth + 1, age_s)
        case _:
            age = age_s if hangs_on_readings(about) and told.seen is not None else None
            yield ConditionView(depth, wanted(about), told.truth, told.observed(), age)


def _others(one: Decided, seen: Insight) -> Iterator[OtherRule]:
    """The rules that speak of the setting too, and why each does not decide it."""
    want, policy = one.want, seen.policy
    decides = policy.index_of.get(want.rule or "")
    for index, value in policy.by_setting.get(want.setting, ()):
        rule = policy.rules[index]
        if index == decides:
            continue
        judged = _judged_for(rule, want.serial, seen.judged, seen)
        if judged is None:
            why_not = "it is not for this inverter"
        elif judged.standing.holds(rule.rule.name):
            above = want.rule or "its device list"
            why_not = f"it holds, but {above!r} stands above it"
        else:
            why_not = f"it does not hold: {rule.explain(judged.standing.scene).text()}"
        yield OtherRule(rule.rule.name, value, why_not)


def _judged_for(
    rule: CompiledRule, serial: str, all_judged: Sequence[Judged], seen: Insight
) -> Judged | None:
    """Where a rule was decided for an inverter; None where it is narrowed to others."""
    if rule.rule.devices and serial not in rule.rule.devices:
        return None
    unit = seen.unit_of.get(serial)
    return next((one for one in all_judged if rule in one.rules and one.standing.who in (serial, unit)), None)
