"""`silence`: nobody hears of an alert for a while. It goes on living, and `status` shows it."""

from datetime import datetime, timedelta

from luxagent.cli.errands.desk import Desk, Misasked, is_set, said, seconds_or_none, text_of
from luxagent.cli.errands.words import until_words
from luxagent.cli.render.words import alert_text
from luxagent.config.meant import did_you_mean
from luxagent.core.alerts.catalogue import BUILTINS
from luxagent.core.alerts.life import EVERYTHING
from luxagent.core.events import Silenced
from luxagent.core.policy.policy import Policy
from luxagent.store.requests import Answer, Body


def carry_out(desk: Desk, body: Body) -> Answer:
    """Remember it; the next tick goes by it."""
    name, off, for_s = text_of(body, "name"), is_set(body, "off"), seconds_or_none(body, "for_s")
    known = _names(desk.policy)
    found = next((one for one in known if one.lower() == name.lower()), None)
    if found is None:
        hint = did_you_mean(name, known) or "`luxagent log --alerts` shows those that have been"
        raise Misasked(f"There is no alert {name!r} ({hint}).")
    now = desk.now()
    if off:
        desk.record(Silenced(now, found, now, on=False))
        return said(*_heard_again(desk, found, now))
    if for_s is None:
        raise Misasked("For how long? Like 3 h; a tuning in the file switches an alert off for good.")
    until = now + timedelta(seconds=for_s)
    desk.record(Silenced(now, found, until))
    firing = sum(
        1
        for alert, row in desk.memory.watch.alerts.items()
        for life in row.values()
        if found in (alert, EVERYTHING) and life.state == "firing"
    )
    more = f"{firing} firing now; an end is told all the same." if firing else ""
    return said(f"{alert_text(found)} is silent{until_words(until, desk.zone)}.", more)


def _heard_again(desk: Desk, name: str, now: datetime) -> list[str]:
    """What was taken back, and which silence still covers it, or a part of it."""
    left = {one: until for one, until in sorted(desk.memory.watch.silenced.items()) if now < until}
    if name != EVERYTHING:
        left = {one: until for one, until in left.items() if one == EVERYTHING}
    if not left:
        return [f"{alert_text(name)} is heard again."]
    lines = (
        f"{alert_text(one)} is silent{until_words(until, desk.zone)}; `luxagent silence {one} off` ends that."
        for one, until in left.items()
    )
    if name == EVERYTHING:
        return ["Alerts are heard again, but for what was silenced by its name:", *lines]
    return [f"{alert_text(name)} is no longer silent by its name, but it is not heard yet:", *lines]


def _names(policy: Policy) -> list[str]:
    return [*(one.alert.name for one in policy.alerts), *BUILTINS, EVERYTHING]
