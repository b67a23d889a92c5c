"""The agent's state as a fold over events: what each event makes of what is remembered.

`fold` is the only place where state changes. It returns the same object where nothing changed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from luxagent.core import events as ev
from luxagent.core import sightings as si
from luxagent.core.custody import fold_custody
from luxagent.core.events import Event
from luxagent.core.facts.settings import KEPT_WHILE_ON
from luxagent.core.memory import Attempt, Hold, Lease, Memory, Owned, Pause, RuleState, Timer, Write
from luxagent.core.sent import LATE
from luxagent.core.values.moved import moved, not_after
from luxagent.core.values.nested import put
from luxagent.core.watch import fold_watch

KEPT_ATTEMPTS = timedelta(hours=24)
LEAST_ATTEMPTS = 100
"""So many of an inverter's are kept whatever their age, more than a day's usual 60: a clock that runs ahead
and is put back must not have made a day's writes forgotten."""


def fold(memory: Memory, event: Event) -> Memory:
    """The state after an event."""
    handler = _HANDLERS.get(type(event))
    memory = memory if handler is None else handler(memory, event)
    custody = fold_custody(memory.custody, event)
    if custody is not memory.custody:
        memory = replace(memory, custody=custody)
    watch = fold_watch(memory.watch, event)
    return memory if watch is memory.watch else replace(memory, watch=watch)


def fold_all(memory: Memory, events: Iterable[Event]) -> Memory:
    """The state after some events, in order."""
    for event in events:
        memory = fold(memory, event)
    return memory


def _started(m: Memory, e: ev.Started) -> Memory:
    return replace(m, began=False) if e.dry_run and m.began else m


def _ticked(m: Memory, e: ev.Ticked) -> Memory:
    m = _not_later(m, e.at)
    if any(_has_old(row, e.at) for row in m.attempts.values()):
        m = replace(m, attempts={serial: _kept(row, e.at) for serial, row in m.attempts.items()})
    return replace(m, ticked_at=e.at, seen={**m.seen, **e.seen} if e.seen else m.seen)


def _has_old(row: tuple[Attempt, ...], now: datetime) -> bool:
    """Whether any may be forgotten."""
    return len(row) > LEAST_ATTEMPTS and row[0].at <= now - KEPT_ATTEMPTS


def _kept(row: tuple[Attempt, ...], now: datetime) -> tuple[Attempt, ...]:
    """Without those from the front that no budget and, if the clock is put back, hardly any will count."""
    while _has_old(row, now):
        row = row[1:]
    return row


def _not_later(m: Memory, at: datetime) -> Memory:
    """The state once the clock says `at`. If it was set back, what is "in the future" was now.

    So no budget is refilled and none stays empty until that future comes; no hold, no `hold` and no wait
    lasts longer than its own length. All of it goes to the same instant: what came first still does.
    """
    if all(time <= at for time in _times(m)):
        return m
    return replace(
        m,
        attempts=not_after(m.attempts, at),
        owned=not_after(m.owned, at),
        open=not_after(m.open, at),
        rules=not_after(m.rules, at),
        leases={
            setting: {serial: replace(one, since=min(one.since, at)) for serial, one in row.items()}
            for setting, row in m.leases.items()
        },
    )


def _times(m: Memory) -> Iterator[datetime]:
    """Every instant that has been; looked at in every tick, hence without `moved`."""
    for attempts in m.attempts.values():
        for attempt in attempts:
            yield attempt.at
    for row in m.owned.values():
        for owned in row.values():
            yield owned.taken_at
    for write in m.open.values():
        yield write.at
    for states in m.rules.values():
        for state in states.values():
            yield state.since
            if state.unknown_since is not None:
                yield state.unknown_since
    for leases in m.leases.values():
        for lease in leases.values():
            yield lease.since


def _clock_set(m: Memory, e: ev.ClockSet) -> Memory:
    """Elapsed time stays what it was: it goes along with the clock, as does people's `--for 10 h`."""
    return replace(
        m,
        clock_ahead_s=e.ahead_s,
        ticked_at=moved(m.ticked_at, e.by_s),
        attempts=moved(m.attempts, e.by_s),
        owned=moved(m.owned, e.by_s),
        open=moved(m.open, e.by_s),
        rules=moved(m.rules, e.by_s),
        timers=moved(m.timers, e.by_s),
        leases=moved(m.leases, e.by_s),
        flags=moved(m.flags, e.by_s),
        pause=moved(m.pause, e.by_s),
    )


def _rule_took(m: Memory, e: ev.RuleTook) -> Memory:
    return replace(m, rules=put(m.rules, e.who, e.rule, RuleState(on=True, since=e.at)))


