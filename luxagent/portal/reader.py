"""The plant of one tick: every device with its readings and settings, from as few requests as will do.

Fits the agent's `Reader`. One device that fails is unknown, and `Plant.errors` says so in a sentence; only
when no inverter gave an answer at all is there an error.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Unknown
from luxagent.core.facts.settings import SETTINGS, Flow, SettingValue
from luxagent.core.plant.counters import COUNTERS
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Reading
from luxagent.core.values.tri import Tri
from luxagent.errors import CredentialsRefused, LuxagentError, NeedsPerson, TryLater
from luxagent.portal.cache import QUICK_CHARGE_S
from luxagent.portal.client import PortalClient
from luxagent.portal.desk import SKEW_S
from luxagent.portal.gather import Gathered, gather, primary_of
from luxagent.portal.live import settings as live_settings
from luxagent.portal.records import FirmwareProgress, Parameters, Report
from luxagent.portal.stamps import own_clock

_log = logging.getLogger("luxagent.portal")

SETTINGS_S = 300.0
"""How old settings may be that are only compared; before and after a write they are read anew."""
BY_VOLTAGE_S = 3600.0
"""An owner changes that once in years."""
_LAG = timedelta(hours=1)
"""A lagging node of the portal may show an upload that is older than the last by at most this."""


@dataclass(slots=True)
class Told:
    """What an inverter's settings were read to be, as far as they could be."""

    values: dict[str, SettingValue | None] = field(default_factory=dict)
    quick_charge_left_s: float | None = None
    by_voltage: frozenset[Flow] | None = None


@dataclass(slots=True)
class _Look:
    """One look at the plant: what is asked for, and what could not be read, in sentences."""

    devices: tuple[Device, ...]
    needs: frozenset[Need]
    names: frozenset[str]
    """Settings."""
    progress: FirmwareProgress | None = None
    errors: list[str] = field(default_factory=list)


