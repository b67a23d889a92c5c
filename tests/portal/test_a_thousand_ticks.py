"""Under every fault of the built-in portal, alone and mixed: never a crash, never a blind or double write."""

import random
from collections import Counter
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from luxagent.agent.tick import TickReport
from luxagent.core.facts.reasons import Reason
from luxagent.sim.faults import CATALOGUE
from luxagent.sim.server import WireName
from tests.portal.storm import RULES, TICK_S, Storm, storm

pytestmark = pytest.mark.long

STALE_S = 900.0
HOUR_S = 3600.0
LONGEST_S: dict[str, float] = {
    "api-blocked": 24 * HOUR_S,
    "no-permission": HOUR_S,
    "guest": HOUR_S,
    "read-only": HOUR_S,
    "locked": HOUR_S,
    "another-hand": 2 * HOUR_S,
    "unlisted": HOUR_S,
}
"""Faults that end in an announced back-off, which runs on after the fault is over; and its longest length."""
WIRES: list[WireName] = ["live", "document"]


def never(found: Storm, wrote_before: int, events_before: int, result: object) -> None:
    """What must not have happened in the tick that has just passed."""
    asked = found.portal.asked[wrote_before:]
    intents = found.intents(events_before)
    sent = Counter(write.serial for write in asked)
    meant = Counter(intent.serial for intent in intents)
    assert all(sent[serial] <= meant[serial] for serial in sent), "a write was sent twice"
    if isinstance(result, TickReport):
        devices = {device.serial: device for device in result.plant.devices}
        for intent in intents:
            if intent.homeward:
                continue
            device = devices[intent.serial]
            age_s = device.reading.number("data_age_s")
            assert device.online is True, "written to a device that is away"
            assert age_s is not None, "written on data of unknown age"
            assert age_s <= STALE_S, "written on old data"
    else:
        assert not asked, "written although the plant could not be read"
        assert str(result).endswith((".", "?")), result


ONE_FAULT, MANY_FAULTS = 4, 8
"""Logins within ten minutes. An open session that is not believed is opened anew at once, then after 1, 2 and
4 min. A portal that is down is asked three times with growing waits, a fourth time by what is read next, then
once a tick. Mixed faults may do either; a single one finds the session open."""


def logins_within_reason(found: Storm, most: int) -> None:
    """No ten minutes with more logins than the back-off allows, and no tick with more than four."""
    times = found.logins
    for place, at in enumerate(times):
        recent = [at - one for one in times[: place + 1] if at - one <= 600]
        assert len(recent) <= most, f"{len(recent)} logins within ten minutes"
        assert sum(ago < TICK_S / 2 for ago in recent) <= 4, "logins in a row"


PASSING = {
    Reason.JAMMED,  # three writes that came to nothing: until it reads right, or a person says resume
    Reason.WAITS,
    Reason.TOO_SOON,
    Reason.HOURLY_BUDGET,
    Reason.DAILY_BUDGET,
}
"""What may still hold a write although the trouble is over: what was written, or tried in vain, during it."""


def amiss(found: Storm, result: object) -> str:
    """What a tick could not read, or what of right, line, clock or hand holds a write; "" if nothing."""
    if not isinstance(result, TickReport):
        return str(result)
    plant = result.plant
    missing = set(found.portal.world.listed) - {device.serial for device in plant.devices}
    dark = [one.serial for one in plant.inverters if one.reading.number("soc_pct") is None]
    unread = [one.serial for one in plant.inverters if None in one.settings.values()]
    barred = [one.serial for one in plant.inverters if not (plant.may_write and one.may_write)]
    held = [str(held.reasons) for held in result.decision.held if not set(held.reasons) <= PASSING]
    parts = {
        "not listed": sorted(missing),
        "no readings of": dark,
        "no settings of": unread,
        "may not write to": barred,
        "held by": held,
        "wire": [] if plant.wire_sure else ["unsure"],
        "clock": [] if plant.clock_ok else ["off"],
    }
    return "; ".join(f"{what} {', '.join(which)}" for what, which in parts.items() if which)


