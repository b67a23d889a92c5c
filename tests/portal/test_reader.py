"""The plant of one tick: from which requests, with what of it unknown, and told in which sentences."""

import json
from datetime import timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Unknown
from luxagent.core.facts.settings import SETTINGS
from luxagent.core.plant.device import Kind, Plant
from luxagent.errors import CredentialsRefused, NeedsPerson, TryLater
from luxagent.portal.client import PortalClient
from luxagent.portal.reader import PortalReader
from tests.portal.bench import (
    BOSS,
    SECOND,
    SERIAL,
    Answer,
    Enter,
    FakeClock,
    FakePortal,
    client_of,
    live_battery,
    live_lost_runtime,
    live_midbox,
    live_runtime,
)

ROWS = [
    {
        "serialNum": SERIAL,
        "deviceType": 6,
        "deviceTypeText": "18KPV",
        "parallelGroup": "A",
        "parallelIndex": "2",
    },
    {
        "serialNum": SECOND,
        "deviceType": 6,
        "deviceTypeText": "18KPV",
        "parallelGroup": "A",
        "parallelIndex": "1",
    },
    {"serialNum": BOSS, "deviceType": 9, "deviceTypeText": "Grid Boss"},
]
HOME = {"success": True, "userId": 1, "plants": [{"plantId": 9, "name": "Home"}]}
NOTHING: frozenset[Need] = frozenset()
NO_SETTINGS: frozenset[str] = frozenset()


def house(portal: Enter, **answers: Answer) -> FakePortal:
    """A pair behind a GridBOSS, on the live wire."""
    return portal(
        **{
            "login": HOME,
            "list": {"success": True, "total": 3, "rows": ROWS},
            "getInverterRuntime": lambda form: live_runtime(serialNum=form["serialNum"]),
            "getBatteryInfo": lambda form: live_battery(serialNum=form["serialNum"]),
            "getMidboxRuntime": live_midbox(),
            "getInverterEnergyInfo": lambda form: {"success": True, "todayYielding": 77},
            "getStatusInfo": {"success": True, "hasUnclosedQuickChargeTask": False},
            "read": lambda form: {
                "success": True,
                "inverterSn": form["inverterSn"],
                "FUNC_AC_CHARGE": False,
                "HOLD_SYSTEM_CHARGE_SOC_LIMIT": "95",
            },
            **answers,
        }
    )


def only(plant: Plant, serial: str = SERIAL) -> object:
    return next(device for device in plant.devices if device.serial == serial)


def test_a_start_costs_three_requests_and_a_tick_three_more(portal: Enter) -> None:
    fake = house(portal)
    client = client_of()
    client.discover()
    assert len(fake.asked) <= 3
    before = len(fake.asked)
    PortalReader(client).read(frozenset({Need.GRIDBOSS}), NO_SETTINGS)
    assert len(fake.asked) - before == 3


def test_a_gridboss_that_nobody_needs_is_not_asked(portal: Enter) -> None:
    fake = house(portal)
    plant = PortalReader(client_of()).read(NOTHING, NO_SETTINGS)
    assert fake.count("getMidboxRuntime") == 0
    assert plant.gridboss("A") is not None


def test_units_primaries_and_names(portal: Enter) -> None:
    house(portal)
    plant = PortalReader(client_of(names={SECOND: "garage"})).read(NOTHING, NO_SETTINGS)
    told = [(d.serial, d.kind, d.unit, d.primary, d.name, d.model, d.plant) for d in plant.devices]
    assert told == [
        (SERIAL, Kind.INVERTER, "A", False, SERIAL, "18KPV", "Home"),
        (SECOND, Kind.INVERTER, "A", True, "garage", "18KPV", "Home"),
        (BOSS, Kind.GRIDBOSS, "A", False, BOSS, "Grid Boss", "Home"),
    ]
    assert plant.wire == "live"
    assert plant.wire_sure
    assert plant.may_write