class PortalReader:
    """Reads the plant of one account."""

    def __init__(self, client: PortalClient) -> None:
        self._client = client
        self._newest: dict[str, Report] = {}
        self._offset = client.offset

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        """Devices with readings and the named settings, at most five minutes old.

        Raises TryLater when no inverter gave an answer, NeedsPerson when a person must act.
        """
        client = self._client
        look = _Look(client.discover().devices, needs, settings)
        reports = self._reports(look)
        look.progress = self._progress(look)
        devices = []
        for device in look.devices:
            report = reports.get(device.serial)
            if report is None:
                devices.append(self._unread(device, settings))
                continue
            more = gather(client, device, look.devices, report, needs, look.errors)
            devices.append(self._filled(device, report, more, look))
        skew_s = client.session.portal_time_skew_s
        return Plant(
            devices=tuple(
                device if client.may_set(device.serial) else replace(device, may_write=False)
                for device in devices
            ),
            wire=client.wire.name,
            wire_sure=client.wire_sure,
            wire_trouble=client.wire_trouble,
            may_write=not (client.account.readonly or client.blocks.blocked),
            portal_url=client.options.url,
            clock_ok=skew_s is None or abs(skew_s) <= SKEW_S,
            clock_ahead_s=skew_s,
            errors=tuple(look.errors),
        )

    def read_settings(self, serial: str, names: frozenset[str]) -> Mapping[str, SettingValue | None]:
        """These settings of one inverter, asked for now; None could not be read. Never raises."""
        values: dict[str, SettingValue | None] = dict.fromkeys(names)
        try:
            values.update(self._parameters(serial, names, 0.0).values)
        except LuxagentError as error:
            _log.warning("settings of %s could not be read: %s", serial, error)
        try:
            if "quick_charge" in names:
                values["quick_charge"] = self._client.quick_charge(serial, 0.0).running
        except LuxagentError as error:
            _log.warning("quick charge of %s could not be read: %s", serial, error)
        return values

    def updating(self) -> bool | None:
        """Whether any device of the account is updating its firmware, asked for now; None is unknown."""
        try:
            return self._client.firmware_progress().running
        except LuxagentError as error:
            _log.warning("the progress of firmware updates could not be read: %s", error)
            return None

    def _reports(self, look: _Look) -> dict[str, Report]:
        """Runtime of every inverter, and of the GridBOSS if needed. Raises when no inverter answered."""
        devices = look.devices
        reports: dict[str, Report] = {}
        first: LuxagentError | None = None
        for device in devices:
            if device.kind is Kind.GRIDBOSS and Need.GRIDBOSS not in look.needs:
                continue
            ask = self._client.runtime if device.kind is Kind.INVERTER else self._client.gridboss
            try:
                reports[device.serial] = self._not_older(device.serial, ask(device.serial))
            except CredentialsRefused:
                raise
            except (TryLater, NeedsPerson) as error:
                look.errors.append(f"{device.name} could not be read: {error}")
                first = first or error
        inverters = [d.serial for d in devices if d.kind is Kind.INVERTER]
        if not inverters:
            raise NeedsPerson("The plant has no inverter.")
        if first is not None and not any(serial in reports for serial in inverters):
            raise first
        for device in devices:
            if device.kind is Kind.GRIDBOSS and device.serial in reports:
                reports[device.serial] = _of_gridboss(reports[device.serial], device, devices, reports)
        return reports

    def _not_older(self, serial: str, report: Report) -> Report:
        """The report, or the last one if this is an older upload from a lagging node of the portal.

        That a device is lost is believed of any node: nothing is written to one that may not be there.
        """
        if self._offset != self._client.offset:  # what the stamps mean was found out: old ones say nothing
            self._offset = self._client.offset
            self._newest.clear()
        last = self._newest.get(serial)
        if last is not None and last.uploaded_at is not None and report.uploaded_at is not None:
            behind = last.uploaded_at - report.uploaded_at
            if timedelta() < behind <= _LAG:
                return report if report.online is False else last
        self._newest[serial] = report
        return report

    def _progress(self, look: _Look) -> FirmwareProgress | None:
        if not look.needs & {Need.UPDATING, Need.FIRMWARE}:
            return None
        try:
            return self._client.firmware_progress()
        except CredentialsRefused:
            raise
        except LuxagentError as error:
            look.errors.append(f"The progress of firmware updates could not be read: {error}")
            return None

    def _unread(self, device: Device, names: frozenset[str]) -> Device:
        """The device without an answer: what can be set on it is known all the same."""
        if device.kind is not Kind.INVERTER:
            return device
        return replace(device, able=self._able(device, names), settings=dict.fromkeys(names))

    def _filled(self, device: Device, report: Report, more: Gathered, look: _Look) -> Device:
        """The device with all that was read of it, and with its settings where it has any."""
        names, progress, updating = look.names, look.progress, report.updating
        if progress is not None and progress.running is not None:
            running = any(run.running and run.serial == device.serial for run in progress.runs)
            updating = running or report.updating is True
        values, told = device.settings, Told(by_voltage=device.by_voltage)
        if device.kind is Kind.INVERTER:
            values = dict.fromkeys(names)
            if names and report.online is not False:  # a lost one is not asked
                told = self._settings(device, look)
                values = {**values, **told.values}
        return replace(
            device,
            online=report.online,
            updating=updating,
            firmware=report.firmware or device.firmware,
            clock_error_s=clock_error_s(report, self._client.options.zone),
            reading=self._corrected(more.reading, report, updating=Need.FIRMWARE in look.needs and updating),
            modules=more.modules,
            able=self._able(device, names),
            settings=values,
            quick_charge_left_s=told.quick_charge_left_s,
            by_voltage=told.by_voltage,
        )

    def _corrected(self, reading: Reading, report: Report, *, updating: Tri) -> Reading:
        """The reading with what the device's state says of it: an update runs; its day is not the site's."""
        yesterdays: list[str] = []
        if is_of_another_day(report, self._client.options.zone, self._client.now):
            yesterdays = [key for key in COUNTERS if reading.values.get(key) is not None]
        if not updating and not yesterdays:
            return reading
        word = {"firmware": "updating"} if updating else {}
        return replace(
            reading,
            values={**reading.values, **word, **dict.fromkeys(yesterdays)},
            why={**reading.why, **dict.fromkeys(yesterdays, Unknown.STALE)},
        )

    def _able(self, device: Device, asked: frozenset[str]) -> frozenset[str]:
        """What can be set on the device: nothing on a GridBOSS, raw settings only where asked for.

        What an inverter has never shown in any read is not offered by its model.
        """
        if device.kind is not Kind.INVERTER:
            return device.able
        wire = self._client.wire.settings
        able = wire.NAMES | {name for name in asked if wire.supports(name)}
        return frozenset(able - self._client.offered.lacking(device.serial))

    def _settings(self, device: Device, look: _Look) -> Told:
        """What could be read of these settings, at most five minutes old."""
        told, names, errors = Told(), look.names, look.errors
        try:
            read = self._parameters(device.serial, names, SETTINGS_S)
            told.values.update(read.values)
            told.by_voltage = read.by_voltage
            if told.by_voltage is None:
                told.by_voltage = self._by_voltage(device.serial, names)
            errors.extend(f"Some settings of {device.name} could not be read: {e}" for e in read.errors)
        except CredentialsRefused:
            raise
        except LuxagentError as error:
            errors.append(f"Settings of {device.name} could not be read: {error}")
        try:  # by itself: a task that cannot be read must keep no other setting from going home
            if "quick_charge" in names:
                task = self._client.quick_charge(primary_of(device, look.devices), QUICK_CHARGE_S)
                told.values["quick_charge"], told.quick_charge_left_s = task.running, task.left_s
        except CredentialsRefused:
            raise
        except LuxagentError as error:
            sentence = f"Quick charge of {device.name} could not be read: {error}"
            if sentence not in errors:
                errors.append(sentence)
        return told

    def _by_voltage(self, serial: str, names: frozenset[str]) -> frozenset[Flow] | None:
        """What goes by voltage, where no block that was read tells: its SOC settings do nothing then."""
        if self._client.wire.name != "live" or not any(n in SETTINGS and SETTINGS[n].soc_of for n in names):
            return None
        try:
            block = self._client.block(serial, live_settings.MIDDLE, BY_VOLTAGE_S)
            return self._client.wire.settings.by_voltage([block])
        except CredentialsRefused:
            raise
        except LuxagentError as error:
            _log.info("whether %s goes by voltage could not be read: %s", serial, error)
            return None

    def _parameters(self, serial: str, names: frozenset[str], longest_s: float) -> Parameters:
        return self._client.parameters(serial, names - {"quick_charge"}, longest_s)


