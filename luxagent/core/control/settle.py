"""From what is wanted of one inverter to what may be written: changes, holds, and what is as it should be.

Called by `decide` for each inverter. Most ticks find everything as the tick before left it; then the answer
of that tick is given again without working it out (see `_Calm`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from luxagent.core.control.asking import Asking, Settled, hold
from luxagent.core.control.changes import Want, stage_for
from luxagent.core.control.firmware import firmware_news
from luxagent.core.control.hands import other_hands
from luxagent.core.control.late import on_the_way
from luxagent.core.control.loosening import switch_of
from luxagent.core.control.round import Round
from luxagent.core.control.tasks import is_task
from luxagent.core.control.wants import (
    Outlook,
    at_home,
    home_wants,
    satisfied,
    wants,
    with_because,
)
from luxagent.core.events import CameHome, Event, HoldEnded, ReadsRight
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import (
    KEPT_WHILE_ON,
    SettingValue,
    within_wire,
)
from luxagent.core.fold import fold_all
from luxagent.core.memory import Owned
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Reading
from luxagent.core.sightings import HomeMissed, KeptInMind, LandedLate, LeftAlone, OverrideSeen, SettingsKnown

HOME_MISSES = 3
"""Going home that was not proven so often is worth a critical alert."""


@dataclass(frozen=True, slots=True)
class _Calm:
    """A tick in which nothing was to be done, and everything that made it so."""

    settings: Mapping[str, SettingValue | None]
    holding: tuple[str, ...]
    owned: Mapping[str, Owned] | None
    known: Mapping[str, SettingValue] | None
    primary: bool
    unchanged: list[Want]


def settle(device: Device, outlook: Outlook, reading: Reading, about: Round) -> Settled:
    """Compare what one inverter's settings should be with what they are, and ask the guards."""
    serial, news = device.serial, firmware_news(device, about)
    about = _with_news(about, news)
    memory = about.memory
    calm = about.policy.calm.get(serial)
    noisy = serial in memory.held or serial in memory.misses or bool(memory.leases) or not outlook.steady
    noisy = noisy or about.restoring or memory.pause is not None or bool(news)
    if isinstance(calm, _Calm) and not noisy and _as_before(calm, device, outlook, about):
        return Settled(unchanged=calm.unchanged)
    out = Settled(events=news)
    differing: list[Want] = []
    found = _wanted(device, outlook, about)
    hands = other_hands(device, found, reading, about)
    out.events += hands
    if any(_changes_wants(event) for event in hands):
        about = _with_news(about, hands)
        memory = about.memory
        found = _wanted(device, outlook, about)
    owned = memory.owned.get(serial, {})
    for want in found:
        _notice(want, owned.get(want.setting), about, out)
        if want.doubtful:
            hold(with_because(want, outlook, about.policy), (_doubt(device),), about, out)
        elif satisfied(want):
            out.unchanged.append(want)
            if want.setting in memory.held.get(serial, {}):
                out.events.append(HoldEnded(about.now, serial, want.setting))
        else:
            differing.append(with_because(want, outlook, about.policy))
    if differing:
        _guard(differing, found, device, reading, about, out)
        out.events += _kept_in_mind(device, about, out)
    unproven = any(not mine.proven for mine in owned.values())
    task = any("quick_charge" in memory.owned.get(member, {}) for member in {serial, *outlook.members})
    waits = any(at_home(want, owned.get(want.setting)) for want in out.unchanged)  # for what may land late
    if noisy or out.events or out.changes or out.held or unproven or task or waits:
        about.policy.calm.pop(serial, None)
    else:
        about.policy.calm[serial] = _Calm(
            device.settings, outlook.holding, memory.owned.get(serial), memory.custody.known.get(serial),
            device.primary, out.unchanged,
        )  # fmt: skip
    return out


def _wanted(device: Device, outlook: Outlook, about: Round) -> list[Want]:
    """One want per managed or owned setting."""
    find = home_wants if about.restoring else wants
    found = [_sayable(want, about) for want in find(device, outlook, about.policy, about.memory)]
    return [_keepable(want, found, device) for want in found]


def _sayable(want: Want, about: Round) -> Want:
    """What was there before may be more than this wire can say: then the way home ends at the most it can."""
    if want.rule is not None or want.setting in about.policy.baseline:
        return want
    if want.value is None or satisfied(want):
        return want
    return replace(want, value=within_wire(want.setting, want.value, about.plant.wire))