def left(found: Storm) -> str:
    """What is amiss two ticks after the end of all faults, and of the back-offs that were announced by then.

    What a hand moved in the last minutes is seen when settings are next read, and a write that goes back by
    itself does so up to half a minute later: these two ticks may announce one, whose end is waited for too.
    """
    for _ in range(2):
        found.wait_out()
        found.tick()
        told = amiss(found, found.tick())
        if found.announced_s() == 0:
            break
    return told


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", sorted(CATALOGUE))
def test_each_fault_alone_is_survived_and_left_behind(tmp_path: Path, fault: str, wire: WireName) -> None:
    """Recovered within two ticks of the fault's end, and of the end of the back-off it had announced."""
    with storm(tmp_path, wire) as found:
        assert amiss(found, found.tick()) == ""
        found.portal.faults.on(fault)
        if fault.startswith("expired") or fault in ("locked", "read-only"):
            found.portal.end_sessions()
        for _ in range(8):
            wrote, noted = len(found.portal.asked), len(found.book.events)
            never(found, wrote, noted, found.tick())
        found.portal.faults.off(fault)
        assert found.announced_s() <= LONGEST_S.get(fault, 0)
        assert left(found) == ""
        logins_within_reason(found, ONE_FAULT)


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(dice=st.randoms(use_true_random=False), wire=st.sampled_from(WIRES))
def test_a_thousand_ticks_of_mixed_faults(
    tmp_path_factory: pytest.TempPathFactory, dice: random.Random, wire: WireName
) -> None:
    """Five runs of two hundred ticks: up to three faults at once, at any rate, for one device or all."""
    with storm(tmp_path_factory.mktemp("storm"), wire) as found:
        assert amiss(found, found.tick()) == ""  # a device that was never seen would take 15 min to be found
        ticks = 1
        while ticks < 200:
            faults = dice.sample(sorted(CATALOGUE), dice.randint(0, 3))
            for name in faults:
                serial = dice.choice([None, *found.portal.world.serials])
                found.portal.faults.on(name, serial, dice.choice([1.0, 0.5, 0.1]))
            if dice.random() < 0.4:
                found.portal.end_sessions()
            for _ in range(dice.randint(1, 12)):
                ticks += 1
                wrote, noted = len(found.portal.asked), len(found.book.events)
                never(found, wrote, noted, found.tick())
            for name in faults:
                found.portal.faults.off(name)
            assert left(found) == "", faults
            ticks += 2
        logins_within_reason(found, MANY_FAULTS)


LOAD = RULES.replace("when: {soc: below 60% until 70%}", "when: {soc: below 60%, load_power: below 90 kW}")


@pytest.mark.parametrize(("rules", "boxes"), [(RULES, 0), (LOAD, 1)], ids=["SOC", "SOC and load"])
def test_the_agent_asks_no_more_than_it_needs_while_all_is_well(
    tmp_path: Path, rules: str, boxes: int
) -> None:
    """Start-up at most three requests; a tick the two inverters, and the GridBOSS where a rule needs it.

    Every third tick the settings are more than five minutes old: two blocks of each inverter.
    """
    readings = {"getInverterRuntime": 2} | ({"getMidboxRuntime": 1} if boxes else {})
    with storm(tmp_path, rules=rules) as found:
        found.client.discover()
        assert found.portal.requests.total() <= 3
        found.tick()
        spent: list[dict[str, int]] = []
        for _ in range(30):
            before = found.portal.requests.copy()
            found.tick()
            asked = found.portal.requests - before
            spent.append({path.rsplit("/", 1)[-1]: count for path, count in asked.items()})
        assert [sum(one.values()) for one in spent[:7]] == [2 + boxes + due for due in (0, 0, 4, 0, 0, 4, 0)]
        assert sum(one == readings for one in spent) >= 10
        for one in spent:
            assert one.items() >= readings.items()
            assert one.keys() <= {*readings, "read", "write", "info", "list"}


BLOCK_OF = {"ac_charge_power": "0", "charge_limit": "127"}
"""The blocks of the settings that the storm's file manages."""


def test_settings_are_read_once_per_five_minutes_and_block_and_around_each_write(tmp_path: Path) -> None:
    """Every read of two hours is foretold: which are due, all blocks before a write, its own block after.

    What is kept is forgotten at a login, after a write to that inverter, and before each hour.
    """
    with storm(tmp_path) as found:
        kept: dict[tuple[str, str], float] = {}
        writes, hours = 0, set()
        for _ in range(60):
            begin, now = found.clock.monotonic(), found.clock.now().astimezone(UTC)
            if now.minute >= 55 and now.hour not in hours:
                hours.add(now.hour)
                kept.clear()
            from_read, from_event, from_login = len(found.reads), len(found.book.events), len(found.logins)
            result = found.tick()
            assert isinstance(result, TickReport)
            if len(found.logins) > from_login:
                kept.clear()
            keys = {(one.serial, block) for one in result.plant.inverters for block in BLOCK_OF.values()}
            foretold = Counter(key for key in keys if begin - kept.get(key, float("-inf")) > 300)
            intents = found.intents(from_event)
            written = {intent.serial for intent in intents}
            foretold += Counter(key for key in keys if key[0] in written)
            proofs = {(intent.serial, BLOCK_OF[intent.setting]) for intent in intents}
            foretold += Counter(proofs)
            got = found.reads[from_read:]
            assert Counter((serial, block) for _, serial, block in got) == foretold
            kept |= {(serial, block): at for at, serial, block in got}
            kept = {key: at for key, at in kept.items() if key[0] not in written or key in proofs}
            writes += len(intents)
        assert writes >= 8
        assert len(hours) == 2
