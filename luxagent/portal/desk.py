"""Where a question is put to the portal: the session, the cache, the wire in use, and who the account is."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from luxagent.errors import AnswerLost, NotPermitted, Unreadable
from luxagent.portal import account
from luxagent.portal.blocks import Blocks
from luxagent.portal.cache import Cache
from luxagent.portal.clock import Clock
from luxagent.portal.line import Request
from luxagent.portal.login import Gate
from luxagent.portal.offered import Offered
from luxagent.portal.options import PortalOptions
from luxagent.portal.records import LoginInfo, Report
from luxagent.portal.session import HttpSession, Session
from luxagent.portal.stamps import Stamps
from luxagent.portal.strict_json import Json
from luxagent.portal.wire import LIVE, WIRES, Wire
from luxagent.portal.words import words_of


class Desk:
    """What every typed method of the client stands on."""

    def __init__(
        self,
        options: PortalOptions,
        clock: Clock,
        *,
        session: HttpSession | None = None,
        rng: random.Random | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.options = options
        self.cache = Cache(clock)
        self.session = Session(options, clock, session=session, rng=rng, gate=gate)
        self.session.on_login = self._logged_in
        self.account = LoginInfo()
        self._forbidden = False
        self.blocks = Blocks(clock)
        self._clock = clock
        self._stamps = Stamps(options.server_time)
        self._chosen = WIRES.get(options.wire)
        self._shape: str | None = None
        self._raw_blocks: dict[tuple[str, str], str] = {}
        """In which block a raw setting was found, by serial and name."""
        self.offered = Offered()

    def close(self) -> None:
        """Close every connection."""
        self.session.close()

    @property
    def wire(self) -> Wire:
        """The dialect in use. Until the device list has been seen, forms that are right for either."""
        return self._chosen or WIRES.get(self._shape or "", LIVE)

    @property
    def wire_chosen(self) -> bool:
        """Whether the file, or the device list, has said which dialect it is."""
        return self._chosen is not None or self._shape is not None

    @property
    def wire_sure(self) -> bool:
        """Whether the device list has shown the shape of the wire in use. Nothing is written otherwise."""
        return self._shape == self.wire.name

    def saw(self, shape: str | None) -> None:
        """The device list came in this wire's shape; None for neither, or both."""
        self._shape = shape

    @property
    def forbidden(self) -> bool:
        """The portal has said that this account may not read or change settings."""
        return self._forbidden or bool(self.blocks.closed)

    def note_refusal(self) -> None:
        """Settings were refused for want of rights. What closed a door opens with it, the rest at a login."""
        if not self.blocks.closed:
            self._forbidden = True

    @property
    def offset(self) -> timedelta:
        """How far the portal's naive time stamps are ahead of UTC, as far as is known."""
        return self._stamps.offset

    def ask(self, request: Request) -> Json:
        """The portal's answer. What was refused for want of rights is not asked again for a good while."""
        serial = next((text for name, text in request.form if name in ("serialNum", "inverterSn")), "")
        self.blocks.admit(request.path, serial)
        try:
            return self.session.ask(request)
        except NotPermitted as error:
            if not error.words.startswith("HTTP"):
                self.blocks.refused(request.path, serial, error)
            raise

    def of(self, serial: str, request: Request) -> Json:
        """The answer, which must speak of the device that was asked for, if it names one."""
        answer = self.ask(request)
        for key in ("serialNum", "inverterSn"):
            told = answer.get(key)
            if told not in (None, "") and str(told) != serial:
                raise Unreadable(f"The portal answered {request.called} for another device than {serial}.")
        return answer

    def report(
        self, request: Request, serial: str, longest_s: float, decode: Callable[[Json], Report]
    ) -> Report:
        """A device's telemetry, kept for `longest_s`."""

        def fetch() -> Report:
            report = decode(self.of(serial, request))
            return report if report.uploaded_at is None else self._stamped(serial, report, report.uploaded_at)

        return self.cache.take(request.name, serial, "", longest_s, fetch)

    def _stamped(self, serial: str, report: Report, at: datetime) -> Report:
        """The report with its stamp as it is to be understood from now on.

        What stamps mean is found out by the portal's own clock: this computer's may be hours wrong after a
        power cut, and what was learned from it would make old uploads look fresh once it is right again.
        """
        stamp = at + self._stamps.offset
        skew = timedelta(seconds=self.session.portal_time_skew_s or 0.0)
        if not self._stamps.saw(serial, stamp, self._clock.now() - skew):
            return report
        self.cache.forget_all()
        return replace(report, uploaded_at=stamp - self._stamps.offset)

    def control(self, serial: str, request: Request) -> str:
        """Send a control request; what is known of the device is forgotten whatever becomes of it."""
        try:
            return words_of(self.of(serial, request))
        except Unreadable as error:
            raise AnswerLost(str(error)) from None
        finally:
            self.cache.forget_device(serial)

    def user_id(self) -> str:
        """The account's number, which firmware requests want. Raises Unreadable if no login has told it."""
        self.session.log_in()
        if not self.account.user_id:
            raise Unreadable("The portal's login does not tell the account's number, which firmware needs.")
        return self.account.user_id

    def _logged_in(self, answer: Json) -> None:
        self.account = account.decode_login(answer)
        self.blocks.logged_in()
        self._forbidden = False
        self.cache.forget_all()
