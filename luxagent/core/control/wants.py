"""What each setting of an inverter should be: the highest rule that holds, else the baseline, else before.

Per setting, first rule wins. A rule in doubt above everything else leaves the setting in doubt, unless the
setting is owned: then it must be able to go home.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from luxagent.core.control.changes import BY_HAND, Want
from luxagent.core.control.pausing import goes_home
from luxagent.core.control.standing import Standing
from luxagent.core.facts.settings import MOVES_POWER, SETTINGS, SettingKind, SettingValue, same_value
from luxagent.core.memory import Lease, Memory, Owned
from luxagent.core.plant.device import Device
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Rule, Scope
from luxagent.core.values.units import format_duration


@dataclass(frozen=True, slots=True)
class Outlook:
    """The standings that bear on one inverter."""

    unit: Standing
    own: Standing | None
    """For rules of scope inverter; None where the file has none."""
    members: frozenset[str] = frozenset()
    """The serials of its unit: a task that a rule narrows to one of them is the group's all the same."""

    @property
    def steady(self) -> bool:
        """Whether nothing is in doubt."""
        return self.unit.steady and (self.own is None or self.own.steady)

    @property
    def holding(self) -> tuple[str, ...]:
        """The rules that hold, unit's first; what the wants hang on while all is steady."""
        return (*self.unit.states, "|", *(self.own.states if self.own is not None else ()))

    def of(self, scope: Scope) -> Standing:
        return self.own if scope is Scope.INVERTER and self.own is not None else self.unit


def wants(device: Device, outlook: Outlook, policy: Policy, memory: Memory) -> list[Want]:
    """One want per managed or owned setting of this inverter."""
    owned = memory.owned.get(device.serial, {})
    names = policy.managed
    if memory.leases or owned.keys() - names:
        names = names | owned.keys() | memory.leases.keys()
    home = goes_home(memory, outlook.unit.scene.moment.at)
    found = []
    for name in sorted(names):
        mine, others = owned.get(name), is_task(name) and not device.primary
        if home and mine is not None:
            found.append(_home(device, name, device.settings.get(name), policy, mine))
        elif mine is not None or not others:
            want = _by_hand(device, name, outlook, mine, memory)
            want = want or _want(device, name, outlook, policy, mine)
            # What was started while this one was the group's primary is ended here, and not begun.
            found.append(replace(want, value=None) if others and want.value is not False else want)
    return found


def home_wants(device: Device, _outlook: Outlook, policy: Policy, memory: Memory) -> list[Want]:
    """One want per owned setting, each leading home: what is wanted when everything is to be given back."""
    return [
        _home(device, name, device.settings.get(name), policy, owned)
        for name, owned in sorted(memory.owned.get(device.serial, {}).items())
    ]


def lease_on(memory: Memory, setting: str, serial: str, now: datetime) -> Lease | None:
    """What a person set this setting to, while it lasts; an inverter's own lease before one for all."""
    rows = memory.leases.get(setting)
    if not rows:
        return None
    found = (rows.get(serial), rows.get(""))
    return next((row for row in found if row is not None and (row.until is None or now < row.until)), None)


def at_home(want: Want, owned: Owned | None) -> bool:
    """Whether an owned setting has been read where it belongs once no rule wants it.

    It is not home for good while a write that leads away from there may still land: see `late`.
    """
    if owned is None or want.rule is not None:
        return False
    if is_task(want.setting):
        return want.have is False or owned.ended
    return want.value is not None and same_value(want.setting, want.value, want.have)


def satisfied(want: Want) -> bool:
    """Whether there is nothing to write."""
    return want.value is None or same_value(want.setting, want.value, want.have)


def with_because(want: Want, outlook: Outlook, policy: Policy) -> Want:
    """The want with its reason in words; worked out only where somebody will read it."""
    if want.because or want.rule is None or want.rule not in policy.index_of:
        return want
    compiled = policy.rules[policy.index_of[want.rule]]
    return replace(want, because=outlook.of(compiled.rule.scope).because(compiled))


def is_for(rule: Rule, serial: str, setting: str, outlook: Outlook) -> bool:
    """Whether a rule speaks of this setting of this inverter. A task is the group's, whichever is named."""
    if not rule.devices or serial in rule.devices:
        return True
    return is_task(setting) and not outlook.members.isdisjoint(rule.devices)


