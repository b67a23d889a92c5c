"""What the demo's screen is made of: values in, rich panels out. Nothing is kept here.

Text of the portal and of the file is only ever put into `Text`, never parsed as markup.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from rich.box import ROUNDED
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from luxagent.cli.demo.day import Day
from luxagent.cli.demo.plain import proof_text
from luxagent.cli.demo.spark import BLOCKS, block_row
from luxagent.cli.demo.summary import Figures, money
from luxagent.cli.demo.telling import LetGo, Sent, Withheld, Written
from luxagent.cli.demo.view import RuleView, View, battery_words, cells, grid_words, percent, power
from luxagent.core.values.tariff import period_at

QUIET, GOOD, BAD, DOUBT = "dim", "green", "bold red", "yellow"
_SEVERITY = {"info": "cyan", "warning": "yellow", "critical": BAD}
_OUTCOME = {"confirmed": GOOD, "lapsed": DOUBT}
_DAY = timedelta(days=1)
_TOP_W, _TOP_MV = 2000.0, 100.0
"""The least that fills a column: a quiet night must not look like a storm."""

HOUSE_LINES = 10
_INDENT = 6
"""Under the clock of a heading."""

Columns = Mapping[str, Sequence[float | None]]
"""Each series of the day, as many columns wide as there is room for."""
Entry = Written | Withheld | LetGo


def head(day: Day, now: datetime, *, framed: bool) -> RenderableType:
    """The clock of the site, the price, and what is special about the demo."""
    local = day.policy.calendar.local(now)
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(no_wrap=True)
    line.add_column(justify="right", no_wrap=True)
    clock = Text(f" {local:%a} {local.day} {local:%b} ", "bold")
    clock.append(f" {local:%H:%M} ", "bold reverse")
    period = None if day.tariff is None else period_at(day.tariff, day.policy.calendar.moment(now))
    if period is not None and day.tariff is not None:
        price = f"{period.import_price:.2f} {day.tariff.currency}/kWh"
        clock.append(f"  {period.name} {price}", price_style(day, period.import_price))
    line.add_row(clock, Text("dry run is off, for this demo alone ", QUIET))
    if not framed:
        return line
    about = Text(f"a pretend house, the real agent · {day.wire} wire · seed {day.seed}", QUIET)
    return _panel(line, "luxagent demo", about)


def spark_room(width: int) -> int:
    """How many columns the day has on a screen of this width."""
    now_width, sum_width = _house_widths(width)
    return max(8, width - 4 - 8 - now_width - sum_width - 3)


def house(day: Day, view: View, columns: Columns, begin: datetime, width: int) -> Panel:
    """The house now, its day so far, and what that comes to. `begin` is the start of the day shown."""
    room, (now_width, sum_width) = spark_room(width), _house_widths(width)
    flows = day.mine.flows
    table = Table.grid(padding=(0, 1))
    for column in (8, now_width, room, sum_width):
        table.add_column(width=column, no_wrap=True)
    table.columns[3].justify = "right"
    top = max(
        [_TOP_W, *(value or 0.0 for name in ("pv", "load", "bought", "sold") for value in columns[name])]
    )
    spread = max([_TOP_MV, *(value or 0.0 for value in columns["cells"])])
    grid = Text(grid_words(view), BAD if view.grid_up is False else "")
    rows: list[tuple[str, str | Text, Text, str]] = [
        ("Sun", power(view.pv_w), _bars(columns["pv"], top, "yellow"), f"{flows.pv:.1f} kWh"),
        ("House", power(view.load_w), _bars(columns["load"], top, "cyan"), f"{flows.load:.1f} kWh"),
        ("Battery", _battery(view, gauge=now_width > 30), _bars(columns["soc"], 100, "green"),
         f"+{flows.charge:.1f} kWh"),
        ("Bought", grid, _bought(columns, top), f"{flows.grid_import:.1f} kWh"),
        ("Sold", "", _bars(columns["sold"], top, "green"), f"{flows.grid_export:.1f} kWh"),
        ("Cells", f"{cells(view)} apart", _bars(columns["cells"], spread, "blue"), ""),
        ("Price", "", _prices(day, begin, view.at, room), ""),
    ]  # fmt: skip
    for name, now, bars, so_far in rows:
        table.add_row(Text(name, "bold"), now, bars, Text(so_far, QUIET))
    table.add_row("", "", Text(_hours(day.policy.calendar.local(begin), room), QUIET), "")
    return _panel(table, "The house, as the agent reads it")


def rules(day: Day, views: Sequence[RuleView], width: int) -> Panel:
    """What each rule is doing, and why."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=max(12, width * 3 // 8))
    table.add_column(no_wrap=True, min_width=11)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for view in views:
        if view.stands == "holds":
            since = f"since {day.policy.calendar.local(view.since):%H:%M}" if view.since else ""
            row = (Text("●", GOOD), Text(view.name, "bold"), Text(since, GOOD), Text(view.because))
        elif view.stands == "waits":
            row = (Text("○", QUIET), Text(view.name), Text("waits", QUIET), Text(view.because, QUIET))
        else:
            row = (Text("?", DOUBT), Text(view.name), Text("in doubt", DOUBT), Text(view.because))
        table.add_row(*row)
    return _panel(table, "Rules")