def test_only_needed_requests_are_made(portal: Enter) -> None:
    fake = house(portal)
    reader = PortalReader(client_of())
    reader.read(NOTHING, NO_SETTINGS)
    assert {name for name, _ in fake.asked} == {"login", "list", "getInverterRuntime"}
    plant = reader.read(frozenset({Need.BATTERY, Need.ENERGY, Need.QUICK_CHARGE}), NO_SETTINGS)
    assert fake.count("getBatteryInfo") == 2
    assert fake.count("getStatusInfo") == 1  # one task for the group
    values = plant.inverters[0].reading.values
    assert values["cell_delta_mv"] == 30
    assert values["pv_energy_today_kwh"] == 7.7
    assert values["quick_charge"] == "off"
    assert len(plant.inverters[0].modules) == 2


def test_what_is_unknown_in_the_newest_upload_is_not_filled_from_an_older_answer(portal: Enter) -> None:
    house(
        portal,
        getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"], soc=None, vBat=533),
    )
    plant = PortalReader(client_of()).read(frozenset({Need.BATTERY}), NO_SETTINGS)
    reading = plant.inverters[0].reading
    assert reading.values["soc_pct"] is None
    assert reading.why["soc_pct"] is Unknown.MISSING
    assert reading.values["battery_voltage_v"] == 53.3
    assert reading.values["battery_current_a"] == -12.1
    assert reading.capacity_ah == 560


def test_one_device_that_fails_is_unknown_and_told_of(portal: Enter) -> None:
    def answer(form: dict[str, str]) -> Answer:
        if form["serialNum"] == SECOND:
            return {"success": False, "msg": "DEVICE_OFFLINE"}
        return live_runtime(serialNum=form["serialNum"])

    house(portal, getInverterRuntime=answer)
    plant = PortalReader(client_of()).read(NOTHING, frozenset({"ac_charge"}))
    silent = plant.inverters[1]
    assert silent.online is None
    assert silent.reading.values == {}
    assert silent.settings == {"ac_charge": None}
    assert plant.inverters[0].reading.values["soc_pct"] == 64
    assert len(plant.errors) == 1
    assert SECOND in plant.errors[0]


def test_when_no_inverter_answers_the_tick_has_nothing(portal: Enter) -> None:
    house(portal, getInverterRuntime=(503, b""))
    with pytest.raises(TryLater):
        PortalReader(client_of()).read(NOTHING, NO_SETTINGS)


def test_a_portal_that_stays_down_is_asked_less_and_less(portal: Enter, clock: FakeClock) -> None:
    fake = house(portal)
    client = client_of(clock)
    reader = PortalReader(client)
    reader.read(NOTHING, NO_SETTINGS)
    fake.answers["getInverterRuntime"] = (503, b"")
    before = len(fake.asked)
    for _ in range(6):
        client.cache.forget_device(SERIAL)
        client.cache.forget_device(SECOND)
        with pytest.raises(TryLater):
            reader.read(NOTHING, NO_SETTINGS)
        clock.move(10)
    assert len(fake.asked) - before <= 10  # 36 without the breaker
    fake.answers["getInverterRuntime"] = lambda form: live_runtime(serialNum=form["serialNum"])
    clock.move(60)
    assert reader.read(NOTHING, NO_SETTINGS).errors == ()


def test_a_gridboss_without_a_stamp_is_as_old_as_its_oldest_inverter(portal: Enter) -> None:
    stamps = {SERIAL: "2026-03-10 11:58:00", SECOND: "2026-03-10 11:59:00"}
    house(
        portal,
        getInverterRuntime=lambda form: live_runtime(
            serialNum=form["serialNum"], serverTime=stamps[form["serialNum"]]
        ),
        getMidboxRuntime=[live_midbox(serverTime=None), live_midbox()],
    )
    client = client_of()
    seen = []
    for _ in range(2):
        boss = PortalReader(client).read(frozenset({Need.GRIDBOSS}), NO_SETTINGS).gridboss("A")
        client.cache.forget_device(BOSS)
        assert boss is not None
        assert boss.reading.uploaded_at is not None
        seen.append(f"{boss.reading.uploaded_at:%H:%M:%S}")
    assert seen == ["11:58:00", "11:59:20"]


