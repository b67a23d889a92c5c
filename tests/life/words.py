"""What both wires say about settings, told once more: the client's own tables are under test here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from luxagent.sim.house import House
from luxagent.sim.registers import Registers
from luxagent.sim.world import Request

Value = float | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A setting: the inverter's register, what one unit of it is in ours, and the range of the catalogue."""

    register: str
    unit: float = 1
    low: float = 0
    high: float = 1


ROWS: dict[str, Row] = {
    "charge_limit": Row("HOLD_SYSTEM_CHARGE_SOC_LIMIT", 1, 10, 101),
    "ac_charge_limit": Row("HOLD_AC_CHARGE_SOC_LIMIT", 1, 0, 100),
    "ac_charge_power": Row("HOLD_AC_CHARGE_POWER_CMD", 1000, 0, 15_000),
    "pv_charge_power": Row("HOLD_FORCED_CHG_POWER_CMD", 1000, 0, 15_000),
    "discharge_floor": Row("HOLD_DISCHG_CUT_OFF_SOC_EOD", 1, 0, 100),
    "discharge_current": Row("HOLD_LEAD_ACID_DISCHARGE_RATE", 1, 0, 250),
    "ac_charge": Row("FUNC_AC_CHARGE"),
    "forced_discharge": Row("FUNC_FORCED_DISCHG_EN"),
    "eps": Row("FUNC_EPS_EN"),
    "operating_mode": Row("FUNC_SET_TO_STANDBY"),
}
BY_REGISTER = {row.register: name for name, row in ROWS.items()}
DOCUMENT_NAMES = {
    "21": "charge_limit",
    "22": "ac_charge_power",
    "23": "pv_charge_power",
    "operatingMode": "operating_mode",
    "batteryBackup": "eps",
    "quickCharge": "quick_charge",
}
_SHOWN_BY_NUMBER = {"64": "operating_mode", "65": "quick_charge", "66": "eps"}
_SUFFIXES = ("", "_1", "_2")
CONTROL = ("remoteSet/", "quickCharge/start", "quickCharge/stop")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one control request asks for. `part` is the portal's own name: an edge of a window, say."""

    serial: str
    setting: str
    part: str
    value: Value


def asked_of(request: Request) -> Asked | None:
    """The wish in a control request; None for any other. Raises KeyError for a name nobody may write."""
    if not any(mark in request.path for mark in CONTROL):
        return None
    form, serial = request.form, request.serial
    if "quickCharge" in request.path:
        on = request.path.endswith("start")
        return Asked(serial, "quick_charge", "quick", float(form["minute"]) * 60 if on else False)
    if "timeParam" in form:
        if not form["timeParam"].startswith("HOLD_AC_CHARGE_"):
            raise KeyError(form["timeParam"])
        edge = f"{int(form['hour']):02d}:{int(form['minute']):02d}"
        return Asked(serial, "ac_charge_windows", form["timeParam"], edge)
    if "data" in form:
        number, text = form["data"].split(":")
        return Asked(serial, DOCUMENT_NAMES[number], number, float(text))
    if "function" in form:
        name, on = DOCUMENT_NAMES[form["function"]], form["value"] == "1"
        return Asked(serial, name, form["function"], _mode(on) if name == "operating_mode" else on)
    if "functionParam" in form:
        name, on = BY_REGISTER[form["functionParam"]], form["enable"].lower() == "true"
        return Asked(serial, name, form["functionParam"], _mode(not on) if name == "operating_mode" else on)
    name = BY_REGISTER[form["holdParam"]]
    return Asked(serial, name, form["holdParam"], float(form["valueText"]) * ROWS[name].unit)