def clock_error_s(report: Report, zone: tzinfo | None) -> float | None:
    """How far the device's own clock is ahead of the site's, by the stamps of its last upload."""
    at = report.uploaded_at
    if at is None or report.online is not True:
        return None
    shown = own_clock(report, zone, at)
    return None if shown is None else (shown - at).total_seconds()


def is_of_another_day(report: Report, zone: tzinfo | None, now: datetime) -> bool:
    """Whether it is another day at the site than on the device at its last upload: its counters of the day
    are yesterday's then, or were not set back yet."""
    at = report.uploaded_at
    if zone is None:
        return False
    shown = report.device_clock or (None if at is None else at.astimezone(zone))
    return shown is not None and shown.date() != now.astimezone(zone).date()


def _of_gridboss(
    report: Report, boss: Device, devices: tuple[Device, ...], reports: Mapping[str, Report]
) -> Report:
    """The report of a GridBOSS. Its answer on the document's wire has no stamp, nor says that it is lost.

    It is lost where the list of devices says so, and else taken to be as old as its oldest inverter.
    """
    if boss.online is False:
        return replace(
            report, online=False, values=dict.fromkeys(report.values),
            why=dict.fromkeys(report.values, Unknown.LOST), more=dict.fromkeys(report.more),
        )  # fmt: skip
    if report.uploaded_at is not None:
        return report
    members = [reports.get(d.serial) for d in devices if d.unit == boss.unit and d.kind is Kind.INVERTER]
    stamps = [member.uploaded_at for member in members if member is not None and member.uploaded_at]
    return replace(report, uploaded_at=min(stamps, default=None))
