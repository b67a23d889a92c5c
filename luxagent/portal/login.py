"""The rules of logging in: when, how often, and what a refusal means.

A refused password is tried once, then not before the gate lets it pass: asking again could lock the account.
A portal that ends a session young is not fought over: a person may be using it (first re-login at once, the
next not within five minutes).
"""

import hashlib
from typing import Protocol

from luxagent.errors import CredentialsRefused, LuxagentError, NotPermitted, Unreadable
from luxagent.portal.blocks import Blocks
from luxagent.portal.clock import Clock
from luxagent.portal.line import Got, Request
from luxagent.portal.options import PortalOptions
from luxagent.portal.strict_json import Json
from luxagent.portal.troubles import DeviceSlow, LoginBlocked, NotNow, PortalDown
from luxagent.portal.words import Verdict, refused, said_in, verdict, words_of

PATH = "/WManage/api/login"
LIFE_S = 2 * 3600.0
"""A session lives about two hours (document, Session Management)."""
REFRESH_S = 300.0
"""Refreshed when less than this is left of it."""
YOUNG_S = 300.0
"""A second early end within this time waits."""
PATIENT_TRIES = 3
"""Logins in a row that a busy portal may turn away before it is left alone for a while."""
PAUSE_S, LONGEST_PAUSE_S = 60.0, 240.0
"""After a login that met maintenance; doubled each time, so that the end of it is seen within two ticks."""
_CREDENTIALS = ("password", "credential", "wrongaccount", "invalidaccount", "incorrectaccount", "invaliduser")
"""What a refusal speaks of that is one, whatever else it says."""


class Gate(Protocol):
    """Remembers refused credentials, perhaps longer than the process lives."""

    def why_not(self, fingerprint: str) -> str | None:
        """A sentence why these credentials must not be tried now, or None."""
        ...

    def refused(self, fingerprint: str, sentence: str) -> str:
        """These credentials were refused. The sentence, with when they are tried again."""
        ...

    def accepted(self, fingerprint: str) -> None:
        """These credentials are good."""
        ...


class OnceGate:
    """Remembers within the process, until `forget`."""

    def __init__(self) -> None:
        self._refused: dict[str, str] = {}

    def why_not(self, fingerprint: str) -> str | None:
        return self._refused.get(fingerprint)

    def refused(self, fingerprint: str, sentence: str) -> str:
        said = f"{sentence} They are not tried again, as that could lock the account."
        self._refused[fingerprint] = said
        return said

    def accepted(self, fingerprint: str) -> None:
        self._refused.pop(fingerprint, None)

    def forget(self) -> None:
        """A person says that the credentials are to be tried again."""
        self._refused.clear()


