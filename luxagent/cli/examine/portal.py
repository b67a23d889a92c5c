"""`doctor` at the portal: login and host, rights, wire, clocks and zones, what the inverters report."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from luxagent.cli.clock import Clock
from luxagent.cli.examine.line import Health, Line
from luxagent.core.facts.settings import describe
from luxagent.core.plant.device import Device, Plant
from luxagent.core.values.units import format_duration
from luxagent.errors import CredentialsRefused, LuxagentError, NeedsPerson
from luxagent.portal.client import PortalClient
from luxagent.portal.desk import SKEW_S
from luxagent.portal.login import Gate
from luxagent.portal.options import REGIONS, PortalOptions


def login(client: PortalClient, clock: Clock, gate: Gate) -> Iterator[Line]:
    """Whether the account is welcome here, and if not, on which other host of the document it is."""
    options = client.options
    try:
        client.login()
        client.discover()
    except CredentialsRefused as error:
        yield Line("login", Health.FAILURE, str(error), "Check account and password.")
    except NeedsPerson as error:
        if client.account.plants:  # at home here; the file names another plant
            yield Line("login", Health.FAILURE, str(error), "Correct the file.")
            return
        yield Line("login", Health.FAILURE, str(error), "Check the host.")
    except LuxagentError as error:
        yield Line("login", Health.FAILURE, str(error), "Try again later.")
        return
    else:
        yield Line("login", Health.OK, f"{options.url} welcomes {options.account}.")
        return
    yield from _elsewhere(options, clock, gate)


def _elsewhere(options: PortalOptions, clock: Clock, gate: Gate) -> Iterator[Line]:
    """Which region knows the account: each other host of the vendor is asked once, over https."""
    if options.url not in REGIONS.values():
        yield Line("host", Health.WARNING, f"{options.url} is no host of the vendor's list; none was tried.")
        return
    for region, url in REGIONS.items():
        if url != options.url and _at_home(replace(options, url=url), clock, gate):
            todo = f"Write `region: {region}` under `portal:`."
            yield Line("host", Health.FAILURE, f"The account lives on {url}.", todo)
            return
    words = "No host of the vendor's list takes this account and password."
    yield Line("host", Health.FAILURE, words, "Log in with the app or a browser first.")


def _at_home(options: PortalOptions, clock: Clock, gate: Gate) -> bool:
    client = PortalClient(options, clock, gate=gate)
    try:
        return bool(client.login().plants or client.plants())
    except LuxagentError:
        return False
    finally:
        client.close()


def rights(client: PortalClient, plant: Plant) -> Line:
    """Whether settings may be changed."""
    barred = [device.name for device in plant.inverters if not device.may_write]
    if plant.may_write and not barred:
        return Line("rights", Health.OK, "The account may change settings.")
    if client.account.readonly:
        why = "The account may look only: it is read-only."
    elif not plant.may_write:
        why = "The portal has blocked settings for this account (apiBlocked)."
    else:
        why = f"The account may only look at {', '.join(barred)}: as a guest, or the portal refuses it."
    again_s = client.rights_again_s
    again = f" A running agent looks again in {format_duration(max(again_s, 60))}." if again_s else ""
    todo = f"Ask the owner or installer of the plant for the right to change settings.{again}"
    return Line("rights", Health.WARNING, why, todo)


def wire(client: PortalClient) -> Line:
    """Which dialect the portal speaks."""
    if client.wire_sure:
        return Line("wire", Health.OK, f"The portal speaks the {client.wire.name} wire.")
    return Line("wire", Health.FAILURE, "Nothing is written.", client.wire_trouble)


def clocks(client: PortalClient, plant: Plant, now: datetime, zone: tzinfo) -> Iterator[Line]:
    """This computer against the portal, the portal's idea of the zone, each inverter's own clock."""
    skew_s = client.session.portal_time_skew_s
    if skew_s is None:
        yield Line("clock", Health.WARNING, "The portal does not tell its time.")
    elif abs(skew_s) > SKEW_S:
        words = f"This computer and the portal differ by {format_duration(abs(skew_s))}."
        yield Line("clock", Health.FAILURE, words, "Set this computer's clock, best by NTP.")
    else:
        yield Line("clock", Health.OK, f"This computer and the portal agree within {abs(skew_s):.0f} s.")
    ours = now.astimezone(zone).utcoffset() or timedelta()
    theirs = _offsets(client, plant)
    yield from zones(client, plant, now, zone)
    for device in plant.inverters:
        yield _own_clock(device, theirs.get(device.plant, ours) - ours)


def zones(client: PortalClient, plant: Plant, now: datetime, zone: tzinfo) -> Iterator[Line]:
    """The portal's idea of each plant's zone against the file's."""
    ours = now.astimezone(zone).utcoffset() or timedelta()
    for name, offset in _offsets(client, plant).items():
        yield _zone(name, offset, ours, now, zone, _witnesses(plant, name, offset - ours))


