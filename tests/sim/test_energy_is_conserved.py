"""Whatever the registers say, no watt-hour appears or vanishes."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.sim.counters import Energy
from luxagent.sim.dispatch import Ability, Step, off_grid, on_grid
from luxagent.sim.house import House
from luxagent.sim.registers import SPECS, Kind
from luxagent.sim.scenario import pair_house
from tests.sim.worlds import PLACE, ZONE

START = datetime(2026, 3, 10, 3, 0, tzinfo=ZONE)

watts = st.one_of(st.just(0.0), st.floats(0, 15_000))
abilities = st.builds(
    Ability,
    running=st.booleans(),
    backs_up=st.booleans(),
    pv_w=watts,
    charge_max_w=watts,
    discharge_max_w=watts,
    outage_discharge_max_w=watts,
    ac_charge_w=watts,
    forced_discharge_w=watts,
    pv_first_w=watts,
    charge_last=st.booleans(),
    export_max_ac_w=watts,
    import_cap_ac_w=st.one_of(st.just(float("inf")), watts),
    shave_max_w=watts,
)


def assert_balanced(step: Step) -> None:
    came = sum(f.pv_w + f.discharge_w for f in step.flows) + step.import_w
    went = step.load_w + step.export_w + sum(f.charge_w for f in step.flows) + step.losses_w
    assert came == pytest.approx(went, abs=1e-6)


@given(st.lists(abilities, min_size=1, max_size=3), watts)
def test_on_the_grid_what_comes_is_what_goes(several: list[Ability], load_w: float) -> None:
    step = on_grid(several, load_w)
    assert_balanced(step)
    assert step.load_w == load_w
    assert step.unserved_w == 0


@given(st.lists(abilities, min_size=1, max_size=3), watts)
def test_off_the_grid_nothing_is_imported_and_the_rest_is_not_served(
    several: list[Ability], load_w: float
) -> None:
    step = off_grid(several, load_w)
    assert_balanced(step)
    assert step.import_w == pytest.approx(0, abs=1e-6)
    assert step.export_w == pytest.approx(0, abs=1e-6)
    assert step.load_w + step.unserved_w == pytest.approx(load_w, abs=1e-6)


@given(st.lists(abilities, min_size=1, max_size=3), watts)
def test_no_inverter_does_more_than_it_may(several: list[Ability], load_w: float) -> None:
    for step in (on_grid(several, load_w), off_grid(several, load_w)):
        for ability, flow in zip(several, step.flows, strict=True):
            most = max(
                ability.discharge_max_w,
                ability.outage_discharge_max_w,
                ability.forced_discharge_w,
                ability.shave_max_w,
            )
            assert min(flow.pv_w, flow.charge_w, flow.discharge_w, flow.ac_in_w, flow.ac_out_w) >= -1e-9
            assert flow.pv_w <= ability.pv_w + 1e-6
            assert flow.charge_w <= ability.charge_max_w + 1e-6
            assert flow.discharge_w <= most + 1e-6
            assert flow.ac_out_w <= ability.rated_ac_w + 1e-6
            assert ability.running or flow.ac_out_w == flow.ac_in_w == 0


@given(st.lists(abilities, min_size=1, max_size=3), watts)
def test_a_battery_never_charges_and_discharges_at_once(several: list[Ability], load_w: float) -> None:
    for step in (on_grid(several, load_w), off_grid(several, load_w)):
        assert all(min(flow.charge_w, flow.discharge_w) < 1e-6 for flow in step.flows)


def settings_of(draw_from: st.DataObject, house: House) -> None:
    for inverter in house.inverters.values():
        for spec in SPECS.values():
            if spec.kind is Kind.FUNC:
                inverter.registers.put(spec.name, draw_from.draw(st.booleans()))
            elif not spec.is_clock:
                inverter.registers.put(
                    spec.name, draw_from.draw(st.integers(int(spec.low + 0.9), int(spec.high)))
                )
        for family in ("HOLD_AC_CHARGE", "HOLD_FORCED_CHARGE", "HOLD_FORCED_DISCHARGE"):
            start, end = draw_from.draw(st.tuples(st.integers(0, 23), st.integers(0, 23)))
            inverter.registers.set_window(family, "", f"{start}:00", f"{end}:30")


@settings(max_examples=4, deadline=None)
@given(st.data(), st.integers(0, 99), st.floats(0, 100), st.integers(0, 20))
def test_a_day_of_any_settings_balances(
    data: st.DataObject, seed: int, soc_pct: float, outage_hour: int
) -> None:
    outage = (START + timedelta(hours=outage_hour), START + timedelta(hours=outage_hour + 2))
    house = pair_house(START, ZONE, PLACE, seed, soc_pct=max(2, soc_pct), outages=[outage])
    settings_of(data, house)
    stored_before_kwh = sum(i.bank.stored_wh for i in house.inverters.values()) / 1000
    before = house.kwh.charge - house.kwh.discharge - house.kwh.battery_losses
    for hour in range(1, 25):
        house.advance_to(START + timedelta(hours=hour))
        assert all(0 <= i.soc_pct <= 100 for i in house.inverters.values())
    kwh = house.kwh
    came = kwh.pv + kwh.grid_import + kwh.discharge
    assert came == pytest.approx(kwh.load + kwh.grid_export + kwh.charge + kwh.losses, abs=1e-6)
    gained_kwh = kwh.charge - kwh.discharge - kwh.battery_losses - before
    stored_kwh = sum(i.bank.stored_wh for i in house.inverters.values()) / 1000
    assert stored_kwh - stored_before_kwh == pytest.approx(gained_kwh, abs=1e-6)
    assert kwh.losses >= 0
    assert kwh.battery_losses >= 0


def test_the_counters_of_all_inverters_add_up_to_the_plant(pair: House) -> None:
    def counted(energy: Energy) -> float:
        return sum(inverter.counters.tallies[energy].total for inverter in pair.inverters.values())

    before = {energy: counted(energy) for energy in Energy}
    pv_before, import_before = pair.kwh.pv, pair.kwh.grid_import
    pair.advance_to(pair.at + timedelta(hours=18))
    gained = {energy: counted(energy) - before[energy] for energy in Energy}
    assert gained[Energy.YIELDING] == pytest.approx(pair.kwh.pv - pv_before, abs=1e-6)
    assert gained[Energy.IMPORT] == pytest.approx(pair.kwh.grid_import - import_before, abs=1e-6)
