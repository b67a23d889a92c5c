"""What the two portals call our settings, and what a raw name of theirs therefore really sets.

A setting has one master: whoever writes it by the portal's own name means the row of the catalogue, with its
limits, its leave and its guards. Names are compared without regard to case, as a portal may do.
"""

import re

from luxagent.core.facts.settings import (
    PARAMETER_PREFIX,
    RAW_PREFIX,
    SETTINGS,
    SettingKind,
    SettingValue,
)
from luxagent.core.values.units import Unit

LIVE_KEYS: dict[str, str] = {
    "charge_limit": "HOLD_SYSTEM_CHARGE_SOC_LIMIT",
    "ac_charge_power": "HOLD_AC_CHARGE_POWER_CMD",
    "pv_charge_power": "HOLD_FORCED_CHG_POWER_CMD",
    "operating_mode": "FUNC_SET_TO_STANDBY",
    "eps": "FUNC_EPS_EN",
    "ac_charge": "FUNC_AC_CHARGE",
    "ac_charge_type": "BIT_AC_CHARGE_TYPE",
    "ac_charge_limit": "HOLD_AC_CHARGE_SOC_LIMIT",
    "ac_charge_start": "HOLD_AC_CHARGE_START_BATTERY_SOC",
    "forced_charge": "FUNC_FORCED_CHG_EN",
    "forced_charge_limit": "HOLD_FORCED_CHG_SOC_LIMIT",
    "forced_discharge": "FUNC_FORCED_DISCHG_EN",
    "forced_discharge_power": "HOLD_FORCED_DISCHG_POWER_CMD",
    "forced_discharge_floor": "HOLD_FORCED_DISCHG_SOC_LIMIT",
    "discharge_floor": "HOLD_DISCHG_CUT_OFF_SOC_EOD",
    "outage_floor": "HOLD_SOC_LOW_LIMIT_EPS_DISCHG",
    "charge_current": "HOLD_LEAD_ACID_CHARGE_RATE",
    "discharge_current": "HOLD_LEAD_ACID_DISCHARGE_RATE",
    "export": "FUNC_FEED_IN_GRID_EN",
    "export_limit": "HOLD_FEED_IN_GRID_POWER_PERCENT",
    "peak_shaving": "FUNC_GRID_PEAK_SHAVING",
    "peak_shaving_power": "_12K_HOLD_GRID_PEAK_SHAVING_POWER",
    "charge_last": "FUNC_CHARGE_LAST",
    "backup_mode": "FUNC_BATTERY_BACKUP_CTRL",
}
"""The live portal's name of each. Powers are told in kW there."""
LIVE_WINDOWS: dict[str, str] = {
    "ac_charge_windows": "HOLD_AC_CHARGE",
    "forced_charge_windows": "HOLD_FORCED_CHARGE",
    "forced_discharge_windows": "HOLD_FORCED_DISCHARGE",
}
"""How the names of a schedule's edges begin: each edge is an hour and a minute, three windows each."""
LIVE_WORDS: dict[str, dict[int, str]] = {
    "operating_mode": {0: "standby", 1: "normal"},  # upside down: true means that the inverter runs
    "ac_charge_type": {0: "time", 1: "soc", 2: "both"},
}
NUMBERS: dict[str, str] = {
    "charge_limit": "21",
    "ac_charge_power": "22",
    "pv_charge_power": "23",
    "operating_mode": "64",
    "eps": "66",
}
"""The documented portal's number of each. Powers are told in W there."""
NUMBER_WORDS: dict[str, dict[int, str]] = {"operating_mode": {0: "normal", 1: "standby"}}
_QUICK_CHARGE_NUMBER = "65"

