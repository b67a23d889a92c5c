"""Why a wanted write was not made, what became of one that was, and why a value is unknown.

One enum each, shared by log, journal, alerts, JSON and docs.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Reasons not to write. A decision's `reason` is the first in this order; `reasons` lists all."""

    READ_ONLY_ACCOUNT = "read_only_account"
    UNSUPPORTED = "unsupported"
    WIRE_UNSURE = "wire_unsure"
    CLOCK = "clock"
    OFFLINE = "offline"
    UNREAD = "unread"
    STALE = "stale"
    FIRMWARE_UPDATING = "firmware_updating"
    OUTAGE = "outage"
    LIMIT = "limit"
    CONFLICT = "conflict"
    NO_EFFECT = "no_effect"
    PAUSED = "paused"
    OVERRIDE = "override"
    JAMMED = "jammed"
    WAITS = "waits"
    TOO_SOON = "too_soon"
    HOURLY_BUDGET = "hourly_budget"
    DAILY_BUDGET = "daily_budget"
    DRY_RUN = "dry_run"


REASON_WORDS: dict[Reason, str] = {
    Reason.READ_ONLY_ACCOUNT: "the account may only look",
    Reason.UNSUPPORTED: "this inverter or portal does not have the setting, or not this value",
    Reason.WIRE_UNSURE: "the portal's dialect is not certain",
    Reason.CLOCK: "the clocks of this computer and the portal disagree",
    Reason.OFFLINE: "the inverter is offline",
    Reason.UNREAD: "the setting itself could not be read",
    Reason.STALE: "the reading is too old or incomplete",
    Reason.FIRMWARE_UPDATING: "a device is updating its firmware",
    Reason.OUTAGE: "the grid is down or its state is unknown",
    Reason.LIMIT: "outside the limits of the file",
    Reason.CONFLICT: "it would force charge and discharge at once, or put a floor above a stop",
    Reason.NO_EFFECT: "the inverter is in voltage control, so a SOC setting does nothing",
    Reason.PAUSED: "paused by hand",
    Reason.OVERRIDE: "another hand changed it a short while ago",
    Reason.JAMMED: "three writes in a row were not confirmed",
    Reason.WAITS: "what must come first, a limit or its switch, is not in place",
    Reason.TOO_SOON: "the same setting was written a moment ago",
    Reason.HOURLY_BUDGET: "the hour's writes are used up",
    Reason.DAILY_BUDGET: "the day's writes are used up",
    Reason.DRY_RUN: "dry run",
}


class Outcome(StrEnum):
    """What became of a wanted value in this tick."""

    UNCHANGED = "unchanged"
    CONFIRMED = "confirmed"
    UNPROVEN = "unproven"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    HELD = "held"


class Unknown(StrEnum):
    """Why a value is not known."""

    MISSING = "missing"
    IMPLAUSIBLE = "implausible"
    STALE = "stale"
    LOST = "lost"
    FROZEN = "frozen"
    JUMPED = "jumped"