def _rule_let_go(m: Memory, e: ev.RuleLetGo) -> Memory:
    return replace(m, rules=put(m.rules, e.who, e.rule, None))


def _rule_unknown(m: Memory, e: ev.RuleUnknown) -> Memory:
    state = m.rules.get(e.who, {}).get(e.rule) or RuleState(on=False, since=e.at)
    return replace(m, rules=put(m.rules, e.who, e.rule, replace(state, unknown_since=e.at)))


def _rule_known(m: Memory, e: ev.RuleKnown) -> Memory:
    state = m.rules.get(e.who, {}).get(e.rule)
    if state is None:
        return m
    after = replace(state, unknown_since=None) if state.on else None
    return replace(m, rules=put(m.rules, e.who, e.rule, after))


def _timer_set(m: Memory, e: ev.TimerSet) -> Memory:
    return replace(m, timers=put(m.timers, e.who, e.slot, Timer(e.since, e.halted_at)))


def _timer_cleared(m: Memory, e: ev.TimerCleared) -> Memory:
    return replace(m, timers=put(m.timers, e.who, e.slot, None))


def _latched(m: Memory, e: ev.Latched) -> Memory:
    return replace(m, latched=put(m.latched, e.who, e.slot, True if e.on else None))


def _write_intended(m: Memory, e: ev.WriteIntended) -> Memory:
    m = _not_later(m, e.at)  # before the tick ends: a rule must not have taken after its own write
    write = Write(e.number, e.at, e.serial, e.setting, e.value, e.before, e.rule, e.homeward)
    attempts = (*m.attempts.get(e.serial, ()), Attempt(e.at, e.number, e.setting, e.homeward))
    owned = m.owned
    if e.rule is not None:
        held = m.owned.get(e.serial, {}).get(e.setting)
        before = e.before if held is None else held.before
        missed = held.misses_home if held is not None and e.homeward else 0
        mine = Owned(before, e.rule, e.at, e.value, misses_home=missed)
        owned = put(owned, e.serial, e.setting, mine)
    return replace(
        m,
        open={**m.open, e.number: write},
        attempts={**m.attempts, e.serial: attempts},
        owned=owned,
        held=put(m.held, e.serial, e.setting, None),
        last_number=max(m.last_number, e.number),
    )


def _write_answered(m: Memory, e: ev.WriteAnswered) -> Memory:
    write = m.open.get(e.number)
    if write is None:
        return m
    return replace(m, open={**m.open, e.number: replace(write, answer=e.answer)})


def _write_closed(m: Memory, e: ev.WriteClosed) -> Memory:
    write = m.open.get(e.number)
    if write is None:
        return m
    rest = {number: other for number, other in m.open.items() if number != e.number}
    m = replace(m, open=rest)
    if e.outcome in ("lapsed", "confirmed"):
        lapsed = e.outcome == "lapsed"
        known = tuple(
            replace(a, lapsed=lapsed, proven=not lapsed) if a.number == e.number else a
            for a in m.attempts.get(e.serial, ())
        )
        m = replace(m, attempts={**m.attempts, e.serial: known})
    if e.outcome == "lapsed":
        return m
    if e.outcome == "confirmed" and e.found is False and write.rule is None:
        for name in (name for name, switch in KEPT_WHILE_ON.items() if switch == e.setting):
            m = replace(m, owned=put(m.owned, e.serial, name, None))  # at home with its switch
    missed = None if e.outcome == "confirmed" else m.misses.get(e.serial, {}).get(e.setting, 0) + 1
    m = replace(m, misses=put(m.misses, e.serial, e.setting, missed))
    held = m.owned.get(e.serial, {}).get(e.setting)
    if held is None:
        return m
    after: Owned | None
    if e.outcome == "confirmed":
        after = None if write.rule is None else replace(held, proven=True, misses_home=0)
    else:
        missed_home = held.misses_home + (1 if write.homeward else 0)
        after = replace(held, proven=held.proven and write.rule is None, misses_home=missed_home)
    return replace(m, owned=put(m.owned, e.serial, e.setting, after))


def _came_home(m: Memory, e: ev.CameHome) -> Memory:
    return replace(
        m,
        owned=put(m.owned, e.serial, e.setting, None),
        misses=put(m.misses, e.serial, e.setting, None),
    )


def _reads_right(m: Memory, e: ev.ReadsRight) -> Memory:
    held = m.owned.get(e.serial, {}).get(e.setting)
    owned = m.owned if held is None else put(m.owned, e.serial, e.setting, replace(held, proven=True))
    return replace(m, owned=owned, misses=put(m.misses, e.serial, e.setting, None))


