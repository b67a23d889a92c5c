"""Why a request brought nothing, finer than the outside needs to know: what may be asked again at once."""

from luxagent.errors import AnswerLost, TryLater


class PortalDown(TryLater):
    """The portal itself failed: no line, 5xx, maintenance. Counts towards the breaker."""


class DeviceSlow(TryLater):
    """The portal is well, but the device behind it did not answer. A read may be repeated at once."""


class NotNow(TryLater):
    """Not to be repeated at once: the device is away, or the portal asked for patience."""


class MaybeDone(AnswerLost, DeviceSlow):
    """A control request met a device that did not answer in time: it may have been carried out."""
