"""What `plan` says below its lanes: each span in order, the rules that cannot hold, the baseline, and now."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from luxagent.cli.insight import Insight
from luxagent.cli.render.remains import HEADING
from luxagent.cli.render.text import one_line
from luxagent.cli.render.words import age_text, value_text
from luxagent.core.control.residual import Remainder
from luxagent.core.facts.settings import SettingValue
from luxagent.core.memory import Memory
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.explain import Because
from luxagent.core.policy.forecast import WindowSpan, next_span
from luxagent.core.policy.policy import CompiledRule, Policy
from luxagent.core.values.units import format_duration
from luxagent.core.values.wallclock import days_later

_FAR_DAYS, _NEAR_DAYS, _FEW = 366, 31, 12
"""How far ahead to look for a rule that cannot hold in the time that is shown: less far for many of them."""
_TIMES = len("23:30 to 05:30  ")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything there is to draw."""

    policy: Policy
    memory: Memory
    spans: Sequence[WindowSpan]
    start: datetime
    days: int
    now: datetime
    seen: Insight | None = None
    rest: Sequence[Remainder] = ()
    """What would remain if the agent ended now."""
    from_nothing: bool = False
    """It begins as if nothing had happened, so that flags count as off whatever they are."""

    @property
    def end(self) -> datetime:
        return days_later(self.start, self.days, self.policy.ruleset.site.zone)

    def wall(self, at: datetime) -> datetime:
        """The site's wall clock."""
        return at.astimezone(self.policy.ruleset.site.zone).replace(tzinfo=None)


def windows(plan: Plan, width: int) -> Iterator[Text]:
    """A line for each span, under the date on which it begins; what it sets and hangs on stands below."""
    day = None
    for span in plan.spans:
        start = plan.wall(span.start)
        if start.date() != day:
            day = start.date()
            yield Text(f"{start:%A %d %B}", style="bold")
        text = Text(f"  {_times(plan, span)}  ")
        text.append(one_line(span.rule), style="bold")
        yield text
        yield from _below("sets", values_text(span.sets), width, "")
        yield from _below("if", ", ".join(span.depends_on), width, "yellow")
    yield Text()


def _times(plan: Plan, span: WindowSpan) -> str:
    """When, by the wall clock; what goes on beyond the plan ends in an ellipsis."""
    start, end = plan.wall(span.start), plan.wall(span.end)
    until = "..." if span.end == plan.end else f"{end:%H:%M}"
    if (end.date() - start.date()).days > 1 and span.end != plan.end:
        until = f"{end:%a %H:%M}"
    return f"{start:%H:%M} to {until}".ljust(14)


def _below(word: str, text: str, width: int, style: str) -> Iterator[Text]:
    if text:
        line = Text(" " * (_TIMES + 2), style=style)
        line.append(f"{word} {one_line(text)}")
        line.truncate(max(width, 40))
        yield line


def values_text(sets: Mapping[str, SettingValue]) -> str:
    """Settings as a person writes them: "ac_charge on, ac_charge_start 60 %"."""
    return ", ".join(f"{name} {wanted_text(name, value)}" for name, value in sets.items()) or "nothing"


def wanted_text(name: str, value: SettingValue) -> str:
    """One value; a quick charge says how long."""
    if name == "quick_charge" and value is not False and isinstance(value, int | float) and value is not True:
        return f"for {format_duration(value)}"
    return value_text(name, value)


def absent(plan: Plan) -> Iterator[Text]:
    """The rules that cannot hold in this time, and when they next could."""
    if not plan.policy.rules:
        yield Text("The file has no rules.")
    shown = {span.rule for span in plan.spans}
    moment = plan.policy.calendar.moment(plan.start)
    missing = [rule for rule in plan.policy.rules if rule.rule.name not in shown]
    far = _FAR_DAYS if len(missing) <= _FEW else _NEAR_DAYS
    for rule in missing:
        text = Text("Not in this time: ", style="dim")
        text.append(one_line(rule.rule.name), style="bold")
        found = next_span(rule, plan.policy, plan.memory, moment, far)
        text.append(_when(plan, rule, found, far))
        yield text


def _when(plan: Plan, rule: CompiledRule, found: WindowSpan | None, far: int) -> str:
    if found is not None:
        return f", next {plan.wall(found.start):%a %d %b %Y %H:%M}"
    needs = _needed(rule.rule.when, plan.memory.flags)
    if needs:
        are = "are" if " and " in needs or " or " in needs else "is"
        counted = "counted as off with --from" if plan.from_nothing else "off"
        return f", needs {needs}, which {are} {counted}"
    return f", nor in the next {far} days"


def _needed(condition: Condition, on: Container[str]) -> str | None:
    """The flags that a condition waits for, since they are off; "" for none, None where one is on already."""
    match condition:
        case c.All(parts):
            found = [_needed(part, on) for part in parts]
            return None if all(words is None for words in found) else _linked(found, " and ", " or ")
        case c.AnyOf(parts):
            found = [_needed(part, on) for part in parts]
            return None if None in found else _linked(found, " or ", " and ")
        case c.Held(part):
            return _needed(part, on)
        case c.FlagOn(name):
            return None if name in on else f"flag {name}"
    return ""


def _linked(found: Iterable[str | None], link: str, other: str) -> str:
    words = list(dict.fromkeys(filter(None, found)))
    return link.join(f"({one})" if other in one and len(words) > 1 else one for one in words)


def baseline(plan: Plan) -> Iterator[Text]:
    """What holds where no rule does."""
    if plan.policy.baseline:
        text = Text("Otherwise: ", style="dim")
        text.append(one_line(values_text(plan.policy.baseline)))
        yield text


def seen(plan: Plan) -> Iterator[Text]:
    """Which rules hold now, and what the readings say that the others hang on."""
    if plan.seen is None:
        return
    for judged in plan.seen.judged:
        standing, rules = judged.standing, judged.rules
        holding = [one_line(rule.rule.name) for rule in rules if standing.holds(rule.rule.name)]
        name = plan.seen.names.get(standing.who, standing.who)
        text = Text("Now", style="bold")
        text.append(f" {one_line(name)}" if len(plan.seen.judged) > 1 else "")
        text.append(f" ({age_text(plan.seen.at, plan.now)}): ", style="dim")
        readings = dict.fromkeys(
            words for rule in rules for words in _readings(rule.explain(standing.scene).leaves())
        )
        text.append(", ".join(readings) or "no reading counts")
        text.append("; " + (f"holding: {', '.join(holding)}" if holding else "no rule holds"))
        yield text


def remaining(plan: Plan) -> Iterator[Text]:
    """What the inverter would go on doing without the agent; nothing where nothing is owned."""
    if plan.rest:
        yield Text(HEADING, style="bold")
    for row in plan.rest:
        yield Text(f"  {one_line(row.sentence)}")


def _readings(leaves: Iterable[Because]) -> Iterator[str]:
    for leaf in leaves:
        if leaf.observed() and not isinstance(leaf.about, c.TariffIs):
            yield one_line(f"{leaf.wanted().split()[0]} {leaf.observed()}")
