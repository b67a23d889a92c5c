"""From what is wanted of one inverter to what may be written: changes, holds, and what is as it should be.

Called by `decide` for each inverter. Most ticks find everything as the tick before left it; then the answer
of that tick is given again without working it out (see `_Calm`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from luxagent.core.control.changes import Change, Held, Want, stage_for
from luxagent.core.control.firmware import firmware_news
from luxagent.core.control.guards import Ask, reasons_against
from luxagent.core.control.hands import other_hands
from luxagent.core.control.late import on_the_way
from luxagent.core.control.loosening import loosens, switch_of
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
from luxagent.core.events import CameHome, Event, HeldBack, HoldEnded, ReadsRight
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.rivals import clash, rivals_of
from luxagent.core.facts.settings import (
    KEPT_WHILE_ON,
    MOVES_POWER,
    SETTINGS,
    SettingValue,
    same_value,
    within_wire,
)
from luxagent.core.facts.words import value_text
from luxagent.core.fold import fold_all
from luxagent.core.memory import Attempt, Hold, Owned
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Reading
from luxagent.core.sightings import HomeMissed, LandedLate, LeftAlone, OverrideSeen, SettingsKnown

HOME_MISSES = 3
"""Going home that was not proven so often is worth a critical alert."""


@dataclass(slots=True)
class Settled:
    """What one inverter's settings come to in this tick."""

    changes: list[Change] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    unchanged: list[Want] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


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
            _hold(with_because(want, outlook, about.policy), (_doubt(device),), about, out)
        elif satisfied(want):
            out.unchanged.append(want)
            if want.setting in memory.held.get(serial, {}):
                out.events.append(HoldEnded(about.now, serial, want.setting))
        else:
            differing.append(with_because(want, outlook, about.policy))
    if differing:
        _guard(differing, found, device, reading, about, out)
    unproven = any(not mine.proven for mine in owned.values())
    task = any("quick_charge" in memory.owned.get(member, {}) for member in {serial, *outlook.members})
    if noisy or out.events or out.changes or out.held or unproven or task:
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


def _keepable(want: Want, found: list[Want], device: Device) -> Want:
    """What is kept only while its switch is on is at home beside one that is off, whatever it reads.

    What a rule or a person wants of it waits for the switch.
    """
    switch = KEPT_WHILE_ON.get(want.setting)
    if switch is None or want.rule is not None or want.value is None or want.have is None:
        return want
    if device.settings.get(switch) is not False:
        return want
    goes_on = any(other.setting == switch and other.value is True for other in found)
    return want if goes_on else replace(want, value=want.have)


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
    asking = _Asking(found, device, reading, about, out)
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


