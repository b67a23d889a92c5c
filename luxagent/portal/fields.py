"""Tables of portal fields, and the one way to turn an answer into values by such a table.

A value that is absent, null, text without a number, or outside what is physically possible is unknown, with
the reason kept. It is never zero, and it never spoils the fields beside it.
"""

import hashlib
import marshal
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.reading import Value

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{0,9})?", re.ASCII)
_PLAIN = 1 << 53
_STAMP = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a table: the portal's key, ours, and what the portal's number is divided by.

    `low` and `high` bound a value that is not in the catalogue of metrics; the catalogue bounds the others.
    """

    portal: str
    ours: str
    divisor: float = 1
    note: str = ""
    low: float = -1e9
    high: float = 1e9
    in_catalogue: bool = field(init=False)
    """Whether it is a metric of the catalogue: worked out once, for a table is read at every upload."""

    def __post_init__(self) -> None:
        metric = METRICS_BY_KEY.get(self.ours)
        object.__setattr__(self, "in_catalogue", metric is not None)
        if metric is not None:
            object.__setattr__(self, "low", metric.low)
            object.__setattr__(self, "high", metric.high)


class Sheet:
    """Values under way: what is known, and why the rest is not."""

    def __init__(self, answer: Mapping[str, object], scaling: Mapping[str, float]) -> None:
        self.answer = answer
        self._scaling = scaling
        self.values: dict[str, Value] = {}
        self.why: dict[str, Unknown] = {}
        self.more: dict[str, float | None] = {}

    def of(self, answer: Mapping[str, object]) -> "Sheet":
        """A fresh sheet for a part of the answer, under the same scaling."""
        return Sheet(answer, self._scaling)

    def fill(self, table: Iterable[Field]) -> None:
        """Take every field of a table."""
        answer, scaling, why = self.answer, self._scaling, self.why
        for row in table:
            value = number(answer.get(row.portal))
            if value is None:
                why[row.ours] = Unknown.MISSING
            else:
                divisor = scaling.get(row.portal, row.divisor) if scaling else row.divisor
                if divisor != 1:
                    value = round(value / divisor, 6)  # no dust of division
                if row.low <= value <= row.high:
                    value += 0.0  # no minus zero
                    if why:
                        why.pop(row.ours, None)
                else:
                    value, why[row.ours] = None, Unknown.IMPLAUSIBLE
            if row.in_catalogue:
                self.values[row.ours] = value
            else:
                self.more[row.ours] = value

    def scaled(self, portal: str, divisor: float = 1) -> float | None:
        """One number in our unit, unbounded; the owner's divisor wins over ours."""
        value = number(self.answer.get(portal))
        return None if value is None else value / self._scaling.get(portal, divisor)

    def put(
        self, ours: str, value: float | None, low: float | None = None, high: float | None = None
    ) -> None:
        """Note a number, or why there is none. Bounds default to the catalogue's."""
        metric = METRICS_BY_KEY.get(ours)
        if metric is not None:
            low, high = metric.low, metric.high
        reason = None
        if value is None:
            reason = Unknown.MISSING
        elif (low is not None and value < low) or (high is not None and value > high):
            value, reason = None, Unknown.IMPLAUSIBLE
        if value is not None:
            value = round(value, 6) + 0.0  # no dust of division, no minus zero
        if metric is not None:
            self.values[ours] = value
        else:
            self.more[ours] = value
        self.note(ours, reason)

    def word(self, ours: str, value: str | frozenset[str] | None) -> None:
        """Note a word, or a set of words."""
        self.values[ours] = value
        self.note(ours, None if value is not None else Unknown.MISSING)

    def note(self, ours: str, reason: Unknown | None) -> None:
        """Remember or forget why a value is unknown."""
        if reason is None:
            self.why.pop(ours, None)
        else:
            self.why[ours] = reason

    def doubt(self, ours: str) -> None:
        """What was noted cannot be, by what stands beside it."""
        self.values[ours] = None
        self.note(ours, Unknown.IMPLAUSIBLE)

    def known(self, ours: str) -> float | None:
        """A number noted before, if it is known."""
        value = self.values.get(ours, self.more.get(ours))
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def lose(self, reason: Unknown = Unknown.LOST) -> None:
        """The device is lost: what the portal still shows is frozen, so all of it is unknown."""
        for key in (*self.values, *self.more):
            self.why[key] = reason
        self.values = dict.fromkeys(self.values)
        self.more = dict.fromkeys(self.more)


def number(value: object) -> float | None:
    """A finite number from a number or the text of one; None for anything else, booleans included."""
    kind = type(value)
    if kind is int and -_PLAIN < value < _PLAIN:  # type: ignore[operator]  # an int: by far the commonest
        return float(value)  # type: ignore[arg-type]
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value := value.strip()) else None
    if isinstance(value, int | float):
        try:
            found = float(value)
        except OverflowError:
            return None
        return found if math.isfinite(found) else None
    return None


def whole(value: object, low: int, high: int) -> int | None:
    """A whole number within bounds, from a number or its text."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and low <= found <= high else None


def flag(value: object) -> bool | None:
    """A boolean, also as 0/1, "0"/"1", "true"/"false", "on"/"off"; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False, "on": True, "off": False}.get(
            value.strip().lower()
        )
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    return None


def total(values: Sequence[float | None]) -> float | None:
    """The sum, unknown if any part is."""
    known = [v for v in values if v is not None]
    return sum(known) if len(known) == len(values) else None


def worst(values: Iterable[float | None]) -> float | None:
    """The highest known value."""
    return max((v for v in values if v is not None), default=None)


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; anything else in it, or instead of it, is passed over."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def fingerprint(answer: Mapping[str, object]) -> str:
    """The same for two answers that differ in their time stamps alone: frozen data can wear a fresh stamp."""
    # The plainest form of plain values: version 2 knows no references, so that it is the same in any process.
    lasting = marshal.dumps(_timeless(answer), 2)
    return hashlib.blake2b(lasting, digest_size=8).hexdigest()


def _timeless(answer: Mapping[str, object]) -> dict[str, object]:
    # serverTime, deviceTimeText, lastUpdateTime, remainTime
    lasting = {key: value for key, value in answer.items() if "ime" not in key}
    if dict in map(type, lasting.values()):
        return {key: _timeless(value) if isinstance(value, dict) else value for key, value in lasting.items()}
    return lasting


def instant(value: object, offset: timedelta) -> datetime | None:
    """A naive stamp "2025-09-10 16:48:01" as an aware instant; `offset` is what it is ahead of UTC."""
    match = _STAMP.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        stamp = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None
    return stamp if stamp.year >= 2010 else None  # 2000-00-00 and 1970: a clock that was never set