class Login:
    """The state of one account's session: open since when, ended early when."""

    def __init__(self, options: PortalOptions, clock: Clock, gate: Gate, blocks: Blocks) -> None:
        self._options = options
        self._clock = clock
        self._gate = gate
        self._blocks = blocks
        self._opened_at: float | None = None
        self._early_at: float | None = None
        self._pause_until = float("-inf")
        self._pauses = 0
        self._slow = 0
        secret = f"{options.url}\n{options.account}\n{options.password.reveal()}"
        self._fingerprint = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def opened(self) -> bool:
        """Whether a session is open, as far as we know."""
        return self._opened_at is not None

    @property
    def needed(self) -> bool:
        """Whether to log in before the next request: none yet, or less than five minutes left."""
        return self._opened_at is None or self._clock.monotonic() - self._opened_at > LIFE_S - REFRESH_S

    def request(self) -> Request:
        """The login form. The language is sent only where the wire is known to be live."""
        form = [("account", self._options.account), ("password", self._options.password.reveal())]
        if self._options.wire == "live":
            form.append(("language", "ENGLISH"))
        return Request(PATH, tuple(form))

    def admit(self) -> None:
        """Raise what forbids a login now: a block, credentials that were refused before, or a pause."""
        try:
            self._blocks.admit(PATH, "")
        except NotPermitted as error:
            raise LoginBlocked(str(error), error.words) from None
        sentence = self._gate.why_not(self._fingerprint)
        if sentence is not None:
            raise CredentialsRefused(sentence)
        left = self._pause_until - self._clock.monotonic()
        if left > 0:
            raise NotNow(f"The portal does not log anyone in; the next try is in {max(1, round(left))} s.")

    def ended_early(self, shape: str) -> None:
        """The portal ended the session. Raises NotNow for the second time within five minutes."""
        now = self._clock.monotonic()
        if self._early_at is not None and now - self._early_at < YOUNG_S:
            left = max(1, round(YOUNG_S - (now - self._early_at)))
            raise NotNow(
                f"The portal ended the session again ({shape}); the next login is in {left} s. "
                "Someone else may be logged in to this account, or the portal is under maintenance."
            )
        self._early_at = now
        self._opened_at = None

    def judged(self, got: Got) -> Json:
        """The login's answer, if it is a welcome. Raises CredentialsRefused for a no, else TryLater.

        A 429 is not for here: it is a matter of pace, as on every path.
        """
        if got.status >= 500:
            raise PortalDown(f"The portal cannot log anyone in just now (HTTP {got.status}).")
        if got.status == 401:  # also where a page of the server's own goes with it
            raise self._no("HTTP 401")
        if got.is_page or 300 <= got.status < 400 or got.status == 404:
            raise NotNow(
                f"{self._options.url} answers the login with a page instead of data: "
                "maintenance, or not the portal's address."
            )
        try:
            answer = got.json
        except Unreadable:
            if got.status != 200:
                raise self._odd(got) from None
            raise
        if refused(answer):
            raise self._refusal(words_of(answer))
        if got.status != 200:
            raise self._odd(got)
        if answer.get("success") is not True and not {"plants", "userId", "user"} & answer.keys():
            raise PortalDown("The portal's answer to the login is not one.")
        return answer

    def failed(self, error: LuxagentError) -> LuxagentError:
        """The session is closed; refused credentials are remembered, and maintenance is not hammered.

        Returns the error to raise.
        """
        self._opened_at = None
        self._slow = self._slow + 1 if isinstance(error, DeviceSlow) else 0
        if isinstance(error, NotNow) or self._slow >= PATIENT_TRIES:
            self._pause_until = self._clock.monotonic() + min(PAUSE_S * 2**self._pauses, LONGEST_PAUSE_S)
            self._pauses = min(self._pauses + 1, 8)
        if isinstance(error, CredentialsRefused):
            return CredentialsRefused(self._gate.refused(self._fingerprint, str(error)))
        if isinstance(error, NotPermitted):
            told = self._blocks.refused(PATH, "", error)
            return LoginBlocked(str(told), told.words)
        return error

    def succeeded(self) -> None:
        """The session is open from now."""
        self._pauses = self._slow = 0
        self._opened_at = self._clock.monotonic()
        self._gate.accepted(self._fingerprint)
        self._blocks.granted(PATH, "")

    def outdated(self) -> None:
        """What the last login told is to be asked for anew."""
        self._opened_at = None

    def _refusal(self, words: str) -> LuxagentError:
        meaning = verdict(words)
        if words == "":
            return NotNow("The portal refuses the login and gives no reason.")
        if said_in(words, _CREDENTIALS) and "block" not in words.casefold():
            return self._no(words)  # "Wrong account or password, please try again" is no call to do so
        if meaning in (Verdict.RETRY, Verdict.DOUBTFUL):
            return DeviceSlow(f"The portal cannot log anyone in just now: {words}.")
        if meaning is Verdict.FORBIDDEN and "block" in words.casefold():
            return NotPermitted(f"The portal blocks this account: {words}.", words)
        return self._no(words)

    def _odd(self, got: Got) -> NotNow:
        """Nothing that asking again within the minute would change."""
        return NotNow(f"The portal cannot log anyone in just now (HTTP {got.status}).")

    def _no(self, words: str) -> CredentialsRefused:
        words = self._options.password.out_of(words)
        return CredentialsRefused(
            f"{self._options.url} refuses the account and password ({words}). Check them, and the host."
        )
