"""The house obeys its registers, its weather and its clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from luxagent.sim.battery import cell_voltage_v
from luxagent.sim.counters import Energy
from luxagent.sim.house import House
from luxagent.sim.inverter import Inverter
from luxagent.sim.scenario import FIRST, demo_house, pair_house, single_house
from tests.sim.worlds import PLACE, ZONE, Clock

MIDNIGHT = datetime(2026, 1, 15, 0, 0, tzinfo=ZONE)


def house_at(hour: float, **how: Any) -> House:  # noqa: ANN401  the scenario's own
    return single_house(MIDNIGHT + timedelta(hours=hour), ZONE, PLACE, 1, **how)


def only(house: House) -> Inverter:
    return next(iter(house.inverters.values()))


def later(house: House, **span: float) -> House:
    house.advance_to(house.at + timedelta(**span))
    return house


class TestTime:
    def test_the_day_does_not_depend_on_when_it_is_asked_for(self) -> None:
        at_once, in_bits = house_at(6), house_at(6)
        end = at_once.at + timedelta(hours=12)
        at_once.advance_to(end)
        while in_bits.at < end:
            in_bits.advance_to(in_bits.at + timedelta(seconds=97))
            in_bits.advance_to(in_bits.at)
        assert in_bits.now_view() == at_once.now_view()
        assert in_bits.uploads == at_once.uploads

    def test_the_same_seed_is_the_same_day_and_another_is_not(self) -> None:
        one, same, other = (
            later(single_house(MIDNIGHT, ZONE, PLACE, seed), hours=13).now_view() for seed in (4, 4, 5)
        )
        assert one == same
        assert one.load_w != other.load_w

    def test_the_house_never_goes_back(self) -> None:
        house = house_at(6)
        before = house.now_view()
        house.advance_to(house.at - timedelta(hours=3))
        assert house.now_view() == before

    def test_an_odd_start_is_brought_to_the_worlds_grid_of_minutes(self) -> None:
        house = single_house(MIDNIGHT + timedelta(seconds=17.5), ZONE, PLACE)
        assert house.at == MIDNIGHT

    def test_uploads_come_by_their_own_period(self) -> None:
        house = house_at(6, upload_every_s=300)
        later(house, seconds=290)
        assert house.uploads[FIRST].at == MIDNIGHT + timedelta(hours=6)
        later(house, seconds=60)
        assert house.uploads[FIRST].at == MIDNIGHT + timedelta(hours=6, minutes=5)

    def test_todays_energy_starts_anew_at_local_midnight_and_the_total_does_not(self) -> None:
        house = house_at(22)
        later(house, minutes=119)
        used = only(house).counters.tallies[Energy.USAGE]
        later(house, minutes=2)
        fresh = only(house).counters.tallies[Energy.USAGE]
        assert used.today > 0.5 > fresh.today
        assert fresh.total > used.total
        assert fresh.month > used.month

    def test_month_and_year_start_anew_with_the_calendar(self) -> None:
        counters = only(house_at(0)).counters
        counters.turn(date(2026, 2, 1))
        assert counters.tallies[Energy.USAGE].month == 0 < counters.tallies[Energy.USAGE].year
        counters.turn(date(2027, 1, 1))
        assert counters.tallies[Energy.USAGE].year == 0 < counters.tallies[Energy.USAGE].total


class TestSunAndLoad:
    def test_the_sun_gives_at_noon_and_not_at_night(self) -> None:
        assert house_at(12).now_view().pv_w > 1000
        assert house_at(1).now_view().pv_w == 0

    def test_a_winter_day_gives_less_than_a_summer_day(self) -> None:
        days = [
            single_house(datetime(2026, month, 20, 0, 0, tzinfo=ZONE), ZONE, PLACE, 1) for month in (1, 6)
        ]
        winter, summer = (later(house, hours=24).kwh.pv for house in days)
        assert winter < summer

    def test_the_evening_takes_more_than_the_night(self) -> None:
        assert house_at(18.7).now_view().load_w > 2 * house_at(3).now_view().load_w

    def test_cell_voltage_only_rises_with_charge(self) -> None:
        volts = [cell_voltage_v(soc) for soc in range(101)]
        assert volts == sorted(volts)
        assert 16 * cell_voltage_v(50) == pytest.approx(52.6, abs=0.6)


class TestChargingFromTheGrid:
    def charging(self, house: House) -> bool:
        later(house, minutes=3)
        return only(house).flow.ac_in_w > 1

    def with_window(self, house: House, start: str = "23:30", end: str = "05:30") -> House:
        registers = only(house).registers
        registers.set_window("HOLD_AC_CHARGE", "", start, end)
        registers.put("FUNC_AC_CHARGE", 1)
        return house

    def test_inside_its_window_it_charges_and_outside_it_does_not(self) -> None:
        assert self.charging(self.with_window(house_at(2)))
        assert not self.charging(self.with_window(house_at(7)))

    def test_the_switch_off_means_no_charge_in_any_window(self) -> None:
        house = self.with_window(house_at(2))
        only(house).registers.put("FUNC_AC_CHARGE", 0)
        assert not self.charging(house)

    def test_an_unused_window_never_charges(self) -> None:
        assert not self.charging(self.with_window(house_at(0), "00:00", "00:00"))

    def test_it_charges_at_the_power_it_is_told(self) -> None:
        house = self.with_window(house_at(2))
        only(house).registers.put("HOLD_AC_CHARGE_POWER_CMD", 2.5)
        later(house, minutes=5)
        assert only(house).flow.charge_w == pytest.approx(2500)

    def test_it_stops_at_the_stop_soc_and_then_holds_what_it_has(self) -> None:
        house = self.with_window(house_at(0, soc_pct=58))
        only(house).registers.put("HOLD_AC_CHARGE_SOC_LIMIT", 60)
        later(house, hours=3)
        assert only(house).soc_pct == pytest.approx(60, abs=0.2)
        assert only(house).flow.discharge_w == 0

    def test_the_start_soc_charges_outside_every_window_up_to_the_stop_soc(self) -> None:
        house = self.with_window(house_at(7, soc_pct=28))
        only(house).registers.put("HOLD_AC_CHARGE_START_BATTERY_SOC", 30)
        only(house).registers.put("HOLD_AC_CHARGE_SOC_LIMIT", 40)
        assert self.charging(house)
        later(house, hours=4)
        assert only(house).soc_pct > 39

    def test_type_soc_ignores_the_window(self) -> None:
        house = self.with_window(house_at(2))
        only(house).registers.put("BIT_AC_CHARGE_TYPE", 1)
        assert not self.charging(house)

    def test_peak_shaving_bounds_the_import_of_a_charge(self) -> None:
        house = self.with_window(house_at(2))
        only(house).registers.put("FUNC_GRID_PEAK_SHAVING", 1)
        only(house).registers.put("_12K_HOLD_GRID_PEAK_SHAVING_POWER", 2)
        later(house, minutes=5)
        assert house.now_view().grid_import_w == pytest.approx(2000)

    def test_a_quick_charge_covers_the_group_and_ends_itself(self) -> None:
        house = pair_house(MIDNIGHT, ZONE, PLACE, 1)
        house.quick.start("A", house.at, 30)
        later(house, minutes=10)
        assert all(inverter.flow.ac_in_w > 1000 for inverter in house.inverters.values())
        later(house, minutes=25)
        assert all(inverter.flow.ac_in_w == 0 for inverter in house.inverters.values())


class TestLimits:
    def test_the_system_limit_caps_solar_charging_too(self) -> None:
        house = house_at(10, soc_pct=70)
        only(house).registers.put("HOLD_SYSTEM_CHARGE_SOC_LIMIT", 71)
        later(house, hours=3)
        assert only(house).soc_pct <= 71.1

    def test_the_battery_stops_at_its_floor_on_the_grid(self) -> None:
        house = house_at(18, soc_pct=32)
        only(house).registers.put("HOLD_DISCHG_CUT_OFF_SOC_EOD", 30)
        later(house, hours=4)
        assert only(house).soc_pct == pytest.approx(30, abs=0.2)
        assert house.now_view().grid_import_w > 0

    def test_charge_current_bounds_the_sun_as_well(self) -> None:
        house = house_at(12)
        only(house).registers.put("HOLD_LEAD_ACID_CHARGE_RATE", 10)
        later(house, minutes=5)
        assert only(house).flow.charge_w <= 10 * 54

    def test_without_export_no_sun_goes_out(self) -> None:
        house = house_at(11, soc_pct=100)
        only(house).registers.put("FUNC_FEED_IN_GRID_EN", 0)
        later(house, minutes=30)
        assert house.now_view().grid_export_w == 0

    def test_charge_last_sells_before_it_stores(self) -> None:
        house = house_at(12)
        only(house).registers.put("FUNC_CHARGE_LAST", 1)
        later(house, minutes=5)
        assert house.now_view().grid_export_w > 300
        assert only(house).flow.charge_w == 0

    def test_forced_discharge_sells_down_to_its_floor(self) -> None:
        house = house_at(1, soc_pct=40)
        registers = only(house).registers
        registers.set_window("HOLD_FORCED_DISCHARGE", "", "00:00", "06:00")
        registers.put("HOLD_FORCED_DISCHG_SOC_LIMIT", 35)
        registers.put("FUNC_FORCED_DISCHG_EN", 1)
        later(house, minutes=5)
        assert house.now_view().grid_export_w > 3000
        later(house, hours=2)
        assert only(house).soc_pct > 33
        assert house.now_view().grid_export_w == 0

    def test_forced_charge_puts_the_sun_into_the_battery_before_the_load(self) -> None:
        house = house_at(12)
        registers = only(house).registers
        registers.set_window("HOLD_FORCED_CHARGE", "", "08:00", "16:00")
        registers.put("FUNC_FORCED_CHG_EN", 1)
        later(house, minutes=5)
        view = house.now_view()
        assert view.grid_import_w == pytest.approx(view.load_w + 45)
        assert view.battery_w == pytest.approx(view.pv_w)

    def test_standby_leaves_the_house_on_the_grid(self) -> None:
        house = house_at(12)
        only(house).registers.put("FUNC_SET_TO_STANDBY", 0)
        later(house, minutes=2)
        view = house.now_view()
        assert (view.pv_w, view.battery_w) == (0, 0)
        assert view.grid_import_w == pytest.approx(view.load_w)


class TestOutage:
    def outage(self, soc_pct: float = 60, hour: float = 18.5) -> House:
        start = MIDNIGHT + timedelta(hours=hour)
        return house_at(hour, soc_pct=soc_pct, outages=[(start, start + timedelta(hours=2))])

    def test_the_battery_carries_the_house(self) -> None:
        view = later(self.outage(), minutes=5).now_view()
        assert (view.outage, view.grid_up) == (True, False)
        assert view.grid_import_w == pytest.approx(0, abs=1e-6)
        assert view.battery_w < -view.load_w < -1000

    def test_the_status_tells_battery_from_sun(self) -> None:
        assert later(self.outage(), minutes=5).uploads[FIRST].status == 64
        assert later(self.outage(hour=12), minutes=5).uploads[FIRST].status == 136

    def test_below_the_outage_floor_the_house_is_dark(self) -> None:
        view = later(self.outage(soc_pct=9), minutes=5).now_view()
        assert view.load_w == 0
        assert view.unserved_w > 1000

    def test_without_eps_the_house_is_dark(self) -> None:
        house = self.outage()
        only(house).registers.put("FUNC_EPS_EN", 0)
        assert later(house, minutes=5).now_view().load_w == 0

    def test_it_does_not_charge_from_a_grid_that_is_away(self) -> None:
        house = self.outage()
        house.quick.start(FIRST, house.at, 60)
        later(house, minutes=5)
        assert only(house).flow.ac_in_w == 0

    def test_it_ends(self) -> None:
        assert later(self.outage(), hours=2, minutes=5).now_view().grid_up


class TestTheDemosDay:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_a_cell_drifts_and_is_balanced_while_the_battery_is_mid_way(self, seed: int) -> None:
        house = demo_house(datetime(2026, 1, 14, 22, 0, tzinfo=ZONE), ZONE, PLACE, seed)
        registers = only(house).registers
        registers.set_window("HOLD_AC_CHARGE", "", "23:30", "05:30")
        registers.put("HOLD_AC_CHARGE_SOC_LIMIT", 78)
        registers.put("FUNC_AC_CHARGE", 1)
        wide, seen_outage = [], False
        while house.at < datetime(2026, 1, 15, 22, 0, tzinfo=ZONE):
            view = later(house, minutes=10).now_view()
            seen_outage |= view.outage
            if view.cell_delta_mv > 50 and 20 <= view.soc_pct <= 90:
                wide.append(house.local(view.at).hour)
        assert len(wide) >= 9  # an hour and a half at the least
        assert 10 <= min(wide) <= max(wide) <= 15
        assert house.now_view().cell_delta_mv < 40
        assert seen_outage

    def test_it_starts_low_enough_for_a_night_charge(self) -> None:
        house = demo_house(datetime(2026, 1, 14, 22, 0, tzinfo=ZONE), ZONE, PLACE)
        house.advance_to(datetime(2026, 1, 14, 23, 30, tzinfo=ZONE))
        assert 35 < house.soc_pct < 60


def test_an_instant_is_kept_in_utc_whatever_the_callers_zone(clock: Clock) -> None:
    assert single_house(clock(), ZONE, PLACE).at.tzinfo is UTC
