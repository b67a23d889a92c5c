"""Every reason not to write, one small function each, in the order in which they are told.

Each takes an `Ask` (a change somebody would like to make, with all that bears on it) and says whether it
must be held. Everything holds a take; going home is held only by what is in `HOLDS_GOING_HOME`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luxagent.core.control.changes import BY_HAND, Want
from luxagent.core.control.doubt import is_doubted
from luxagent.core.control.pausing import goes_home, is_paused
from luxagent.core.control.tasks import is_task
from luxagent.core.facts.portal_names import (
    as_number,
    ends_discharge,
    hazard,
    is_discharge_share,
    own_name,
    own_value,
)
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.rivals import clash
from luxagent.core.facts.settings import (
    FROM_THE_GRID,
    KEEPS_BACK,
    SettingValue,
    beyond_wire,
    describe,
    ends_force,
    same_value,
)
from luxagent.core.memory import Attempt, Memory
from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.reading import Reading
from luxagent.core.policy.rules import GuardRules, Limit
from luxagent.core.rights import may_write

JAMMED_AFTER = 3
HOMEWARD_RETRY = timedelta(minutes=10)
HOMEWARD_RETRY_JAMMED = timedelta(hours=1)
"""After so many misses as jam a setting, going home is tried on at this pace."""
HOMEWARD_OVER_HOUR = 2
HOMEWARD_SHARE = 5
"""A fifth of the day's budget is kept for going home."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One wanted write and its surroundings."""

    want: Want
    value: SettingValue
    device: Device
    reading: Reading
    """The inverter's own reading, with what only its GridBOSS knows."""
    plant: Plant
    memory: Memory
    rules: GuardRules
    limits: Mapping[str, Limit]
    now: datetime
    after: Mapping[str, SettingValue | None]
    """What the inverter's settings would be if everything wanted were written."""
    there: Mapping[str, SettingValue | None]
    """What they will be by then: as read, and as the writes granted so far in this tick leave them."""
    beside: Mapping[str, SettingValue | None] = field(default_factory=dict)
    """The charges and discharges by force that are on at other inverters of the unit, or about to be."""
    planned: Sequence[Attempt] = ()
    """Writes to this inverter already granted in this tick."""
    restoring: bool = False
    """A person, or the end of the service, sends everything home."""
    waits: bool = False
    """A limit that must come before this switch, or going home the switch before it, is itself held."""
    dry_run: bool = False


def reasons_against(ask: Ask) -> tuple[Reason, ...]:
    """All reasons that hold this write, first the one that counts. Empty: it may go out."""
    held_by = HOLDS_GOING_HOME if ask.want.homeward else frozenset(GUARDS)
    if ask.restoring:
        held_by -= LIFTED_BY_RESTORE
    return tuple(reason for reason, holds in GUARDS.items() if reason in held_by and holds(ask))


def _read_only_account(ask: Ask) -> bool:
    return not may_write(ask.plant, ask.device, ask.memory, ask.now)


def _unsupported(ask: Ask) -> bool:
    name = ask.want.setting
    return name not in ask.device.able or beyond_wire(name, ask.value, ask.plant.wire)


def _wire_unsure(ask: Ask) -> bool:
    return not ask.plant.wire_sure


def _clock(ask: Ask) -> bool:
    return not ask.plant.clock_ok


def _offline(ask: Ask) -> bool:
    return ask.device.online is not True


def _unread(ask: Ask) -> bool:
    """Nothing is on top of a write whose fate nobody has read yet: it is settled by a read before another."""
    key = (ask.device.serial, ask.want.setting)
    still_open = any((one.serial, one.setting) == key for one in ask.memory.open.values())
    return ask.want.have is None or still_open


def _stale(ask: Ask) -> bool:
    age_s = ask.device.reading.number("data_age_s")
    return age_s is None or age_s > ask.rules.stale_after_s


def _firmware_updating(ask: Ask) -> bool:
    """A device of the account updates, or this one is not trusted yet after an update."""
    if ask.plant.updating is True or is_doubted(ask.memory, ask.want.serial):
        return True
    return any(device.updating is True for device in ask.plant.devices)


def _outage(ask: Ask) -> bool:
    """Grid down or unknown: nothing that cuts power, raises a floor, or draws on an absent grid."""
    if ask.reading.get("grid") == "up":
        return False
    setting, value, have = _meant(ask)
    if setting == "eps":
        return value is not True
    if setting == "operating_mode":
        return value != "normal"
    if setting in FROM_THE_GRID:
        return value is not False
    if setting in KEEPS_BACK:
        return _is_more(value, have)
    return setting == "discharge_current" and _is_more(have, value)


