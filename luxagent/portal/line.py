"""What came over the line, and what it means for the session. No HTTP library here: see session."""

from dataclasses import dataclass, field
from functools import cache, cached_property

from luxagent.errors import Unreadable
from luxagent.portal.strict_json import Json, parse_object
from luxagent.portal.words import Verdict, refused, verdict, words_of

LARGEST = 1 << 20
"""Bytes of one decoded answer: the largest real one is a tenth of that."""

CONNECT_S, READ_S, CONTROL_S = 5.0, 15.0, 30.0
"""To connect; for a whole call; for one that goes through the dongle to the device and back."""


_CALLED: dict[str, str] = {
    "/api/login": "the login",
    "plant/list": "the plant list",
    "plant/list/viewer": "the plant list",
    "inverterOverview/list": "the device list",
    "getParallelGroupDetails": "the list of parallel groups",
    "getInverterRuntime": "the inverter's readings",
    "getInverterEnergyInfo": "the inverter's energy",
    "getInverterEnergyInfoParallel": "the group's energy",
    "getBatteryInfo": "the battery's readings",
    "getMidboxRuntime": "the GridBOSS's readings",
    "event/list": "the event list",
    "remoteRead/read": "the inverter's settings",
    "remoteSet/write": "a new setting",
    "remoteSet/functionControl": "a switch",
    "remoteSet/bitParamControl": "a new mode",
    "remoteSet/writeTime": "a new window",
    "quickCharge/start": "the start of a quick charge",
    "quickCharge/stop": "the stop of a quick charge",
    "quickCharge/getStatusInfo": "the state of the quick charge",
    "standardUpdate/checkUpdates": "the check for new firmware",
    "standardUpdate/check12KParallelStatus": "whether an update may start",
    "standardUpdate/run": "the start of a firmware update",
    "remoteUpdate/info": "the progress of firmware updates",
}
"""Requests by the end of their path, in words."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: where, with which form, and whether it changes anything."""

    path: str
    form: tuple[tuple[str, str], ...] = field(repr=False)  # a login's holds the password
    control: bool = False
    """True: sent once, never repeated but for an ended session."""
    deadline_s: float = READ_S
    fine: tuple[str, ...] = ()
    """Words, as bare small letters, that make a `success: false` an answer like any other: "notparallel"."""
    rows: bool = False
    """True where a bare list stands for its rows (plant list)."""

    @property
    def name(self) -> str:
        """The last word of the path: short, for counters and caches."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def called(self) -> str:
        """What people are told of: "the device list"."""
        return _called(self.path)


@cache
def _called(path: str) -> str:
    return next((words for end, words in _CALLED.items() if path.endswith(end)), path.rsplit("/", 1)[-1])


@dataclass(frozen=True)
class Got:
    """One HTTP answer, read to its end."""

    request: Request
    """What it answers."""
    status: int
    body: bytes
    location: str = ""
    retry_after: str | None = None

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people. Judged by content: some portals send JSON as text/html."""
        return self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"

    @cached_property
    def json(self) -> Json:
        """The object in the body, parsed when it is first asked for. Raises Unreadable."""
        return parse_object(self.body, self.request.called, rows=self.request.rows)


def session_end(got: Got) -> str | None:
    """How the answer says that the session is over, or None. Every shape seen live or documented."""
    if got.status in (401, 403):
        return f"HTTP {got.status}"
    if 300 <= got.status < 400:
        return "a redirect"
    if got.status == 200 and got.is_page:
        return "a page instead of data"
    if got.status == 200 and b"false" in got.body:
        try:
            answer = got.json
        except Unreadable:
            return None
        if refused(answer) and verdict(words_of(answer)) is Verdict.SESSION:
            return "a call to log in" if words_of(answer) else "a refusal without a reason"
    return None
