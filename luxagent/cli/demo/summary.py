"""The figures at the end: writes by outcome, what people were told, energy, money, requests.

A `Score` listens while the day runs; `figures` puts it into words beside the meters of the two houses.
"""

from collections import Counter
from dataclasses import dataclass, field

from luxagent.cli.demo.meter import Meter
from luxagent.cli.demo.telling import AlertTurned, Happening, RuleTurned, Sent, Withheld, Written
from luxagent.core.values.tariff import Tariff
from luxagent.core.values.units import format_duration

Figures = list[tuple[str, str]]
"""What a line is about, and what it says."""


@dataclass(slots=True)
class Score:
    """What happened, counted."""

    writes: Counter[str] = field(default_factory=Counter)
    """By outcome."""
    withheld: Counter[str] = field(default_factory=Counter)
    """By reason, in words."""
    taken: Counter[str] = field(default_factory=Counter)
    let_go: Counter[str] = field(default_factory=Counter)
    """How often each rule took over and let go."""
    fired: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    """How often each alert did."""
    messages: int = 0
    ticks: int = 0
    failed_ticks: int = 0

    def hear(self, happening: Happening) -> None:
        """Count one thing that happened."""
        match happening:
            case Written():
                self.writes[happening.outcome] += 1
            case Withheld():
                self.withheld[happening.reason] += 1
            case RuleTurned():
                (self.taken if happening.holds else self.let_go)[happening.rule] += 1
            case AlertTurned():
                (self.fired if happening.fires else self.ended)[happening.name] += 1
            case Sent():
                self.messages += 1
            case _:
                pass


def figures(
    score: Score, mine: Meter, untouched: Meter, tariff: Tariff | None, requests: int, lasted_s: float
) -> Figures:
    """The lines of the summary. `lasted_s` is how much of the house's time went by."""
    lines: Figures = [
        ("Time", _time(score, lasted_s)),
        ("Writes", _counted(score.writes) or "none"),
    ]
    if score.withheld:
        lines.append(("Held back", _counted(score.withheld)))
    lines += [
        ("Rules", _turns(score.taken, score.let_go, "took over", "let go")),
        ("Alerts", _turns(score.fired, score.ended, "started", "ended")),
        ("Messages", f"{score.messages} for people"),
        *_energy(mine),
        *_money(mine, untouched, tariff),
        ("Requests", _requests(requests, lasted_s)),
    ]
    return lines


def _time(score: Score, lasted_s: float) -> str:
    failed = f", {score.failed_ticks} failed" if score.failed_ticks else ""
    return f"{format_duration(lasted_s)} of the house's time, {score.ticks} ticks{failed}"


def _energy(mine: Meter) -> Figures:
    flows = mine.flows
    dark = f", {flows.unserved:.2f} kWh of it unserved" if flows.unserved >= 0.005 else ""
    return [
        ("Sun", f"{flows.pv:.1f} kWh"),
        ("House", f"{flows.load:.1f} kWh{dark}"),
        ("Grid", f"{flows.grid_import:.1f} kWh bought{_by_period(mine)}, {flows.grid_export:.1f} kWh sold"),
        (
            "Battery",
            f"{flows.charge:.1f} kWh in, {flows.discharge:.1f} kWh out; "
            f"{mine.soc_at_start_pct:.0f} % at the start, {mine.soc_pct:.0f} % at the end",
        ),
    ]


def _money(mine: Meter, untouched: Meter, tariff: Tariff | None) -> Figures:
    if tariff is None:
        return [("Cost", "the file has no tariff")]
    bought = f"{untouched.flows.grid_import:.1f} kWh bought{_by_period(untouched)}"
    return [
        ("Cost", f"{money(mine.cost, tariff)} under the file's tariff"),
        (
            "Untouched",
            f"{money(untouched.cost, tariff)} with the inverter's settings left as they were: {bought}, "
            f"battery {untouched.soc_pct:.0f} % at the end",
        ),
        ("Difference", _difference(mine, untouched, tariff)),
    ]


def _difference(mine: Meter, untouched: Meter, tariff: Tariff) -> str:
    """What the agent saved, and what there is in the battery for it: a day is a short time to compare."""
    # Of what is shown, lest somebody who subtracts finds another cent.
    saved, kept = round(untouched.cost, 2) - round(mine.cost, 2), mine.stored_kwh - untouched.stored_kwh
    cheapest = min(period.import_price for period in tariff.periods)
    return (
        f"{money(abs(saved), tariff)} {'less' if saved >= 0 else 'more'}, "
        f"and {abs(kept):.1f} kWh {'more' if kept >= 0 else 'less'} in the battery "
        f"({money(abs(kept) * cheapest, tariff)} at the cheapest price)"
    )


def money(amount: float, tariff: Tariff) -> str:
    """An amount in the tariff's currency."""
    return f"{amount:.2f} {tariff.currency}".rstrip()


def _by_period(meter: Meter) -> str:
    parts = [f"{name} {kwh:.1f}" for name, kwh in meter.imported_by_period.items()]
    return f" ({', '.join(parts)})" if parts else ""


def _requests(requests: int, lasted_s: float) -> str:
    per_hour = f", {requests * 3600 / lasted_s:.0f} an hour" if lasted_s > 0 else ""
    return f"{requests} to the portal{per_hour}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))


def _turns(begun: Counter[str], over: Counter[str], begin: str, end: str) -> str:
    names = dict.fromkeys((*begun, *over))
    told = [f"{name} {_times(begun[name], begin)}{_and(over[name], begun[name], end)}" for name in names]
    return "; ".join(told) or "none"


def _and(over: int, begun: int, word: str) -> str:
    if over == 0:
        return ""
    return f" and {word}" if over == begun else f", {_times(over, word)}"


def _times(count: int, word: str) -> str:
    return word if count == 1 else f"{word} {count} times"