def _meant(ask: Ask) -> tuple[str, SettingValue | None, SettingValue | None]:
    """The setting, the value and what is there now; a raw name that is one of ours is judged as ours."""
    name, value, have = ask.want.setting, ask.value, ask.want.have
    if is_discharge_share(name):
        return "discharge_current", as_number(value), as_number(have)
    own = own_name(name)
    if own is None:
        return name, value, have
    return own, own_value(name, value), own_value(name, have)


def _is_more(one: SettingValue | None, other: SettingValue | None) -> bool:
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return True
    return one > other


def _limit(ask: Ask) -> bool:
    """Limits are above all rules and the baseline. What a setting was before, it may be again."""
    want = ask.want
    if _may_be(ask):
        return False
    owned = ask.memory.owned.get(want.serial, {}).get(want.setting)
    return not (want.homeward and owned is not None and same_value(want.setting, ask.value, owned.before))


def _may_be(ask: Ask) -> bool:
    """Whether the value is within the limits, and the name one by which it may be set.

    The file takes no raw name of what has one of its own; a wish by hand may be older than the file.
    """
    name = ask.want.setting
    if own_name(name) is not None or hazard(name) is not None:
        return False
    if ends_discharge(name, ask.value) and not ask.rules.allow_power_cut:
        return False
    limit = ask.limits.get(name)
    return limit is None or limit.allows(ask.value)


def _conflict(ask: Ask) -> bool:
    """Charge and discharge forced together, or a floor above the stop: now, or once all wanted is written.

    One inverter of a unit must not charge from what another one discharges. On the way home only what still
    is as a rule or a `set` made it counts: who has both on, each within its own windows, gets both back.
    """
    setting, value = ask.want.setting, ask.value
    after, there = ask.after, ask.there
    if ask.want.homeward:
        moved = ask.memory.owned.get(ask.want.serial, {})
        after = {name: one for name, one in after.items() if name in moved and moved[name].value == one}
        there = {name: one for name, one in there.items() if name in moved and moved[name].value == one}
    return any(clash(setting, value, those) for those in (after, there, ask.beside))


def _no_effect(ask: Ask) -> bool:
    return describe(ask.want.setting).soc_of in (ask.device.by_voltage or ())


def _paused(ask: Ask) -> bool:
    """The pause after `restore` does not hold what that has not brought home yet."""
    on_its_way = ask.want.homeward and ask.want.rule is None and goes_home(ask.memory, ask.now)
    return is_paused(ask.memory, ask.now) and not on_its_way


def _override(ask: Ask) -> bool:
    """Another hand changed this very setting a while ago; a task is the whole group's."""
    length, name = ask.rules.on_override_s, ask.want.setting
    if length is None:
        return False
    serials = {ask.want.serial}
    if is_task(name):
        serials.update(member.serial for member in ask.plant.members(ask.device.unit))
    rows = (ask.memory.custody.overrides.get(serial, {}).get(name) for serial in serials)
    return any(row is not None and ask.now - row.at < timedelta(seconds=length) for row in rows)


def _jammed(ask: Ask) -> bool:
    if ask.want.homeward:
        return _jammed_on_the_way_home(ask)
    missed = ask.memory.misses.get(ask.want.serial, {}).get(ask.want.setting, 0)
    if missed < JAMMED_AFTER or not ends_force(ask.want.setting, ask.value):
        return missed >= JAMMED_AFTER
    mine = (one for one in _attempts(ask) if one.setting == ask.want.setting)
    return any(ask.now - one.at < HOMEWARD_RETRY_JAMMED for one in mine)


