"""What a tick may have to ask the portal for. The policy's needs decide which requests are made."""

from enum import StrEnum


class Need(StrEnum):
    """One kind of request. Runtime is read whatever the policy; the rest only when something needs it."""

    RUNTIME = "runtime"
    ENERGY = "energy"
    BATTERY = "battery"
    GRIDBOSS = "gridboss"
    EVENTS = "events"
    QUICK_CHARGE = "quick charge"
    FIRMWARE = "firmware"
    UPDATING = "updating"
