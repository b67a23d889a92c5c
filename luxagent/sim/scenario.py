"""Ready-made worlds: one inverter, a parallel pair behind a GridBOSS, and the demo's day."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from luxagent.core.values.sun import Place, elevation_deg
from luxagent.sim.battery import Bank, Drift, Module
from luxagent.sim.counters import Counters, Energy, Tally
from luxagent.sim.happenings import Happening, with_outages
from luxagent.sim.house import House, Midbox, Site
from luxagent.sim.inverter import Build, Inverter
from luxagent.sim.mains import Mains, Span
from luxagent.sim.noise import fixed
from luxagent.sim.sky import clear_sky

FIRST, SECOND, MIDBOX = "52710E0417", "52710E0583", "46330X0092"
NUMERIC: Final = {FIRST: "5271004170", SECOND: "5271005830", MIDBOX: "4633000920"}
"""The written API speaks of ten digits; real serials hold letters."""

_MODULE_AH = 280.0


def inverter(
    serial: str,
    soc_pct: float,
    seed: int,
    *,
    modules: int = 3,
    drifts: Sequence[Drift] = (),
    pv_peak_w: float = 9_000,
    clock_error_s: float = 0.0,
) -> Inverter:
    """An 18KPV-class inverter with its modules, a few years old."""
    bank = Bank(
        [
            Module(
                index,
                _MODULE_AH,
                _MODULE_AH * 51.2 * min(100.0, soc_pct) / 100,
                cycles=160 + 40 * fixed(seed, serial + "cycles", index),
                soh_pct=99 - index // 2,
            )
            for index in range(modules)
        ],
        seed,
        serial,
        drifts,
    )
    build = Build(serial, f"BE{serial[-8:]}", pv_peak_w=pv_peak_w, clock_error_s=clock_error_s)
    past = {energy: 900 + 3000 * fixed(seed, serial + energy, 1) for energy in Energy}
    tallies = {energy: Tally(0.0, 0.03 * kwh, 0.4 * kwh, kwh) for energy, kwh in past.items()}
    return Inverter(build, bank, counters=Counters(tallies))


def single_house(
    start: datetime,
    zone: ZoneInfo,
    place: Place,
    seed: int = 1,
    *,
    soc_pct: float = 45.0,
    modules: int = 3,
    drifts: Sequence[Drift] = (),
    outages: Sequence[tuple[datetime, datetime]] = (),
    happenings: Sequence[Happening] = (),
    pv_peak_w: float = 9_000,
    load_scale: float = 1.0,
    upload_every_s: int = 60,
    clock_error_s: float = 0.0,
    numeric_serials: bool = False,
) -> House:
    """One inverter with three battery modules, in no group."""
    serial = NUMERIC[FIRST] if numeric_serials else FIRST
    alone = inverter(
        serial,
        soc_pct,
        seed,
        modules=modules,
        drifts=drifts,
        pv_peak_w=pv_peak_w,
        clock_error_s=clock_error_s,
    )
    return House(
        site=Site(place, zone),
        inverters={serial: alone},
        mains=_mains(outages, seed),
        start=start,
        seed=seed,
        load_scale=load_scale,
        upload_every_s=upload_every_s,
        happenings=with_outages([serial], list(outages), list(happenings)),
    )


def pair_house(
    start: datetime,
    zone: ZoneInfo,
    place: Place,
    seed: int = 1,
    *,
    soc_pct: float = 45.0,
    outages: Sequence[tuple[datetime, datetime]] = (),
    happenings: Sequence[Happening] = (),
    load_scale: float = 1.8,
    upload_every_s: int = 60,
    numeric_serials: bool = False,
) -> House:
    """Parallel group A: two inverters, three modules each, behind a GridBOSS."""
    serials = [NUMERIC[s] if numeric_serials else s for s in (FIRST, SECOND)]
    both = {
        serial: inverter(serial, soc_pct - 2 * index, seed, pv_peak_w=9_000 - 2_500 * index)
        for index, serial in enumerate(serials)
    }
    return House(
        site=Site(place, zone, 20418, "Orchard House"),
        inverters=both,
        mains=_mains(outages, seed),
        start=start,
        seed=seed,
        group="A",
        midbox=Midbox(NUMERIC[MIDBOX] if numeric_serials else MIDBOX, "BE46330092"),
        load_scale=load_scale,
        upload_every_s=upload_every_s,
        happenings=with_outages(serials, list(outages), list(happenings)),
    )


def demo_house(
    start: datetime,
    zone: ZoneInfo,
    place: Place,
    seed: int = 1,
    *,
    soc_pct: float = 45.0,
    days: int = 1,
    upload_every_s: int = 60,
    numeric_serials: bool = False,
) -> House:
    """The demo's world: each day a cell drifts from late morning to mid-afternoon, then the grid fails
    for 40 minutes in the early evening. The battery starts low enough that a cheap night charge pays.
    """
    first = start.astimezone(zone).date()
    dates = [first + timedelta(days=offset) for offset in range(days + 2)]

    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime.combine(dates[day], time(hour, minute), zone)

    span = range(len(dates))
    return single_house(
        start,
        zone,
        place,
        seed,
        soc_pct=soc_pct,
        drifts=[Drift(1, 6, at(day, 10, 45), at(day, 15, 30)) for day in span],
        outages=[(at(day, 18, 20), at(day, 19, 0)) for day in span],
        pv_peak_w=_small_array_w(place, at(1, 0, 0)),
        load_scale=1.15,
        upload_every_s=upload_every_s,
        numeric_serials=numeric_serials,
    )


def _small_array_w(place: Place, midnight: datetime) -> float:
    """An array that gives 16 kWh on a clear day: in no season is the battery full by noon."""
    half_hours = [midnight + timedelta(minutes=30 * n) for n in range(48)]
    sun_hours = sum(clear_sky(elevation_deg(place, at)) for at in half_hours) / 2
    return min(6_500.0, 16_000 / max(1.0, sun_hours))


def _mains(outages: Sequence[tuple[datetime, datetime]], seed: int) -> Mains:
    return Mains([Span(start, end) for start, end in outages], seed)
