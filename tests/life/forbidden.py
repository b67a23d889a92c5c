"""What a control request may never be, one small function each; an empty answer is: it is fine.

Time is what really passed, whatever the agent's clock says. A clock may be wrong by two minutes before the
agent minds, and one that is set from two minutes fast to two minutes slow gives four: `SLACK`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from luxagent.core.policy.policy import Policy
from luxagent.sim.house import House
from tests.life.homes import Homes, Key
from tests.life.seen import Heard, Order, Shown
from tests.life.words import ROWS, Value, out_of_range, same, truth

SLACK = timedelta(minutes=4)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
OFF_GRID_FROM = 64
MAINS_GONE_V = 50.0
NEAR = timedelta(seconds=45)
"""An answer may be kept for twenty seconds: over the edge of a tick."""


class Knows(Protocol):
    """The part of the witness that is asked."""

    house: House
    policy: Policy
    homes: Homes
    tick: int
    tick_began: datetime
    orders: list[Order]
    heard: dict[str, Heard]
    mains: tuple[int, float] | None
    shown: dict[Key, Shown]
    left_alone: Mapping[Key, object]
    lapsed: set[int]
    restoring: bool


def another_value(order: Order, _: Knows) -> str:
    """What is sent is what the disk says."""
    asked, intended = order.asked, order.intent.value
    if asked.setting == "ac_charge_windows":
        return ""
    if asked.setting == "quick_charge":
        return "" if (asked.value is False) is (intended is False) else f"its intent says {intended!r}"
    return "" if same(asked.setting, asked.value, intended) else f"its intent says {intended!r}"


def outside_limits(order: Order, seen: Knows) -> str:
    """Never a value that no inverter has, nor one outside the owner's limits, unless it was there before."""
    if out_of_range(order.asked):
        return "no such value exists"
    limit = seen.policy.limits.get(order.asked.setting)
    if limit is None or limit.allows(order.asked.value) or seen.homes.knows(order.key, order.asked.value):  # type: ignore[arg-type]
        return ""
    return "it is outside the owner's limits, and it was never there before"