def _offsets(client: PortalClient, plant: Plant) -> dict[str, timedelta]:
    """By plant, how far the portal holds its clocks to be from UTC."""
    named = {device.plant for device in plant.devices}
    return {
        info.name: timedelta(minutes=info.utc_offset_min)
        for info in client.plants()
        if info.name in named and info.utc_offset_min is not None
    }


def _zone(name: str, theirs: timedelta, ours: timedelta, now: datetime, zone: tzinfo, witnesses: int) -> Line:
    """The portal's zone against the file's. `witnesses` inverters' own clocks agree with the portal."""
    if theirs == ours:
        words = f"{name}: the portal agrees with the file, {_hours(ours)}."
        return Line("zone", Health.OK, words, _next_switch(now, zone))
    clocks = "" if not witnesses else " and the inverter's own clock" if witnesses == 1 else _ALL_CLOCKS
    says = "say" if witnesses else "says"
    words = f"{name}: the portal{clocks} {says} {_hours(theirs)}, the file's zone is at {_hours(ours)}."
    return Line("zone", Health.WARNING, words, _switch(now, zone, theirs - ours, sure=witnesses > 0))


_ALL_CLOCKS = " and the inverters' own clocks"


def _witnesses(plant: Plant, name: str, apart: timedelta) -> int:
    return sum(1 for device in plant.inverters if device.plant == name and _goes_by(device, apart))


def _goes_by(device: Device, apart: timedelta) -> bool:
    """Whether the inverter's clock is right in a zone that is `apart` from the file's."""
    error_s = device.clock_error_s
    return error_s is not None and abs(error_s - apart.total_seconds()) <= SKEW_S


def _switch(now: datetime, zone: tzinfo, apart: timedelta, *, sure: bool) -> str:
    """What to do about a portal that is `apart` from the file's zone; its daylight saving is manual."""
    summer = now.astimezone(zone).dst() or timedelta()
    if summer and apart == -summer:
        return "On the plant's page of the portal turn daylight saving on, or mend the file's zone."
    if not summer and apart == timedelta(hours=1):
        return "On the plant's page of the portal turn daylight saving off, or mend the file's zone."
    if sure:
        return "Correct `timezone` in the file; the clocks of the inverters need nothing."
    return "See the time zone on the plant's page of the portal, and `timezone` in the file."


def _next_switch(now: datetime, zone: tzinfo) -> str:
    """When the portal's switch has to be turned next; empty where the clock never changes."""
    here = now.astimezone(UTC)
    for days in range(1, 366):
        then = here + timedelta(days=days)
        if then.astimezone(zone).utcoffset() != here.astimezone(zone).utcoffset():
            on = "on" if then.astimezone(zone).dst() else "off"
            day = then.astimezone(zone)
            return f"Its daylight saving is turned {on} by hand, next around {day.day} {day:%B}."
    return ""


def _own_clock(device: Device, apart: timedelta) -> Line:
    """Against the file's zone. That it goes by the portal's instead is one cause, told as the zone."""
    error_s = device.clock_error_s
    about = f"clock of {device.name}"
    if error_s is None:
        return Line(about, Health.WARNING, "It cannot be compared: the inverter is away or does not tell.")
    if apart and _goes_by(device, apart):
        off_s = abs(error_s - apart.total_seconds())
        return Line(about, Health.OK, f"Right within {off_s:.0f} s in the portal's zone; see `zone` above.")
    if abs(error_s) > SKEW_S:
        ahead = "ahead" if error_s > 0 else "behind"
        words = f"It is {format_duration(abs(error_s))} {ahead}; its own windows follow it."
        todo = "Set the inverter's time in the portal or the app."
        if not apart and _goes_by(device, timedelta(hours=round(error_s / 3600))):
            todo = f"If `timezone` in the file is right: {todo[0].lower()}{todo[1:]}"
        return Line(about, Health.WARNING, words, todo)
    return Line(about, Health.OK, f"Right within {abs(error_s):.0f} s.")


def devices(plant: Plant, managed: frozenset[str]) -> Iterator[Line]:
    """Whether each inverter is heard, and has the settings that the file manages."""
    for device in plant.inverters:
        firmware = f", firmware {device.firmware}" if device.firmware else ""
        if device.online is True:
            yield Line(device.name, Health.OK, f"Online{firmware}.")
        else:
            yield Line(device.name, Health.FAILURE, "The portal does not hear it.", "Look at its dongle.")
        unread = [n for n in sorted(managed) if n in device.able and device.settings.get(n) is None]
        lacking = [describe(name).name for name in sorted(lacking_of(device, managed))]
        if lacking:
            words = f"It does not have {', '.join(lacking)}."
            yield Line(device.name, Health.WARNING, words, "Take them out of the file, or name `devices:`.")
        if unread and device.online is True:
            words = f"{', '.join(unread)} could not be read, or the inverter does not have it."
            yield Line(device.name, Health.WARNING, words, "Try again; what is never read is not written.")


def lacking_of(device: Device, names: frozenset[str]) -> frozenset[str]:
    """Those of some settings that the connected wire or the inverter's model does not have."""
    return names - device.able


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
