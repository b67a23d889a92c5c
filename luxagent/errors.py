"""What can go wrong, named for what to do next. Everything raised here on purpose derives from LuxagentError.

Messages are whole sentences for a home owner: what happened, where, what to do. They never hold a secret.
"""


class LuxagentError(Exception):
    """Anything raised here on purpose."""


class TryLater(LuxagentError):
    """The next tick may fare better: time-out, portal down, maintenance, device busy."""


class NeedsPerson(LuxagentError):
    """Trying again will not help: bad rules, no rights, an unknown plant."""


class CredentialsRefused(NeedsPerson):
    """The portal does not accept the account and password; asking again could lock the account."""


class PortalRefused(NeedsPerson):
    """The portal understood and said no, for good: wrong model, wrong value, no permission.

    `words` are the portal's own, cleaned of control characters.
    """

    def __init__(self, message: str, words: str = "") -> None:
        self.words = words
        super().__init__(message)


class NotPermitted(PortalRefused):
    """The account may look but not touch, or the portal has blocked it."""


class AnswerLost(TryLater):
    """A control request went out and no answer came back: it may or may not have been carried out."""


class Unreadable(TryLater):
    """An answer came that is not what was asked for: HTML, cut JSON, NaN, another device's data."""


class BadFile(NeedsPerson):
    """The rules file cannot be used. `findings` hold every fault with its place."""

    def __init__(self, message: str, findings: tuple[object, ...] = ()) -> None:
        self.findings = findings
        super().__init__(message)


class WrongPlant(NeedsPerson):
    """The file's `plants` do not fit the account.

    The message lists the plants; `brief`, for the journal, has no name in it.
    """

    def __init__(self, message: str, brief: str) -> None:
        self.brief = brief
        super().__init__(message)


class Declined(NeedsPerson):
    """A person was asked, and said no."""


class StateHeld(TryLater):
    """Another agent holds the state folder."""


class StateUnusable(NeedsPerson):
    """The state folder or the ledger cannot be used as it is."""
