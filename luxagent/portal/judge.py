"""What an answer is worth: data, or the error that its status or its words stand for. Pure; for `session`.

By then it is known that the session holds, and that the portal does not ask for patience (429).
"""

from collections.abc import Callable
from http import HTTPStatus

from luxagent.errors import AnswerLost, LuxagentError, NotPermitted, PortalRefused, Unreadable
from luxagent.portal.line import Got, Request
from luxagent.portal.strict_json import Json
from luxagent.portal.troubles import DeviceSlow, MaybeDone, NotNow, PortalDown
from luxagent.portal.words import DOUBTFUL, Verdict, refused, said_in, verdict, words_of


def judged(got: Got, hide: Callable[[str], str]) -> Json:
    """The object in the answer; `hide` takes a secret out of the portal's words, should it echo one."""
    request = got.request
    if got.status >= 500 or got.status == HTTPStatus.REQUEST_TIMEOUT:
        sentence = f"The portal failed on {request.called} (HTTP {got.status})."
        raise AnswerLost(sentence) if request.control else PortalDown(sentence)
    if got.status != 200:
        words = f"HTTP {got.status}"
        raise PortalRefused(f"The portal refuses {request.called} ({words}).", words)
    try:
        answer = got.json
    except Unreadable as error:
        if request.control:
            raise AnswerLost(str(error)) from None
        raise
    if refused(answer) and not said_in(words_of(answer), request.fine):
        raise _refusal(hide(words_of(answer)), request)
    return answer


def _refusal(words: str, request: Request) -> LuxagentError:
    said = f"The portal answered {request.called} with: {words}."
    meaning = verdict(words)
    if request.control and meaning is Verdict.FINAL and said_in(words, DOUBTFUL):
        meaning = Verdict.DOUBTFUL  # whatever else it says: a look will tell
    match meaning:
        case Verdict.FORBIDDEN:
            return NotPermitted(said, words)
        case Verdict.AWAY:
            return NotNow(said)
        case Verdict.RETRY:
            return DeviceSlow(said)
        case Verdict.DOUBTFUL:
            return MaybeDone(said) if request.control else DeviceSlow(said)
        case _:
            return PortalRefused(said, words)
