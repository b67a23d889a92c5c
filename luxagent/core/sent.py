"""One write of the last day, and whether what a setting reads may be its doing.

Called by `custody`, which keeps the writes, and by `control.late` and `control.hands`, which look for another
hand. Pure.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from luxagent.core.events import WriteClosed
from luxagent.core.facts.settings import SettingValue, is_between, is_next_to, same_value

LATE = timedelta(minutes=30)
"""How long a write that was not proven may still land, and a lagging node tell what was before it."""
CLAMP_WITHIN = timedelta(minutes=5)
"""What is read so soon after a write is what the inverter made of it; later it may be another hand."""

Outcome = Literal["confirmed", "refused", "unproven", "lapsed"]


@dataclass(frozen=True, slots=True)
class Sent:
    """One write of the last day."""

    at: datetime
    number: int
    value: SettingValue
    before: SettingValue | None
    homeward: bool
    outcome: Outcome | None = None
    """None is open."""
    rule: str | None = None
    """Whose take it was; None led home."""


def made_by(write: Sent, e: WriteClosed) -> bool:
    """Whether what was read is what this write made of the setting, perhaps cut short by the inverter.

    Of one that was never answered, for all we know nothing came of it: then what is neither on its way nor
    next to where it led is somebody's.
    """
    if e.outcome == "confirmed" or write.before is None:
        return True
    if same_value(e.setting, write.before, e.found):
        return True
    if may_be_on_its_way(replace(write, outcome=e.outcome), e.found):
        return True
    if is_next_to(e.setting, write.before, write.value, e.found):
        return True
    return e.outcome != "lapsed" and e.at - write.at <= CLAMP_WITHIN


def may_be_on_its_way(write: Sent, found: SettingValue | None) -> bool:
    """Whether the inverter may have gone so far and no further.

    It has been home, so it goes there whole: what is found half-way, where for all we know the way home was
    never sent, is somebody's.
    """
    if write.homeward and write.outcome == "lapsed" and not isinstance(found, tuple):
        return False
    return is_between(write.before, write.value, found)
