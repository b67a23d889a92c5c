"""Quantities as people write them ("2.5 kW", "50%", "10 min") and as the core holds them (W, %, s).

Parsing is strict: a number whose unit is missing is taken only where no other unit could be meant.
"""

import re
from enum import StrEnum


class Unit(StrEnum):
    """The base unit of a value. The value of the enum is the suffix that names in code and JSON carry."""

    PCT = "pct"
    V = "v"
    A = "a"
    W = "w"
    VA = "va"
    HZ = "hz"
    C = "c"
    MV = "mv"
    KWH = "kwh"
    S = "s"
    PRICE = "per_kwh"
    NONE = ""


SYMBOLS: dict[Unit, str] = {
    Unit.PCT: "%", Unit.V: "V", Unit.A: "A", Unit.W: "W", Unit.VA: "VA", Unit.HZ: "Hz",
    Unit.C: "°C", Unit.MV: "mV", Unit.KWH: "kWh", Unit.S: "s", Unit.PRICE: "per kWh", Unit.NONE: "",
}  # fmt: skip

_FACTORS: dict[Unit, dict[str, float]] = {
    Unit.PCT: {"%": 1, "percent": 1, "": 1},
    Unit.V: {"v": 1, "mv": 0.001},
    Unit.A: {"a": 1, "": 1},
    Unit.W: {"w": 1, "kw": 1000},
    Unit.VA: {"va": 1, "kva": 1000},
    Unit.HZ: {"hz": 1, "": 1},
    Unit.C: {"°c": 1, "c": 1, "": 1},
    Unit.MV: {"mv": 1, "v": 1000},
    Unit.KWH: {"kwh": 1, "wh": 0.001},
    Unit.S: {
        "s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "m": 60,
        "h": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400, "days": 86400,
        "week": 604800, "weeks": 604800, "year": 31536000, "years": 31536000,
    },
    Unit.PRICE: {"": 1, "per kwh": 1, "/kwh": 1},
    Unit.NONE: {"": 1},
}  # fmt: skip

_QUANTITY = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(\D*?)\s*", re.ASCII)


def parse_quantity(text: str | int | float, unit: Unit) -> float:
    """The value in the base unit of `unit`. Raises ValueError with a sentence an owner understands.

    >>> parse_quantity("2.5 kW", Unit.W)
    2500.0
    """
    factors = _FACTORS[unit]
    match = _QUANTITY.fullmatch(str(text)) if not isinstance(text, bool) else None
    if match is None:
        raise ValueError(f"{text!r} is not a quantity; write it like {example(unit)}")
    number, word = float(match[1]), " ".join(match[2].lower().split())
    if word not in factors:
        if word == "" and number == 0:
            return 0.0
        if word == "":
            raise ValueError(f"{text} needs a unit; write it like {example(unit)}")
        raise ValueError(f"{match[2].strip()!r} is not a unit of this value; write it like {example(unit)}")
    value = number * factors[word]
    return round(value, 6)


def parse_duration_s(text: str | int | float) -> float:
    """Seconds, never negative: "10 min", "1.5 h", "2 h 30 min", "90 s". Raises ValueError."""
    parts = re.findall(r"[+-]?[\d.]+\s*[^\d\s.]*", str(text))
    if not parts or "".join("".join(parts).split()) != "".join(str(text).split()):
        raise ValueError(f"{text!r} is not a length of time; write it like 10 min or 1.5 h")
    total = sum(parse_quantity(part, Unit.S) for part in parts)
    if total < 0:
        raise ValueError(f"{text!r} is a negative length of time")
    return total


def format_quantity(value: float, unit: Unit) -> str:
    """A value for people: 2500 W is "2.5 kW", 600 s is "10 min", 53.0 V is "53.0 V"."""
    if unit is Unit.S:
        return format_duration(value)
    if unit is Unit.W and abs(value) >= 1000:
        return f"{round(value / 1000, 2):g} kW"
    if unit in (Unit.V, Unit.KWH):
        return f"{value:.1f} {SYMBOLS[unit]}"
    if unit is Unit.HZ:
        return f"{value:.2f} Hz"
    if unit is Unit.NONE:
        return f"{value:g}"
    return f"{value:.6g} {SYMBOLS[unit]}"


def format_duration(seconds: float) -> str:
    """A length of time for people, in at most two units: "45 s", "10 min", "1 h 30 min", "2 days"."""
    whole = round(seconds)
    for size, word in ((86400, "day"), (3600, "h"), (60, "min")):
        if whole >= size:
            count, rest = divmod(whole, size)
            lower = {86400: (3600, "h"), 3600: (60, "min"), 60: (1, "s")}[size]
            plural = "s" if word == "day" and count != 1 else ""
            tail = f" {rest // lower[0]} {lower[1]}" if rest >= lower[0] else ""
            return f"{count} {word}{plural}{tail}"
    return f"{whole} s"


def example(unit: Unit) -> str:
    """How such a value is written, for error messages."""
    return {
        Unit.PCT: "60%", Unit.V: "53.5 V", Unit.A: "50 A", Unit.W: "2.5 kW or 2500 W", Unit.VA: "500 VA",
        Unit.HZ: "60 Hz", Unit.C: "40 °C", Unit.MV: "50 mV", Unit.KWH: "12 kWh", Unit.S: "10 min or 1.5 h",
        Unit.PRICE: "0.12", Unit.NONE: "3",
    }[unit]  # fmt: skip