def _jammed_on_the_way_home(ask: Ask) -> bool:
    """Three tries were not proven: from then on one an hour, out of the fifth that is kept for going home.

    What is proven takes nothing of that from the others; ending a charge or a discharge is always tried.
    """
    owned = ask.memory.owned.get(ask.want.serial, {}).get(ask.want.setting)
    missed = ask.memory.misses.get(ask.want.serial, {}).get(ask.want.setting, 0)
    if (missed if owned is None else owned.misses_home) < JAMMED_AFTER:
        return False
    ends = ends_force(ask.want.setting, ask.value)
    lately = [one for one in _attempts(ask) if one.homeward and ask.now - one.at < timedelta(hours=24)]
    tries = [one for one in lately if not one.proven]
    if len(tries) >= max(1, ask.rules.writes_per_day // HOMEWARD_SHARE) and not ends:
        return True
    return any(one.setting == ask.want.setting and ask.now - one.at < HOMEWARD_RETRY_JAMMED for one in tries)


def _waits(ask: Ask) -> bool:
    return ask.waits


def _too_soon(ask: Ask) -> bool:
    """Least time between two takes. A person who stops what moves power means now."""
    if ask.want.rule == BY_HAND and ends_force(ask.want.setting, ask.value):
        return False
    since = timedelta(seconds=ask.rules.same_setting_every_s)
    return any(
        attempt.setting == ask.want.setting
        and not attempt.homeward
        and not attempt.lapsed
        and ask.now - attempt.at < since
        for attempt in _attempts(ask)
    )


def _too_soon_again(ask: Ask) -> bool:
    """Going home that was not proven is tried once per ten minutes.

    Counted from when the setting was last taken: a way home that was gone before that is over.
    """
    owned = ask.memory.owned.get(ask.want.serial, {}).get(ask.want.setting)
    return ask.want.homeward and any(
        attempt.setting == ask.want.setting
        and attempt.homeward
        and not (attempt.lapsed or attempt.proven)
        and (owned is None or attempt.at >= owned.taken_at)
        and ask.now - attempt.at < HOMEWARD_RETRY
        for attempt in _attempts(ask)
    )


def _hourly_budget(ask: Ask) -> bool:
    sent = sum(1 for attempt in _attempts(ask) if ask.now - attempt.at < timedelta(hours=1))
    extra = HOMEWARD_OVER_HOUR if ask.want.homeward else 0
    return sent >= ask.rules.writes_per_hour + extra


def _daily_budget(ask: Ask) -> bool:
    sent = sum(1 for attempt in _attempts(ask) if ask.now - attempt.at < timedelta(hours=24))
    kept = 0 if ask.want.homeward else ask.rules.writes_per_day // HOMEWARD_SHARE
    return sent >= ask.rules.writes_per_day - kept


def _attempts(ask: Ask) -> tuple[Attempt, ...]:
    return (*ask.memory.attempts.get(ask.want.serial, ()), *ask.planned)


def _dry_run(ask: Ask) -> bool:
    return ask.dry_run


GUARDS: dict[Reason, Callable[[Ask], bool]] = {
    Reason.READ_ONLY_ACCOUNT: _read_only_account,
    Reason.UNSUPPORTED: _unsupported,
    Reason.WIRE_UNSURE: _wire_unsure,
    Reason.CLOCK: _clock,
    Reason.OFFLINE: _offline,
    Reason.UNREAD: _unread,
    Reason.STALE: _stale,
    Reason.FIRMWARE_UPDATING: _firmware_updating,
    Reason.OUTAGE: _outage,
    Reason.LIMIT: _limit,
    Reason.CONFLICT: _conflict,
    Reason.NO_EFFECT: _no_effect,
    Reason.PAUSED: _paused,
    Reason.OVERRIDE: _override,
    Reason.JAMMED: _jammed,
    Reason.WAITS: _waits,
    Reason.TOO_SOON: lambda ask: _too_soon_again(ask) if ask.want.homeward else _too_soon(ask),
    Reason.HOURLY_BUDGET: _hourly_budget,
    Reason.DAILY_BUDGET: _daily_budget,
    Reason.DRY_RUN: _dry_run,
}
"""In the order of `Reason`."""

HOLDS_GOING_HOME = frozenset(
    {
        Reason.READ_ONLY_ACCOUNT,
        Reason.UNSUPPORTED,
        Reason.WIRE_UNSURE,
        Reason.OFFLINE,
        Reason.UNREAD,
        Reason.FIRMWARE_UPDATING,
        Reason.OUTAGE,
        Reason.LIMIT,  # not of what it was before
        Reason.CONFLICT,  # with what is owned alone
        Reason.PAUSED,
        Reason.OVERRIDE,
        Reason.JAMMED,  # its own rule: an hour between tries, within the fifth of the day
        Reason.WAITS,  # a limit, for its switch to be off
        Reason.TOO_SOON,  # its own rule: ten minutes between tries that were not proven
        Reason.HOURLY_BUDGET,  # with two more than a take has
        Reason.DAILY_BUDGET,  # with the fifth that takes may not touch
        Reason.DRY_RUN,
    }
)

LIFTED_BY_RESTORE = frozenset(
    {Reason.TOO_SOON, Reason.OVERRIDE, Reason.PAUSED, Reason.JAMMED, Reason.HOURLY_BUDGET}
)
"""A person who says `restore`, and a file that says `on_stop: restore`, mean now."""
