"""Limits in other words: what is offered is a limit, and the one that was meant."""

import pytest

from luxagent.config.findings import Fault
from luxagent.config.limits import limit_of
from luxagent.core.facts.settings import SETTINGS
from luxagent.core.policy.rules import Limit


@pytest.mark.parametrize(
    ("setting", "written", "meant"),
    [
        ("discharge_floor", "10-80%", Limit(10, 80)), ("discharge_floor", "10% - 80%", Limit(10, 80)),
        ("discharge_floor", "between 10 and 80 %", Limit(10, 80)),
        ("discharge_floor", "10..80%", Limit(10, 80)),
        ("discharge_floor", "<= 90%", Limit(high=90)), ("discharge_floor", "max 90%", Limit(high=90)),
        ("discharge_floor", "> 20 %", Limit(low=20)), ("ac_charge_power", "1-6 kW", Limit(1000, 6000)),
        ("ac_charge_power", "500 W - 6 kW", Limit(500, 6000)),
        ("ac_charge_power", "up to 6kW", Limit(high=6000)),
    ],
)  # fmt: skip
def test_a_limit_in_other_words_is_offered_in_ours(setting: str, written: str, meant: Limit) -> None:
    with pytest.raises(Fault) as caught:
        limit_of(SETTINGS[setting], written)
    assert caught.value.hint.startswith("write ")
    assert limit_of(SETTINGS[setting], caught.value.hint.removeprefix("write ")) == meant
