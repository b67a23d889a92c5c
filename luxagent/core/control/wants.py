"""What each setting of an inverter should be: the highest rule that holds, else the baseline, else before.

Per setting, first rule wins. A rule in doubt above everything else leaves the setting in doubt, unless the
setting is owned: then it must be able to go home.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from luxagent.core.control.changes import Want
from luxagent.core.control.standing import Standing
from luxagent.core.facts.settings import SETTINGS, SettingKind, SettingValue, same_value
from luxagent.core.memory import Memory, Owned
from luxagent.core.plant.device import Device
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Scope
from luxagent.core.values.units import format_duration


@dataclass(frozen=True, slots=True)
class Outlook:
    """The standings that bear on one inverter."""

    unit: Standing
    own: Standing | None
    """For rules of scope inverter; None where the file has none."""

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
    names = policy.managed if not owned.keys() - policy.managed else policy.managed | owned.keys()
    return [
        _want(device, name, outlook, policy, owned.get(name))
        for name in sorted(names)
        if device.primary or not _is_task(name)
    ]


def at_home(want: Want, owned: Owned | None) -> bool:
    """Whether an owned setting has been read where it belongs once no rule wants it."""
    if owned is None or want.rule is not None:
        return False
    if _is_task(want.setting):
        return want.have is False
    return want.value is not None and same_value(want.setting, want.value, want.have)


def satisfied(want: Want) -> bool:
    """Whether there is nothing to write."""
    return want.value is None or same_value(want.setting, want.value, want.have)


def with_because(want: Want, outlook: Outlook, policy: Policy) -> Want:
    """The want with its reason in words; worked out only where somebody will read it."""
    if want.because or want.rule is None:
        return want
    compiled = policy.rules[policy.index_of[want.rule]]
    return replace(want, because=outlook.of(compiled.rule.scope).because(compiled))


def _is_task(name: str) -> bool:
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
        if rule.devices and device.serial not in rule.devices:
            continue
        standing = outlook.of(rule.scope)
        if standing.holds(rule.name):
            homeward = owned is not None and not holder_holds and (holder_at is None or index > holder_at)
            want = Want(device.serial, name, value, have, rule.name, "", homeward)
            return _task_want(want, owned, standing) if _is_task(name) else want
        if doubt is None and owned is None and standing.doubtful(rule.name):
            doubt = Want(device.serial, name, None, have, rule.name, doubtful=True)
    if doubt is not None:
        return doubt
    return _home(device, name, have, policy, owned)


def _holds(outlook: Outlook, policy: Policy, index: int) -> bool:
    rule = policy.rules[index].rule
    return outlook.of(rule.scope).holds(rule.name)


def _home(device: Device, name: str, have: SettingValue | None, policy: Policy, owned: Owned | None) -> Want:
    """The baseline, else what was before, else nothing."""
    homeward = owned is not None
    if _is_task(name):
        if owned is None:
            return Want(device.serial, name, None, have, because="no rule wants it")
        because = f"{owned.holder} let go"
        return Want(device.serial, name, value=False, have=have, because=because, homeward=True)
    if name in policy.baseline:
        because = f"baseline, {owned.holder} let go" if owned is not None else "baseline"
        return Want(device.serial, name, policy.baseline[name], have, None, because, homeward)
    if owned is not None:
        because = f"what it was before {owned.holder} took it"
        return Want(device.serial, name, owned.before, have, None, because, homeward=True)
    return Want(device.serial, name, None, have, because="no rule wants it and it is left alone")


def _task_want(want: Want, owned: Owned | None, standing: Standing) -> Want:
    """Quick charge is started once each time a rule takes; having ended by itself it is satisfied."""
    rule = want.rule or ""
    ours = owned is not None and owned.holder == rule and owned.taken_at >= standing.since(rule)
    if owned is None or not ours or not owned.proven or want.value is False:
        return want
    if owned.value is False or owned.value is True or not isinstance(owned.value, int | float):
        return replace(want, value=None, because="its time is over; started once each time the rule takes")
    if owned.taken_at + timedelta(seconds=owned.value) <= standing.scene.moment.at and want.have is True:
        return replace(
            want, value=False, because=f"its {format_duration(owned.value)} are over", homeward=True
        )
    return replace(want, value=None, because="started once each time the rule takes")
