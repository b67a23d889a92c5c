"""The demo's day from end to end: real HTTP on loopback, the real agent, the packaged examples."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from luxagent.agent.tick import TickReport
from luxagent.cli.demo.day import Day, WireName, open_day
from luxagent.cli.demo.plain import PlainWatcher, figure_lines
from luxagent.cli.demo.telling import AlertTurned, Happening, RuleTurned, Sent, Written
from luxagent.sim.counters import Energy

pytestmark = pytest.mark.long

NIGHT_CHARGE = "Fill up on cheap power"


@dataclass
class Told:
    """Everything a day told, and its figures at the end."""

    lines: list[str] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    counted: dict[Energy, float] = field(default_factory=dict)
    """kWh, as the inverter's own counters have them."""

    def ticked(self, report: TickReport, happenings: Sequence[Happening]) -> None:
        self.happenings += happenings

    def of(self, kind: type) -> list[Happening]:
        return [one for one in self.happenings if isinstance(one, kind)]

    @property
    def turns(self) -> list[tuple[str, bool]]:
        return [(one.rule, one.holds) for one in self.happenings if isinstance(one, RuleTurned)]

    @property
    def writes(self) -> list[tuple[str, str, str]]:
        return [(one.setting, one.value, one.outcome) for one in self.happenings if isinstance(one, Written)]


def lived(told: Told, wire: WireName, seed: int, hours: float) -> Day:
    """A day, or a part of one, as `demo --plain` runs it."""
    with open_day(wire, seed, timedelta(hours=hours)) as day:
        before = totals(day)
        plain = PlainWatcher(told.lines.append, day.policy.calendar.local)

        class Both:
            def ticked(self, report: TickReport, happenings: Sequence[Happening]) -> None:
                plain.ticked(report, happenings)
                told.ticked(report, happenings)

        day.run(Both())
        told.lines += figure_lines(day.figures())
        told.counted = {energy: kwh - before[energy] for energy, kwh in totals(day).items()}
    return day


def totals(day: Day) -> dict[Energy, float]:
    (inverter,) = day.house.inverters.values()
    return {energy: tally.total for energy, tally in inverter.counters.copy().items()}


@pytest.fixture(scope="module")
def whole() -> tuple[Day, Told]:
    """The one day that runs from end to end."""
    told = Told()
    return lived(told, "live", 1, 24), told


def test_every_write_is_confirmed(whole: tuple[Day, Told]) -> None:
    day, told = whole
    assert {outcome for _, _, outcome in told.writes} == {"confirmed"}
    assert day.score.writes == {"confirmed": len(told.writes)}
    assert len(told.writes) >= 8


def test_a_cheap_night_charge_is_taken_and_let_go(whole: tuple[Day, Told]) -> None:
    _, told = whole
    assert [holds for rule, holds in told.turns if rule == NIGHT_CHARGE] == [True, False]
    assert [value for setting, value, _ in told.writes if setting == "ac_charge"] == ["on", "off"]


def test_the_peak_is_avoided(whole: tuple[Day, Told]) -> None:
    day, _ = whole
    assert day.mine.imported_by_period["peak"] < 0.2
    assert day.untouched.imported_by_period["peak"] > 2
    assert day.mine.cost < day.untouched.cost
    assert day.mine.stored_kwh > day.untouched.stored_kwh - 0.5


def test_cells_and_outage_alert_once_and_end_once(whole: tuple[Day, Told]) -> None:
    _, told = whole
    turns = [(one.name, one.fires) for one in told.happenings if isinstance(one, AlertTurned)]
    assert turns == [
        ("Cell imbalance", True),
        ("Cell imbalance", False),
        ("grid lost", True),
        ("grid lost", False),
    ]
    assert [one.title for one in told.happenings if isinstance(one, Sent)] == [
        "Cell imbalance",
        "Over: Cell imbalance",
        "Grid lost",
        "Over: grid lost",
    ]


def test_the_summary_agrees_with_the_inverters_own_counters(whole: tuple[Day, Told]) -> None:
    day, told = whole
    flows = day.mine.flows
    assert told.counted == pytest.approx(
        {
            Energy.YIELDING: flows.pv,
            Energy.CHARGING: flows.charge,
            Energy.DISCHARGING: flows.discharge,
            Energy.IMPORT: flows.grid_import,
            Energy.EXPORT: flows.grid_export,
            Energy.USAGE: told.counted[Energy.USAGE],
        }
    )
    assert sum(day.mine.imported_by_period.values()) == pytest.approx(flows.grid_import)
    summary = "\n".join(told.lines)
    for kwh in (flows.pv, flows.load, flows.grid_import):
        assert f"{kwh:.1f} kWh" in summary
    assert f"{day.requests} to the portal" in summary


def test_both_houses_have_the_same_weather_and_the_same_people(whole: tuple[Day, Told]) -> None:
    day, _ = whole
    assert day.mine.flows.pv == pytest.approx(day.untouched.flows.pv)
    assert day.mine.flows.load == pytest.approx(day.untouched.flows.load)
    assert day.clock.now() == day.clock.end


def test_the_dry_run_is_off_for_the_demo_alone(whole: tuple[Day, Told]) -> None:
    day, _ = whole
    assert not day.policy.dry_run


def test_the_lines_tell_the_hours_the_writes_and_the_alerts(whole: tuple[Day, Told]) -> None:
    _, told = whole
    assert len([line for line in told.lines if "  house     battery" in line]) == 24
    assert any("write     ac_charge off → on, confirmed after 3 s (Fill up" in line for line in told.lines)
    assert any("critical  Grid lost." in line for line in told.lines)
    assert any("grid OUTAGE" in line for line in told.lines)


def test_the_same_seed_is_the_same_day_and_another_is_not() -> None:
    one, again, other = Told(), Told(), Told()
    lived(one, "live", 5, 3)
    lived(again, "live", 5, 3)
    lived(other, "live", 6, 3)
    assert one.lines == again.lines
    assert one.happenings == again.happenings
    assert one.lines != other.lines


def test_the_other_wire_charges_by_what_it_has() -> None:
    told = Told()
    day = lived(told, "document", 1, 3.5)
    assert {outcome for _, _, outcome in told.writes} == {"confirmed"}
    assert ("quick_charge", "2 h", "confirmed") in told.writes
    assert (NIGHT_CHARGE, True) in told.turns
    assert day.mine.soc_pct > day.mine.soc_at_start_pct + 10


def test_a_day_that_is_stopped_has_its_figures_so_far() -> None:
    with open_day("live", 1, timedelta(days=1)) as day:

        class Impatient:
            def ticked(self, report: TickReport, happenings: Sequence[Happening]) -> None:
                if day.score.ticks == 5:
                    day.clock.stop()

        day.run(Impatient())
        lines = dict(day.figures())
        assert lines["Time"] == "8 min 3 s of the house's time, 5 ticks"
        assert day.mine.flows.load == pytest.approx(day.untouched.flows.load)
