"""Why a request brought nothing, finer than the outside needs to know: what may be asked again at once."""

from luxagent.errors import AnswerLost, NotPermitted, TryLater


class PortalDown(TryLater):
    """The portal itself failed: no line, 5xx, maintenance. Counts towards the breaker."""


class DeviceSlow(TryLater):
    """The portal is well, but the device behind it did not answer. A read may be repeated at once."""


class NotNow(TryLater):
    """Not to be repeated at once: the device is away, or the portal asked for patience."""


class LoginBlocked(NotPermitted):
    """The portal blocks every login of this account, and is left alone for a day."""


class MaybeDone(AnswerLost, DeviceSlow):
    """A control request met a device that did not answer in time: it may have been carried out."""
