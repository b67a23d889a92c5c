"""What `check` says about a file: each fault with its place, a sentence an owner understands, and a hint.

A finding never holds a secret: texts are quoted as they stand in the file, never as `${NAME}` resolves.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_QUOTE = 48
"""Longer texts are cut when a message quotes them."""


class Code(StrEnum):
    """The kind of a finding; the word stands in `--json` and in the docs, so it never changes."""

    UNREADABLE = "unreadable"  # the file cannot be opened, is too big, or is not UTF-8 text
    SYNTAX = "syntax"  # not YAML
    DUPLICATE_KEY = "duplicate-key"  # one mapping has a key twice
    EXTRA = "yaml-extra"  # anchors, aliases, tags, several documents: YAML that this file does without
    TOO_DEEP = "too-deep"  # nested beyond any real policy
    UNKNOWN_KEY = "unknown-key"
    MISSING_KEY = "missing-key"
    TYPE = "type"  # a list where a text belongs, and the like
    VALUE = "value"  # the text does not say anything the key understands
    RANGE = "range"  # understood, but outside what is possible
    UNKNOWN_NAME = "unknown-name"  # a flag, period, channel, device or zone that nothing declares
    DUPLICATE_NAME = "duplicate-name"  # two rules or two alerts of one name
    HYSTERESIS = "hysteresis"  # `until` on the near side
    LIMIT = "limit"  # `limits` forbid what a rule or the baseline sets
    LEAVE = "needs-leave"  # raw parameters or a power cut without the guard's leave
    HAZARD = "hazard"  # a raw name that is for no rule
    OWN_NAME = "own-name"  # a raw name of a setting that has a name of its own
    PLACE = "needs-place"  # the sun is asked for, and the site has no latitude and longitude
    MISSING_SECRET = "missing-secret"  # noqa: S105 - a code, not a secret
    LITERAL_SECRET = "literal-secret"  # noqa: S105 - a code, not a secret
    NOT_YET = "not-yet"  # understood and kept, but this version does not act on it
    NO_HOLIDAYS = "no-holidays"  # `holiday` is asked for and the tariff lists none
    # The sorts of core.policy.lint: allowed, but probably not meant.
    NEVER_HOLDS = "never-holds"  # no moment and no reading can meet the condition
    HIDDEN = "hidden"  # a rule above always decides instead
    OVERLAP = "overlap"  # two windows overlap and want different values
    NO_UNTIL = "no-until"  # a threshold without hysteresis on a value that the rule itself moves
    OVER = "over"  # dates that do not come again
    PERCENT = "percent"  # a share where a percentage is meant
    CUT_AT_MIDNIGHT = "cut-at-midnight"  # a day of the calendar cuts a window in two
    TOO_LONG = "too-long"  # a window between a clock time and the sun that some days are too long for
    FAR_PLACE = "far-place"  # the coordinates are hours away from the time zone
    FIXED_ZONE = "fixed-zone"  # a time zone that never has summer time
    NO_EFFECT = "no-effect"  # a switch that is on and does nothing
    ALWAYS_HELD = "always-held"  # a guard holds it whenever the rule does
    DARK_FLOOR = "dark-floor"  # an outage floor that leaves the house dark while the battery is half full
    CONFLICT = "conflict"  # charge and discharge together, or a floor above a stop: never written
    NO_END = "no-end"  # charging or discharging is forced and nothing ends it
    UNTIL_PAST_STOP = "until-past-stop"  # the inverter stops before the SOC at which the rule lets go
    CHARGE_WINDOWS = "charge-windows"  # the inverter's own windows leave out when the rule charges
    CHARGE_TYPE = "charge-type"  # charging is ruled by something else than the inverter's own windows
    START_SOC = "start-soc"  # a start SOC charges outside windows
    NO_BASELINE = "no-baseline"  # a switch is taken, and no baseline says where it goes back to
    NO_WAY_HOME = "no-way-home"  # the same of another setting
    KEEPS_GOING = "keeps-going"  # `on_stop: keep` though the inverter would not end it by itself
    IDLE_HOLIDAYS = "idle-holidays"  # the tariff lists holidays that nothing asks for
    NO_CHANNEL = "no-channel"  # alerts, and no way to tell anybody of them
    NO_POWER = "no-power"  # peak shaving, and nothing says above which power
    OWN_END = "own-end"  # luxagent alone ends a charge or discharge that the inverter could end itself
    UNUSED = "unused"  # declared, and asked for nowhere
    MANY_WRITES = "many-writes"  # more writes a day than the guards let through
    # What only the portal can tell: `check --live`.
    NO_PLANT = "no-plant"  # the account has no such plant, or the file does not say which of several
    NO_DEVICE = "no-device"  # `names` or `devices` speak of a device that the account does not have
    LACKING = "lacking"  # the portal's wire or the inverter's model does not have the setting
    NO_SOC = "no-soc"  # an inverter without a battery, or one that goes by its voltage
    LOOK_ONLY = "look-only"  # the account may not change settings
    WIRE = "wire"  # the portal answers otherwise than the file says
    UNREAD = "unread"  # could not be read, so it was not looked at


class Level(StrEnum):
    """An error keeps the file from being used, a warning does not. An info is an offer: nothing is wrong."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in the file; both numbers count from 1."""

    line: int
    column: int
    length: int = field(default=1, compare=False)
    """How many characters stand there; what goes on over further lines is cut at the end of the first."""


START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. All but `length` and `source` are, word by word, the keys of `check --json`."""

    file: str
    line: int
    column: int
    severity: Level
    code: Code
    message: str
    hint: str = ""
    """What is allowed, or what was probably meant; may be empty."""
    length: int = field(default=1, compare=False)
    """How many characters of the line are meant."""
    source: str = field(default="", compare=False)
    """The line of the file with its secrets blotted out; empty where it is better not shown."""

    def __str__(self) -> str:
        tail = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}{tail}"


class Fault(ValueError):
    """Raised by whatever reads one value; the reader above it knows the place and makes it a finding."""

    def __init__(self, message: str, hint: str = "", code: Code = Code.VALUE) -> None:
        self.hint, self.code = hint, code
        super().__init__(message)


class PlainFault(Fault):
    """A fault whose words quote nothing of the value, so that they may be shown where it is a secret."""


def allowed(names: Iterable[str]) -> str:
    """`one of: info, warning, critical`."""
    return f"one of: {', '.join(names)}"


def fit_for_a_terminal(text: str) -> str:
    """A text without signs that a terminal would obey or cannot show; some messages quote the file."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


_ADDRESS = re.compile(r"://\S+")


def quote(text: str) -> str:
    """A text of the file for a message: on one line, in quotes, cut when it is long, no address in full."""
    flat = _ADDRESS.sub("://…", " ".join(text.split()))
    return f"'{flat[: LONGEST_QUOTE - 1]}…'" if len(flat) > LONGEST_QUOTE else f"'{flat}'"
