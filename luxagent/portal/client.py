"""One typed method for each thing the portal can be asked, on either wire, in physical units.

Reads are kept for as long as the document allows; `longest_s=0` asks anew. Methods that change something
are called by `hand` alone, but for the start of a firmware update, which nothing calls.
"""

import random
from collections.abc import Iterable, Mapping
from typing import TypeVar

from luxagent.core.facts.settings import SettingValue
from luxagent.errors import CredentialsRefused, LuxagentError, NeedsPerson, NotPermitted, PortalRefused
from luxagent.portal import account, cache, firmware, forms
from luxagent.portal.clock import Clock
from luxagent.portal.desk import Desk
from luxagent.portal.discovery import Discovery
from luxagent.portal.fields import rows
from luxagent.portal.hierarchy import Census
from luxagent.portal.login import Gate
from luxagent.portal.offered import Offered
from luxagent.portal.options import PortalOptions
from luxagent.portal.records import (
    DeviceList,
    Eligibility,
    FirmwareCheck,
    FirmwareProgress,
    Found,
    Group,
    LoginInfo,
    Parameters,
    PlantInfo,
    PortalEvent,
    QuickCharge,
    Report,
)
from luxagent.portal.session import HttpSession
from luxagent.portal.strict_json import Json
from luxagent.portal.wire import DOCUMENT, devices_in
from luxagent.portal.words import refused

T = TypeVar("T")

MOST_PAGES = 50


class PortalClient(Desk):
    """The portal of one account."""

    def __init__(
        self,
        options: PortalOptions,
        clock: Clock,
        *,
        session: HttpSession | None = None,
        rng: random.Random | None = None,
        gate: Gate | None = None,
    ) -> None:
        super().__init__(options, clock, session=session, rng=rng, gate=gate)
        self._raw_blocks: dict[tuple[str, str], str] = {}
        self.offered = Offered()
        self._discovery = Discovery(self)

    # Account and devices

    def login(self) -> LoginInfo:
        """Log in if need be; who the account is."""
        self.session.log_in()
        return self.account

    def plants(self, longest_s: float = cache.DISCOVERY_S) -> tuple[PlantInfo, ...]:
        """All stations of the account."""

        def fetch() -> tuple[PlantInfo, ...]:
            found: dict[str, PlantInfo] = {}
            for page in range(1, MOST_PAGES + 1):
                answer = self.ask(self.wire.forms.plants(page, installer=self.account.installer))
                before = len(found)
                found.update({plant.id: plant for plant in account.decode_plants(answer)})
                if not _more(answer, len(found), before):
                    break
            return tuple(found.values())

        plants = self.cache.take("plants", "", "", longest_s, fetch)
        if not plants:  # a portal that is not itself for a moment must not empty the account for 15 minutes
            self.cache.forget("plants")
        return plants

    def devices(self, plant_id: str, longest_s: float = cache.DISCOVERY_S) -> tuple[Found, ...]:
        """All devices of a station, as one flat list. The shape of the answer tells the wire."""

        def fetch() -> tuple[Found, ...]:
            found: dict[str, Found] = {}
            for page in range(1, MOST_PAGES + 1):
                answer = self._device_page(plant_id, page)
                listed: DeviceList = devices_in(answer)
                self.saw(listed.shape)
                before = len(found)
                found.update({device.serial: device for device in listed.found})
                if listed.shape == "document" or not _more(answer, len(found), before):
                    break
            return tuple(found.values())

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
        """The newest events of a device; None where the wire has no event list."""
        request = self.wire.forms.events(serial)
        if request is None:
            return None
        asked = request

        def fetch() -> tuple[PortalEvent, ...]:
            listed = self.wire.answers.events(self.ask(asked))
            return tuple(event for event in listed if event.serial in ("", serial))

        return self.cache.take("events", serial, "", longest_s, fetch)

    # Settings

    def parameters(
        self, serial: str, names: Iterable[str], longest_s: float = cache.PARAMETERS_S
    ) -> Parameters:
        """Settings by our names, reading only the blocks that show them. None could not be read.

        A block that fails leaves the others standing; if all fail, the first error is raised.
        """
        settings = self.wire.settings
        read: dict[str, dict[str, object]] = {}
        failed: dict[str, LuxagentError] = {}
        values: dict[str, SettingValue | None] = {}
        for name in sorted(names):
            values[name] = None
            learned = self._raw_blocks.get((serial, name))
            for block in (learned,) if learned is not None else settings.blocks(name):
                if block not in read and block not in failed:
                    try:
                        read[block] = self.block(serial, block, longest_s)
                    except (CredentialsRefused, NotPermitted):
                        raise
                    except LuxagentError as error:
                        failed[block] = error
                values[name] = settings.value(name, read.get(block, {}))
                if values[name] is not None:
                    self._raw_blocks[serial, name] = block
                    break
            self._note_offer(serial, name, read)
        if failed and not read:
            raise next(iter(failed.values()))
        errors = tuple(str(error) for error in failed.values())
        return Parameters(values, settings.voltage_control(read.values()), errors)

    def _note_offer(self, serial: str, name: str, read: Mapping[str, Mapping[str, object]]) -> None:
        """Count in vain looks for a setting, if all blocks were read that could show it."""
        settings = self.wire.settings
        blocks = settings.blocks(name)
        found = [read[block] for block in blocks if block in read and settings.speaks(read[block])]
        there = any(settings.shows(name, block) for block in found)
        if there or (blocks and len(found) == len(blocks)):
            self.offered.looked(serial, name, blocks, there=there)

    def block(self, serial: str, block: str, longest_s: float) -> dict[str, object]:
        """One read of settings, as the wire shows them."""
        request = self.wire.forms.parameters(serial, block)

        def fetch() -> dict[str, object]:
            found = self.wire.settings.decode_block(self.of(serial, request))
            self.offered.read(serial, block)
            return found

        return self.cache.take(request.name, serial, block, longest_s, fetch)

    def write(self, serial: str, name: str, value: SettingValue) -> str:
        """Set one setting of one inverter: sent once. Returns the portal's words; only a read-back proves it.

        Raises PortalRefused (NotPermitted among them) for a no, AnswerLost when it may have been carried out,
        another TryLater when it was not.
        """
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


def _more(answer: Mapping[str, object], found: int, before: int) -> bool:
    """Whether another page is worth asking for: the answer claims more rows, and this page brought some."""
    claimed = answer.get("total")
    listed = rows(answer.get("rows"))
    return isinstance(claimed, int) and found < claimed and found > before and bool(listed)