def _settings_known(m: Memory, e: si.SettingsKnown) -> Memory:
    """A quick charge that is found ended or begun, long after ours was started, is ours no longer.

    Sooner, it may be a node of the portal that lags: only where ours ends by itself no harm is in that.
    """
    name = "quick_charge"
    now, was = e.values.get(name), m.custody.known.get(e.serial, {}).get(name)
    held = m.owned.get(e.serial, {}).get(name)
    if held is None or now is None or was is None or now == was:
        return m
    if not e.ended and (not held.proven or e.at - held.taken_at < LATE):
        return m
    return replace(m, owned=put(m.owned, e.serial, name, replace(held, ended=True)))


def _landed_late(m: Memory, e: si.LandedLate) -> Memory:
    owned = Owned(e.before, e.rule, e.at, e.value, proven=True)
    return replace(m, owned=put(m.owned, e.serial, e.setting, owned))


def _kept_in_mind(m: Memory, e: si.KeptInMind) -> Memory:
    if e.setting in m.owned.get(e.serial, {}):
        return m
    owned = Owned(e.before, e.rule, e.at, e.before, proven=True)
    return replace(m, owned=put(m.owned, e.serial, e.setting, owned))


def _held_back(m: Memory, e: ev.HeldBack) -> Memory:
    return replace(m, held=put(m.held, e.serial, e.setting, Hold(e.value, e.reasons)))


def _gone(m: Memory, e: si.OverrideSeen | si.LeftAlone) -> Memory:
    """Owned no longer, and not because it came home."""
    return replace(
        m,
        owned=put(m.owned, e.serial, e.setting, None),
        misses=put(m.misses, e.serial, e.setting, None),
        held=put(m.held, e.serial, e.setting, None),
    )


def _hold_ended(m: Memory, e: ev.HoldEnded) -> Memory:
    return replace(m, held=put(m.held, e.serial, e.setting, None))


def _no_rights(m: Memory, e: si.AccountRefused) -> Memory:
    """That the account may not write says nothing about the setting: three such must not jam it for good."""
    missed = m.misses.get(e.serial, {}).get(e.setting, 0)
    return replace(m, misses=put(m.misses, e.serial, e.setting, missed - 1 or None)) if missed else m


def _flag_set(m: Memory, e: ev.FlagSet) -> Memory:
    flags = {name: until for name, until in m.flags.items() if name != e.name}
    return replace(m, flags={**flags, e.name: e.until} if e.on else flags)


def _lease_set(m: Memory, e: ev.LeaseSet) -> Memory:
    return replace(m, leases=put(m.leases, e.setting, e.serial or "", Lease(e.value, e.at, e.until)))


def _lease_ended(m: Memory, e: ev.LeaseEnded) -> Memory:
    return replace(m, leases=put(m.leases, e.setting, e.serial or "", None))


def _paused(m: Memory, e: ev.Paused) -> Memory:
    return replace(m, pause=Pause(e.at, e.until, e.home))


def _resumed(m: Memory, e: ev.Resumed) -> Memory:
    if not e.by_person:
        return replace(m, pause=None)
    owned = {
        serial: {name: replace(one, misses_home=0) for name, one in row.items()}
        for serial, row in m.owned.items()
    }
    return replace(m, pause=None, misses={}, owned=owned)


_HANDLERS: dict[type, Callable[[Memory, Any], Memory]] = {
    ev.Started: _started,
    ev.LeftDryRun: lambda m, _: m if m.began else replace(m, began=True),
    ev.Ticked: _ticked,
    ev.ClockSet: _clock_set,
    ev.RuleTook: _rule_took,
    ev.RuleLetGo: _rule_let_go,
    ev.RuleUnknown: _rule_unknown,
    ev.RuleKnown: _rule_known,
    ev.TimerSet: _timer_set,
    ev.TimerCleared: _timer_cleared,
    ev.Latched: _latched,
    ev.WriteIntended: _write_intended,
    ev.WriteAnswered: _write_answered,
    ev.WriteClosed: _write_closed,
    ev.CameHome: _came_home,
    ev.ReadsRight: _reads_right,
    ev.HeldBack: _held_back,
    ev.HoldEnded: _hold_ended,
    ev.FlagSet: _flag_set,
    ev.LeaseSet: _lease_set,
    ev.LeaseEnded: _lease_ended,
    ev.Paused: _paused,
    ev.Resumed: _resumed,
    si.OverrideSeen: _gone,
    si.LeftAlone: _gone,
    si.SettingsKnown: _settings_known,
    si.LandedLate: _landed_late,
    si.KeptInMind: _kept_in_mind,
    si.AccountRefused: _no_rights,
}
