"""What a policy says that its owner can hardly have meant. Pure; `config` gives each remark its line.

`check` warns of these and uses the file all the same. Each sort has a code and an entry in docs/findings.md.
Disabled rules are left alone.
"""

from collections.abc import Callable, Iterator

from luxagent.core.policy.budget import worst_day
from luxagent.core.policy.lint_charge import (
    charge_type,
    charge_windows,
    keeps_going,
    no_end,
    not_by_itself,
    start_soc,
    until_past_stop,
)
from luxagent.core.policy.lint_held import always_held
from luxagent.core.policy.lint_home import no_baseline
from luxagent.core.policy.lint_idle import no_effect, no_power
from luxagent.core.policy.lint_midnight import cut_at_midnight
from luxagent.core.policy.lint_moves import no_until
from luxagent.core.policy.lint_outage import dark_floor
from luxagent.core.policy.lint_pairs import hidden, overlap
from luxagent.core.policy.lint_percent import percent
from luxagent.core.policy.lint_place import far_place, fixed_zone
from luxagent.core.policy.lint_remarks import OFFERS, Remark, Sort, Study, study
from luxagent.core.policy.lint_rivals import conflict, first_and_last, rivalry
from luxagent.core.policy.lint_stops import beyond_stop
from luxagent.core.policy.lint_tariff import hidden_period, idle_holidays
from luxagent.core.policy.lint_too_long import too_long
from luxagent.core.policy.rules import Ruleset

__all__ = ["OFFERS", "Remark", "Sort", "lint"]


def never_holds(about: Study) -> Iterator[Remark]:
    """Conditions of rules and alerts that no moment and no reading can meet."""
    for section, name, ways in about.conditions:
        if ways is not None and all(way.never for way in ways):
            why = ways[0].never if ways else "it asks that what always holds does not"
            yield Remark(Sort.NEVER_HOLDS, (section, name, "when"), f"this can never hold: {why}")


def unused_flags(about: Study) -> Iterator[Remark]:
    """Flags that no rule and no alert asks for."""
    for flag in sorted(about.ruleset.flags - about.flags_asked):
        yield Remark(
            Sort.UNUSED,
            ("flags", flag),
            f"no rule and no alert asks for the flag {flag}",
            f"when: {{flag: {flag}}}",
        )


def many_writes(about: Study) -> Iterator[Remark]:
    """Rules that could use up the day's writes, by readings that nothing slows down or by the clock alone."""
    worst = worst_day(about.ruleset)
    told = {remark.where[1] for remark in no_until(about)}  # says the same, and why
    for one in worst.hasty:
        if one.rule.name in told:
            continue
        message = (
            f"readings could switch this rule {one.by_readings} times a day, which is "
            f"{one.writes_by_readings} writes to each inverter; writes_per_day is {worst.allowed}"
        )
        yield Remark(
            Sort.MANY_WRITES,
            ("rules", one.rule.name, "when"),
            message,
            "slow it down with until, for or hold",
        )
    if worst.by_clock > worst.allowed:
        busiest = max((one for one in worst.turns if not one.waits_for), key=lambda one: one.writes_by_clock)
        message = (
            f"the windows of the rules alone come to {worst.by_clock} writes a day to each inverter, "
            f"most of them here; writes_per_day is {worst.allowed}"
        )
        yield Remark(Sort.MANY_WRITES, ("rules", busiest.rule.name, "when"), message, "fewer windows")


CHECKS: tuple[Callable[[Study], Iterator[Remark]], ...] = (
    far_place, fixed_zone, never_holds, beyond_stop, percent, cut_at_midnight, too_long, hidden, overlap,
    no_until, conflict, first_and_last, rivalry, no_end, until_past_stop, charge_windows, charge_type,
    start_soc, no_effect, always_held, dark_floor, no_baseline, keeps_going, not_by_itself, unused_flags,
    many_writes, hidden_period, idle_holidays, no_power,
)  # fmt: skip


def lint(ruleset: Ruleset, *, keeps_on_stop: bool) -> tuple[Remark, ...]:
    """All remarks. `keeps_on_stop`: the service leaves settings as they are when it stops."""
    about = study(ruleset, keeps_on_stop=keeps_on_stop)
    return tuple(remark for check in CHECKS for remark in check(about))
