"""The portal client beside pylxpweb, the best-known client of the same portal, in one run on one machine.

Run: python benchmarks/portal.py   (Python 3.12 or newer, with the dev group installed)

Each figure comes from processes of its own, taken in turn: import time and memory from five fresh processes a
side (the median), decoding from the same bytes of the built-in portal, requests and wall time from the same
portal on loopback: a group of two inverters behind a GridBOSS. See benchmarks/README.md for what it said.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import timeit
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Phoenix")
NOON = datetime(2026, 6, 1, 19, 10, tzinfo=UTC)
ROUNDS = 5
OURS, THEIRS = "luxagent", "pylxpweb"
_IMPORT = {
    OURS: "import luxagent.portal.client, luxagent.portal.reader, luxagent.portal.hand",
    THEIRS: "from pylxpweb import LuxpowerClient; from pylxpweb.devices.station import Station",
}
_PROBE = """
import time, sys
began = time.perf_counter()
{what}
spent = time.perf_counter() - began
pages = int(open("/proc/self/statm").read().split()[1])
import resource
print(spent * 1000, pages * resource.getpagesize() / 2**20)
"""


def imported(who: str) -> tuple[float, float]:
    """Milliseconds to import, and resident MiB after it, in a fresh process."""
    out = subprocess.run(
        [sys.executable, "-c", _PROBE.format(what=_IMPORT[who])], check=True, capture_output=True, text=True
    )
    ms, mib = out.stdout.split()
    return float(ms), float(mib)


class Clock:
    """Real waits would be part of nothing measured here."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - NOON).total_seconds()

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def visited(who: str) -> dict[str, float]:
    """Start-up and one refresh of everything, against a portal of this process."""
    from luxagent.core.values.sun import Place
    from luxagent.sim.scenario import pair_house
    from luxagent.sim.server import SimPortal

    clock = Clock()
    house = pair_house(clock.now(), ZONE, Place(33.45, -112.07), 1)
    with SimPortal(house, "live", now=clock.now) as portal:
        clock.wait(300)
        go = _we if who == OURS else _they
        return go(portal, clock)


def _we(portal: object, clock: Clock) -> dict[str, float]:
    from luxagent.core.facts.needs import Need
    from luxagent.portal.client import PortalClient
    from luxagent.portal.options import PortalOptions, Secret
    from luxagent.portal.reader import PortalReader

    count: Callable[[], int] = lambda: sum(portal.requests.values())  # type: ignore[attr-defined]  # noqa: E731
    client = PortalClient(PortalOptions(portal.url, "owner", Secret("x")), clock)  # type: ignore[attr-defined]
    reader = PortalReader(client)
    client.discover()
    start = count()
    everything = frozenset({Need.GRIDBOSS, Need.ENERGY, Need.BATTERY})
    reader.read(everything, frozenset())
    first = count() - start
    clock.wait(301)  # past every lifetime of telemetry
    before, began = count(), perf_counter()
    reader.read(everything, frozenset())
    wall = perf_counter() - began
    full = count() - before
    clock.wait(21)
    before = count()
    reader.read(frozenset({Need.GRIDBOSS}), frozenset())
    tick = count() - before
    client.close()
    return {"start": start, "first": first, "full": full, "tick": tick, "wall_ms": wall * 1000}


def _they(portal: object, _clock: Clock) -> dict[str, float]:
    from pylxpweb import LuxpowerClient
    from pylxpweb.devices.station import Station

    async def go() -> dict[str, float]:
        count: Callable[[], int] = lambda: sum(portal.requests.values())  # type: ignore[attr-defined]  # noqa: E731
        url = f"http://localhost:{portal.port}"  # type: ignore[attr-defined]
        client = LuxpowerClient("owner", "x", base_url=url, verify_ssl=False)
        try:
            await client.login()
            (station,) = await Station.load_all(client)
            start = count()
            await station.refresh_all_data()
            first = count() - start
            client.clear_cache()
            for inverter in station.all_inverters:
                inverter._runtime_cache_time = inverter._energy_cache_time = inverter._battery_cache_time = (
                    None
                )
            before, began = count(), perf_counter()
            for inverter in station.all_inverters:
                await inverter.refresh(force=True)
            for boss in station.all_mid_devices:
                await boss.refresh()
            wall = perf_counter() - began
            full = count() - before
        finally:
            await client.close()
        return {"start": start, "first": first, "full": full, "tick": full, "wall_ms": wall * 1000}

    return asyncio.run(go())


