"""The hand that writes: the only caller of the client's control methods. Sends once and proves nothing."""

import logging
import math

from luxagent.core.control.answers import Answer, Reply
from luxagent.core.facts.settings import SettingValue
from luxagent.errors import AnswerLost, LuxagentError, NotPermitted
from luxagent.portal.client import PortalClient

_log = logging.getLogger("luxagent.portal")

LONGEST_QUICK_CHARGE_MIN = 1440


class PortalHand:
    """Fits the agent's `Hand`."""

    def __init__(self, client: PortalClient) -> None:
        self._client = client

    def send(self, serial: str, setting: str, value: SettingValue) -> Reply:
        """One setting value to one inverter. `quick_charge` takes seconds, or False to stop it.

        REFUSED also stands for what surely did not go out: no connection, a busy device. LOST is for answers
        that may mean either.
        """
        if not self._client.wire_sure:
            return Reply(Answer.REFUSED, "not sent: the portal's dialect is not certain")
        _log.info("sending %s = %s to %s", setting, value, serial)
        try:
            words = self._send(serial, setting, value)
        except AnswerLost as error:
            return Reply(Answer.LOST, str(error))
        except NotPermitted as error:
            self._client.forbidden = True
            return Reply(Answer.REFUSED, error.words or str(error), for_good=True)
        except LuxagentError as error:
            return Reply(Answer.REFUSED, getattr(error, "words", "") or str(error))
        return Reply(Answer.ACCEPTED, words)

    def _send(self, serial: str, setting: str, value: SettingValue) -> str:
        if setting != "quick_charge":
            return self._client.write(serial, setting, value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            minutes = min(max(math.ceil(value / 60), 1), LONGEST_QUICK_CHARGE_MIN)
            return self._client.start_quick_charge(serial, minutes)
        return self._client.stop_quick_charge(serial)
