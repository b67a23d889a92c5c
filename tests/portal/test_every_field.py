"""Every field of every table: its raw number, its unit (the end of the key) and its sign, on both wires."""

from datetime import timedelta

import pytest

from luxagent.portal import runtime
from luxagent.portal.document import answers as document
from luxagent.portal.fields import Field
from luxagent.portal.live import answers as live
from luxagent.portal.records import Report

UTC_STAMPS = timedelta()
BOTH = {
    "soc": (71, "soc_pct", 71),
    "vBat": (530, "battery_voltage_v", 53.0),
    "tBat": (-2, "battery_temperature_c", -2),
    "ppv": (4200, "pv_power_w", 4200),
    **{f"ppv{n}": (700 + n, f"pv{n}_power_w", 700 + n) for n in range(1, 7)},
    **{f"vpv{n}": (3780 + n, f"pv{n}_voltage_v", 378 + n / 10) for n in range(1, 7)},
    "pToUser": (1030, "grid_import_power_w", 1030),
    "pToGrid": (900, "grid_export_power_w", 900),
    "vacr": (2411, "grid_voltage_v", 241.1),
    "fac": (5998, "grid_frequency_hz", 59.98),
    "peps": (310, "eps_power_w", 310),
    "vepsr": (2410, "eps_voltage_v", 241.0),
    "genPower": (1074, "generator_power_w", 1074),
    "genVolt": (2400, "generator_voltage_v", 240.0),
    "genFreq": (6010, "generator_frequency_hz", 60.1),
    "acCouplePower": (1066, "ac_couple_power_w", 1066),
    "tinner": (39, "inverter_temperature_c", 39),
    "vBus1": (3703, "bus_voltage_v", 370.3),
    "pinv": (2350, "inverter_power_w", 2350),
    "prec": (1067, "rectifier_power_w", 1067),
    "seps": (330, "eps_apparent_power_va", 330),
    "feps": (5998, "eps_frequency_hz", 59.98),
    "vBus2": (3228, "half_bus_voltage_v", 322.8),
}
_FLOWS = {
    "pv": ("Yielding", "e"),
    "import": ("Import", "gridBuy"),
    "export": ("Export", "gridSell"),
    "load": ("Usage", "consumption"),
    "charge": ("Charging", "charge"),
    "discharge": ("Discharging", "discharge"),
}
LIVE_ENERGY = {
    f"{span}{theirs}": (191, f"{ours}_energy_{span}_kwh", 19.1)
    for span in ("today", "total")
    for ours, (theirs, _) in _FLOWS.items()
}
DOCUMENT_ENERGY = {
    f"{theirs}{span.title()}": (19.1, f"{ours}_energy_{span}_kwh", 19.1)
    for span in ("today", "month", "year", "total")
    for ours, (_, theirs) in _FLOWS.items()
    if span != "total" or ours == "pv"
}
LIVE_BOSS = {
    "gridL1ActivePower": (872, "grid_power_l1_w", 872),
    "gridL2ActivePower": (-1169, "grid_power_l2_w", -1169),
    "gridRmsVolt": (2418, "grid_voltage_v", 241.8),
    "gridFreq": (5998, "grid_frequency_hz", 59.98),
    "upsRmsVolt": (2420, "eps_voltage_v", 242.0),
    "genRmsVolt": (9, "generator_voltage_v", 0.9),
    "genFreq": (0, "generator_frequency_hz", 0),
    **{
        f"{side}L{n}RmsVolt": (1208, f"{side}_voltage_l{n}_v", 120.8)
        for side in ("grid", "ups", "gen")
        for n in (1, 2)
    },
    **{
        f"{side}L{n}RmsCurr": (85, f"{side}_current_l{n}_a", 8.5)
        for side in ("grid", "load", "gen", "ups")
        for n in (1, 2)
    },
    "hybridPower": (-2042, "hybrid_power_w", -2042),
}
DOCUMENT_BOSS = {
    "gridPowerL1": (1024, "grid_power_l1_w", 1024),
    "gridPowerL2": (-984, "grid_power_l2_w", -984),
    "gridPowerL3": (0, "grid_power_l3_w", 0),
    "gridFrequency": (6000, "grid_frequency_hz", 60.0),
    "loadPower": (2500, "load_power_w", 2500),
    **{f"smartPort{n}Power": (500, f"smart_port{n}_power_w", 500) for n in range(1, 5)},
    "acCouplePower": (1500, "ac_couple_power_w", 1500),
    "generatorPower": (2200, "generator_power_w", 2200),
    "generatorVoltage": (24010, "generator_voltage_v", 240.1),
    "generatorFrequency": (5990, "generator_frequency_hz", 59.9),
    **{f"gridVoltageL{n}": (12050, f"grid_voltage_l{n}_v", 120.5) for n in (1, 2, 3)},
    **{f"gridCurrentL{n}": (850, f"grid_current_l{n}_a", 8.5) for n in (1, 2, 3)},
    "loadVoltage": (12025, "load_voltage_v", 120.25),
    "loadCurrent": (2080, "load_current_a", 20.8),
}
LIVE_BANK = {"soc": (71, "soc_pct", 71), "vBat": (530, "battery_voltage_v", 53.0)}
DOCUMENT_BANK = {
    **LIVE_BANK,
    "pBat": (-640, "battery_power_w", -640),
    "tBat": (25, "battery_temperature_c", 25),
}
Row = tuple[float, str, float]
TABLES: dict[str, tuple[tuple[Field, ...], dict[str, Row]]] = {
    "runtime": (runtime.RUNTIME, BOTH),
    "live energy": (live.ENERGY, LIVE_ENERGY),
    "document energy": (document.ENERGY, DOCUMENT_ENERGY),
    "live bank": (live.BATTERY, LIVE_BANK),
    "document bank": (document.BATTERY, DOCUMENT_BANK),
    "live gridboss": (live.GRIDBOSS, LIVE_BOSS),
    "document gridboss": (document.GRIDBOSS, DOCUMENT_BOSS),
}


