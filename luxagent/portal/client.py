"""One typed method for each thing the portal can be asked, on either wire, in physical units.

Reads are kept for as long as the document allows; `longest_s=0` asks anew. Methods that change something
are called by `hand` alone, but for the start of a firmware update, which nothing calls.
"""

import logging
from collections.abc import Callable, Mapping
from functools import cached_property

from luxagent.core.facts.settings import SettingValue
from luxagent.errors import NeedsPerson, NotPermitted, PortalRefused, TryLater
from luxagent.portal import account, cache, firmware, forms
from luxagent.portal.codes import unfit
from luxagent.portal.discovery import Discovery
from luxagent.portal.hierarchy import Census
from luxagent.portal.paging import MOST_EVENT_PAGES, Page, all_pages, by_id
from luxagent.portal.patience import Patience
from luxagent.portal.records import (
    DeviceList,
    Eligibility,
    FirmwareCheck,
    FirmwareProgress,
    Found,
    Group,
    LoginInfo,
    PlantInfo,
    PortalEvent,
    QuickCharge,
    Report,
)
from luxagent.portal.shelf import Shelf
from luxagent.portal.strict_json import Json
from luxagent.portal.wire import DOCUMENT, devices_in
from luxagent.portal.words import refused

_log = logging.getLogger("luxagent.portal")


