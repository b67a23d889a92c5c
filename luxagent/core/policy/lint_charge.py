"""Lint about forcing a charge or a discharge: what ends it, in the rule and inside the inverter.

A battery left force-charging is what owners fear most. So a rule that forces should have an end of its own,
and the inverter should know one too, for the day on which luxagent is gone.
"""

from collections.abc import Iterator

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_forces import FORCES, Force, first_stop, forcing, has_stop
from luxagent.core.policy.lint_idle import BY_WINDOWS, no_effect
from luxagent.core.policy.lint_moves import moved_by, turns_away
from luxagent.core.policy.lint_own_end import own_end
from luxagent.core.policy.lint_ranges import FALLING
from luxagent.core.policy.lint_reach import too_far
from luxagent.core.policy.lint_remarks import Remark, Setter, Sort, Study
from luxagent.core.policy.lint_ways import Way
from luxagent.core.policy.lint_windows import left_out


def no_end(about: Study) -> Iterator[Remark]:
    """Forcing that neither the clock, nor a reading, nor the inverter would end."""
    for setter, force in forcing(about):
        if force.windows is None or _ended_by_inverter(about, setter, force):
            continue
        if has_stop(about, setter, force) or setter.ways is None:
            continue
        endless = [way for way in setter.ways if not way.has_end and not _ended_by_reading(way, setter)]
        if not endless:
            continue
        doubtful = next((said for way in endless for part in way.parts if (said := too_far(part))), "")
        doubt = f"; a battery may never get to {doubtful}" if doubtful else ""
        yield Remark(
            Sort.NO_END,
            (*setter.where, force.switch),
            f"{force.verb} has no end here: no time, no SOC at which the rule lets go, no {force.stops[0]}"
            f"{doubt}",
            f"give the rule a time, or set {force.stops[0]}",
        )


def _ended_by_reading(way: Way, setter: Setter) -> bool:
    moved = moved_by(setter.sets)
    return any(turns_away(part.leaf, moved, holds=part.holds) and not too_far(part) for part in way.parts)


def until_past_stop(about: Study) -> Iterator[Remark]:
    """A SOC to let go at that is never reached, because the inverter stops before it."""
    for setter, force in forcing(about):
        if setter.rule is None:
            continue
        for leaf, leaves_at in _lets_go_at(setter.ways or ()):
            falling = leaf.op in FALLING
            if falling is force.drains:
                continue
            stop, name = first_stop(about, setter, force)
            if (leaves_at > stop) if falling else (leaves_at < stop):
                yield Remark(
                    Sort.UNTIL_PAST_STOP,
                    (*setter.where[:2], "when", "soc"),
                    f"{force.verb} stops at {name} ({stop:g} %), so SOC never gets to {leaves_at:g} %, "
                    "where this rule lets go",
                    f"let go at {stop:g} % or {'below' if falling else 'above'}, or move {name}",
                )


def not_by_itself(about: Study) -> Iterator[Remark]:
    """Forcing that luxagent alone would end, where the inverter could: an offer, and no fault.

    Silent where another remark about the same switch says it already.
    """
    told = {remark.where[-3:] for check in (no_end, charge_windows, charge_type) for remark in check(about)}
    told |= {remark.where[-3:] for check in (keeps_going, no_effect) for remark in check(about)}
    for setter, force in forcing(about):
        where = (*setter.where, force.switch)
        if where[-3:] in told or force.windows is None or _ended_by_inverter(about, setter, force):
            continue
        lines = own_end(about, setter, force.switch, force.windows)
        if lines:
            message = f"luxagent alone would end {force.verb} here; the inverter can do so by itself"
            message += ", and does it within its own windows alone" if force.switch in BY_WINDOWS else ""
            yield Remark(Sort.OWN_END, where, message, lines)


def charge_windows(about: Study) -> Iterator[Remark]:
    """`ac_charge: on` of type time, without a window of the inverter for the time in which the rule holds."""
    for setter in _ac_charging(about):
        if about.value(setter, "ac_charge_type") != "time":
            continue
        where = (*setter.where, "ac_charge")
        windows = about.value(setter, "ac_charge_windows")
        lines = own_end(about, setter, "ac_charge", "ac_charge_windows")
        if windows is None:
            yield Remark(
                Sort.CHARGE_WINDOWS,
                where,
                "of type time the inverter charges within its own windows alone, and none are given here",
                lines or "ac_charge_windows: [23:30 to 05:30]",
            )
        elif windows == ():
            yield Remark(
                Sort.CHARGE_WINDOWS, where, "ac_charge_windows is empty, so nothing would ever flow",
                lines or "ac_charge_windows: [23:30 to 05:30]",
            )  # fmt: skip
        elif why := left_out(about, setter, "ac_charge_windows"):
            yield Remark(Sort.CHARGE_WINDOWS, where, why, "widen ac_charge_windows, or narrow the rule")


