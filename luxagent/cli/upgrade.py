"""A firmware update started by a person: what must be so before, and how it is watched until its end.

Only the verb `firmware update` uses this. Nothing that runs by itself can reach it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo

from luxagent.cli.clock import Clock
from luxagent.cli.examine.line import Health, Line
from luxagent.core.plant.device import Device, Kind
from luxagent.errors import LuxagentError, TryLater
from luxagent.portal.client import PortalClient
from luxagent.portal.records import FirmwareRun, Report
from luxagent.portal.states import CHARGES_FROM_GRID

ACTIVE_S, IDLE_S = 7.0, 60.0
"""Between two looks while an update runs, and while none does (document: 5 to 10 s, and 1 min)."""
APPEARS_S = 600.0
"""An update shows in the portal's list up to five minutes after it began."""
LONGEST_S = 90 * 60.0
"""One run takes 20 to 40 minutes."""
OLD_S = 900.0
LOW_PCT = 50.0
BRIGHT_W = 500.0
PEAK_HOURS = range(9, 16)
"""Site time in which solar power is most likely to be lost."""


def checklist(client: PortalClient, device: Device, clock: Clock, zone: tzinfo) -> Iterator[Line]:
    """The document's pre-update checklist, in its order. Reads only, and never from the cache."""
    allowed = client.firmware_eligibility(device.serial)
    yield _either("portal allows it", allowed.allowed, allowed.words or "no reason was given")
    check = client.firmware_check(device.serial, longest_s=0)
    have = f"{check.code or 'unknown'}, app {check.app} to {check.newest_app}"
    have += f", parameters {check.parameter} to {check.newest_parameter}"
    yield _either(
        "update available", check.available is True, have if check.available else "none is on offer"
    )
    if check.steps:
        yield Line(
            "steps", Health.WARNING, "it takes more than one run; start the next when this one is done"
        )
    progress = client.firmware_progress()
    busy = [run.serial for run in progress.runs if run.running]
    idle = progress.running is False and not busy
    words = "none runs in the account" if idle else f"one runs: {', '.join(busy) or 'which, is not known'}"
    yield _either("no other update", idle, words)
    ask = client.gridboss if device.kind is Kind.GRIDBOSS else client.runtime
    yield from _condition(client, device, ask(device.serial, longest_s=0), clock.now(), zone)


def _condition(
    client: PortalClient, device: Device, report: Report, now: datetime, zone: tzinfo
) -> Iterator[Line]:
    age_s = None if report.uploaded_at is None else (now - report.uploaded_at).total_seconds()
    boss_without_stamp = device.kind is Kind.GRIDBOSS and age_s is None
    online = report.online is True and (boss_without_stamp or (age_s is not None and -120 <= age_s <= OLD_S))
    age = "age unknown" if age_s is None else f"last heard {max(age_s, 0):.0f} s ago"
    yield _either("device online", online, age if report.online else "the portal does not hear it")
    grid = report.values.get("grid")
    yield _either("grid there", grid == "up", f"the grid is {grid or 'in an unknown state'}")
    if device.kind is Kind.INVERTER:
        yield _critical(client, device, report)
        soc = report.values.get("soc_pct")
        known = isinstance(soc, int | float)
        words = f"{soc:g} %" if known else "unknown"
        enough = known and float(soc) >= LOW_PCT  # type: ignore[arg-type]  # a number, as `known` says
        yield Line("battery", Health.OK if enough else Health.WARNING, f"{words}; an outage would need it")
    yield _time_of_day(report, now.astimezone(zone))


def _critical(client: PortalClient, device: Device, report: Report) -> Line:
    """Quick charge and charging from the grid are not to be cut off in the middle."""
    running = client.quick_charge(device.serial, longest_s=0).running
    drawing = report.operating_code in CHARGES_FROM_GRID
    words = "a quick charge runs" if running else "it charges from the grid" if drawing else "none"
    if running is None and not drawing:
        words = "whether a quick charge runs is not known"
    return _either("no critical operation", running is False and not drawing, words)


def _time_of_day(report: Report, local: datetime) -> Line:
    pv = report.values.get("pv_power_w")
    bright = isinstance(pv, int | float) and pv > BRIGHT_W
    peak = bright or local.hour in PEAK_HOURS
    words = f"{local:%H:%M} at the site" + (f", solar power {pv:.0f} W" if bright else "")
    return Line("time of day", Health.WARNING if peak else Health.OK, words)


def _either(name: str, good: bool, words: str) -> Line:
    return Line(name, Health.OK if good else Health.FAILURE, words)


def follow(
    client: PortalClient, serial: str, clock: Clock, show: Callable[[FirmwareRun], None]
) -> FirmwareRun | None:
    """Watch an update until it has ended. None if it never showed, or did not end in an hour and a half.

    Polls every few seconds while it runs, every minute while it does not; errors in between are passed over,
    for the device and at times the portal are away.
    """
    began, last = clock.monotonic(), None
    earlier = {(run.serial, run.begun) for run in _runs(client, serial) if run.ended}
    while (spent_s := clock.monotonic() - began) < (LONGEST_S if last else APPEARS_S):
        runs = [run for run in _runs(client, serial) if (run.serial, run.begun) not in earlier]
        for run in runs:
            if run != last:
                show(run)
                last = run
            if run.ended:
                return run
        clock.wait(ACTIVE_S if any(run.running for run in runs) or spent_s < IDLE_S else IDLE_S)
    return None


def _runs(client: PortalClient, serial: str) -> list[FirmwareRun]:
    try:
        return [run for run in client.firmware_progress().runs if run.serial == serial]
    except TryLater:
        return []


def back_online(client: PortalClient, device: Device, clock: Clock, limit_s: float = 600.0) -> bool:
    """Whether the device speaks to the portal again after its update."""
    ask = client.gridboss if device.kind is Kind.GRIDBOSS else client.runtime
    ended, began = clock.now(), clock.monotonic()
    while clock.monotonic() - began < limit_s:
        try:
            report = ask(device.serial, longest_s=0)
        except LuxagentError:
            report = Report()
        stamped = report.uploaded_at is None or report.uploaded_at >= ended
        if report.online is True and stamped and report.updating is not True:
            return True
        clock.wait(15.0)
    return False
