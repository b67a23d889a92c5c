"""What a policy may need of a device beside its runtime, each asked for only when it is needed.

Every answer adds what the runtime does not speak of. Nothing overrides the runtime, not even where it has no
value: it is the newest upload, and what is missing or impossible there is unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from luxagent.core.facts.metrics import FAULTS_KEY
from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.device import Device, Kind
from luxagent.core.plant.reading import Module, Reading
from luxagent.errors import CredentialsRefused, LuxagentError
from luxagent.portal.client import PortalClient
from luxagent.portal.records import Report


@dataclass(frozen=True, slots=True)
class Gathered:
    """A device's reading, and its battery modules."""

    reading: Reading
    modules: tuple[Module, ...] = ()


def gather(
    client: PortalClient,
    device: Device,
    devices: Sequence[Device],
    report: Report,
    needs: frozenset[Need],
    errors: list[str],
) -> Gathered:
    """The reading of a device whose runtime is `report`. A lost device is asked nothing more."""
    reading = Reading(report.values, report.why, report.uploaded_at, report.capacity_ah, report.fingerprint)
    found = Gathered(reading)
    if report.online is False:
        return found

    def attempt(what: str, add: Callable[[Gathered], Gathered]) -> None:
        nonlocal found
        try:
            found = add(found)
        except CredentialsRefused:
            raise
        except LuxagentError as error:
            errors.append(f"{what} of {device.name} could not be read: {error}")

    inverter = device.kind is Kind.INVERTER
    if Need.ENERGY in needs and inverter:
        attempt("Energy", lambda g: _with_report(g, client.energy(device.serial)))
    if Need.BATTERY in needs and inverter:
        attempt("The battery", lambda g: _with_report(g, client.battery(device.serial)))
    if Need.EVENTS in needs:
        attempt("Events", lambda g: _with_faults(g, client, device.serial))
    if Need.QUICK_CHARGE in needs and inverter:
        attempt("Quick charge", lambda g: _with_quick_charge(g, client, primary_of(device, devices)))
    if Need.FIRMWARE in needs:
        attempt("Firmware", lambda g: _with_firmware(g, client, device.serial))
    return found


def _with_report(found: Gathered, extra: Report) -> Gathered:
    """The reading with what another answer tells beside it."""
    values, why = dict(found.reading.values), dict(found.reading.why)
    for key, value in extra.values.items():
        if key not in values:
            values[key] = value
            if value is None:
                why[key] = extra.why.get(key, Unknown.MISSING)
    capacity_ah = found.reading.capacity_ah or extra.capacity_ah
    return Gathered(
        replace(found.reading, values=values, why=why, capacity_ah=capacity_ah),
        extra.modules or found.modules,
    )


def _with_word(found: Gathered, key: str, value: str | frozenset[str] | None) -> Gathered:
    why = {k: v for k, v in found.reading.why.items() if k != key}
    if value is None:
        why[key] = Unknown.MISSING
    return replace(
        found, reading=replace(found.reading, values={**found.reading.values, key: value}, why=why)
    )


def _with_faults(found: Gathered, client: PortalClient, serial: str) -> Gathered:
    """The codes of open events; unknown on a wire that has no event list."""
    events = client.events(serial)
    if events is None:
        return _with_word(found, FAULTS_KEY, None)
    return _with_word(found, FAULTS_KEY, frozenset(e.code for e in events if e.open and e.kind != "INFO"))


def _with_quick_charge(found: Gathered, client: PortalClient, primary: str) -> Gathered:
    """A quick charge is the whole group's, so the primary is asked, and once for all members."""
    running = client.quick_charge(primary).running
    return _with_word(found, "quick_charge", None if running is None else "on" if running else "off")


def _with_firmware(found: Gathered, client: PortalClient, serial: str) -> Gathered:
    available = client.firmware_check(serial).available
    word = None if available is None else "update available" if available else "current"
    return _with_word(found, "firmware", word)


def primary_of(device: Device, devices: Sequence[Device]) -> str:
    """The inverter of the device's unit that group-wide tasks belong to."""
    return next((d.serial for d in devices if d.unit == device.unit and d.primary), device.serial)
