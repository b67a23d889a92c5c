"""What must be so when all is well again, and when the rules have let go for good."""

from datetime import timedelta

from luxagent.agent.tick import TickReport
from luxagent.core.control.changes import BY_HAND, Held
from luxagent.core.facts.reasons import Outcome, Reason
from luxagent.errors import LuxagentError
from tests.life.life import Life
from tests.life.rulesets import GUARDS
from tests.life.rulesets import let_go as without_rules
from tests.life.words import ROWS, same, truth

MINUTE = 60.0
LONGEST_QUICK_S = 1800.0
"""Of the rules of these lives, and of what people set."""
SLACK = timedelta(minutes=16)
"""A tick comes every few minutes, a stop waits for the one before, and clocks are set."""


def mend_all(life: Life) -> None:
    """Every fault of portal, line and clock is over, and nobody pulls the plug."""
    life.steps.after_send = None
    life.uploads(come=True)
    for name in life.portal.faults.active:
        life.mend(name)
    life.right_clock()


def calm(life: Life) -> None:
    """Two fresh looks after the last fault every setting is as it should be, or there is a good reason."""
    mend_all(life)
    life.tick(6 * MINUTE)
    result = life.tick(6 * MINUTE)
    if life.clock.at < life.patient_until:
        return
    assert isinstance(result, TickReport), result
    _as_wanted(life, result)
    _nothing_is_charged_too_long(life, result)


def _nothing_is_charged_too_long(life: Life, report: TickReport) -> None:
    """No quick charge of ours outlasts the time of whoever wants it, whichever rules began it."""
    now = life.clock.at
    for want in report.decision.unchanged:
        if want.setting != "quick_charge" or want.rule is None or not life.charges_for_nobody():
            continue
        rows = life.memory.leases.get("quick_charge", {})
        took = [row.since for row in rows.values()] if want.rule == BY_HAND else []
        outlook = report.decision.outlooks[want.serial]
        took += [s.since(want.rule) for s in (outlook.unit, outlook.own) if s is not None and not took]
        orders = [order for order in life.witness.orders if order.asked.setting == "quick_charge"]
        began = [order.at for order in orders if order.asked.value is not False]  # it may have had to wait
        assert now - max(*took, *began) < timedelta(seconds=LONGEST_QUICK_S) + SLACK, (want, took, began)


def _as_wanted(life: Life, report: TickReport) -> None:
    decision = report.decision
    for want in decision.unchanged:
        if want.value is None or want.setting not in ROWS:
            continue
        there = truth(life.house, want.serial, want.setting)
        assert same(want.setting, want.value, there), (want, there)
    for held in decision.held:
        assert held.reasons, held
        unfounded = [reason for reason in held.reasons if not _is_founded(reason, held, life)]
        assert not unfounded, (held, unfounded)
    for change in decision.changes:
        result = report.results[change.want.serial, change.want.setting]
        assert result.outcome in (Outcome.CONFIRMED, Outcome.HELD), (change, result)


