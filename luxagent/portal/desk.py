"""Where a question is put to the portal: the session, the cache, the wire in use, and who the account is."""

import hashlib
import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from luxagent.errors import AnswerLost, NotPermitted, Unreadable
from luxagent.portal import account
from luxagent.portal.blocks import Blocks
from luxagent.portal.cache import Cache
from luxagent.portal.clock import Clock
from luxagent.portal.fields import mapping
from luxagent.portal.line import Request
from luxagent.portal.login import Gate
from luxagent.portal.notes import Notes, Scrap
from luxagent.portal.offered import Offered
from luxagent.portal.options import PortalOptions
from luxagent.portal.patience import Patience
from luxagent.portal.records import LoginInfo, Report, WorkedOut
from luxagent.portal.session import HttpSession, Session
from luxagent.portal.stamps import Stamps, own_clock
from luxagent.portal.strict_json import Json
from luxagent.portal.troubles import LoginBlocked
from luxagent.portal.wire import LIVE, WIRES, Wire
from luxagent.portal.words import words_of

SKEW_S = 120.0
"""How far this computer's clock and the portal's may be apart."""

_log = logging.getLogger("luxagent.portal")


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
        notes: Notes | None = None,
    ) -> None:
        self.options = options
        self.cache = Cache(clock)
        self.blocks = Blocks(clock)
        self.session = Session(options, clock, session=session, rng=rng, gate=gate, blocks=self.blocks)
        self.session.on_login = self._logged_in
        self.account = LoginInfo()
        self.looks = Patience(clock)
        """How soon an account that may look only is looked at again."""
        self.wanting: dict[str, Patience] = {}
        """Stations whose list shows a guest's device, or lacks one that it had; when it is asked again."""
        self._listed: dict[str, set[str]] = {}
        """Every serial that a station's list has shown to this process."""
        self._clock = clock
        self._stamps = Stamps(options.server_time)
        self._notes = notes or Scrap()
        name = f"{options.url}\n{options.account}".encode("utf-8", "surrogatepass")
        self._digest = hashlib.sha256(name).hexdigest()[:16]
        self._recall()
        self.blocks.on_change = self._keep
        self._chosen = WIRES.get(options.wire)
        self._shape: str | None = None
        self._raw_blocks: dict[tuple[str, str], str] = {}
        """In which block a raw setting was found, by serial and name."""
        self._worked_out: dict[str, WorkedOut] = {}
        """Each inverter's settings as they were last worked out."""
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

    @property
    def wire_trouble(self) -> str:
        """Why the wire is not certain and what to do about it, for an owner; "" where it is."""
        if self.wire_sure:
            return ""
        told = f"The file says `wire: {self.options.wire}`, but the" if self._chosen else "The"
        if self._shape is not None:
            return f"{told} portal answers as `{self._shape}`: write `wire: auto` under `portal:`."
        return (
            f"{told} portal's list of devices has neither of the two known forms, so nothing is written; "
            "if that lasts, report it with what `luxagent dump` makes."
        )

    def saw(self, shape: str | None) -> None:
        """The device list came in this wire's shape; None for neither, or both."""
        self._shape = shape

    def may_set(self, serial: str) -> bool:
        """Whether settings of this device may be asked for and changed, by what the portal refused."""
        return not self.blocks.bars_settings(serial)

    @property
    def rights_again_s(self) -> float:
        """How long until rights that are wanting are asked about again; 0 where none are."""
        waits = (self.blocks.left_s, self.looks.left_s, *(one.left_s for one in self.wanting.values()))
        return min((wait for wait in waits if wait > 0), default=0.0)

    @property
    def now(self) -> datetime:
        """The time by this computer's clock."""
        return self._clock.now()

    @property
    def offset(self) -> timedelta:
        """How far the portal's naive time stamps are ahead of UTC, as far as is known."""
        return self._stamps.offset

    def ask(self, request: Request) -> Json:
        """The portal's answer. What was refused for want of rights is not asked again for a good while."""
        serial = next((text for name, text in request.form if name in ("serialNum", "inverterSn")), "")
        self.blocks.admit(request.path, serial)
        try:
            answer = self.session.ask(request)
        except LoginBlocked:
            raise
        except NotPermitted as error:
            if error.words.startswith("HTTP"):
                raise
            told = self.blocks.refused(request.path, serial, error)
        else:
            self.blocks.granted(request.path, serial)
            return answer
        raise told

    def of(self, serial: str, request: Request) -> Json:
        """The answer, which must speak of the device that was asked for, if it names one."""
        answer = self.ask(request)
        details = mapping(answer.get("details"))  # of a firmware check
        for told in (answer.get("serialNum"), answer.get("inverterSn"), details.get("serialNum")):
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
        skew_s = self.session.portal_time_skew_s
        stamp, now = at + self._stamps.offset, self._clock.now() - timedelta(seconds=skew_s or 0.0)
        trusted = report.online is True and skew_s is not None and abs(skew_s) <= SKEW_S
        own = own_clock(report, self.options.zone, now) if trusted else None
        if not self._stamps.saw(serial, stamp, now, own):
            return report
        self.cache.forget_all()
        self._keep()
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

    def _recall(self) -> None:
        """Take up what an earlier process found out; what makes no sense counts for nothing."""
        kept = self._notes.load(self._digest)
        try:
            self._stamps.recall(kept.get("stamps_ahead_min"))
            self.blocks.recall(mapping(kept.get("blocked")))
        except (TypeError, ValueError, KeyError):
            _log.warning("what was kept about the portal cannot be used and counts for nothing")

    def _keep(self) -> None:
        kept: dict[str, object] = {}
        if self._stamps.found:
            kept["stamps_ahead_min"] = round(self._stamps.offset.total_seconds() / 60)
        if blocked := self.blocks.kept():
            kept["blocked"] = blocked
        self._notes.save(self._digest, kept)

    def _logged_in(self, answer: Json) -> None:
        self.account = account.decode_login(answer)
        self.blocks.logged_in()
        if self.account.readonly:
            self.looks.refused()
        else:
            self.looks.granted()
        self.cache.forget_all()
