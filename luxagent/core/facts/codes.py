"""What the codes of a live portal's event list mean. E is a fault, W a warning; the number is a bit.

From lxp-bridge's packet notes and pylxpweb's table. A code that is not here is told as it is.
"""

_FAULTS = {
    0: "internal communication", 1: "models do not match", 2: "a battery switch does not close",
    3: "current transformer", 8: "parallel link lost", 9: "no primary inverter in the group",
    10: "rated powers differ", 11: "grid or safety settings differ", 12: "backup output shorted",
    13: "current flows back into the backup output", 14: "DC bus shorted", 15: "phase order",
    16: "relay", 17: "internal communication", 18: "internal communication", 19: "DC bus voltage too high",
    20: "wiring of the backup output", 21: "solar voltage too high", 22: "current too high", 23: "neutral",
    24: "solar input shorted", 25: "heatsink temperature", 26: "internal", 27: "consistency check",
    28: "generator wired differently", 29: "parallel inverters out of step", 31: "internal communication",
}  # fmt: skip
_WARNINGS = {
    0: "no link to the battery", 1: "no link to the arc detector", 2: "battery too cold",
    3: "no link to the meter", 4: "the battery forbids charging or discharging", 5: "self-test failed",
    6: "rapid shutdown is active", 7: "no link to the display", 8: "firmware versions do not match",
    9: "a fan is stuck", 10: "grid overloaded", 11: "too many secondary inverters",
    12: "battery wired the wrong way round", 13: "radiator temperature", 14: "several primary inverters",
    15: "battery polarity", 16: "no grid", 17: "grid voltage out of range",
    18: "grid frequency out of range", 20: "insulation low", 21: "leakage current",
    22: "DC in the grid current",
    23: "solar input shorted", 25: "battery voltage too high", 26: "battery voltage too low",
    27: "battery disconnected", 28: "backup output overloaded", 29: "backup voltage too high",
    30: "meter the wrong way round", 31: "DC voltage too high",
}  # fmt: skip

BMS_CODES = {
    0: "none", 1: "cell voltage high", 2: "cell voltage low", 3: "pack voltage high", 4: "pack voltage low",
    5: "too hot to charge", 6: "too cold to charge", 7: "too hot to discharge", 8: "too cold",
    9: "charge current too high", 10: "discharge current too high", 11: "short circuit", 12: "switch too hot",
    13: "cells out of balance", 14: "over capacity",
}  # fmt: skip
"""What a battery's own management says, one at a time; no request brings it yet; provisional."""

GRID_CODES = frozenset({"W016", "W017", "W018"})
"""What an inverter warns of because the mains are gone."""


def is_fault(code: str) -> bool:
    """Whether a code is a fault rather than a warning."""
    return code.upper().startswith("E")


def meaning(code: str) -> str:
    """What a code means; empty where nobody has said."""
    table = _FAULTS if is_fault(code) else _WARNINGS if code.upper().startswith("W") else {}
    number = code[1:]
    return table.get(int(number), "") if number.isascii() and number.isdigit() else ""


def spoken(code: str) -> str:
    """The code with its meaning."""
    found = meaning(code)
    return f"{code} ({found})" if found else code