def test_a_gridboss_that_the_documents_list_calls_lost_tells_nothing(portal: Enter) -> None:
    """Its own answer there goes on as before, with neither a stamp nor a word of that."""
    rows = [
        {"serialNum": serial, "deviceTypeText4APP": model, "status": status, "lost": status == "offline"}
        for serial, model, status in ((SERIAL, "18KPV", "normal"), (BOSS, "GridBOSS", "offline"))
    ]
    portal(
        login=HOME,
        list={"success": True, "devices": rows},
        getParallelGroupDetails={"success": True, "parallelGroups": []},
        getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"]),
        getMidboxRuntime={"success": True, "serialNum": BOSS, "gridVoltL1": 2410, "gridFreq": 6000},
    )
    boss = (
        PortalReader(client_of(wire="document"))
        .read(frozenset({Need.GRIDBOSS}), NO_SETTINGS)
        .gridboss(SERIAL)
    )
    assert boss is not None
    assert boss.online is False
    assert set(boss.reading.values.values()) == {None}


def test_a_refused_password_reaches_the_person(portal: Enter) -> None:
    house(portal, login={"success": False, "msg": "Invalid username or password"})
    with pytest.raises(CredentialsRefused):
        PortalReader(client_of()).read(NOTHING, NO_SETTINGS)


def test_a_lost_inverter_is_offline_and_not_asked_anything_more(portal: Enter) -> None:
    fake = house(
        portal, getInverterRuntime=lambda form: {**live_lost_runtime(), "serialNum": form["serialNum"]}
    )
    needs = frozenset(Need) - {Need.FIRMWARE, Need.UPDATING, Need.EVENTS}
    plant = PortalReader(client_of()).read(needs, frozenset({"ac_charge"}))
    lost = plant.inverters[0]
    assert lost.online is False
    assert lost.reading.values["soc_pct"] is None
    assert lost.reading.why["soc_pct"] is Unknown.LOST
    assert lost.settings == {"ac_charge": None}
    assert fake.count("read") == fake.count("getBatteryInfo") == fake.count("getInverterEnergyInfo") == 0