_OWN = {RAW_PREFIX + key: name for name, key in LIVE_KEYS.items()} | {
    PARAMETER_PREFIX + number: name for name, number in NUMBERS.items()
}
_EDGE = re.compile(r"_(START|END)_(HOUR|MINUTE|TIME)(_\d)?")
_TIME = re.compile(r"HOLD_\w+_(START|END)_TIME(_\d+)?", re.ASCII)
_DISCHARGE_SHARE = RAW_PREFIX + "HOLD_DISCHG_POWER_PERCENT_CMD"
_INSTALLER = "it is an installer's setting, and a wrong value stops the solar input"
_SHARE_OF_CHARGE = "it throttles every charge, and 0 or 1 all but ends it; charge_current does that in amps"
_UNPROVEN = (
    "it is an edge of a window, which the portal does not show again under that name, so that nobody could "
    "see whether it holds; set it in the portal"
)
_HAZARDS: dict[str, str] = {
    "HOLD_PV_INPUT_MODE": _INSTALLER,
    "HOLD_START_PV_VOLT": _INSTALLER,
    "HOLD_CHG_POWER_PERCENT_CMD": _SHARE_OF_CHARGE,
    "HOLD_CHARGE_POWER_PERCENT_CMD": _SHARE_OF_CHARGE,
    **{
        f"BIT_MIDBOX_SP_MODE_{port}": "turning a port of the GridBOSS with a source on it is unsafe"
        for port in range(1, 5)
    },
}
_ON_OFF = {
    "true": True,
    "1": True,
    "on": True,
    "yes": True,
    "false": False,
    "0": False,
    "off": False,
    "no": False,
}
_NUMBER = re.compile(r"\d{1,6}(\.\d{0,6})?", re.ASCII)


def own_name(name: str) -> str | None:
    """The catalogue's name of what a raw name sets; None where it is not raw, or in no row."""
    prefix, _, key = name.partition(":")
    if name.startswith(PARAMETER_PREFIX):
        return "quick_charge" if key == _QUICK_CHARGE_NUMBER else _OWN.get(name)
    if not name.startswith(RAW_PREFIX):
        return None
    found = _OWN.get(f"{prefix}:{key.upper()}")
    if found is not None:
        return found
    return next((own for own, family in LIVE_WINDOWS.items() if _is_edge(key.upper(), family)), None)


def own_value(name: str, told: SettingValue | None) -> SettingValue | None:
    """The value of that row which a raw value means; None where there is none, or not in one text."""
    own = own_name(name)
    row = SETTINGS.get(own) if own is not None else None
    if row is None or told is None:
        return None
    live = name.startswith(RAW_PREFIX)
    if row.kind is SettingKind.NUMBER:
        number = as_number(told)
        kilo = live and row.unit is Unit.W
        return round(number * 1000, 3) if kilo and number is not None else number
    if row.kind is SettingKind.SWITCH:
        return _switch(told)
    if row.kind is SettingKind.MODE:
        words = (LIVE_WORDS if live else NUMBER_WORDS)[row.name]
        switch = _switch(told) if len(words) == 2 else None
        number = as_number(told) if switch is None else float(switch)
        return words.get(int(number)) if number is not None and number == int(number) else None
    return None


def wire_lacks(name: str, wire: str) -> bool:
    """Whether this form of the portal does not have a setting at all; False where the wire is not known yet.

    The document's wire knows what has a number and the quick charge, the live one no numbers.
    """
    if wire == "document":
        return not (name in NUMBERS or name == "quick_charge" or name.startswith(PARAMETER_PREFIX))
    return wire == "live" and name.startswith(PARAMETER_PREFIX)


def lists_events(wire: str) -> bool:
    """Whether this form of the portal tells the codes of faults; True where the wire is not known yet."""
    return wire != "document"


def hazard(name: str) -> str | None:
    """Why a raw name is for no rule; None for all others."""
    if not name.startswith(RAW_PREFIX):
        return None
    key = name.removeprefix(RAW_PREFIX).upper()
    if _TIME.fullmatch(key) and own_name(name) is None:
        return _UNPROVEN
    return _HAZARDS.get(key)


def is_discharge_share(name: str) -> bool:
    """Whether a raw name is the share of the discharge power, which has no row and carries the backup."""
    return (
        name.startswith(RAW_PREFIX) and RAW_PREFIX + name.removeprefix(RAW_PREFIX).upper() == _DISCHARGE_SHARE
    )


def ends_discharge(name: str, told: SettingValue | None) -> bool:
    """Whether a raw value stops the battery from discharging, and so the backup output too."""
    number = as_number(told)
    return is_discharge_share(name) and (number is None or number < 1)


def _is_edge(key: str, family: str) -> bool:
    return key.startswith(family) and _EDGE.fullmatch(key, len(family)) is not None


def as_number(told: SettingValue | None) -> float | None:
    """A raw value as a number; None where it is none."""
    if told is None or isinstance(told, bool | tuple):
        return None
    if isinstance(told, str):
        return float(told) if _NUMBER.fullmatch(told.strip()) else None
    return float(told)


def _switch(told: SettingValue) -> bool | None:
    if isinstance(told, bool):
        return told
    if isinstance(told, str):
        return _ON_OFF.get(told.strip().lower())
    return {0.0: False, 1.0: True}.get(told) if isinstance(told, int | float) else None