class PortalClient(Shelf):
    """The portal of one account."""

    @cached_property
    def _events_seen(self) -> dict[str, tuple[Mapping[str, PortalEvent], frozenset[str]]]:
        """By serial, the events that were open at the last look, and those of the first page; none of these
        where more had to be looked at and could not."""
        return {}

    @cached_property
    def _discovery(self) -> Discovery:
        return Discovery(self)

    # Account and devices

    def login(self) -> LoginInfo:
        """Log in if need be; who the account is. One that may look only is looked at again now and then."""
        self.session.log_in(anew=self.account.readonly and self.looks.left_s == 0)
        return self.account

    def plants(self, longest_s: float = cache.DISCOVERY_S) -> tuple[PlantInfo, ...]:
        """All stations of the account."""

        def fetch() -> tuple[PlantInfo, ...]:
            def page(number: int) -> Page[PlantInfo]:
                answer = self._plant_page(number)
                return Page(answer, {plant.id: plant for plant in account.decode_plants(answer)})

            return all_pages(page)

        plants = self.cache.take("plants", "", "", longest_s, fetch)
        if not plants:  # a portal that is not itself for a moment must not empty the account for 15 minutes
            self.cache.forget("plants")
        return plants

    def _plant_page(self, page: int) -> Json:
        """A page of the plant list. While the wire is not known, a portal that refuses an installer's path,
        which the document does not have, is asked once more under the document's."""
        try:
            return self.ask(self.wire.forms.plants(page, installer=self.account.installer))
        except NotPermitted:
            raise
        except PortalRefused:
            if self.wire_chosen or page > 1 or not self.account.installer:
                raise
            return self.ask(DOCUMENT.forms.plants(page, installer=True))

    def devices(self, plant_id: str, longest_s: float = cache.DISCOVERY_S) -> tuple[Found, ...]:
        """All devices of a station, as one flat list. The shape of the answer tells the wire."""

        def fetch() -> tuple[Found, ...]:
            def page(number: int) -> Page[Found]:
                answer = self._device_page(plant_id, number)
                listed: DeviceList = devices_in(answer)
                self.saw(listed.shape)
                found = {device.serial: device for device in listed.found}
                return Page(answer, found, last=listed.shape == "document")

            found = all_pages(page)
            known = self._listed.setdefault(plant_id, set())
            known.update(device.serial for device in found)
            if len(known) > len(found) or any(device.guest for device in found):
                self.wanting.setdefault(plant_id, Patience(self._clock)).refused()
            else:
                self.wanting.pop(plant_id, None)
            return found

        wanting = self.wanting.get(plant_id)
        if wanting is not None and wanting.left_s == 0:
            longest_s = 0.0
        devices = self.cache.take("devices", "", plant_id, longest_s, fetch)
        if not devices:
            self.cache.forget("devices", plant_id)
        return devices

    def _device_page(self, plant_id: str, page: int) -> Json:
        """A page of the device list. While the wire is not known, a portal that refuses the live form, with
        its pages, is asked once more with the document's, which knows none."""
        try:
            return self.ask(self.wire.forms.devices(plant_id, page))
        except NotPermitted:
            raise
        except PortalRefused:
            if self.wire_chosen or page > 1:
                raise
            return self.ask(DOCUMENT.forms.devices(plant_id, page))

    def groups(self, plant_id: str, serial: str, longest_s: float = cache.DISCOVERY_S) -> tuple[Group, ...]:
        """Parallel groups: all of the station (document), or that of one device (live)."""

        def fetch() -> tuple[Group, ...]:
            return self.wire.answers.groups(self.ask(self.wire.forms.groups(plant_id, serial)))

        return self.cache.take("groups", serial, plant_id, longest_s, fetch)

    def discover(self) -> Census:
        """Every device of the chosen stations, with unit and primary. At most three requests for one."""
        return self._discovery.census()

    # Telemetry

    def runtime(self, serial: str, longest_s: float = cache.OTHER_S) -> Report:
        """What an inverter does now."""
        scaling, offset = self.options.scaling, self.offset
        return self.report(
            forms.runtime(serial),
            serial,
            longest_s,
            lambda a: self.wire.answers.runtime(a, scaling, offset),
        )

    def energy(self, serial: str, longest_s: float = cache.OTHER_S) -> Report:
        """The counters of an inverter."""
        scaling = self.options.scaling
        return self.report(
            forms.energy(serial), serial, longest_s, lambda a: self.wire.answers.energy(a, scaling)
        )

    def group_energy(self, serial: str, longest_s: float = cache.OTHER_S) -> Report | None:
        """The counters of the whole group that this device belongs to; None if it is in none."""

        def fetch() -> Report | None:
            answer = self.ask(forms.group_energy(serial))
            return None if refused(answer) else self.wire.answers.energy(answer, self.options.scaling)

        return self.cache.take("group_energy", serial, "", longest_s, fetch)

    def battery(self, serial: str, longest_s: float = cache.BATTERY_S) -> Report:
        """The bank of an inverter and its modules."""
        scaling = self.options.scaling
        return self.report(
            forms.battery(serial),
            serial,
            longest_s,
            lambda a: self.wire.answers.battery(a, scaling, serial),
        )

    def gridboss(self, serial: str, longest_s: float = cache.OTHER_S) -> Report:
        """What a GridBOSS sees. Raises PortalRefused for any other device."""
        scaling, offset = self.options.scaling, self.offset
        return self.report(
            forms.gridboss(serial),
            serial,
            longest_s,
            lambda a: self.wire.answers.gridboss(a, scaling, offset),
        )

    def events(self, serial: str, longest_s: float = cache.OTHER_S) -> tuple[PortalEvent, ...] | None:
        """The newest events of a device, and older ones still open; None where the wire has no list."""
        if self.wire.forms.events(serial, 1) is None:
            return None

        def page(number: int) -> Page[PortalEvent]:
            request = self.wire.forms.events(serial, number)
            answer = {} if request is None else self.ask(request)
            found: dict[str, PortalEvent] = {}
            for event in self.wire.answers.events(answer):
                found.setdefault(event.key, event)
            return Page(answer, found)

        def fetch() -> tuple[PortalEvent, ...]:
            first = page(1)
            listed, whole = self._with_older_events(serial, first, page)
            still_open = {key: event for key, event in listed.items() if event.open}
            self._events_seen[serial] = still_open, frozenset(first.found) if whole else frozenset()
            return tuple(event for event in listed.values() if event.serial in ("", serial))

        return self.cache.take("events", serial, "", longest_s, fetch)

    def _with_older_events(
        self, serial: str, first: Page[PortalEvent], page: Callable[[int], Page[PortalEvent]]
    ) -> tuple[Mapping[str, PortalEvent], bool]:
        """The first page, with later ones only where something may be open on them; whether all was seen.

        So it is at the first look, where one that was open is on the first page no longer, and where that has
        nothing of what it showed before. While later pages cannot be read, what was open is open still.
        """
        before, shown = self._events_seen.get(serial, ({}, frozenset()))
        gone, gap = before.keys() - first.found.keys(), shown.isdisjoint(first.found)
        if not first.wants_more(len(first.found), 0) or not (gap or gone):
            return first.found, True
        older = self._older_events(serial, first, page, 0.0 if gap else cache.OLDER_EVENTS_S)
        if older is not None and gone - older.keys():
            older = self._older_events(serial, first, page, 0.0)
        if older is None:
            return {**{key: before[key] for key in gone}, **first.found}, False
        return {**older, **first.found}, True

    def _older_events(
        self,
        serial: str,
        first: Page[PortalEvent],
        page: Callable[[int], Page[PortalEvent]],
        longest_s: float,
    ) -> Mapping[str, PortalEvent] | None:
        """The later pages too; None where they cannot be read, which is tried once a quarter of an hour."""
        if self.cache.peek("older_events_failed", serial, "", cache.OLDER_EVENTS_S) is not None:
            return None
        try:
            return self.cache.take(
                "older_events", serial, "", longest_s,
                lambda: by_id(lambda number: first if number == 1 else page(number), MOST_EVENT_PAGES),
            )  # fmt: skip
        except (TryLater, PortalRefused) as error:
            _log.info("older events of %s could not be read: %s", serial, error)
            self.cache.take("older_events_failed", serial, "", 0.0, lambda: True)
            return None

    # Settings

    def write(self, serial: str, name: str, value: SettingValue) -> str:
        """Set one setting of one inverter: sent once. Returns the portal's words; only a read-back proves it.

        Raises PortalRefused (NotPermitted among them) for a no, AnswerLost when it may have been carried out,
        another TryLater when it was not.
        """
        if name in self.offered.by_model(serial):
            raise unfit(f"this model means something else by {name}")
        return self.control(serial, self.wire.settings.encode(serial, name, value))

    def function(self, serial: str, name: str, on: bool) -> str:
        """Switch a function by the portal's own name: quickCharge (document), FUNC_EPS_EN (live)."""
        return self.control(serial, self.wire.forms.function(serial, name, on))

    # Quick charge

    def quick_charge(self, serial: str, longest_s: float = cache.QUICK_CHARGE_S) -> QuickCharge:
        """The quick-charge task of the device or its group."""

        def fetch() -> QuickCharge:
            answer = self.of(serial, self.wire.forms.quick_charge_status(serial))
            return self.wire.answers.quick_charge(answer)

        return self.cache.take("quick_charge", serial, "", longest_s, fetch)

    def start_quick_charge(self, serial: str, minutes: int) -> str:
        """Start one. Live it ends by itself after `minutes`; on the document's wire somebody must stop it."""
        return self.control(serial, self.wire.forms.start_quick_charge(serial, minutes))

    def stop_quick_charge(self, serial: str) -> str:
        """Stop it."""
        return self.control(serial, self.wire.forms.stop_quick_charge(serial))

    # Firmware

    def firmware_check(self, serial: str, longest_s: float = cache.FIRMWARE_S) -> FirmwareCheck:
        """What runs on a device and what could."""

        def fetch() -> FirmwareCheck:
            return firmware.decode_check(self.of(serial, forms.firmware_check(serial)))

        return self.cache.take("firmware_check", serial, "", longest_s, fetch)

    def firmware_progress(self) -> FirmwareProgress:
        """Updates of all devices of the account; never from the cache."""
        return firmware.decode_progress(self.ask(forms.firmware_progress(self.user_id())))

    def firmware_eligibility(self, serial: str) -> Eligibility:
        """Whether the portal would let an update start; never from the cache."""
        request = forms.firmware_eligibility(self.user_id(), serial)
        return firmware.decode_eligibility(self.of(serial, request))

    def firmware_start(self, serial: str, serial_again: str, *, fast: bool = False) -> str:
        """Start an update: the device is gone for 20 to 40 minutes. The serial is demanded twice."""
        if serial != serial_again or not serial:
            raise NeedsPerson("Not started: the serial number was not repeated exactly.")
        return self.control(serial, forms.firmware_start(self.user_id(), serial, fast))