def answers() -> dict[str, bytes]:
    """The bytes of one refresh: runtime, energy and battery of an inverter, runtime of a GridBOSS."""
    import requests

    from luxagent.core.values.sun import Place
    from luxagent.sim.scenario import pair_house
    from luxagent.sim.server import SimPortal

    clock = Clock()
    house = pair_house(clock.now(), ZONE, Place(33.45, -112.07), 1)
    with SimPortal(house, "live", now=clock.now) as portal, requests.Session() as session:
        clock.wait(300)
        base = f"{portal.url}/WManage/api/"
        session.post(base + "login", data={"account": "owner", "password": "x"}, timeout=5)
        inverter, boss = portal.world.serials[0], portal.world.serials[-1]
        paths = {
            "runtime": ("inverter/getInverterRuntime", inverter),
            "energy": ("inverter/getInverterEnergyInfo", inverter),
            "battery": ("battery/getBatteryInfo", inverter),
            "midbox": ("midbox/getMidboxRuntime", boss),
        }
        return {
            name: session.post(base + path, data={"serialNum": serial}, timeout=5).content
            for name, (path, serial) in paths.items()
        }


def decoders(found: dict[str, bytes]) -> dict[str, Callable[[], object]]:
    """One full refresh, from bytes to what the client hands on: two inverters and a GridBOSS."""
    from pylxpweb.models import BatteryInfo, EnergyInfo, InverterRuntime, MidboxRuntime

    from luxagent.portal.live import answers as live
    from luxagent.portal.strict_json import parse_object

    utc = timedelta()

    def ours() -> None:
        for _ in range(2):
            live.runtime(parse_object(found["runtime"], "x"), {}, utc)
            live.energy(parse_object(found["energy"], "x"), {})
            live.battery(parse_object(found["battery"], "x"), {}, "52710E0417")
        live.gridboss(parse_object(found["midbox"], "x"), {}, utc)

    def theirs() -> None:
        for _ in range(2):
            InverterRuntime.model_validate(json.loads(found["runtime"]))
            EnergyInfo.model_validate(json.loads(found["energy"]))
            BatteryInfo.model_validate(json.loads(found["battery"]))
        MidboxRuntime.model_validate(json.loads(found["midbox"]))

    return {OURS: ours, THEIRS: theirs}


def main() -> None:
    """Print one table."""
    if len(sys.argv) > 1:  # a process of its own for each visit
        print(json.dumps(visited(sys.argv[1])))
        return
    imports: dict[str, list[tuple[float, float]]] = {OURS: [], THEIRS: []}
    visits: dict[str, list[dict[str, float]]] = {OURS: [], THEIRS: []}
    for _ in range(ROUNDS):
        for who in (OURS, THEIRS):
            imports[who].append(imported(who))
            out = subprocess.run([sys.executable, __file__, who], check=True, capture_output=True, text=True)
            visits[who].append(json.loads(out.stdout))
    decode = decoders(answers())
    took = {who: min(timeit.repeat(decode[who], number=200, repeat=7)) / 200 * 1e6 for who in decode}
    rows = [
        ("import, ms", {w: statistics.median(ms for ms, _ in imports[w]) for w in imports}),
        ("memory after import, MiB", {w: statistics.median(m for _, m in imports[w]) for w in imports}),
        ("decoding one full refresh, us", took),
        ("requests at start-up", {w: visits[w][0]["start"] for w in visits}),
        ("requests of the first full refresh", {w: visits[w][0]["first"] for w in visits}),
        ("requests of a full refresh", {w: visits[w][0]["full"] for w in visits}),
        ("requests of a tick", {w: visits[w][0]["tick"] for w in visits}),
        (
            "a full refresh on loopback, ms",
            {w: statistics.median(v["wall_ms"] for v in visits[w]) for w in visits},
        ),
    ]
    print(f"{'':36}{OURS:>10}{THEIRS:>10}{'ratio':>8}")
    for name, row in rows:
        print(f"{name:36}{row[OURS]:10.1f}{row[THEIRS]:10.1f}{row[OURS] / row[THEIRS]:8.2f}")


if __name__ == "__main__":
    main()
