"""One account's session with the portal: the only place that speaks HTTP.

A request goes out under one lock and one deadline; an ended session is opened anew once and the request is
sent once more, control requests too, because a request that met an ended session was not carried out.
Everything else about a control request is sent once. What comes back is a strict JSON object, or one of our
own errors, never with the request inside it: its body may hold the password.
"""

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from luxagent.errors import AnswerLost, LuxagentError, NeedsPerson, NotPermitted, TryLater, Unreadable
from luxagent.portal.blocks import Blocks
from luxagent.portal.clock import Clock
from luxagent.portal.deadline import Guard, guarded_pools
from luxagent.portal.judge import judged
from luxagent.portal.line import CONNECT_S, LARGEST, Got, Request, session_end
from luxagent.portal.login import Gate, Login, OnceGate
from luxagent.portal.options import PortalOptions
from luxagent.portal.pace import Pace
from luxagent.portal.strict_json import Json
from luxagent.portal.text import clean_text
from luxagent.portal.troubles import DeviceSlow, NotNow, PortalDown

T = TypeVar("T")

HttpSession = requests.Session
"""The library's session, by a name that the rest of the package may use."""

_log = logging.getLogger("luxagent.portal")

_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": "Mozilla/5.0 (compatible; luxagent)",
}


class _GuardedAdapter(HTTPAdapter):
    """requests' own adapter, with every socket under the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as in requests)
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = guarded_pools(self._guard)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401 (as in requests)
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = guarded_pools(self._guard)
        return manager


class Session:
    """Log in when need be, ask, and tell apart what came back."""

    def __init__(
        self,
        options: PortalOptions,
        clock: Clock,
        *,
        session: HttpSession | None = None,
        rng: random.Random | None = None,
        gate: Gate | None = None,
        blocks: Blocks | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._guard = Guard()
        self._http = self._prepared(session or HttpSession())
        self._posts: dict[str, requests.PreparedRequest] = {}
        self._lock = threading.RLock()
        self._pace = Pace(clock, rng or random.Random())
        self._login = Login(options, clock, gate or OnceGate(), blocks or Blocks(clock))
        self._forbidden: set[str] = set()  # paths that a fresh session did not open either
        self.on_login: Callable[[Json], None] = lambda _: None
        """Told the portal's answer to every login, which says what the account is and may."""
        self.on_exchange: Callable[[str, str], None] = lambda _name, _outcome: None
        """Told the name and the outcome (an HTTP status, or "lost") of every request."""
        self._skew: tuple[float, datetime] | None = None  # at the newest answer, and `_steady_began` then

    @property
    def portal_time_skew_s(self) -> float | None:
        """This computer's clock less the portal's, in seconds; None before the portal has told the time.

        By the `Date` of the newest answer, and by how far the clock was set since: an answer of before would
        else vouch for a clock that has just jumped.
        """
        if self._skew is None:
            return None
        skew_s, began = self._skew
        return skew_s + (self._steady_began() - began).total_seconds()

    def _steady_began(self) -> datetime:
        """When the steady clock read nothing, by the wall clock: it moves as far as that one is set."""
        return self._clock.now() - timedelta(seconds=self._clock.monotonic())

    def _prepared(self, http: HttpSession) -> HttpSession:
        """No netrc, no proxies of the environment; our adapter unless the caller brought one of its own."""
        http.trust_env = False
        if self._options.proxy:
            http.proxies = {"http": self._options.proxy, "https": self._options.proxy}
        if self._options.ca_file:
            http.verify = self._options.ca_file
        if type(http.get_adapter(self._options.url)) is HTTPAdapter:
            http.mount(self._options.url, _GuardedAdapter(self._guard))
        return http

    def close(self) -> None:
        """Close every connection. The portal knows no logout."""
        self._http.close()
        self._guard.close()

    def log_in(self, *, anew: bool = False) -> None:
        """Open the session if there is none, if it ends within five minutes, or `anew` in any case."""
        with self._lock:
            if anew:
                self._login.outdated()
            if self._login.needed:
                self._retried("login", self._ensure_open, self._pace.attempts)

    def ask(self, request: Request) -> Json:
        """The portal's answer. Reads are tried up to three times, control requests once."""

        def once() -> Json:
            self._ensure_open()
            return self._ask_once(request)

        return self._retried(request.called, once, 1 if request.control else self._pace.attempts)

    def _retried(self, name: str, once: Callable[[], T], attempts: int) -> T:
        with self._lock:
            self._pace.admit()
            for attempt in range(attempts):
                try:
                    result = once()
                except NotNow:
                    raise
                except TryLater as error:
                    if not isinstance(error, DeviceSlow):
                        self._pace.failed()
                    if attempt + 1 >= attempts:
                        raise
                    _log.debug("%s failed (%s); trying again", name, error)
                    self._clock.wait(self._pace.backoff(attempt))
                else:
                    self._pace.succeeded()
                    return result
            raise AssertionError("unreachable: the last attempt returns or raises")

    def _ensure_open(self) -> None:
        if self._login.needed:
            self._open("the session is due" if self._login.opened else "there is no session")

    def _ask_once(self, request: Request) -> Json:
        got = self._post(request)
        ended = session_end(got)
        if ended is not None:
            if got.status == 403 and request.path in self._forbidden:
                raise self._still_ended(ended, got, request)
            self._login.ended_early(ended)
            self._open(ended)
            got = self._post(request)
            still = session_end(got)
            if still is not None:
                raise self._still_ended(still, got, request)
        return self._judged(got)

    def _open(self, why: str) -> None:
        """Log in, with an empty jar: cookies of two sessions must never mix."""
        self._login.admit()
        self._http.cookies.clear()
        _log.info("logging in to %s (%s)", self._options.url, why)
        try:
            got = self._post(self._login.request())
            answer = None if got.status == 429 else self._login.judged(got)
        except LuxagentError as error:
            raise self._login.failed(error) from None
        if answer is None:
            self._login.outdated()
            raise self._left_alone(got)
        self._login.succeeded()
        self._forbidden.clear()
        _log.info("logged in to %s", self._options.url)
        self.on_login(answer)

    def _still_ended(self, shape: str, got: Got, request: Request) -> LuxagentError:
        """A fresh session was not believed either."""
        if got.status == 403:
            self._forbidden.add(request.path)
            sentence = f"The portal does not let this account use {request.called} (HTTP 403)."
            return NotPermitted(sentence, "HTTP 403")
        if request.control:
            # Only the first answer spoke of an ended session. What follows a login that was just accepted may
            # as well come after the command was carried out: it must be read back.
            return AnswerLost(f"The portal answers {request.called} with {shape} right after a new login.")
        return PortalDown(f"The portal answers {request.called} with {shape} after a new login: maintenance?")

    def _judged(self, got: Got) -> Json:
        """The answer as data, or the error that its status or its words stand for."""
        if got.status == 429:
            raise self._left_alone(got)
        return judged(got, self._options.password.out_of)

    def _left_alone(self, got: Got) -> NotNow:
        """A 429, on whatever path: nothing at all is asked until the time that it names is over."""
        wait_s = self._pace.asked_for_patience(got.retry_after)
        return NotNow(f"The portal asks to be left alone; it is asked again in {wait_s:.0f} s (HTTP 429).")

    def _post(self, request: Request) -> Got:
        """One POST under one deadline. Raises our own errors only, with nothing of the request in them."""
        failure: LuxagentError
        try:
            with self._guard.limit(request.deadline_s):
                response = self._sent(request)
                try:
                    body = self._body(response, request)
                finally:
                    response.close()
            if not self._guard.expired:
                self._note_time(response.headers.get("Date"))
                self.on_exchange(request.name, str(response.status_code))
                return Got(
                    request,
                    response.status_code,
                    body,
                    clean_text(response.headers.get("Location")),
                    response.headers.get("Retry-After"),
                )
            failure = self._lost(request, "gave no whole answer in time")
        except Unreadable as error:
            failure = self._lost(request, str(error)) if request.control else error
        except (OSError, HTTPError, HTTPException) as error:
            failure = self._failed(request, error)
        except UnicodeError:
            failure = NeedsPerson("The account or the password holds characters that cannot be sent.")
        self.on_exchange(request.name, "lost")
        raise failure  # outside the handler: the library's error holds the request, and with it the password

    def _sent(self, request: Request) -> requests.Response:
        """The answer's head. What is the same for every form of a path is made once: that is most of it."""
        post = self._posts.get(request.path)
        if post is None:
            bare = requests.Request("POST", self._options.url + request.path, headers=_HEADERS)
            post = self._posts[request.path] = self._http.prepare_request(bare)
        for left_over in ("Content-Length", "Cookie"):  # the library would not write over them
            post.headers.pop(left_over, None)
        post.prepare_body(list(request.form), None)
        post.prepare_cookies(self._http.cookies)
        try:
            return self._http.send(
                post, timeout=(CONNECT_S, request.deadline_s), allow_redirects=False, stream=True
            )
        finally:
            post.body = None  # a login's holds the password

    def _body(self, response: requests.Response, request: Request) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(1 << 14):
            size += len(part)
            if size > LARGEST:
                size_mib = LARGEST >> 20
                raise Unreadable(f"The portal answers {request.called} with more than {size_mib} MiB.")
            parts.append(part)
        return b"".join(parts)

    def _failed(self, request: Request, error: Exception) -> LuxagentError:
        """A transport error as ours. Nothing was sent if not even a connection was made."""
        host = self._options.url
        if self._guard.expired:
            return self._lost(request, "gave no whole answer in time")
        untrusted = "CERTIFICATE" in str(error)
        if isinstance(error, requests.exceptions.SSLError) and (untrusted or not request.control):
            return PortalDown(f"{host} could not prove who it is (TLS): {clean_text(str(error))}")
        if isinstance(error, requests.exceptions.ProxyError):
            return PortalDown(f"The proxy on the way to {host} does not answer.")
        reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
        if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(reason, NewConnectionError):
            return PortalDown(f"{host} cannot be reached: no connection.")
        return self._lost(request, "broke the connection off, or gave no answer in time")

    def _lost(self, request: Request, how: str) -> LuxagentError:
        sentence = how if how.startswith("The portal") else f"The portal {how} ({request.called})."
        return AnswerLost(sentence) if request.control else PortalDown(sentence)

    def _note_time(self, date: str | None) -> None:
        try:
            told = parsedate_to_datetime(date or "")
            self._skew = (self._clock.now() - told).total_seconds(), self._steady_began()
        except (ValueError, TypeError):
            return  # no usable Date: the last one known still stands
