"""What a tick would have an inverter do: wanted values, and the differences that may become writes."""

from collections.abc import Iterable
from dataclasses import dataclass

from luxagent.core.control.loosening import switch_of
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import KEPT_WHILE_ON, SettingValue, stage_of

BY_HAND = "set by hand"
"""Stands where a rule's name would: a person's `set` is above all rules."""


@dataclass(frozen=True, slots=True)
class Want:
    """What one setting of one inverter should be, who says so, and why."""

    serial: str
    setting: str
    value: SettingValue | None
    """None: nothing wants it (it is left alone), or its rule is in doubt."""
    have: SettingValue | None
    """None could not be read."""
    rule: str | None = None
    """None is the baseline, or what was before a rule took it."""
    because: str = ""
    homeward: bool = False
    """The rule that moved it has let go, and this leads back."""
    doubtful: bool = False
    """Whether the rule that would decide holds is unknown just now."""
    against: str = ""
    """What it quarrels with, and whose that is, where that holds it; `because` ends with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between wanted and actual that no guard holds."""

    want: Want
    value: SettingValue
    stage: int
    """Lower stages are written and proven first."""
    needs: tuple[str, ...] = ()
    """Settings of the same inverter whose writes must have been proven: rivals, or going home the switch."""


@dataclass(frozen=True, slots=True)
class Held:
    """A difference that is not written, and every reason why. The first is the one that counts."""

    want: Want
    reasons: tuple[Reason, ...]


def with_first(all_changes: Iterable[Change], some: Iterable[Change]) -> list[Change]:
    """Some of a tick's changes, with what must be in place before: rivals, and the limits of a switch.

    And with what comes back only once a switch is on.
    """
    chosen, every = list(some), list(all_changes)
    for one in chosen:  # grows on the way: what comes first may have something before it too
        taking = not one.want.homeward and one.value is not False
        chosen += [
            other
            for other in every
            if other not in chosen and other.want.serial == one.want.serial
            and (
                other.want.setting in one.needs
                or (taking and switch_of(other.want.setting) == one.want.setting)
                or (one.value is True and KEPT_WHILE_ON.get(other.want.setting) == one.want.setting)
            )
        ]  # fmt: skip
    return chosen


def stage_for(setting: str, *, homeward: bool) -> int:
    """Taking: limits, then their switch. Going home: the switch goes first, and before any take.

    What is kept only while a switch is on comes after that, there as well.
    """
    if homeward:
        return -1 if setting in KEPT_WHILE_ON else -1 - stage_of(setting)
    return stage_of(setting)
