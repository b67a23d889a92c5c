"""The two dialects behind one face. A wire knows forms and shapes; it sends nothing itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from luxagent.core.facts.settings import Flow, SettingValue
from luxagent.portal.document import answers as document_answers
from luxagent.portal.document import forms as document_forms
from luxagent.portal.document import settings as document_settings
from luxagent.portal.line import Request
from luxagent.portal.live import answers as live_answers
from luxagent.portal.live import forms as live_forms
from luxagent.portal.live import settings as live_settings
from luxagent.portal.records import DeviceList, Group, PortalEvent, QuickCharge, Report

_Answer = Mapping[str, object]
_Scaling = Mapping[str, float]


class Forms(Protocol):
    """Builds the requests that differ between the wires."""

    def plants(self, page: int, /, installer: bool) -> Request: ...
    def devices(self, plant_id: str, page: int, /) -> Request: ...
    def groups(self, plant_id: str, serial: str, /) -> Request: ...
    def parameters(self, serial: str, block: str) -> Request: ...
    def function(self, serial: str, name: str, on: bool) -> Request: ...
    def quick_charge_status(self, serial: str) -> Request: ...
    def start_quick_charge(self, serial: str, minutes: int, /) -> Request: ...
    def stop_quick_charge(self, serial: str) -> Request: ...
    def events(self, serial: str, page: int, /) -> Request | None: ...


class Answers(Protocol):
    """Turns answers into records. Never raises: what cannot be read is unknown."""

    def device_rows(self, answer: _Answer) -> DeviceList: ...
    def groups(self, answer: _Answer) -> tuple[Group, ...]: ...
    def runtime(self, answer: _Answer, scaling: _Scaling, offset: timedelta) -> Report: ...
    def energy(self, answer: _Answer, scaling: _Scaling) -> Report: ...
    def battery(self, answer: _Answer, scaling: _Scaling, serial: str) -> Report: ...
    def gridboss(self, answer: _Answer, scaling: _Scaling, offset: timedelta) -> Report: ...
    def quick_charge(self, answer: _Answer) -> QuickCharge: ...
    def events(self, answer: _Answer, /) -> tuple[PortalEvent, ...]: ...


class Settings(Protocol):
    """Names, blocks and encodings of settings."""

    NAMES: frozenset[str]

    def supports(self, name: str) -> bool: ...
    def blocks(self, name: str) -> tuple[str, ...]: ...
    def decode_block(self, answer: _Answer) -> dict[str, object]: ...
    def value(self, name: str, block: _Answer) -> SettingValue | None: ...
    def shows(self, name: str, block: _Answer) -> bool: ...
    def lacks(self, block: _Answer, /) -> frozenset[str] | None: ...
    def speaks(self, block: _Answer) -> bool: ...
    def encode(self, serial: str, name: str, wanted: SettingValue) -> Request: ...
    def by_voltage(self, read: Iterable[_Answer], /) -> frozenset[Flow] | None: ...


@dataclass(frozen=True, slots=True)
class Wire:
    """One dialect."""

    name: str
    forms: Forms
    answers: Answers
    settings: Settings


DOCUMENT = Wire("document", document_forms, document_answers, document_settings)
LIVE = Wire("live", live_forms, live_answers, live_settings)
WIRES: dict[str, Wire] = {wire.name: wire for wire in (DOCUMENT, LIVE)}


def devices_in(answer: _Answer) -> DeviceList:
    """The device list in whichever shape it came. Both shapes at once, or neither, decide nothing."""
    has_document, has_live = isinstance(answer.get("devices"), list), isinstance(answer.get("rows"), list)
    if has_document and not has_live:
        return document_answers.device_rows(answer)
    listed = live_answers.device_rows(answer)
    if has_live and not has_document:
        return listed
    return DeviceList(listed.found, None, listed.total)