class _Asking:
    """The writes of one tick to one inverter, granted one after another."""

    def __init__(
        self, found: list[Want], device: Device, reading: Reading, about: Round, out: Settled
    ) -> None:
        self._found, self._device, self._reading, self._about, self._out = found, device, reading, about, out
        self._after = {**device.settings, **{w.setting: w.value for w in found if w.value is not None}}
        self._there, self._beside = dict(device.settings), forced_beside(device, about)
        self._granted: list[Attempt] = []
        self._stages: dict[str, int] = {}
        self._held_limits: set[str] = set()
        self._still_on: set[str] = set()
        """Switches whose way home, to off, is held."""

    def must_wait(self, want: Want) -> bool:
        """Whether it quarrels with what is there, and would not if all that is wanted were written."""
        name, value = want.setting, want.value
        return value is not None and clash(name, value, self._there) and not clash(name, value, self._after)

    def ask(self, want: Want) -> None:
        """Grant it a place among the tick's writes, or hold it with all reasons."""
        about, name, policy = self._about, want.setting, self._about.policy
        if want.value is None:
            return
        ask = Ask(
            want, want.value, self._device, self._reading, about.plant, about.memory, policy.guards,
            policy.limits, about.now, self._after, self._there, self._beside, self._granted,
            dry_run=policy.dry_run, restoring=about.restoring,
            waits=self._waits(want, want.value),
        )  # fmt: skip
        reasons = reasons_against(ask)
        if not reasons:
            change = self._change(want, want.value)
            self._out.changes.append(change)
            self._stages[name], self._there[name] = change.stage, change.value
            about.granted.setdefault(want.serial, {})[name] = change.value
            self._granted.append(Attempt(about.now, 0, name, want.homeward))
            return
        if reasons == (Reason.DRY_RUN,):
            self._there[name] = want.value  # so that the dry run tells what else would hold
        elif (switch := switch_of(name)) is not None:
            self._held_limits.add(switch)
        elif want.homeward and want.value is False:
            self._still_on.add(name)
        _hold(self._told_against(want) if Reason.CONFLICT in reasons else want, reasons, about, self._out)

    def _told_against(self, want: Want) -> Want:
        """The want, with the settings it quarrels with and the rules that want those among its reasons."""
        rules = {other.setting: other.rule for other in self._found if other.rule is not None}
        against = []
        for name in rivals_of(want.setting):
            wanted = self._after.get(name)
            for verb, value in (("keeps", self._there.get(name)), ("wants", wanted)):
                if want.value is not None and clash(want.setting, want.value, {name: value}):
                    theirs = name in rules and wanted is not None and same_value(name, wanted, value)
                    who = f"{rules[name]!r} {verb}" if theirs else "is"
                    against.append(f"{name}, which {who} {value_text(name, value)}")
                    break
            else:
                if want.value is not None and clash(want.setting, want.value, {name: self._beside.get(name)}):
                    against.append(f"{name}, which is on at another inverter of its group")
        parts = (want.because, f"against it stands {' and '.join(against)}" if against else "")
        return replace(want, because="; ".join(part for part in parts if part))

    def _waits(self, want: Want, value: SettingValue) -> bool:
        """A switch for its limits; on the way home a limit that would let more through for its switch.

        And what is kept only while a switch is on, for that switch.
        """
        keeper = KEPT_WHILE_ON.get(want.setting)
        if keeper is not None and self._there.get(keeper) is False:
            return True
        if not want.homeward:
            return want.setting in self._held_limits and value is not False
        switch = switch_of(want.setting)
        if switch is None or switch in self._stages or not loosens(want.setting, value, want.have):
            return False
        if switch in self._still_on:
            return True
        memory, now = self._about.memory, self._about.now
        owned = switch in memory.owned.get(want.serial, {})
        return owned and on_the_way(memory, want.serial, switch, home=False, now=now) is not None

    def _change(self, want: Want, value: SettingValue) -> Change:
        """After its own limits, and after the rival that makes room for it; going home after its switch."""
        name, stage = want.setting, stage_for(want.setting, homeward=want.homeward)
        quarrels = clash(name, value, self._device.settings)
        needs = tuple(rival for rival in rivals_of(name) if quarrels and rival in self._stages)
        switch = switch_of(name)
        if want.homeward and switch in self._stages and self._there.get(switch) is False:
            needs += (switch,) if loosens(name, value, want.have) else ()
        if KEPT_WHILE_ON.get(name) in self._stages:
            needs += (KEPT_WHILE_ON[name],)
        first = set(needs)
        if not want.homeward:
            first |= {limit for limit in self._stages if limit in SETTINGS and SETTINGS[limit].before == name}
        return Change(want, value, max([stage, *(self._stages[one] + 1 for one in first)]), needs)


def forced_beside(device: Device, about: Round) -> dict[str, SettingValue | None]:
    """The charges and discharges by force that are on at other inverters of the unit, or about to be."""
    found: dict[str, SettingValue | None] = {}
    for member in about.plant.members(device.unit):
        if member.serial != device.serial:
            there = {**member.settings, **about.granted.get(member.serial, {})}
            found |= {name: there[name] for name in MOVES_POWER if there.get(name) not in (None, False)}
    return found


def _doubt(device: Device) -> Reason:
    return Reason.OFFLINE if device.online is not True else Reason.STALE


def _hold(want: Want, reasons: tuple[Reason, ...], about: Round, out: Settled) -> None:
    """Hold it back; the journal hears of it when the value or the reasons change."""
    out.held.append(Held(want, reasons))
    words = tuple(reason.value for reason in reasons)
    if about.memory.held.get(want.serial, {}).get(want.setting) != Hold(want.value, words):
        out.events.append(
            HeldBack(
                about.now, want.serial, want.setting, want.value, want.have, want.rule, want.because, words
            )
        )