def over_budget(order: Order, seen: Knows) -> str:
    """Over any hour and any day. Windows are set edge by edge: that is one value."""
    guards = seen.policy.guards
    hour = 0 if seen.restoring else _values_since(order, seen, HOUR)
    if hour > guards.writes_per_hour + (2 if order.homeward else 0):
        return f"it is the {hour}th value within an hour"
    day = _values_since(order, seen, DAY)
    if day > guards.writes_per_day - (0 if order.homeward else guards.writes_per_day // 5):
        return f"it is the {day}th value within a day"
    return ""


def too_soon(order: Order, seen: Knows) -> str:
    """No setting is taken twice within its least time, unless the first take did not get there.

    Only a person may stop at once what moves power.
    """
    stops = order.asked.setting in ("quick_charge", "ac_charge", "forced_charge", "forced_discharge")
    if stops and order.asked.value is False and order.intent.rule == "set by hand":
        return ""
    every = timedelta(seconds=seen.policy.guards.same_setting_every_s) - SLACK
    for one in reversed(seen.orders):
        again = one.key == order.key and one.number != order.number and one.number not in seen.lapsed
        if again and not (one.homeward or order.homeward) and order.meant_at - one.meant_at < every:
            return f"it was taken {(order.meant_at - one.meant_at).total_seconds():.0f} s ago"
    return ""


def unknown_data(order: Order, seen: Knows) -> str:
    """The portal has shown in this tick that the inverter is there, what it has, and how fresh that is."""
    heard, shown = seen.heard.get(order.asked.serial), seen.shown.get(order.key)
    if heard is None or (heard.tick != order.tick and seen.tick_began - heard.at > NEAR):
        return "nothing was heard of the inverter in this tick"
    if heard.lost:
        return "the portal said that the inverter is away"
    if shown is None or shown.tick != order.tick:
        return "what the inverter has was not read in this tick"
    age = order.at - heard.uploaded_at
    if not order.homeward and age > timedelta(seconds=seen.policy.guards.stale_after_s) + SLACK:
        return f"the newest upload was {age.total_seconds():.0f} s old"
    return ""


def cuts_power_in_an_outage(order: Order, seen: Knows) -> str:
    """While the grid is down: no EPS off, no standby, no higher floor, no lower current, no grid charge."""
    asked = order.asked
    if not _is_outage(order, seen):
        return ""
    have = 0.0 if asked.setting not in ROWS else truth(seen.house, asked.serial, asked.setting)
    cuts: dict[str, Callable[[], bool]] = {
        "eps": lambda: asked.value is False,
        "operating_mode": lambda: asked.value == "standby",
        "ac_charge": lambda: asked.value is True,
        "quick_charge": lambda: asked.value is not False,
        "discharge_floor": lambda: asked.value > have,  # type: ignore[operator]
        "discharge_current": lambda: asked.value < have,  # type: ignore[operator]
    }
    return "the grid was known to be down" if cuts.get(asked.setting, lambda: False)() else ""


def fights_another_hand(order: Order, seen: Knows) -> str:
    """Within the override time a setting is left alone: by its own word, and by what it was shown."""
    length = timedelta(seconds=seen.policy.guards.on_override_s or 0) - SLACK
    said = seen.left_alone.get(order.key)
    if said is not None and order.at - said < length:  # type: ignore[operator]
        return f"it said itself {order.at - said} ago that another hand was there"  # type: ignore[operator]
    hand = seen.homes.hands.get(order.key)
    if hand is None or not same(order.asked.setting, hand.value, _truth(order, seen)):
        return ""
    if hand.shown_at is None:
        return f"somebody set {hand.value!r}, and the agent had not even looked"
    if hand.clear and order.at - hand.shown_at < length:
        return f"somebody set {hand.value!r}, and the agent was shown that {order.at - hand.shown_at} ago"
    return ""


def sent_again_unseen(order: Order, seen: Knows) -> str:
    """No intent is sent twice, and between two requests for the same there is always a look."""
    for one in reversed(seen.orders):
        if (one.key, one.asked.part) != (order.key, order.asked.part):
            continue
        if one.number == order.number:
            return "this very intent was sent before"
        looked = seen.shown.get(order.key)
        if looked is None or looked.at < one.at:
            return "it is sent again, and nobody has looked what became of the last time"
        return ""
    return ""


def charges_and_discharges(order: Order, seen: Knows) -> str:
    """Nothing takes a charge beside a forced discharge that was shown in this tick, nor the other way round.

    What was so before may be so again: people may have had both on.
    """
    rivals = {
        "ac_charge": ("forced_discharge",),
        "quick_charge": ("forced_discharge",),
        "forced_discharge": ("ac_charge", "quick_charge"),
    }
    if order.homeward or order.asked.value is False or order.asked.setting not in rivals:
        return ""
    shown = {name: seen.shown.get((order.asked.serial, name)) for name in rivals[order.asked.setting]}
    on = [name for name, one in shown.items() if one and one.tick == order.tick and one.value is True]
    return f"{', '.join(on)} was shown to be on in this tick" if on else ""


def writes_in_a_dry_run(_: Order, seen: Knows) -> str:
    """A file that says `dry_run` writes nothing, not even to bring home what was moved before."""
    return "the file says dry_run" if seen.policy.dry_run else ""


def stops_what_others_started(order: Order, seen: Knows) -> str:
    """Only a quick charge that the agent has started is stopped."""
    if order.asked.setting != "quick_charge" or order.asked.value is not False:
        return ""
    started = any(one.asked.setting == "quick_charge" and one.asked.value is not False for one in seen.orders)
    return "" if started else "it never started one"


FORBIDDEN: Sequence[Callable[[Order, Knows], str]] = (
    another_value,
    outside_limits,
    over_budget,
    too_soon,
    unknown_data,
    cuts_power_in_an_outage,
    fights_another_hand,
    sent_again_unseen,
    stops_what_others_started,
    charges_and_discharges,
    writes_in_a_dry_run,
)

BY_SOC: Mapping[str, Callable[[float], bool]] = {"Low": lambda soc: soc <= 60, "Full": lambda soc: soc >= 45}
"""The rules of `rulesets` that ask for the battery's charge, as far as their `until`: a rule that was given
up because nothing was known is where it was when something is known again."""


def took_blindly(rule: str, who: str, seen: Knows) -> str:
    """A rule takes on what was shown in this very tick, or on nothing. A group goes by the mean."""
    if rule not in BY_SOC:
        return ""
    mine = [who] if who in seen.house.inverters else list(seen.house.inverters)
    newest = [heard for serial in mine if (heard := seen.heard.get(serial)) is not None and not heard.lost]
    recent = [one for one in newest if one.tick == seen.tick or seen.tick_began - one.at <= NEAR]
    shown = [one.soc_pct for one in recent if one.soc_pct is not None]
    if not shown:
        return "no charge of the battery was shown in this tick"
    return "" if any(BY_SOC[rule](soc) for soc in shown) else f"the battery was shown to be at {shown}"


def _values_since(order: Order, seen: Knows, span: timedelta) -> int:
    since = order.meant_at - (span - SLACK)
    mine = {
        one.number for one in seen.orders if one.asked.serial == order.asked.serial and one.meant_at > since
    }
    return len(mine | {order.number})


def _is_outage(order: Order, seen: Knows) -> bool:
    """A GridBOSS that speaks knows better than its inverters."""
    if seen.mains is not None and seen.mains[0] == order.tick:
        return seen.mains[1] < MAINS_GONE_V
    heard = seen.heard.get(order.asked.serial)
    return heard is not None and heard.status is not None and heard.status >= OFF_GRID_FROM


def _truth(order: Order, seen: Knows) -> Value:
    return truth(seen.house, order.asked.serial, order.asked.setting)
