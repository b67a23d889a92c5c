"""pylxpweb, which people use against the real portal, takes the built-in one for real."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from pylxpweb import LuxpowerClient
from pylxpweb.devices.station import Station
from pylxpweb.exceptions import LuxpowerAPIError

from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST, MIDBOX, SECOND
from luxagent.sim.server import SimPortal
from tests.sim.worlds import Clock

Visit = Callable[[LuxpowerClient], Awaitable[None]]


def visited(house: House, now: Callable[[], datetime], visit: Visit, password: str = "right") -> SimPortal:
    """Let the client do something at a portal reached by name, over plain HTTP."""

    async def go(portal: SimPortal) -> None:
        base = f"http://localhost:{portal.port}"  # its cookie jar ignores bare addresses
        client = LuxpowerClient("owner", password, base_url=base, verify_ssl=False)
        try:
            await client.login()
            await visit(client)
        finally:
            await client.close()

    with SimPortal(house, wire="live", now=now, password="right") as portal:
        asyncio.run(go(portal))
    assert portal.mistakes == []
    return portal


def test_it_logs_in_and_finds_the_plant(pair: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        plants = await client.api.plants.get_plants()
        assert [(p.plantId, p.currentTimezoneWithMinute) for p in plants.rows] == [(20418, -700)]

    visited(pair, clock, visit)


def test_it_is_refused_with_a_wrong_password(pair: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        raise AssertionError(client)

    try:
        visited(pair, clock, visit, password="wrong")
    except LuxpowerAPIError as refused:
        assert "password" in str(refused)
    else:
        raise AssertionError("it got in")


def test_it_builds_the_whole_station(pair: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        (station,) = await Station.load_all(client)
        await station.refresh_all_data()
        assert {i.serial_number for i in station.all_inverters} == {FIRST, SECOND}
        assert [m.serial_number for m in station.all_mid_devices] == [MIDBOX]
        assert len(station.all_batteries) == 6
        first = next(i for i in station.all_inverters if i.serial_number == FIRST)
        view = pair.inverters[FIRST]
        assert first.battery_soc == round(view.soc_pct)
        assert abs((first.battery_voltage or 0) - view.bank.voltage_v) < 0.1
        assert first.pv_total_power == round(view.flow.pv_w)

    visited(pair, clock, visit)


def test_it_reads_runtime_energy_and_battery(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        devices = client.api.devices
        runtime = await devices.get_inverter_runtime(FIRST)
        assert (runtime.soc, runtime.lost, runtime.status) == (45, False, 12)
        energy = await devices.get_inverter_energy(FIRST)
        assert energy.totalImport > 0
        battery = await devices.get_battery_info(FIRST)
        assert battery.totalNumber == len(battery.batteryArray) == 3
        assert all(0 < m.batMaxCellVoltage - m.batMinCellVoltage < 30 for m in battery.batteryArray)
        assert (await devices.get_battery_list(FIRST)).totalNumber == 3
        assert (await devices.get_inverter_info(FIRST)).deviceTypeText == "18KPV"

    visited(single, clock, visit)


def test_it_reads_group_and_gridboss(pair: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        group = await client.api.devices.get_parallel_group_details(SECOND)
        assert [d.serialNum for d in group.devices] == [FIRST, SECOND, MIDBOX]
        midbox = await client.api.devices.get_midbox_runtime(MIDBOX)
        assert midbox.midboxData.gridFreq is not None
        assert abs(midbox.midboxData.gridFreq - 6000) < 10
        assert (await client.api.devices.get_parallel_energy(FIRST)).totalUsage > 0

    visited(pair, clock, visit)


def test_a_lone_inverter_is_not_parallel(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        try:
            await client.api.devices.get_parallel_group_details(FIRST)
        except LuxpowerAPIError as refused:
            assert "notParallel" in str(refused)

    visited(single, clock, visit)


def test_what_it_writes_it_reads_back(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        control = client.api.control
        assert (await control.write_parameter(FIRST, "HOLD_AC_CHARGE_POWER_CMD", "4.0")).success
        assert (await control.control_function(FIRST, "FUNC_AC_CHARGE", enable=True)).success
        assert (await control.control_bit_param(FIRST, "BIT_AC_CHARGE_TYPE", 2)).success
        assert (await control.set_ac_charge_schedule(FIRST, 0, 23, 30, 5, 30)).success
        assert (await control.set_peak_shaving_schedule(FIRST, 1, 16, 0, 21, 15)).success
        assert (await control.set_system_charge_soc_limit(FIRST, 101)).success
        assert (await control.set_battery_charge_current(FIRST, 120)).success
        parameters: dict[str, Any] = (await control.read_parameters(FIRST, 0, 127)).parameters
        assert parameters["HOLD_AC_CHARGE_POWER_CMD"] == "4.0"
        assert await control.get_ac_charge_mode_status(FIRST) is True
        assert await control.get_ac_charge_type(FIRST) == 2
        assert await control.get_system_charge_soc_limit(FIRST) == 101
        assert await control.get_battery_charge_current(FIRST) == 120
        schedule = await control.get_ac_charge_schedule(FIRST, 0)
        assert list(schedule.values()) == [23, 30, 5, 30]
        shaving = await control.get_peak_shaving_schedule(FIRST, 1)
        assert list(shaving.values()) == [16, 0, 21, 15]

    portal = visited(single, clock, visit)
    assert portal.writes[0].name == "HOLD_AC_CHARGE_POWER_CMD"
    assert single.inverters[FIRST].registers.number("HOLD_AC_CHARGE_POWER_CMD") == 4.0


def test_its_standby_is_the_houses_standby(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        await client.api.control.enable_standby_mode(FIRST)

    visited(single, clock, visit)
    assert single.inverters[FIRST].registers.on("FUNC_SET_TO_STANDBY") is False


def test_it_starts_and_stops_a_quick_charge(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        control = client.api.control
        await control.start_quick_charge(FIRST, minute=45)
        status = await control.get_quick_charge_status(FIRST)
        assert (status.hasUnclosedQuickChargeTask, status.remaining_minutes) == (True, 45)
        await control.stop_quick_charge(FIRST)
        client.clear_cache()
        assert not (await control.get_quick_charge_status(FIRST)).hasUnclosedQuickChargeTask

    visited(single, clock, visit)


def test_firmware_that_is_current_is_no_error(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        found = await client.api.firmware.check_firmware_updates(FIRST)
        assert not found.details.has_update
        assert (await client.api.firmware.check_update_eligibility(FIRST)).is_allowed
        assert not (await client.api.firmware.get_firmware_update_status()).deviceInfos

    visited(single, clock, visit)


def test_it_reads_the_events(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        assert (await client.api.analytics.get_event_list(FIRST))["rows"] == []

    visited(single, clock, visit)


def test_it_finds_the_dongle_online(single: House, clock: Clock) -> None:
    async def visit(client: LuxpowerClient) -> None:
        devices = client.api.devices
        (dongle,) = (await devices.get_datalog_list(20417)).rows
        assert (await devices.get_dongle_status(dongle.datalogSn)).is_online

    visited(single, clock, visit)