def _kept_in_mind(device: Device, about: Round, out: Settled) -> list[Event]:
    """What a switch takes with it that a rule is about to turn off, so that it can come back with it."""
    off = {one.want.setting: one.want.rule for one in out.changes if one.value is False}
    return [
        KeptInMind(about.now, device.serial, name, value, rule)
        for name, switch in KEPT_WHILE_ON.items()
        if (rule := off.get(switch)) is not None
        and (value := device.settings.get(name))
        and name not in about.memory.owned.get(device.serial, {})
    ]


def _keepable(want: Want, found: list[Want], device: Device) -> Want:
    """What is kept only while its switch is on is at home beside one that is off, whatever it reads.

    What a rule or a person wants of it waits for the switch; and while one of them has switched that off, it
    is as that one leaves it, and goes home after the switch.
    """
    switch = KEPT_WHILE_ON.get(want.setting)
    if switch is None or want.rule is not None or want.value is None or want.have is None:
        return want
    if device.settings.get(switch) is not False:
        return want
    for other in found:
        if other.setting == switch and other.value is True:
            return want
        if other.setting == switch and other.rule is not None and want.homeward:
            return replace(want, value=want.have, rule=other.rule, because=other.because, homeward=False)
    return replace(want, value=want.have)


def _changes_wants(event: Event) -> bool:
    """Whether what is owned may be another thing after it."""
    if isinstance(event, SettingsKnown):
        return "quick_charge" in event.values
    return isinstance(event, OverrideSeen | LandedLate)


def _with_news(about: Round, news: list[Event]) -> Round:
    """What was just seen counts in the very same tick."""
    return replace(about, memory=fold_all(about.memory, news)) if news else about


def _as_before(calm: _Calm, device: Device, outlook: Outlook, about: Round) -> bool:
    return (
        calm.owned is about.memory.owned.get(device.serial)
        and calm.known is about.memory.custody.known.get(device.serial)
        and calm.primary is device.primary
        and calm.holding == outlook.holding
        and calm.settings == device.settings
    )


def _notice(want: Want, mine: Owned | None, about: Round, out: Settled) -> None:
    """Say when an owned setting is found at home, or a write is found to have landed after all."""
    now, serial, name = about.now, want.serial, want.setting
    missed = name in about.memory.misses.get(serial, {})
    told = about.memory.custody.missed_home.get(serial, {}).get(name)
    if at_home(want, mine) and want.have is not None:
        home = False if is_task(name) else want.have  # ours is over; somebody else's may run
        if on_the_way(about.memory, serial, name, home, now) is None:
            out.events.append(CameHome(now, serial, name, home))
    elif mine is not None and want.rule is None and want.value is None and not want.doubtful:
        if not is_task(name):
            out.events.append(LeftAlone(now, serial, name, want.have, mine.holder))
    elif mine is not None and want.homeward and mine.misses_home >= HOME_MISSES and told is None:
        out.events.append(HomeMissed(now, serial, name, mine.misses_home, want.value, want.have))
    elif want.value is not None and want.have is not None and satisfied(want):
        late = mine is not None and not mine.proven and want.rule == mine.holder
        if (late or missed) and not (mine is not None and mine.ended):
            out.events.append(ReadsRight(now, want.serial, want.setting))


def _guard(
    differing: list[Want], found: list[Want], device: Device, reading: Reading, about: Round, out: Settled
) -> None:
    """Ask every guard about every difference, in the order in which they would be written.

    What quarrels with a setting that is itself about to give way is asked after that one, and its switch too.
    """
    asking = Asking(found, device, reading, about, out)
    waiting = sorted(
        (want for want in differing if want.value is not None),
        key=lambda want: (stage_for(want.setting, homeward=want.homeward), want.setting),
    )
    while waiting:
        later: list[Want] = []
        for want in waiting:
            switches = {switch_of(other.setting) for other in later if not want.homeward}
            if asking.must_wait(want) or want.setting in switches:
                later.append(want)
            else:
                asking.ask(want)
        if len(later) == len(waiting):
            for want in later:
                asking.ask(want)
            return
        waiting = later


def _doubt(device: Device) -> Reason:
    return Reason.OFFLINE if device.online is not True else Reason.STALE