def charge_type(about: Study) -> Iterator[Remark]:
    """`ac_charge: on` where the inverter goes by something else than its own windows.

    With a stop SOC and `on_stop: restore` the owner has seen to the other end, so nothing is said.
    """
    for setter in _ac_charging(about):
        kind = about.value(setter, "ac_charge_type")
        if kind == "time":
            continue
        where = (*setter.where, "ac_charge")
        lines = own_end(about, setter, "ac_charge", "ac_charge_windows")
        mend = lines or "ac_charge_type: time with ac_charge_windows"
        hint = f"{mend}; or on_stop: restore with an ac_charge_limit"
        if kind is None:
            message = "nothing here says what ends this charge inside the inverter: ac_charge_type is not set"
            yield Remark(Sort.CHARGE_TYPE, where, message, hint)
        elif about.keeps_on_stop or not has_stop(about, setter, FORCES[0]):
            message = f"with ac_charge_type {kind} the inverter charges outside its windows, at any hour"
            yield Remark(Sort.CHARGE_TYPE, where, message, hint)


def start_soc(about: Study) -> Iterator[Remark]:
    """A start SOC above 0: on some models charging begins below it, whatever the windows and the type say.

    Beside `ac_charge: on` of type soc it is how a rule starts the charge, so nothing is said there.
    """
    for setter in about.setters:
        start = setter.sets.get("ac_charge_start")
        if not isinstance(start, int | float) or start <= 0:
            continue
        meant = setter.sets.get("ac_charge") is True and about.value(setter, "ac_charge_type") in (
            "soc",
            "both",
        )
        if setter.rule is None or not meant:
            yield Remark(
                Sort.START_SOC,
                (*setter.where, "ac_charge_start"),
                f"below {start:g} % the inverter charges from the grid at any hour, outside its windows too",
                "ac_charge_start: 0%",
            )


def keeps_going(about: Study) -> Iterator[Remark]:
    """`on_stop: keep` although something is forced that the inverter would not end by itself."""
    if not about.keeps_on_stop:
        return
    for setter, force in forcing(about):
        if setter.rule is None or force.windows is None or _ended_by_inverter(about, setter, force):
            continue
        if about.ruleset.baseline.get(force.switch) is True:
            continue
        mend = "ac_charge_type: time" if about.value(setter, force.windows) else force.windows
        mend = own_end(about, setter, force.switch, force.windows) or mend
        yield Remark(
            Sort.KEEPS_GOING,
            ("on_stop", *setter.where, force.switch),
            f"should luxagent stop while {setter.where[1]!r} holds, {force.verb} goes on: on_stop is keep, "
            "and the inverter has no window that ends it",
            f"on_stop: restore, or {mend}",
        )
        return


def _ac_charging(about: Study) -> Iterator[Setter]:
    return (setter for setter in about.setters if setter.sets.get("ac_charge") is True)


def _ended_by_inverter(about: Study, setter: Setter, force: Force) -> bool:
    """Whether the inverter's own windows end it. Without any, forcing by them never even begins."""
    windows: SettingValue | None = None if force.windows is None else about.value(setter, force.windows)
    if force.switch in BY_WINDOWS:
        return windows is not None
    return bool(windows) and about.value(setter, "ac_charge_type") == "time"


def _lets_go_at(ways: tuple[Way, ...]) -> list[tuple[c.Compare, float]]:
    """Comparisons of SOC with `until`, and the value at which they let go."""
    found: dict[c.Compare, float] = {}
    for way in ways:
        for part in way.parts:
            leaf = part.leaf
            if (
                isinstance(leaf, c.Compare) and part.holds and leaf.metric == "soc_pct"
                and leaf.until is not None and leaf.until.metric is None
            ):  # fmt: skip
                found[leaf] = leaf.until.constant
    return list(found.items())