def writes(day: Day, entries: Sequence[Entry], room: int) -> Panel:
    """The newest writes with their proof, under the rule that wanted them."""
    lines: list[Text] = []
    for (minute, rule), group in groupby(entries, lambda one: _heading(day, one)):
        lines.append(Text.assemble((f"{minute} ", QUIET), rule))
        lines += [Text(" " * _INDENT).append_text(_entry(one)) for one in group]
    return _panel(_cut(lines, room), "Writes, each read back")


def news(day: Day, entries: Sequence[Entry], sent: Sequence[Sent], room: int) -> Panel:
    """Writes and messages in one list, a line each, where there is no room for two lists."""
    newest = sorted([*entries, *sent], key=lambda one: one.at)[-room:]
    lines = []
    for one in newest:
        what = _message(one) if isinstance(one, Sent) else _entry(one)
        lines.append(Text(f"{day.policy.calendar.local(one.at):%H:%M} ").append_text(what))
    return _panel(_cut(lines, room), "Writes, each read back, and what people are told")


def told(day: Day, sent: Sequence[Sent], room: int, inside: int) -> Panel:
    """The newest messages, as people would get them."""
    bodies = [Text(one.body) for one in sent]
    first, lines = len(sent), 0
    while first > 0:
        lines += 1 - (-bodies[first - 1].cell_len // max(1, inside - _INDENT - 4))
        if lines > room and first < len(sent):
            break
        first -= 1
    parts: list[RenderableType] = []
    for one, body in zip(sent[first:], bodies[first:], strict=True):
        clock = f"{day.policy.calendar.local(one.at):%H:%M} "
        parts.append(Text.assemble((clock, QUIET), (one.title, _SEVERITY.get(one.severity, ""))))
        parts.append(Padding(body, (0, 0, 0, _INDENT)))
    return _panel(Group(*parts), "Told to people")


def foot(day: Day) -> Text:
    """What it all comes to so far."""
    parts = [f"{sum(day.score.writes.values())} writes", f"{day.requests} requests", "Ctrl-C ends"]
    if day.tariff is not None:
        mine, untouched = money(day.mine.cost, day.tariff), money(day.untouched.cost, day.tariff)
        parts = [f"cost so far {mine}", f"with untouched settings {untouched}", *parts]
    return Text("  " + " · ".join(parts), QUIET, no_wrap=True, overflow="ellipsis")


def draw_summary(console: Console, figures: Figures, title: str) -> None:
    """The figures under each other, after the screen is gone."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for about, text in figures:
        table.add_row(Text(about), Text(text))
    console.print(_panel(table, title))


def price_style(day: Day, price: float) -> str:
    """Green is the cheapest of the tariff, red the dearest."""
    prices = sorted({period.import_price for period in day.tariff.periods}) if day.tariff else []
    if len(prices) < 2:
        return ""
    return GOOD if price == prices[0] else "red" if price == prices[-1] else "yellow"


def _panel(inside: RenderableType, title: str, subtitle: Text | None = None) -> Panel:
    return Panel(
        inside, title=Text(title, "bold"), title_align="left", subtitle=subtitle, subtitle_align="right",
        box=ROUNDED, border_style=QUIET,
    )  # fmt: skip


def _house_widths(width: int) -> tuple[int, int]:
    """Columns for the house now, and for its sums."""
    return (31, 10) if width >= 100 else (21, 9)


def _highest(least: float, *rows: Sequence[float | None]) -> float:
    return max([least, *(value for row in rows for value in row if value is not None)])


def _bars(columns: Sequence[float | None], top: float, style: str) -> Text:
    """A row of blocks; what is next to nothing is paler."""
    text = Text()
    for value in columns:
        small = value is not None and value < top / 50
        text.append(block_row([value], top), QUIET if small else style)
    return text


def _bought(columns: Columns, top: float) -> Text:
    """What was bought, shaded where the grid was away."""
    text = Text()
    for bought, outage in zip(columns["bought"], columns["outage"], strict=True):
        text.append_text(Text("▒", BAD) if outage else _bars([bought], top, "magenta"))
    return text


def _battery(view: View, *, gauge: bool) -> Text:
    soc = view.soc_pct
    text = Text(f"{percent(soc):>5} ")
    if gauge:
        full = 0 if soc is None else round(soc / 100 * 9)
        text.append(BLOCKS[-1] * full + "░" * (9 - full), _soc_style(soc)).append(" ")
    return text.append(battery_words(view), QUIET)


def _soc_style(soc_pct: float | None) -> str:
    if soc_pct is None:
        return QUIET
    return "red" if soc_pct < 20 else "yellow" if soc_pct < 40 else "green"


def _prices(day: Day, begin: datetime, now: datetime, room: int) -> Text:
    """The tariff of the whole day; the hours to come are thinner."""
    text = Text()
    for column in range(room if day.tariff is not None else 0):
        at = begin + (column + 0.5) / room * _DAY
        period = None if day.tariff is None else period_at(day.tariff, day.policy.calendar.moment(at))
        style = "" if period is None else price_style(day, period.import_price)
        text.append("━" if at <= now else "─", style)
    return text


def _hours(begin: datetime, room: int) -> str:
    """Every third hour of the clock, under its column."""
    marks = [" "] * room
    for hour in range(24):
        at, column = begin + timedelta(hours=hour), int(hour / 24 * room)
        if at.hour % 3 == 0 and column + 2 <= room:
            marks[column : column + 2] = f"{at:%H}"
    return "".join(marks)


def _cut(lines: Sequence[Text], room: int) -> Group:
    """The last lines that there is room for, none of them wrapped."""
    for line in lines:
        line.no_wrap, line.overflow = True, "ellipsis"
    return Group(*lines[-room:])


def _message(one: Sent) -> Text:
    return Text.assemble((f"{one.title}.", _SEVERITY.get(one.severity, "")), f" {one.body}")


def _heading(day: Day, one: Entry) -> tuple[str, str]:
    rule = "home again" if isinstance(one, LetGo) else one.rule
    return f"{day.policy.calendar.local(one.at):%H:%M}", rule


def _entry(one: Entry) -> Text:
    match one:
        case Written():
            sign = "✔ " if one.outcome == "confirmed" else ""
            proof = (f"  {sign}{proof_text(one)}", _OUTCOME.get(one.outcome, BAD))
            return Text.assemble(one.setting, (f" {one.before} → ", QUIET), (one.value, "bold"), proof)
        case Withheld():
            return Text.assemble(f"{one.setting} → {one.value}", (f"  held: {one.reason}", DOUBT))
        case LetGo():
            return Text.assemble(one.setting, " ", (one.value, "bold"), ("  nobody's again", QUIET))
