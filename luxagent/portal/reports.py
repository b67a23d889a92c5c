"""The parts of an answer that both wires show alike, under other names: what becomes of them is one thing."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from luxagent.core.values.tri import Tri
from luxagent.portal.fields import Field, Sheet, fingerprint, flag, instant
from luxagent.portal.modules import ModuleFields, decode_modules, summarise
from luxagent.portal.records import Report
from luxagent.portal.states import grid_word, online, status_words
from luxagent.portal.text import clean_text


def decode_energy(
    answer: Mapping[str, object], scaling: Mapping[str, float], table: Iterable[Field]
) -> Report:
    """Counters of an inverter or a group. Of a lost one they are frozen."""
    sheet = Sheet(answer, scaling)
    sheet.fill(table)
    hears = None if "lost" not in answer else online(sheet)
    if hears is False:
        sheet.lose()
    return Report(values=sheet.values, why=sheet.why, more=sheet.more, online=hears)


def bank_report(sheet: Sheet, names: ModuleFields, serial: str, capacity_ah: float | None) -> Report:
    """A bank whose own values are in the sheet, with its modules. Of a lost one nothing is believed."""
    modules = decode_modules(sheet, names, serial)
    lost = flag(sheet.answer.get("lost")) is True
    summarise(sheet, modules)
    if lost:
        sheet.lose()
    return Report(
        values=sheet.values,
        why=sheet.why,
        more=sheet.more,
        online=False if lost else None,
        capacity_ah=None if lost else sound_capacity_ah(capacity_ah),
        modules=() if lost else modules or (),
    )


def sound_capacity_ah(capacity_ah: float | None) -> float | None:
    """A capacity that a battery can have."""
    return capacity_ah if capacity_ah is not None and 0 < capacity_ah < 1e5 else None


def put_net(sheet: Sheet, net_w: float | None) -> None:
    """Import and export from one signed power, plus is import."""
    sheet.put("grid_import_power_w", None if net_w is None else max(net_w, 0))
    sheet.put("grid_export_power_w", None if net_w is None else max(-net_w, 0))


def gridboss_report(answer: Mapping[str, object], sheet: Sheet, offset: timedelta) -> Report:
    """A GridBOSS whose values are in the sheet; `answer` is the whole, which says whether it is heard."""
    sheet.word("grid", grid_word(None, sheet.known("grid_voltage_v")))
    outer = Sheet(answer, {})
    outer.values = dict(sheet.values)
    hears = online(outer)
    sheet.word("status", status_words(outer, None))
    put_link(sheet, hears)
    return Report(
        values=sheet.values,
        why=sheet.why,
        more=sheet.more,
        uploaded_at=instant(sheet.answer.get("serverTime"), offset),
        online=hears,
        firmware=clean_text(answer.get("fwCode"), 40),
        device_clock=instant(sheet.answer.get("deviceTime"), timedelta()),
        fingerprint=fingerprint(sheet.answer),
    )


def put_link(sheet: Sheet, hears: Tri) -> None:
    """Whether the portal hears the device. Of a lost one everything else is unknown."""
    if hears is False:
        sheet.lose()
        sheet.word("status", frozenset({"offline"}))
    sheet.word("online", None if hears is None else "yes" if hears else "no")