def speaks_of_another(body: bytes, serial: str) -> bool:
    """Whether an answer names another device than the one that was asked for."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    named = answer.get("serialNum") if isinstance(answer, dict) else None
    return named is not None and named != serial


def shown_in(body: bytes) -> dict[str, Value]:
    """The settings that an answer shows; empty where it shows none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(answer, dict) or answer.get("success") is not True:
        return {}
    if "hasUnclosedQuickChargeTask" in answer:
        return {"quick_charge": bool(answer["hasUnclosedQuickChargeTask"])}
    if "parameters" in answer:
        rows = {str(row["paramId"]): row["value"] for row in answer["parameters"]}
        names = DOCUMENT_NAMES | _SHOWN_BY_NUMBER
        return {names[key]: _turned(names[key], float(value)) for key, value in rows.items()}
    shown: dict[str, Value] = {}
    for register, name in BY_REGISTER.items():
        if register in answer:
            raw = answer[register]
            shown[name] = _read(name, raw if isinstance(raw, bool) else float(raw))
    if "HOLD_AC_CHARGE_START_HOUR" in answer:
        shown["ac_charge_windows"] = ()
    return shown


def truth(house: House, serial: str, setting: str) -> Value:
    """What the inverter itself has."""
    registers = house.inverters[serial].registers
    if setting == "ac_charge_windows":
        return tuple(sorted(_window(registers, suffix) for suffix in _SUFFIXES if _used(registers, suffix)))
    return _read(setting, registers[ROWS[setting].register])


def register_value(setting: str, value: Value) -> float | bool:
    """A value as the register holds it."""
    if setting == "operating_mode":
        return value == "normal"
    return value if isinstance(value, bool) else float(value) / ROWS[setting].unit  # type: ignore[arg-type]


def same(setting: str, one: Value, other: Value) -> bool:
    if isinstance(one, str | bool | tuple) or isinstance(other, str | bool | tuple):
        return one == other
    return abs(one - other) < (50 if ROWS[setting].unit > 1 else 0.5)


def out_of_range(asked: Asked) -> bool:
    """Whether no inverter of this kind has such a value."""
    if isinstance(asked.value, bool | str):
        return False
    if asked.setting == "quick_charge":
        return not 60 <= asked.value <= 86_400  # type: ignore[operator]
    row = ROWS[asked.setting]
    return not row.low <= asked.value <= row.high  # type: ignore[operator]


def runtime_of(body: bytes) -> Mapping[str, object] | None:
    """The answer to a question for the readings; None where it is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    good = isinstance(answer, dict) and answer.get("success") is True and "serverTime" in answer
    return answer if good else None


def mains_of(body: bytes) -> float | None:
    """The volts of the mains in a GridBOSS's answer; None where it does not say."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or answer.get("success") is not True or answer.get("lost") is True:
        return None
    if "midboxData" in answer:
        return float(answer["midboxData"]["gridRmsVolt"]) / 10
    return (
        float(answer["gridVoltageL1"] + answer["gridVoltageL2"]) / 100 if "gridVoltageL1" in answer else None
    )


def _mode(standby: bool) -> str:
    return "standby" if standby else "normal"


def _turned(name: str, value: float) -> Value:
    if name == "operating_mode":
        return _mode(bool(value))
    return bool(value) if name in ("eps", "quick_charge") else value


def _read(name: str, raw: float | bool) -> Value:
    if name == "operating_mode":
        return _mode(not raw)
    return raw if isinstance(raw, bool) else float(raw) * ROWS[name].unit


def _edge(registers: Registers, edge: str, suffix: str) -> str:
    hour, minute = (registers.number(f"HOLD_AC_CHARGE_{edge}_{part}{suffix}") for part in ("HOUR", "MINUTE"))
    return f"{int(hour):02d}:{int(minute):02d}"


def _used(registers: Registers, suffix: str) -> bool:
    return _edge(registers, "START", suffix) != _edge(registers, "END", suffix)


def _window(registers: Registers, suffix: str) -> str:
    return f"{_edge(registers, 'START', suffix)}-{_edge(registers, 'END', suffix)}"
