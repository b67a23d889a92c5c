"""What a device says of itself in words: status, mains, generator, online. Alike on both wires."""

from luxagent.core.values.tri import Tri
from luxagent.portal.fields import Sheet, flag, whole

STANDBY, FAULT, PROGRAMMING = 0, 1, 2
OFF_GRID_FROM = 64
"""Every code from here on means that the mains are gone: the best single sign of an outage."""

CODE_WORDS: dict[int, frozenset[str]] = {
    STANDBY: frozenset({"standby"}),
    FAULT: frozenset({"fault"}),
    PROGRAMMING: frozenset(),
    4: frozenset(),  # PV to grid and load
    8: frozenset({"charging"}),  # PV to battery
    12: frozenset({"charging"}),  # PV to battery and grid
    16: frozenset({"discharging"}),  # battery to grid and load
    17: frozenset({"standby"}),  # bypass
    20: frozenset({"discharging"}),  # PV and battery to grid and load
    25: frozenset({"charging"}),  # PV charge and bypass
    32: frozenset({"charging"}),  # from AC
    40: frozenset({"charging"}),  # from PV and AC
    64: frozenset({"off-grid", "discharging"}),
    96: frozenset({"off-grid", "charging"}),  # AC-coupled
    128: frozenset({"off-grid"}),  # on PV
    136: frozenset({"off-grid", "charging"}),
    192: frozenset({"off-grid", "discharging"}),  # on PV and battery
}
"""The operating mode `status`: live; the document's sample, 32 while it charges from AC, agrees."""

_MAINS_CODES = frozenset({4, 8, 12, 16, 17, 20, 25, 32, 40})
"""Codes that mean the mains are there; standby, fault and programming say nothing about them."""

CHARGES_FROM_GRID = frozenset({32, 40})
"""Codes of charging from the grid, alone or beside solar power."""

_LINK_WORDS = {
    "normal": "normal",
    "offline": "offline",
    "fault": "fault",
    "error": "fault",
    "warning": "warning",
}
_MAINS_GONE_V, _MAINS_THERE_V = 50.0, 80.0
"""Below the one there are no mains anywhere; above the other there are. Between them we do not say."""
_GENERATOR_V, _GENERATOR_HZ = 50.0, 40.0


def online(sheet: Sheet) -> Tri:
    """Whether the portal hears the device. Without any sign, an answer with numbers in it counts as yes."""
    lost = flag(sheet.answer.get("lost"))
    text = sheet.answer.get("statusText")
    link = _LINK_WORDS.get(text.strip().lower()) if isinstance(text, str) else None
    if lost is True or link == "offline":
        return False
    if lost is False or link is not None:
        return True
    return True if any(v is not None for v in sheet.values.values()) else None


def status_words(sheet: Sheet, code: int | None) -> frozenset[str] | None:
    """All that holds of the device, from its operating mode and the portal's word for the link."""
    text = sheet.answer.get("statusText")
    link = _LINK_WORDS.get(text.strip().lower()) if isinstance(text, str) else None
    words = set(CODE_WORDS.get(code, ()) if code is not None else ())
    if code is not None and code >= OFF_GRID_FROM:
        words.add("off-grid")  # 68, 160 and others are in no list, but the mains are gone all the same
    if link is not None:
        words.add(link)
    elif code is None:
        return None
    if words & {"fault", "offline", "warning"}:
        words.discard("normal")
    return frozenset(words)


def operating_code(sheet: Sheet) -> int | None:
    """The operating mode as a number."""
    return whole(sheet.answer.get("status"), 0, 255)


def grid_word(code: int | None, mains_v: float | None) -> str | None:
    """Whether the mains are there, by operating mode and voltage; None when these disagree or are silent."""
    signs = set()
    if code is not None and code >= OFF_GRID_FROM:
        signs.add("down")
    elif code in _MAINS_CODES:
        signs.add("up")
    if mains_v is not None and mains_v < _MAINS_GONE_V:
        signs.add("down")
    elif mains_v is not None and mains_v >= _MAINS_THERE_V:
        signs.add("up")
    return signs.pop() if len(signs) == 1 else None


def generator_word(voltage_v: float | None, frequency_hz: float | None) -> str | None:
    """A generator runs above 50 V and 40 Hz: less is noise on an empty port."""
    if (voltage_v is not None and voltage_v <= _GENERATOR_V) or (
        frequency_hz is not None and frequency_hz <= _GENERATOR_HZ
    ):
        return "idle"
    return None if voltage_v is None or frequency_hz is None else "running"