def is_task(name: str) -> bool:
    """Whether it is started once and ends by itself: quick charge."""
    row = SETTINGS.get(name)
    return row is not None and row.kind is SettingKind.TASK


def _want(device: Device, name: str, outlook: Outlook, policy: Policy, owned: Owned | None) -> Want:
    have = device.settings.get(name)
    doubt: Want | None = None
    holder_at = policy.index_of.get(owned.holder) if owned is not None else None
    holder_holds = holder_at is not None and _holds(outlook, policy, holder_at)
    for index, value in policy.by_setting.get(name, ()):
        compiled = policy.rules[index]
        rule = compiled.rule
        if not is_for(rule, device.serial, name, outlook):
            continue
        standing = outlook.of(rule.scope)
        if standing.holds(rule.name):
            lower = owned is not None and not holder_holds and (holder_at is None or index > holder_at)
            # To set a charge or a discharge going is a take, whoever had it off before.
            homeward = lower and not (name in MOVES_POWER and value is not False)
            want = Want(device.serial, name, value, have, rule.name, "", homeward)
            if not is_task(name):
                return want
            return _task_want(want, owned, standing.since(rule.name), standing.scene.moment.at)
        if doubt is None and owned is None and standing.doubtful(rule.name):
            doubt = Want(device.serial, name, None, have, rule.name, doubtful=True)
    if doubt is not None:
        return doubt
    return _home(device, name, have, policy, owned)


def _by_hand(device: Device, name: str, outlook: Outlook, owned: Owned | None, memory: Memory) -> Want | None:
    """The want of a person's `set`, which is above all rules; None where there is none."""
    now = outlook.unit.scene.moment.at
    lease = lease_on(memory, name, device.serial, now) if memory.leases else None
    if lease is None:
        return None
    left = "" if lease.until is None else f" for {format_duration((lease.until - now).total_seconds())} more"
    want = Want(device.serial, name, lease.value, device.settings.get(name), BY_HAND, f"{BY_HAND}{left}")
    return _task_want(want, owned, lease.since, now) if is_task(name) else want


def _holds(outlook: Outlook, policy: Policy, index: int) -> bool:
    rule = policy.rules[index].rule
    return outlook.of(rule.scope).holds(rule.name)


def _home(device: Device, name: str, have: SettingValue | None, policy: Policy, owned: Owned | None) -> Want:
    """The baseline, else what was before, else nothing."""
    homeward = owned is not None
    if is_task(name):
        if owned is None:
            return Want(device.serial, name, None, have, because="no rule wants it")
        because = f"{owned.holder} let go"
        if owned.ended:
            return Want(device.serial, name, None, have, because=f"{because}, and its own has ended")
        return Want(device.serial, name, value=False, have=have, because=because, homeward=True)
    if name in policy.baseline:
        because = f"baseline, {owned.holder} let go" if owned is not None else "baseline"
        return Want(device.serial, name, policy.baseline[name], have, None, because, homeward)
    if owned is not None:
        because = f"what it was before {owned.holder} took it"
        return Want(device.serial, name, owned.before, have, None, because, homeward=True)
    return Want(device.serial, name, None, have, because="no rule wants it and it is left alone")


def _task_want(want: Want, owned: Owned | None, since: datetime, now: datetime) -> Want:
    """Quick charge is started once each time a rule takes; having ended by itself it is satisfied.

    A stop that was not proven is wanted until it is: some portals' quick charge has no end of its own.
    """
    ours = owned is not None and owned.holder == want.rule and owned.taken_at >= since
    if owned is not None and ours and owned.value is False and not owned.proven:
        return replace(
            want, value=False, because="its time is over, and its stop is not proven", homeward=True
        )
    if owned is None or not ours or not owned.proven or want.value is False:
        return want
    if owned.ended or owned.value is False or owned.value is True or not isinstance(owned.value, int | float):
        return replace(want, value=None, because="its time is over; started once each time the rule takes")
    if owned.taken_at + timedelta(seconds=owned.value) <= now and want.have is True:
        return replace(
            want, value=False, because=f"its {format_duration(owned.value)} are over", homeward=True
        )
    return replace(want, value=None, because="started once each time the rule takes")
