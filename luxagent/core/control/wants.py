"""What each setting of an inverter should be: the highest rule that holds, else the baseline, else before.

Per setting, first rule wins. A rule in doubt above everything else leaves the setting in doubt, unless the
setting is owned: then it must be able to go home.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from luxagent.core.control.changes import BY_HAND, Want
from luxagent.core.control.pausing import goes_home
from luxagent.core.control.standing import Standing
from luxagent.core.control.tasks import Group, home_want, is_task, task_want
from luxagent.core.facts.settings import MOVES_POWER, SettingValue, ends_force, same_value
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
    stands_in: bool = False
    """It is to end the group's task, for the inverter that began it is away."""

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
    if outlook.stands_in:
        begun = (memory.owned.get(serial, {}) for serial in outlook.members)
        names = names | {name for row in begun for name in row if is_task(name)}
    home, group = goes_home(memory, outlook.unit.scene.moment.at), group_of(device, outlook, memory)
    found = []
    for name in sorted(names):
        mine, others = owned.get(name), is_task(name) and not device.primary
        if home and mine is not None:
            found.append(_home(device, name, policy, mine, group))
        elif mine is not None or not others or (is_task(name) and outlook.stands_in):
            # A task is begun by none but the group's primary, and ended by the inverter that began it, or by
            # another one that is there while that one is not.
            theirs = group.owned(name) if mine is None and is_task(name) else None
            held = mine or theirs
            want = _by_hand(device, name, outlook, held, group)
            want = want or _want(device, name, outlook, policy, held, group)
            ends = want.value is False
            left_to_it = theirs is not None and want.homeward and not outlook.stands_in
            elsewhere = left_to_it if ends else others
            found.append(replace(want, value=None) if elsewhere else want)
    return found


def home_wants(device: Device, outlook: Outlook, policy: Policy, memory: Memory) -> list[Want]:
    """One want per owned setting, each leading home: what is wanted when everything is to be given back."""
    group = group_of(device, outlook, memory)
    return [
        _home(device, name, policy, owned, group)
        for name, owned in sorted(memory.owned.get(device.serial, {}).items())
    ]


def group_of(device: Device, outlook: Outlook, memory: Memory) -> Group:
    """Where this inverter's tasks run."""
    members = outlook.members or frozenset({device.serial})
    return Group(members, memory, device.quick_charge_left_s, outlook.unit.scene.moment.at)


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


def _want(
    device: Device, name: str, outlook: Outlook, policy: Policy, owned: Owned | None, group: Group
) -> Want:
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
            homeward = homeward or (owned is not None and _is_stop(name, value))
            want = Want(device.serial, name, value, have, rule.name, "", homeward)
            if not is_task(name):
                return want
            return task_want(want, group.task(want, owned, standing.since(rule.name)))
        if doubt is None and owned is None and standing.doubtful(rule.name):
            doubt = Want(device.serial, name, None, have, rule.name, doubtful=True)
    if doubt is not None:
        return doubt
    return _home(device, name, policy, owned, group)


def _by_hand(device: Device, name: str, outlook: Outlook, owned: Owned | None, group: Group) -> Want | None:
    """The want of a person's `set`, which is above all rules; None where there is none."""
    now, memory = outlook.unit.scene.moment.at, group.memory
    lease = lease_on(memory, name, device.serial, now) if memory.leases else None
    if lease is None:
        return None
    left = "" if lease.until is None else f" for {format_duration((lease.until - now).total_seconds())} more"
    have, ends = device.settings.get(name), owned is not None and _is_stop(name, lease.value)
    want = Want(device.serial, name, lease.value, have, BY_HAND, f"{BY_HAND}{left}", homeward=ends)
    return task_want(want, group.task(want, owned, lease.since)) if is_task(name) else want


def _is_stop(name: str, value: SettingValue) -> bool:
    """Whether it goes out like going home, whoever wants it. A task has its own rules for that."""
    return ends_force(name, value) and not is_task(name)


def _holds(outlook: Outlook, policy: Policy, index: int) -> bool:
    rule = policy.rules[index].rule
    return outlook.of(rule.scope).holds(rule.name)


def _home(device: Device, name: str, policy: Policy, owned: Owned | None, group: Group) -> Want:
    """The baseline, else what was before, else nothing."""
    have, homeward = device.settings.get(name), owned is not None
    if is_task(name):
        want = Want(device.serial, name, None, have)
        return home_want(want, group.task(want, owned))
    if name in policy.baseline:
        because = f"baseline, {owned.holder} let go" if owned is not None else "baseline"
        return Want(device.serial, name, policy.baseline[name], have, None, because, homeward)
    if owned is not None:
        because = f"what it was before {owned.holder} took it"
        return Want(device.serial, name, owned.before, have, None, because, homeward=True)
    return Want(device.serial, name, None, have, because="no rule wants it and it is left alone")
