"""`why` for a person: how each rule stands and what would turn it, then who decides each setting."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from luxagent.cli.insight import Insight
from luxagent.cli.render.console import console_for
from luxagent.cli.render.plan_words import wanted_text
from luxagent.cli.render.text import one_line
from luxagent.cli.render.why_view import ConditionView, OtherRule, RuleView, SettingView
from luxagent.cli.render.words import age_text, value_text
from luxagent.core.control.wants import satisfied
from luxagent.core.facts.reasons import REASON_WORDS
from luxagent.core.values.units import format_duration

WIDEST = 120
_MARKS = {True: ("●", "*", "bold green"), False: ("○", "o", "dim"), None: ("?", "?", "bold yellow")}
_STATES = {True: "holds", False: "does not hold", None: "not known"}
_TRUTHS = {True: ("yes", "green"), False: ("no", "red"), None: ("?", "yellow")}


def draw(
    seen: Insight,
    rules: Sequence[RuleView],
    settings: Sequence[SettingView],
    now: datetime,
    out: TextIO,
    environ: Mapping[str, str],
) -> None:
    """Draw it all."""
    console = console_for(out, environ, WIDEST)
    console.print(_head(seen, now))
    for view in rules:
        console.print()
        _draw_rule(view, seen, console)
    for name in _for_nobody(seen):
        console.print(Text(f"\n{one_line(name)}: its devices are none of the inverters here", style="dim"))
    for serial in dict.fromkeys(view.want.serial for view in settings):
        console.print()
        console.print(Text(one_line(_called(seen, serial)), style="bold"))
        for line in _settings(view for view in settings if view.want.serial == serial):
            console.print(line)
    if seen.errors:
        console.print()
    for error in seen.errors:
        console.print(Text(one_line(error), style="red"))


def _head(seen: Insight, now: datetime) -> Text:
    source = "asked just now" if seen.pid is None else f"seen by the running agent (process {seen.pid})"
    text = Text(f"{seen.policy.calendar.local(seen.at):%a %d %b %H:%M:%S}", style="bold")
    text.append(f"  {age_text(seen.at, now)}, {source}", style="dim")
    if seen.dry_run:
        text.append("  dry run: nothing is written", style="bold yellow")
    if not seen.policy.rules:
        text.append("\nThe file has no rules.")
    return text


def _for_nobody(seen: Insight) -> list[str]:
    """Rules that are narrowed to what is not there just now."""
    judged = {rule.rule.name for one in seen.judged for rule in one.rules}
    return [rule.rule.name for rule in seen.policy.rules if rule.rule.name not in judged]


def _draw_rule(view: RuleView, seen: Insight, console: Console) -> None:
    mark, ascii_mark, style = _MARKS[view.holds]
    title = Text(f"{ascii_mark if console.options.ascii_only else mark} ", style=style)
    title.append(one_line(view.compiled.rule.name), style="bold")
    title.append(f"  {_STATES[view.holds]}{_since(view, seen)}", style=style)
    if len({judged.standing.who for judged in seen.judged}) > 1:
        title.append(f"  {one_line(seen.names.get(view.who, view.who))}", style="dim")
    console.print(title)
    table = Table.grid(padding=(0, 2))
    table.add_column(width=5)
    table.add_column()
    table.add_column(overflow="fold")
    for one in view.conditions:
        word, colour = _TRUTHS[one.truth]
        table.add_row(
            Text(f"  {word}", style=colour), Text("  " * one.depth + one_line(one.wanted)), _observed(one)
        )
    console.print(table)
    for line in _ways(view):
        console.print(line)


def _since(view: RuleView, seen: Insight) -> str:
    if view.since is None:
        return ""
    there, here = (seen.policy.calendar.local(at) for at in (view.since, seen.at))
    day = "" if there.date() == here.date() else f"{there:%a %d %b} "
    return f" since {day}{there:%H:%M}"


def _observed(one: ConditionView) -> Text:
    text = Text(one_line(one.observed))
    if one.age_s is not None:
        text.append(f"  {format_duration(max(0.0, one.age_s))} old", style="dim")
    return text


def _ways(view: RuleView) -> Iterator[Text]:
    verb = "take" if view.taking else "let go"
    if view.note:
        yield Text(f"  {view.note}", style="yellow")
    if not view.ways:
        yield Text(f"  nothing would make it {verb} within a year", style="cyan")
        return
    for n, way in enumerate(view.ways):
        lead = "  or " if n else "  -> "
        text = way.text
        if (not n and way.at is not None) or " if " in text or text.startswith("with "):
            text = f"would {verb} {text}"
        yield Text(f"{lead}{one_line(text)}", style="cyan")


def _settings(views: Iterable[SettingView]) -> Iterator[Text]:
    for view in views:
        want = view.want
        have = value_text(want.setting, want.have)
        text = Text(f"  {want.setting} ")
        text.append(have, style="bold")
        text.append(f", {_verdict(view)}")
        reasons = list(_reasons(view))
        if len(reasons) == 1 and want.rule is None and not view.reasons:  # nobody else speaks of it
            text.append(f": {reasons.pop()[1]}")
        yield text
        for word, line in reasons:
            row = Text(f"      {word} ", style="dim")
            row.append(one_line(line))
            yield row


def _verdict(view: SettingView) -> str:
    want = view.want
    if want.doubtful:
        return "left as it is, for its rule is in doubt"
    if want.value is None:
        return "left alone" if want.rule is None else "as it should be"
    if satisfied(want):
        return "as it should be"
    wanted = wanted_text(want.setting, want.value)
    held = "; ".join(REASON_WORDS[reason] for reason in view.reasons)
    return f"should be {wanted}; " + (f"held: {held}" if held else "the next tick of the agent writes it")


def _reasons(view: SettingView) -> Iterator[tuple[str, str]]:
    """Who decides, and why the others do not."""
    want = view.want
    because = f": {want.because}" if want.because else ""
    if want.rule or want.value is not None:
        yield "decided by", f"{want.rule}{because}" if want.rule else want.because
    for other in view.others:
        yield "not by", _other(want.setting, other)


def _other(setting: str, other: OtherRule) -> str:
    return f"{other.rule} ({wanted_text(setting, other.value)}): {other.why_not}"


def _called(seen: Insight, serial: str) -> str:
    name = seen.names.get(serial, serial)
    return name if name == serial else f"{name} ({serial})"
