"""The hand that writes: the only caller of the client's control methods. Sends once and proves nothing."""

import logging
import math

from luxagent.core.control.answers import Answer, Reply
from luxagent.core.facts.settings import SettingValue
from luxagent.errors import AnswerLost, LuxagentError, NotPermitted
from luxagent.portal.client import PortalClient
from luxagent.portal.live import settings as live_settings

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
            return Reply(Answer.REFUSED, f"not sent. {self._client.wire_trouble}")
        _log.info("sending %s = %s to %s", setting, value, serial)
        try:
            words = self._send(serial, setting, value)
        except AnswerLost as error:
            return Reply(Answer.LOST, str(error))
        except NotPermitted as error:
            return Reply(Answer.REFUSED, error.words or str(error), for_good=True)
        except LuxagentError as error:
            return Reply(Answer.REFUSED, getattr(error, "words", "") or str(error))
        return Reply(Answer.ACCEPTED, words)

    def _send(self, serial: str, setting: str, value: SettingValue) -> str:
        if setting in live_settings.WINDOWS and self._client.wire.settings.supports(setting):
            return self._send_windows(serial, setting, value)
        if setting != "quick_charge":
            return self._client.write(serial, setting, value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            minutes = min(max(math.ceil(value / 60), 1), LONGEST_QUICK_CHARGE_MIN)
            return self._client.start_quick_charge(serial, minutes)
        return self._client.stop_quick_charge(serial)

    def _send_windows(self, serial: str, name: str, wanted: SettingValue) -> str:
        """Edge by edge, only those that differ from what is read now. Raises as the client's `write` does.

        Once an edge was taken, whatever stops the rest is AnswerLost: what stands there must be read.
        """
        block = self._client.block(serial, live_settings.LOW, 0.0)
        requests = live_settings.edges(serial, name, wanted, block)
        for sent, request in enumerate(requests):
            try:
                self._client.control(serial, request)
            except LuxagentError as error:
                if not sent:
                    raise
                raise AnswerLost(f"{sent} of {len(requests)} edges were set, then: {error}") from error
        return f"{len(requests)} edges set"
