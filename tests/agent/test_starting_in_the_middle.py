"""An agent that starts with an open write reads first: what is there needs no second command."""

import pytest

from luxagent.core.control.answers import Answer
from luxagent.core.events import WriteIntended
from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.conditions import Always
from tests.agent.device import AT_ONCE, Stubborn, silent, stubborn
from tests.core.builders import NOON, SERIAL, after, rule

INTENT = WriteIntended(
    after(-3, NOON), 7, SERIAL, "charge_limit", 80.0, 100.0, "Rule", "", homeward=False
)  # fmt: skip


def starting(found: SettingValue | None) -> Stubborn:
    """It died between an intent and its answer; the setting reads so now."""
    rules = silent(rule(when=Always(), charge_limit=80.0))
    site = stubborn(rules, lambda *_: AT_ONCE, Answer.ACCEPTED)
    site.device.settings["charge_limit"] = found
    site.agent.state.record([INTENT])
    site.tick()
    return site


@pytest.mark.parametrize(("found", "sent"), [(80.0, 0), (100.0, 1)])
def test_an_open_write_is_read_before_anything_else(found: SettingValue, sent: int) -> None:
    """What had landed is confirmed; what had not may be sent in the very same tick, as a new intent."""
    site = starting(found)
    assert len(site.device.sent) == sent
    assert site.memory.open == {}
    assert site.memory.last_number == 7 + sent
    assert site.memory.misses == {}
    assert site.memory.owned[SERIAL]["charge_limit"].before == 100.0
    assert site.device.settings["charge_limit"] == 80.0


def test_what_cannot_be_read_stays_open_and_nothing_is_sent() -> None:
    site = starting(None)
    assert site.device.sent == []
    assert list(site.memory.open) == [7]