def _is_founded(reason: Reason, held: Held, life: Life) -> bool:
    """Whether there is a good reason to hold a write although portal, line and clocks are well."""
    want, now = held.want, life.clock.at
    key = (want.serial, want.setting)
    match reason:
        case Reason.UNREAD:
            ends = life.homes.updates.get(want.serial)  # it does not answer meanwhile
            return ends is not None and now - ends < timedelta(minutes=2)
        case Reason.FIRMWARE_UPDATING:
            return any(now - ends < timedelta(minutes=45) for ends in life.homes.updates.values())
        case Reason.STALE:  # a SOC that comes to its end in one step waits for the next upload
            return any(round(upload.soc_pct) in (0, 100) for upload in life.house.uploads.values())
        case Reason.OUTAGE:
            return any(not upload.grid_up for upload in life.house.uploads.values())
        case Reason.LIMIT:
            return not life.agent.policy.limits[want.setting].allows(want.value)  # type: ignore[arg-type]
        case Reason.DRY_RUN:
            return life.agent.policy.dry_run
        case Reason.PAUSED:
            return life.paused
        case Reason.OVERRIDE:
            return now - life.witness.left_alone[key] < timedelta(hours=2, minutes=4)
        case Reason.JAMMED:
            missed = life.memory.misses.get(want.serial, {}).get(want.setting, 0)
            owned = life.memory.owned.get(want.serial, {}).get(want.setting)
            return missed >= 3 or (owned is not None and want.homeward and owned.misses_home >= 3)
        case Reason.TOO_SOON:
            return any(one.key == key and now - one.at < timedelta(minutes=14) for one in life.witness.orders)
        case Reason.HOURLY_BUDGET | Reason.DAILY_BUDGET if life.clock_touched:
            return True  # what cannot be told is counted as sent just now
        case Reason.HOURLY_BUDGET:
            return len(_numbers(life, want.serial, timedelta(hours=1, minutes=4))) >= GUARDS.writes_per_hour
        case Reason.DAILY_BUDGET:
            least = GUARDS.writes_per_day - GUARDS.writes_per_day // 5
            return len(_numbers(life, want.serial, timedelta(hours=24, minutes=4))) >= least
        case _:
            return reason in (Reason.CONFLICT, Reason.WAITS)


def _numbers(life: Life, serial: str, span: timedelta) -> list[int]:
    meant = life.witness.meant.items()
    return [number for number, (who, at) in meant if who == serial and life.clock.at - at < span]


WAITS_MIN = (2, 2, 12, 12, 12, 30, 60, 20, 60, 240, 600, 400, 20, 20, 20, 20)
"""Between the ticks of the end: holds for other hands end after two hours, budgets after a day."""


def let_go(life: Life) -> None:
    """The faults end, the rules are gone from the file, and a day later everything is where it belongs."""
    mend_all(life)
    life.grid(up=True)
    life.go_by(without_rules(life.agent.policy))
    life.resume()
    life.end_what_is_set()
    result: TickReport | LuxagentError | None = None
    for minutes in WAITS_MIN:
        result = life.tick(minutes * MINUTE)
        if life.clock.at >= life.patient_until and _is_home(life):
            break
    assert not life.memory.open, life.memory.open
    assert not life.memory.owned, (life.memory.owned, result)
    for serial, setting in sorted({one.key for one in life.witness.orders}):
        if setting != "quick_charge":
            _is_where_it_belongs(life, serial, setting)
    assert not life.charges_for_nobody(), "a quick charge was left running"


def _is_home(life: Life) -> bool:
    memory = life.memory
    if memory.owned or memory.open:
        return False
    overrides = memory.custody.overrides
    return all(
        setting not in ROWS
        or setting in overrides.get(serial, {})
        or same(setting, value, truth(life.house, serial, setting))
        for serial in life.serials
        for setting, value in life.agent.policy.baseline.items()
    )


def _is_where_it_belongs(life: Life, serial: str, setting: str) -> None:
    key, there = (serial, setting), truth(life.house, serial, setting)
    allowed = life.homes.values[key]
    if key in life.homes.loose and setting == "ac_charge_windows":
        return  # a firmware that takes back edge after edge leaves windows that nobody ever wanted
    if key in life.homes.loose:
        sent = [one.intent.value for one in life.witness.orders if one.key == key]
        allowed = [*life.homes.ever[key], *life.homes.found.get(key, ()), *sent]
    wanted, alone = life.agent.policy.baseline.get(setting), life.witness.left_alone.get(key)
    if wanted is not None and (alone is None or life.clock.at - alone > timedelta(hours=2, minutes=4)):
        allowed = [wanted]
    assert any(same(setting, one, there) for one in allowed), (
        f"{setting} of {serial} is {there!r} in the end, and belongs to {allowed!r}"
    )
