"""What each built-in alert about writes and about luxagent itself sees. Pure; called by `builtin`.

Each yields what is true or unknown just now; what it does not yield is false.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal

from luxagent.core.alerts.situation import Said, Situation, news_of, shows
from luxagent.core.facts.reasons import REASON_WORDS, Reason
from luxagent.core.facts.rivals import clash, rivals_of
from luxagent.core.facts.words import value_text
from luxagent.core.memory import Hold

Looks = Callable[[Situation], Iterator[Said]]

JAMMED_AFTER = 3
HOME_MISSED_AFTER = 3
UNKNOWN = "unknown"
_BUDGETS = (Reason.HOURLY_BUDGET, Reason.DAILY_BUDGET)


def _held(about: Situation) -> Iterator[tuple[str, str, Hold]]:
    """Wanted writes that are held, of settings that somebody still speaks of."""
    memory = about.memory
    for serial, row in memory.held.items():
        spoken = about.policy.managed | memory.owned.get(serial, {}).keys() | memory.leases.keys()
        for setting, hold in row.items():
            if setting in spoken:
                yield serial, setting, hold


def _held_for(reason: Reason) -> Looks:
    def look(about: Situation) -> Iterator[Said]:
        for serial, setting, hold in _held(about):
            if reason.value in hold.reasons:
                wanted = value_text(setting, hold.value, UNKNOWN)
                yield shows(f"{setting} should be {wanted}: {REASON_WORDS[reason]}", serial, setting)

    return look


def _in_conflict(about: Situation) -> Iterator[Said]:
    """A setting held because of another, which is wanted as well or so already; each pair is told once."""
    told: set[tuple[str, ...]] = set()
    held = {(serial, name): hold for serial, name, hold in _held(about) if "conflict" in hold.reasons}
    for (serial, setting), hold in held.items():
        device = about.device(serial)
        found = dict(device.settings) if device is not None else {}
        found |= {name: one.value for (who, name), one in held.items() if who == serial}
        wanted = value_text(setting, hold.value, UNKNOWN)
        rivals = [
            f"{name}: {value_text(name, found[name], UNKNOWN)}"
            for name in rivals_of(setting)
            if hold.value is not None and name in found and clash(setting, hold.value, {name: found[name]})
        ]
        beside = f" beside {' and '.join(rivals)}" if rivals else ""
        pair = tuple(sorted((setting, *(name.partition(":")[0] for name in rivals))))
        if (serial, *pair) not in told:
            told.add((serial, *pair))
            words = f"{setting} should be {wanted}{beside}: {REASON_WORDS[Reason.CONFLICT]}"
            yield shows(words, serial, " and ".join(pair))


def _failed(outcome: Literal["refused", "unproven"]) -> Looks:
    """A write that failed, while something still wants another value."""

    def look(about: Situation) -> Iterator[Said]:
        for serial, row in about.watch.failed.items():
            for setting, failure in row.items():
                if failure.outcome != outcome or setting not in about.memory.misses.get(serial, {}):
                    continue
                reads = "" if failure.found is None else f"; it reads {value_text(setting, failure.found)}"
                words = f": {failure.detail}" if failure.detail else ""
                what = "was refused" if outcome == "refused" else "could not be proven"
                yield shows(f"a write of {setting} {what}{words}{reads}", serial, setting, failure.at)

    return look


def _no_effect(about: Situation) -> Iterator[Said]:
    yield from _held_for(Reason.NO_EFFECT)(about)
    held = {(serial, setting) for serial, setting, hold in _held(about) if "no_effect" in hold.reasons}
    for serial, row in about.watch.no_effect.items():
        for setting, news in row.items():
            if (serial, setting) not in held:
                words = f": {news.detail}" if news.detail else ""
                yield shows(f"{setting} is on, but nothing comes of it{words}", serial, setting, news.at)


def _jammed(about: Situation) -> Iterator[Said]:
    """Takes that jammed. Misses on the way home are told by "going home not proven"."""
    for serial, row in about.memory.misses.items():
        for setting, missed in row.items():
            owned = about.memory.owned.get(serial, {}).get(setting)
            count = missed if owned is None else missed - owned.misses_home
            if count >= JAMMED_AFTER:
                failure = about.watch.failed.get(serial, {}).get(setting)
                words = f" The last one: {failure.detail}." if failure is not None and failure.detail else ""
                yield shows(
                    f"{count} writes of {setting} in a row were not confirmed.{words}", serial, setting
                )


def _not_home(about: Situation) -> Iterator[Said]:
    told = about.memory.custody.missed_home
    for serial, row in about.memory.owned.items():
        for setting, owned in row.items():
            count = max(owned.misses_home, told.get(serial, {}).get(setting, 0))
            if count >= HOME_MISSED_AFTER:
                home = about.policy.baseline.get(setting, owned.before)
                text = (
                    f"{setting} should go home to {value_text(setting, home, UNKNOWN)}; "
                    f"{count} tries were not proven. {owned.holder} had put it to "
                    f"{value_text(setting, owned.value)}"
                )
                yield shows(text, serial, setting)


def _home_unknown(about: Situation) -> Iterator[Said]:
    for device, part, value in news_of("home unknown", about):
        yield shows(f"nobody knows what {part} was before; it stays at {value}", device, part)


def _override(about: Situation) -> Iterator[Said]:
    length_s, zone = about.policy.guards.on_override_s, about.policy.calendar.zone
    for device, part, words in news_of("override seen", about):
        held = about.memory.custody.overrides.get(device, {}).get(part)
        until = ""
        if held is not None and length_s is not None:
            ends = (held.at + timedelta(seconds=length_s)).astimezone(zone)
            same_day = ends.date() == about.now.astimezone(zone).date()
            until = f", until {ends:{'%H:%M' if same_day else '%a %d %b %H:%M'}} or until `luxagent resume`"
        yield shows(f"another hand changed {part} {words}{until}", device, part)


def _gone(about: Situation) -> Iterator[Said]:
    for serial, row in about.memory.custody.gone.items():
        for setting, code in row.items():
            owned = about.memory.owned.get(serial, {}).get(setting)
            words = (
                ""
                if owned is None
                else f" It was left at {value_text(setting, owned.value)} by {owned.holder}."
            )
            yield shows(f"{setting} is not there any more since firmware {code}.{words}", serial, setting)


def _resumed(about: Situation) -> Iterator[Said]:
    for device, part, words in news_of("writes resumed", about):
        yield shows(f"settings were read again after new firmware, and writes go on ({words})", device, part)


def _split(about: Situation) -> Iterator[Said]:
    for unit, row in about.memory.custody.splits.items():
        member = next((device.serial for device in about.inverters if device.unit == unit), "")
        for setting, split in row.items():
            if split.told:
                text = f"the inverters of group {unit} differ in {setting}"
                yield shows(text, member, setting, split.since)


def _budget(about: Situation) -> Iterator[Said]:
    for serial in {serial: None for serial, _, _ in _held(about)}:
        reached = [
            (setting, reason)
            for other, setting, hold in _held(about)
            for reason in _BUDGETS
            if other == serial and reason.value in hold.reasons
        ]
        if reached:
            names = ", ".join(dict.fromkeys(setting for setting, _ in reached))
            yield shows(f"{REASON_WORDS[reached[0][1]]}; held back: {names}", serial)


def _dry(about: Situation) -> Iterator[Said]:
    if about.policy.dry_run and about.remains:
        text = f"nothing is written any more, yet luxagent had moved this: {' '.join(about.remains)}"
        yield shows(text, since=about.memory.custody.dry_since)


def _broken(about: Situation) -> Iterator[Said]:
    names = {f"alert {one.alert.name}" for one in about.policy.alerts} | set(about.policy.index_of)
    for who, row in about.watch.broken.items():
        for name, detail in row.items():
            if name in names:
                yield shows(f"{name} cannot be worked out: {detail}", part=f"{who} {name}")


def _file(about: Situation) -> Iterator[Said]:
    refused = about.watch.refused_file
    if refused is not None:
        yield shows(f"the rules file cannot be used: {refused.detail}", since=refused.at)


def _channel(about: Situation) -> Iterator[Said]:
    for name, trouble in about.channels.items():
        waits = "" if trouble.waiting < 2 else f" {trouble.waiting} messages wait."
        text = f"messages do not get through on {name}: {trouble.error}.{waits}"
        yield shows(text, part=name, since=trouble.since, besides=(name,))


def _crashed(about: Situation) -> Iterator[Said]:
    for _ in news_of("restarted after a crash", about):
        yield shows("luxagent started again; the run before had not ended on purpose")


SIGHTS: dict[str, Looks] = {
    "write refused": _failed("refused"),
    "write unproven": _failed("unproven"),
    "no effect": _no_effect,
    "setting jammed": _jammed,
    "going home not proven": _not_home,
    "setting unsupported": _held_for(Reason.UNSUPPORTED),
    "settings in conflict": _in_conflict,
    "home unknown": _home_unknown,
    "override seen": _override,
    "setting gone": _gone,
    "writes resumed": _resumed,
    "group split": _split,
    "budget reached": _budget,
    "went dry while owning": _dry,
    "rule broken": _broken,
    "file refused": _file,
    "channel failing": _channel,
    "restarted after a crash": _crashed,
}
