"""What a unit reports, folded from its members and its GridBOSS."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import NOTHING, Reading
from luxagent.core.plant.units import inverter_reading, unit_reading

NOON = datetime(2026, 6, 15, 19, tzinfo=UTC)


def inverter(serial: str, *, capacity: float | None = None, age_min: int = 0, **values: Any) -> Device:  # noqa: ANN401
    reading = Reading(values, {}, NOON - timedelta(minutes=age_min), capacity)
    return Device(serial, Kind.INVERTER, "A", reading=reading)


def gridboss(**values: Any) -> Device:  # noqa: ANN401
    return Device("BOSS", Kind.GRIDBOSS, "A", reading=Reading(values, {}, NOON))


def folded(*devices: Device) -> Reading:
    return unit_reading(Plant(devices), "A")


def fold_of(key: str, *seen: Any) -> Any:  # noqa: ANN401
    return folded(*(inverter(str(n), **{key: value}) for n, value in enumerate(seen))).get(key)


def test_a_lone_inverter_is_its_own_unit() -> None:
    alone = inverter("1", soc_pct=50)
    assert folded(alone) is alone.reading


def test_a_unit_nobody_is_in_reports_nothing() -> None:
    assert unit_reading(Plant((inverter("1"),)), "B") == NOTHING


def test_powers_and_energies_are_sums_and_unknown_if_a_members_is() -> None:
    assert fold_of("pv_power_w", 3000, 1500) == 4500
    assert fold_of("pv_power_w", 3000, None) is None
    reading = folded(inverter("1", pv_power_w=3000), inverter("2"))
    assert reading.get("pv_power_w") is None
    assert reading.why["pv_power_w"] is Unknown.MISSING


def test_soc_is_the_mean_of_known_members_weighted_by_capacity() -> None:
    big, small = inverter("1", capacity=300, soc_pct=80), inverter("2", capacity=100, soc_pct=40)
    assert folded(big, small).get("soc_pct") == 70
    assert folded(big, small).capacity_ah == 400
    assert folded(big, inverter("2", capacity=100, soc_pct=None)).get("soc_pct") == 80
    assert folded(big, inverter("2", soc_pct=40)).get("soc_pct") == 60
    assert folded(big, inverter("2", soc_pct=40)).capacity_ah is None


@pytest.mark.parametrize(
    ("key", "seen", "value"),
    [
        ("inverter_temperature_c", (40, 55), 55),
        ("cell_delta_mv", (12, None), 12),
        ("soh_pct", (97, 99), 97),
        ("battery_voltage_v", (52.0, 53.0), 52.5),
        ("battery_voltage_v", (None, None), None),
        ("data_age_s", (30, 200), 200),
        ("grid", ("up", "up"), "up"),
        ("grid", ("up", None), "up"),
        ("grid", ("up", "down"), None),
        ("grid", ("down", "down"), "down"),
        ("online", ("yes", "yes"), "yes"),
        ("online", ("yes", "no"), "no"),
        ("online", (None, "yes"), None),
        ("online", (True, False), "no"),
        ("generator", ("idle", "running"), "running"),
        ("generator", ("idle", None), None),
        ("quick_charge", ("off", "off"), "off"),
        ("quick_charge", ("off", True), "on"),
        ("firmware", ("current", "update available"), "update available"),
        ("firmware", ("current", "current"), "current"),
        ("firmware", ("updating", "update available"), frozenset({"updating", "update available"})),
        ("firmware", (None, None), None),
        ("status", (frozenset({"normal"}), frozenset({"fault"})), frozenset({"normal", "fault"})),
        ("status", (frozenset({"normal"}), None), frozenset({"normal"})),
        ("status", (None, None), None),
        ("faults", (frozenset(), frozenset({"E019"})), frozenset({"E019"})),
        ("faults", (None, frozenset({"E019"})), frozenset({"E019"})),
        ("faults", (None, frozenset()), None),
        ("faults", (frozenset(), frozenset()), frozenset()),
    ],
)
def test_each_value_folds_by_its_rule(key: str, seen: tuple[Any, ...], value: Any) -> None:  # noqa: ANN401
    assert fold_of(key, *seen) == value


def test_quick_charge_is_the_primarys_where_only_that_one_reports_it() -> None:
    assert folded(inverter("1", quick_charge="off"), inverter("2")).get("quick_charge") == "off"


def test_the_oldest_upload_is_the_units() -> None:
    assert folded(inverter("1", age_min=1), inverter("2", age_min=5)).uploaded_at == NOON - timedelta(
        minutes=5
    )


def test_why_follows_the_member_that_does_not_know() -> None:
    lost = Device(
        "2", Kind.INVERTER, "A", reading=Reading({"pv_power_w": None}, {"pv_power_w": Unknown.LOST})
    )
    reading = folded(inverter("1", pv_power_w=1), lost)
    assert reading.why == {"pv_power_w": Unknown.LOST}
    assert reading.uploaded_at is None


def test_house_and_grid_come_from_the_gridboss() -> None:
    boss = gridboss(
        load_power_w=2500, grid_power_l1_w=900, grid="up", smart_port1="on", status=frozenset({"fault"})
    )
    own = inverter("1", load_power_w=1200, soc_pct=50, grid=None, status=frozenset({"normal"}))
    reading = folded(own, boss)
    assert reading.get("load_power_w") == 2500
    assert reading.get("grid_power_l1_w") == 900
    assert reading.get("grid") == "up"
    assert reading.get("smart_port1") == "on"
    assert reading.get("soc_pct") == 50
    assert reading.get("status") == frozenset({"normal"})


@pytest.mark.parametrize(
    ("boss", "members", "whole", "first"),
    [
        ("up", ("up", "up"), "up", "up"),
        ("up", ("down", "down"), None, None),
        ("up", ("down", None), None, None),
        ("up", ("down", "up"), "up", None),
        ("up", ("up", "down"), "up", "up"),
        ("up", (None, None), "up", "up"),
        ("down", ("up", "up"), "down", "down"),
        (None, ("down", "down"), "down", "down"),
    ],
)
def test_a_gridboss_that_sees_mains_is_not_believed_against_an_inverter_that_has_none(
    boss: str | None, members: tuple[str | None, ...], whole: str | None, first: str | None
) -> None:
    """It may have been silent since before the outage, and on one wire its answer has no stamp."""
    devices = [inverter(str(number), grid=word) for number, word in enumerate(members)]
    plant = Plant((*devices, gridboss(grid=boss)))
    assert unit_reading(plant, devices[0].unit).get("grid") == whole
    assert inverter_reading(plant, devices[0]).get("grid") == first


def test_powers_the_gridboss_does_not_know_stay_unknown_but_voltages_fall_back() -> None:
    own = inverter("1", load_power_w=1200, grid_voltage_v=241.0, grid_frequency_hz=60.0, grid="up")
    reading = folded(own, gridboss(grid_voltage_v=None))
    assert reading.get("load_power_w") is None
    assert reading.why == {"load_power_w": Unknown.MISSING}
    assert (reading.get("grid_voltage_v"), reading.get("grid")) == (241.0, "up")


def test_an_inverter_by_itself_borrows_only_what_it_cannot_see() -> None:
    own = inverter("1", load_power_w=1200, grid="up")
    plant = Plant((own, gridboss(load_power_w=2500, smart_port2_power_w=300, grid="down")))
    reading = inverter_reading(plant, own)
    assert (reading.get("load_power_w"), reading.get("smart_port2_power_w")) == (1200, 300)
    assert reading.get("grid") == "down"
    assert inverter_reading(Plant((own,)), own) is own.reading
    assert inverter_reading(plant, plant.devices[1]) is plant.devices[1].reading
