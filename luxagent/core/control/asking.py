"""The writes of one tick to one inverter, asked of the guards one after another. Called by `settle`.

Each is judged by what will be there by then: as read, and as the writes granted before it leave it.
"""

from dataclasses import dataclass, field, replace

from luxagent.core.control.changes import BY_HAND, Change, Held, Want, stage_for
from luxagent.core.control.guards import Ask, reasons_against
from luxagent.core.control.late import on_the_way
from luxagent.core.control.loosening import loosens, switch_of
from luxagent.core.control.round import Round
from luxagent.core.control.wants import satisfied
from luxagent.core.events import Event, HeldBack
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.rivals import clash, rivals_of
from luxagent.core.facts.settings import KEPT_WHILE_ON, MOVES_POWER, SettingValue, same_value
from luxagent.core.facts.words import value_text
from luxagent.core.memory import Attempt, Hold
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Reading


@dataclass(slots=True)
class Settled:
    """What one inverter's settings come to in this tick."""

    changes: list[Change] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    unchanged: list[Want] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Asking:
    """The writes of one tick to one inverter, granted one after another."""

    def __init__(
        self, found: list[Want], device: Device, reading: Reading, about: Round, out: Settled
    ) -> None:
        self._found, self._device, self._reading, self._about, self._out = found, device, reading, about, out
        self._after = {**device.settings, **{w.setting: w.value for w in found if w.value is not None}}
        self._there = dict(device.settings)
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
        if want.value is None or self._goes_with_its_switch(want):
            return
        ask = Ask(
            want, want.value, self._device, self._reading, about.plant, about.memory, policy.guards,
            policy.limits, about.now, self._after, self._there,
            forced_beside(self._device, about, homeward=want.homeward), self._planned(want),
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
        hold(self._told_against(want) if Reason.CONFLICT in reasons else want, reasons, about, self._out)

    def _goes_with_its_switch(self, want: Want) -> bool:
        """What is kept only while a switch is on is home once that is off: nothing else is written for it."""
        keeper = KEPT_WHILE_ON.get(want.setting, "")
        return want.homeward and self._stages.get(keeper) is not None and self._there.get(keeper) is False

    def _planned(self, want: Want) -> list[Attempt]:
        """This tick's writes, and the one that must follow a switch, which else would be on for nothing."""
        if want.value is not True:
            return self._granted
        follow = [
            Attempt(self._about.now, 0, other.setting, other.homeward)
            for other in self._found
            if KEPT_WHILE_ON.get(other.setting) == want.setting and not satisfied(other)
        ]
        return [*self._granted, *follow]

    def _told_against(self, want: Want) -> Want:
        """The want, with the settings it quarrels with and the rules that want those among its reasons."""
        beside = forced_beside(self._device, self._about, homeward=want.homeward)
        rules = {other.setting: other.rule for other in self._found if other.rule is not None}
        against = []
        for name in rivals_of(want.setting):
            wanted = self._after.get(name)
            for verb, value in (("keeps", self._there.get(name)), ("wants", wanted)):
                if want.value is not None and clash(want.setting, want.value, {name: value}):
                    theirs = name in rules and wanted is not None and same_value(name, wanted, value)
                    whose = "a value set by hand" if rules.get(name) == BY_HAND else repr(rules.get(name))
                    who = f"{whose} {verb}" if theirs else "is"
                    against.append(f"{name}, which {who} {value_text(name, value)}")
                    break
            else:
                if want.value is not None and clash(want.setting, want.value, {name: beside.get(name)}):
                    against.append(f"{name}, which is on at another inverter of its group")
        if not against:
            return want
        told = f"against it stands {' and '.join(against)}"
        because = "; ".join(part for part in (want.because, told) if part)
        return replace(want, because=because, against=told)

    def _waits(self, want: Want, value: SettingValue) -> bool:
        """A switch for its limits; on the way home a limit that would let more through for its switch.

        And what is kept only while a switch is on, for that switch.
        """
        keeper = KEPT_WHILE_ON.get(want.setting)
        if keeper is not None and (self._there.get(keeper) is not True or keeper in self._still_on):
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
            first |= {limit for limit in self._stages if switch_of(limit) == name}
        return Change(want, value, max([stage, *(self._stages[one] + 1 for one in first)]), needs)


def forced_beside(device: Device, about: Round, *, homeward: bool) -> dict[str, SettingValue | None]:
    """The charges and discharges by force that are on at other inverters of the unit, or about to be.

    One that is about to end is on until that is proven. On the way home only ours count.
    """
    found: dict[str, SettingValue | None] = {}
    for member in about.plant.members(device.unit):
        if member.serial == device.serial:
            continue
        moved = about.memory.owned.get(member.serial, {})
        for values in (member.settings, about.granted.get(member.serial, {})):
            found |= {
                name: values[name]
                for name in MOVES_POWER
                if values.get(name) not in (None, False)
                and (not homeward or (name in moved and moved[name].value is not False))
            }
    return found


def hold(want: Want, reasons: tuple[Reason, ...], about: Round, out: Settled) -> None:
    """Hold it back; the journal hears of it when the value or the reasons change."""
    out.held.append(Held(want, reasons))
    words = tuple(reason.value for reason in reasons)
    if about.memory.held.get(want.serial, {}).get(want.setting) != Hold(want.value, words):
        out.events.append(
            HeldBack(
                about.now, want.serial, want.setting, want.value, want.have, want.rule, want.because, words
            )
        )
