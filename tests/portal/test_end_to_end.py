"""The client against the built-in portal over real HTTP: two programs that share nothing but the wire."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.control.answers import Answer
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.values.sun import Place
from luxagent.errors import CredentialsRefused
from luxagent.portal.client import PortalClient
from luxagent.portal.hand import PortalHand
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.reader import PortalReader
from luxagent.sim.house import House
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal, WireName
from tests.portal.bench import FakeClock

ZONE = ZoneInfo("America/Phoenix")
NOON = datetime(2026, 6, 1, 12, 10, tzinfo=ZONE)
Start = Callable[..., tuple[SimPortal, PortalClient]]
ALL = frozenset(Need)


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:
        clients: list[PortalClient] = []

        def enter(
            make: Callable[..., House], wire: WireName, password: str = "right", told: str = "auto"
        ) -> tuple[SimPortal, PortalClient]:
            clock = FakeClock(NOON)
            house = make(NOON, ZONE, Place(33.45, -112.07), numeric_serials=wire == "document")
            portal = stack.enter_context(SimPortal(house, wire, now=clock.now, password="right"))
            clock.move(300)
            options = PortalOptions(portal.url, "owner", Secret(password), wire=told)
            client = PortalClient(options, clock)
            clients.append(client)
            stack.callback(client.session.close)
            return portal, client

        yield enter


WIRES: list[WireName] = ["live", "document"]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("make", [single_house, pair_house])
def test_a_plant_is_read_in_physical_units(start: Start, make: Callable[..., House], wire: WireName) -> None:
    portal, client = start(make, wire)
    plant = PortalReader(client).read(ALL, frozenset())
    assert (plant.wire, plant.wire_sure, plant.may_write, plant.clock_ok) == (wire, True, True, True)
    assert plant.errors == ()
    for device in plant.inverters:
        values = device.reading.values
        truth = portal.house.inverters[device.serial]
        assert values["soc_pct"] == pytest.approx(truth.bank.soc_pct, abs=1.5)
        assert 48 < device.reading.number("battery_voltage_v") < 58  # type: ignore[operator]
        assert 230 < device.reading.number("grid_voltage_v") < 255  # type: ignore[operator]
        assert 59 < device.reading.number("grid_frequency_hz") < 61  # type: ignore[operator]
        assert values["grid"] == "up"
        assert values["online"] == "yes"
        assert 0 < device.reading.number("pv_energy_today_kwh") < 50  # type: ignore[operator]
        assert len(device.modules) == 3
        assert all(3000 < (m.cell_max_mv or 0) < 3600 for m in device.modules)
        assert device.reading.uploaded_at is not None
    if make is pair_house:
        boss = plant.gridboss(plant.inverters[0].unit)
        assert boss is not None
        assert 230 < boss.reading.number("grid_voltage_v") < 255  # type: ignore[operator]
        assert sum(device.primary for device in plant.inverters) == 1
        assert len({device.unit for device in plant.devices}) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_start_and_tick_stay_within_their_requests(start: Start, wire: WireName) -> None:
    portal, client = start(pair_house, wire)
    client.discover()
    assert sum(portal.requests.values()) <= 3
    before = sum(portal.requests.values())
    PortalReader(client).read(frozenset({Need.GRIDBOSS}), frozenset())
    assert sum(portal.requests.values()) - before == 3


BOTH: list[tuple[str, SettingValue]] = [
    ("charge_limit", 85.0),
    ("ac_charge_power", 4000.0),
    ("pv_charge_power", 7500.0),
    ("eps", False),
    ("operating_mode", "standby"),
]
LIVE: list[tuple[str, SettingValue]] = [
    *BOTH,
    ("charge_limit", 101.0),
    ("ac_charge", True),
    ("ac_charge_type", "both"),
    ("ac_charge_limit", 80.0),
    ("ac_charge_start", 30.0),
    ("forced_charge", True),
    ("forced_charge_limit", 70.0),
    ("forced_discharge", True),
    ("forced_discharge_power", 5100.0),
    ("forced_discharge_floor", 25.0),
    ("discharge_floor", 40.0),
    ("outage_floor", 15.0),
    ("charge_current", 120.0),
    ("discharge_current", 130.0),
    ("export", False),
    ("export_limit", 5000.0),
    ("peak_shaving", True),
    ("peak_shaving_power", 3300.0),
    ("charge_last", True),
    ("backup_mode", True),
]


@pytest.mark.parametrize(
    ("wire", "setting", "value"),
    [("live", *row) for row in LIVE] + [("document", *row) for row in BOTH],
    ids=str,
)
def test_each_setting_is_written_and_read_back(
    start: Start, wire: WireName, setting: str, value: SettingValue
) -> None:
    _, client = start(single_house, wire)
    reader, hand = PortalReader(client), PortalHand(client)
    serial = reader.read(frozenset(), frozenset()).inverters[0].serial
    if setting == "peak_shaving_power":
        hand.send(serial, "peak_shaving", value=True)
    before = reader.read_settings(serial, frozenset({setting}))[setting]
    assert before not in (value, None)
    assert hand.send(serial, setting, value).answer is Answer.ACCEPTED
    assert reader.read_settings(serial, frozenset({setting})) == {setting: value}


@pytest.mark.parametrize("wire", WIRES)
def test_a_quick_charge_is_started_and_stopped(start: Start, wire: WireName) -> None:
    _, client = start(pair_house, wire)
    reader, hand = PortalReader(client), PortalHand(client)
    plant = reader.read(frozenset(), frozenset({"quick_charge"}))
    assert {device.settings["quick_charge"] for device in plant.inverters} == {False}
    primary = next(device.serial for device in plant.inverters if device.primary)
    assert hand.send(primary, "quick_charge", 3600.0).answer is Answer.ACCEPTED
    assert reader.read_settings(primary, frozenset({"quick_charge"})) == {"quick_charge": True}
    assert hand.send(primary, "quick_charge", value=False).answer is Answer.ACCEPTED
    assert reader.read_settings(primary, frozenset({"quick_charge"})) == {"quick_charge": False}


@pytest.mark.parametrize("wire", WIRES)
def test_a_session_ended_by_the_portal_is_not_noticed_by_the_tick(start: Start, wire: WireName) -> None:
    portal, client = start(single_house, wire)
    reader, hand = PortalReader(client), PortalHand(client)
    serial = reader.read(frozenset(), frozenset()).inverters[0].serial
    portal.end_sessions()
    assert hand.send(serial, "charge_limit", 77.0).answer is Answer.ACCEPTED
    assert len(portal.writes) == 1
    assert portal.requests["/WManage/api/login"] == 2


def test_a_wrong_password_is_tried_once(start: Start) -> None:
    portal, client = start(single_house, "live", password="wrong")
    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            client.discover()
    assert portal.requests["/WManage/api/login"] == 1


@pytest.mark.parametrize(("wire", "told"), [("live", "document"), ("document", "live")])
def test_the_wrong_wire_by_hand_writes_nothing(start: Start, wire: WireName, told: str) -> None:
    portal, client = start(single_house, wire, told=told)
    plant = PortalReader(client).read(frozenset(), frozenset())
    assert not plant.wire_sure
    said = f"The file says `wire: {told}`, but the portal answers as `{wire}`: write `wire: auto`"
    assert plant.wire_trouble == f"{said} under `portal:`."
    assert PortalHand(client).send(plant.devices[0].serial, "charge_limit", 77.0).answer is Answer.REFUSED
    assert portal.asked == []