def test_an_older_upload_of_a_lagging_node_is_passed_over_but_that_a_device_is_lost_is_believed(
    portal: Enter, clock: FakeClock
) -> None:
    shown: dict[str, object] = {"serverTime": "2026-03-10 11:59:40", "soc": 44}
    house(portal, getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"], **shown))
    reader = PortalReader(client_of(clock))
    reader.read(NOTHING, NO_SETTINGS)
    for later, soc, online in (
        ({"serverTime": "2026-03-10 11:49:40", "soc": 40}, 44.0, True),
        ({"serverTime": "2026-03-10 11:49:40", "lost": True, "statusText": "offline"}, None, False),
        ({"serverTime": "2026-03-10 11:49:40", "lost": False, "statusText": "normal"}, 44.0, True),
    ):
        clock.move(60)
        shown.update(later)
        first = reader.read(NOTHING, NO_SETTINGS).inverters[0]
        assert (first.reading.values["soc_pct"], first.online) == (soc, online)


def test_settings_are_read_per_block_and_at_most_every_five_minutes(portal: Enter, clock: FakeClock) -> None:
    fake = house(portal)
    reader = PortalReader(client_of(clock))
    for _ in range(3):
        plant = reader.read(NOTHING, frozenset({"ac_charge", "forced_charge"}))
        clock.move(100)
    assert plant.inverters[0].settings == {"ac_charge": False, "forced_charge": None}
    assert fake.count("read") == 2  # block 0 of two inverters, once
    clock.move(10)
    reader.read(NOTHING, frozenset({"ac_charge", "charge_limit"}))
    assert fake.count("read") == 6  # both blocks of both
    assert {form["startRegister"] for name, form in fake.asked if name == "read"} == {"0", "127"}


def test_fresh_settings_come_from_no_cache_and_never_raise(portal: Enter) -> None:
    fake = house(portal)
    reader = PortalReader(client_of())
    reader.read(NOTHING, frozenset({"ac_charge"}))
    assert reader.read_settings(SERIAL, frozenset({"ac_charge", "quick_charge"})) == {
        "ac_charge": False,
        "quick_charge": False,
    }
    assert fake.count("read") == 3
    fake.answers["read"] = {"success": False, "msg": "DATAFRAME_TIMEOUT"}
    assert reader.read_settings(SERIAL, frozenset({"ac_charge", "quick_charge"})) == {
        "ac_charge": None,
        "quick_charge": False,
    }


def test_a_block_that_fails_leaves_the_other_standing(portal: Enter) -> None:
    def answer(form: dict[str, str]) -> Answer:
        if form["startRegister"] == "127":
            return {"success": False, "msg": "DEVICE_OFFLINE"}
        return {"success": True, "FUNC_AC_CHARGE": True}

    house(portal, read=answer)
    reader = PortalReader(client_of())
    plant = reader.read(NOTHING, frozenset({"ac_charge", "charge_limit"}))
    assert plant.inverters[0].settings == {"ac_charge": True, "charge_limit": None}
    assert any("DEVICE_OFFLINE" in error for error in plant.errors)


def test_an_account_that_may_not_read_settings_may_not_write(portal: Enter) -> None:
    house(portal, read={"success": False, "msg": "apiBlocked"})
    plant = PortalReader(client_of()).read(NOTHING, frozenset({"ac_charge"}))
    assert not plant.may_write
    assert any("apiBlocked" in error for error in plant.errors)


@pytest.mark.parametrize(
    "login",
    [
        {**HOME, "readonly": True},
        {"success": True, "plants": HOME["plants"], "user": {"id": 1, "readonly": True}},
    ],
)
def test_a_read_only_account_may_not_write(portal: Enter, login: dict[str, Answer]) -> None:
    house(portal, login=login)
    assert not PortalReader(client_of()).read(NOTHING, NO_SETTINGS).may_write


def test_a_guest_of_one_inverter_may_write_to_the_others(portal: Enter) -> None:
    house(portal, list={"success": True, "rows": [{**ROWS[0], "endUser": "guest"}, *ROWS[1:]]})
    plant = PortalReader(client_of()).read(NOTHING, NO_SETTINGS)
    assert plant.may_write
    assert [device.may_write for device in plant.inverters] == [False, True]


def test_a_viewer_may_write(portal: Enter) -> None:
    house(portal, login={**HOME, "role": "VIEWER", "readonly": False})
    assert PortalReader(client_of()).read(NOTHING, NO_SETTINGS).may_write


@pytest.mark.parametrize(("wire", "shape", "sure"), [("auto", "rows", True), ("live", "rows", True),
                                                    ("document", "rows", False), ("auto", "both", False),
                                                    ("auto", "neither", False)])  # fmt: skip
def test_a_wire_that_contradicts_the_portal_is_not_sure(
    portal: Enter, wire: str, shape: str, sure: bool
) -> None:
    fake = house(portal)
    if shape == "both":
        fake.answers["list"] = {"success": True, "rows": ROWS, "devices": ROWS}
    client = client_of(wire=wire)
    if shape == "neither":
        fake.answers["list"] = {"success": True}
        with pytest.raises(NeedsPerson):
            PortalReader(client).read(NOTHING, NO_SETTINGS)
        assert not client.wire_sure
        return
    plant = PortalReader(client).read(NOTHING, NO_SETTINGS)
    assert plant.wire_sure is sure


def test_clocks_that_disagree_are_noticed(portal: Enter) -> None:
    clock = FakeClock()
    read = {"success": True, **live_runtime(serialNum=SERIAL)}
    told = {"Date": format_datetime(clock.at)}
    house(portal, getInverterRuntime=(200, json.dumps(read).encode(), told))
    reader = PortalReader(client_of(clock))
    assert reader.read(NOTHING, NO_SETTINGS).clock_ok
    clock.at -= timedelta(seconds=121)
    assert not reader.read(NOTHING, NO_SETTINGS).clock_ok


def test_what_can_be_set_depends_on_wire_and_device(portal: Enter) -> None:
    house(portal)
    plant = PortalReader(client_of()).read(NOTHING, frozenset({"raw:HOLD_X_Y", "parameter:21"}))
    able = plant.inverters[0].able
    assert {"charge_limit", "quick_charge", "raw:HOLD_X_Y"} <= able
    assert {name for name in SETTINGS if name.endswith("_windows")} <= able
    assert "parameter:21" not in able
    assert able <= set(SETTINGS) | {"raw:HOLD_X_Y"}
    boss = plant.gridboss("A")
    assert boss is not None
    assert boss.able == frozenset()


def test_a_firmware_update_is_seen_where_it_is_needed(portal: Enter) -> None:
    run = {"inverterSn": SECOND, "updateStatus": "UPLOADING", "isSendStartUpdate": True}
    fake = house(
        portal,
        info={"progressing": True, "deviceInfos": [run]},
        checkUpdates={"success": False, "message": "already the latest version."},
    )
    reader = PortalReader(client_of())
    plant = reader.read(frozenset({Need.FIRMWARE}), NO_SETTINGS)
    assert [d.updating for d in plant.inverters] == [False, True]
    assert [d.reading.values["firmware"] for d in plant.inverters] == ["current", "updating"]
    assert reader.updating() is True
    fake.answers["info"] = (500, b"")
    assert reader.updating() is None


def test_a_firmware_update_shows_in_the_operating_mode_for_free(portal: Enter) -> None:
    house(portal, getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"], status=2))
    plant = PortalReader(client_of()).read(NOTHING, NO_SETTINGS)
    assert plant.inverters[0].updating is True


def test_open_faults_are_a_set_of_codes(portal: Enter) -> None:
    events = [
        {"event": "E019", "eventType": "FAULT", "status": "OPEN"},
        {"event": "W018", "eventType": "WARNING", "status": "CLOSE"},
        {"event": "I001", "eventType": "INFO", "status": "OPEN"},
    ]
    house(portal, list=[{"success": True, "rows": ROWS[:1]}, {"success": True, "rows": events}])
    plant = PortalReader(client_of()).read(frozenset({Need.EVENTS}), NO_SETTINGS)
    assert plant.inverters[0].reading.values["faults"] == frozenset({"E019"})


PLANTS = [{"plantId": 9, "name": "Home"}, {"plantId": 10, "name": "Cabin"}]


@pytest.mark.parametrize(
    ("wanted", "found"), [(("home",), {"Home"}), (("10",), {"Cabin"}), (("Home", "Cabin"), {"Home", "Cabin"})]
)
def test_plants_are_chosen_by_name_or_number(portal: Enter, wanted: tuple[str, ...], found: set[str]) -> None:
    def listed(form: dict[str, str]) -> Answer:
        return {"success": True, "rows": [{**ROWS[0], "serialNum": f"44310E{int(form['plantId']):04}"}]}

    house(portal, login={"success": True, "userId": 1, "plants": PLANTS}, list=listed)
    plant = PortalReader(client_of(plants=wanted)).read(NOTHING, NO_SETTINGS)
    assert {device.plant for device in plant.devices} == found
    units = {device.unit for device in plant.devices}
    assert units == ({f"{name}/A" for name in found} if len(found) > 1 else {"A"})


@pytest.mark.parametrize("wanted", [(), ("Boat",), ("Home", "Boat")])
def test_a_plant_that_is_not_named_or_not_there_needs_a_person(
    portal: Enter, wanted: tuple[str, ...]
) -> None:
    house(portal, login={"success": True, "userId": 1, "plants": PLANTS}, viewer={"rows": PLANTS})
    with pytest.raises(NeedsPerson, match="Cabin"):
        PortalReader(client_of(plants=wanted)).read(NOTHING, NO_SETTINGS)


def test_plants_are_listed_where_the_login_does_not_tell_them(portal: Enter) -> None:
    fake = house(portal, login={"success": True, "userId": 1}, viewer={"rows": PLANTS[:1], "total": 1})
    PortalReader(client_of()).read(NOTHING, NO_SETTINGS)
    assert [name for name, _ in fake.asked][:3] == ["login", "viewer", "list"]


def test_devices_of_before_are_used_while_the_list_fails_and_a_new_one_is_noticed(
    portal: Enter, clock: FakeClock
) -> None:
    fake = house(portal)
    client = client_of(clock)
    reader = PortalReader(client)
    reader.read(NOTHING, NO_SETTINGS)
    clock.move(901)
    fake.answers["list"] = {"success": False, "msg": "SERVER_HTTP_EXCEPTION"}
    assert len(reader.read(NOTHING, NO_SETTINGS).devices) == 3
    fake.answers["list"] = {"success": True, "rows": [*ROWS, {"serialNum": "44310E0713", "deviceType": 6}]}
    assert len(reader.read(NOTHING, NO_SETTINGS).devices) == 4


def test_portal_text_reaches_nobody_with_escapes_in_it(portal: Enter) -> None:
    row = {**ROWS[0], "deviceTypeText": "18\x1b[31mKPV\u202e", "parallelGroup": "A\x07"}
    house(
        portal,
        login={"success": True, "plants": [{"plantId": 9, "name": "Ho\x9bme\n"}]},
        list={"success": True, "rows": [row]},
        getBatteryInfo={"success": False, "msg": "bad \x1b]0;x\x07 \ud800"},
    )
    plant = PortalReader(client_of()).read(frozenset({Need.BATTERY}), NO_SETTINGS)
    told = repr(plant)
    assert not any(mark in told for mark in ("\\x1b", "\\x07", "\\x9b", "\\u202e", "\\ud800", "\\n"))


def test_the_reader_fits_the_agents_port() -> None:
    from luxagent.agent.ports import Hand, Reader
    from luxagent.portal.hand import PortalHand

    client: PortalClient = client_of()
    reader: Reader = PortalReader(client)
    hand: Hand = PortalHand(client)
    assert reader
    assert hand


def test_the_inverters_own_clock_is_held_against_the_site(portal: Enter) -> None:
    stamps = {"serverTime": "2026-03-10 11:59:40", "deviceTime": "2026-03-10 05:04:40"}
    house(
        portal,
        getInverterRuntime=lambda form: live_runtime(
            serialNum=form["serialNum"], fwCode="FAAB-2525", **stamps
        ),
    )
    plant = PortalReader(client_of(zone=ZoneInfo("America/Phoenix"))).read(NOTHING, NO_SETTINGS)
    assert plant.inverters[0].clock_error_s == 300
    assert plant.inverters[0].firmware == "FAAB-2525"
    assert PortalReader(client_of()).read(NOTHING, NO_SETTINGS).inverters[0].clock_error_s is None


@pytest.mark.parametrize("utc", ["2026-11-01 05:30:00", "2026-11-01 06:30:00"])
def test_in_the_hour_that_comes_twice_an_inverters_clock_is_not_wrong(portal: Enter, utc: str) -> None:
    stamps = {"serverTime": utc, "deviceTime": "2026-11-01 01:30:00"}
    house(portal, getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"], **stamps))
    plant = PortalReader(client_of(zone=ZoneInfo("America/New_York"))).read(NOTHING, NO_SETTINGS)
    assert plant.inverters[0].clock_error_s == 0


def test_a_device_that_comes_and_one_that_goes_are_noticed_within_a_quarter_of_an_hour(
    portal: Enter, clock: FakeClock
) -> None:
    fake = house(portal)
    reader = PortalReader(client_of(clock))
    reader.read(NOTHING, NO_SETTINGS)
    newcomer = {**ROWS[0], "serialNum": "44310E0799", "parallelIndex": "3"}
    fake.answers["list"] = {"success": True, "total": 3, "rows": [ROWS[1], ROWS[2], newcomer]}
    clock.move(901)
    plant = reader.read(NOTHING, NO_SETTINGS)
    assert [device.serial for device in plant.devices] == [SECOND, BOSS, "44310E0799"]
    assert {device.unit for device in plant.devices} == {"A"}


def test_a_hundred_inverters_in_two_plants_are_found_page_by_page(portal: Enter) -> None:
    def listed(form: dict[str, str]) -> Answer:
        mine = [
            {"serialNum": f"{form['plantId']}{n:08d}", "deviceType": 6, "parallelGroup": "A" if n < 4 else ""}
            for n in range(50)
        ]
        first = (int(form["page"]) - 1) * 30
        return {"success": True, "total": 50, "rows": mine[first : first + 30]}

    plants = [{"plantId": 41, "name": "Barn"}, {"plantId": 42, "name": "House"}]
    fake = house(portal, login={"success": True, "userId": 1, "plants": plants}, list=listed)
    census = client_of(plants=("Barn", "House")).discover()
    assert fake.count("list") == 4
    assert len(census.devices) == 100
    units = {device.unit for device in census.devices}
    assert {"Barn/A", "House/A"} <= units
    assert len(units) == 2 * (1 + 46)
    assert sum(device.primary for device in census.devices) == len(units)


@pytest.mark.parametrize("broken", [(404, b"{}"), (500, b""), "<html>maintenance</html>", '{"succ'])
def test_a_quick_charge_that_cannot_be_read_hides_no_other_setting(portal: Enter, broken: Answer) -> None:
    """An AC charge must be able to go home whatever becomes of the task's own call."""
    house(portal, getStatusInfo=broken)
    plant = PortalReader(client_of()).read(NOTHING, frozenset({"ac_charge", "charge_limit", "quick_charge"}))
    for device in plant.inverters:
        assert device.settings["ac_charge"] is False
        assert device.settings["charge_limit"] == 95
        assert device.settings["quick_charge"] is None
    told = [error for error in plant.errors if "uick charge" in error]
    assert len(told) == len(plant.errors) == 2


def test_a_portal_that_knows_only_the_documents_device_list_is_asked_in_its_form(portal: Enter) -> None:
    """`auto` begins with the live form and its pages; a strict portal of the other kind refuses those."""

    def devices(form: dict[str, str]) -> Answer:
        if set(form) != {"plantId"}:
            return 400, b'{"success": false, "message": "Invalid parameter"}'
        rows = [
            {"serialNum": SERIAL, "deviceTypeText4APP": "FlexBOSS 12K", "status": "normal", "lost": False}
        ]
        return {"success": True, "devices": rows}

    fake = portal(
        login=HOME,
        list=devices,
        getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"]),
    )
    plant = PortalReader(client_of()).read(NOTHING, NO_SETTINGS)
    assert (plant.wire, plant.wire_sure) == ("document", True)
    assert fake.count("list") == 2


def test_each_of_the_documents_two_reads_stands_by_itself(portal: Enter) -> None:
    """A portal that answers the document's own example, 21 to 23, and refuses the other numbers."""

    def read(form: dict[str, str]) -> Answer:
        if form["paramIds"] != "21,22,23":
            return {"success": False, "message": "Invalid parameter value or out of range"}
        told = [{"paramId": 21, "value": 95}, {"paramId": 22, "value": 3000}, {"paramId": 23, "value": 12000}]
        return {"success": True, "serialNum": form["serialNum"], "parameters": told}

    portal(
        login=HOME,
        list={"success": True, "devices": [{"serialNum": SERIAL, "lost": False}]},
        getInverterRuntime=lambda form: live_runtime(serialNum=form["serialNum"]),
        read=read,
    )
    plant = PortalReader(client_of()).read(NOTHING, frozenset({"charge_limit", "eps"}))
    assert plant.inverters[0].settings == {"charge_limit": 95.0, "eps": None}