def decoded(table: str, answer: dict[str, object]) -> list[Report]:
    """The answer as each wire that has this table reads it."""
    match table:
        case "runtime":
            return [wire.runtime(answer, {}, UTC_STAMPS) for wire in (live, document)]
        case "live energy":
            return [live.energy(answer, {})]
        case "document energy":
            return [document.energy(answer, {})]
        case "live bank":
            return [live.battery(answer, {}, "X")]
        case "document bank":
            return [document.battery(answer, {}, "X")]
        case "live gridboss":
            return [live.gridboss({"success": True, "lost": False, "midboxData": answer}, {}, UTC_STAMPS)]
        case _:
            return [document.gridboss(answer, {}, UTC_STAMPS)]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_field_of_a_table_is_without_its_example(name: str) -> None:
    table, examples = TABLES[name]
    assert {row.portal: row.ours for row in table} == {key: row[1] for key, row in examples.items()}


@pytest.mark.parametrize(
    ("name", "portal", "raw", "ours", "value"),
    [(name, key, *row) for name, (_, rows) in TABLES.items() for key, row in rows.items()],
    ids=str,
)
def test_each_field_has_its_unit_and_sign(
    name: str, portal: str, raw: float, ours: str, value: float
) -> None:
    everything = {key: row[0] for key, row in TABLES[name][1].items()}
    for report in decoded(name, {"success": True, **everything}):
        assert {**report.values, **report.more}[ours] == pytest.approx(value)
        assert ours not in report.why
    for report in decoded(name, {"success": True, **everything, portal: None}):
        if ours in report.why or ours in report.values:
            assert {**report.values, **report.more}.get(ours) is None, "missing must be unknown, never zero"
