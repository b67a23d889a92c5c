"""What the account may not do, and what an inverter does not have, is not asked for again and again."""

import pytest

from luxagent.core.control.answers import Answer as Outcome
from luxagent.core.facts.settings import same_value
from luxagent.errors import NotPermitted
from luxagent.portal.blocks import BLOCKED_S
from luxagent.portal.hand import PortalHand
from luxagent.portal.reader import PortalReader
from tests.portal.bench import SECOND, SERIAL, Answer, Enter, FakeClock, client_of
from tests.portal.test_reader import NOTHING, house

BLOCKED = {"success": False, "msg": "apiBlocked"}
FULL = {"success": True, "FUNC_AC_CHARGE": True, "HOLD_SYSTEM_CHARGE_SOC_LIMIT": "90"}


def test_a_blocked_account_is_left_alone_for_a_day_and_told_of_every_tick(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, read=BLOCKED)
    reader = PortalReader(client_of(clock))
    for _ in range(100):
        plant = reader.read(NOTHING, frozenset({"ac_charge"}))
        assert not plant.may_write
        assert any("apiBlocked" in error for error in plant.errors)
        assert plant.inverters[0].reading.values["soc_pct"] == 64  # looking goes on
        clock.move(600)
    assert fake.count("read") == 1  # 100 ticks over 16 hours and eight logins
    assert fake.count("login") > 5
    clock.move(BLOCKED_S)
    fake.answers["read"] = FULL
    for _ in range(2):
        plant = reader.read(NOTHING, frozenset({"ac_charge"}))
        clock.move(7200)
    assert plant.may_write


def test_a_blocked_account_sends_no_write_either(portal: Enter) -> None:
    fake = house(portal, write=BLOCKED, functionControl={"success": True})
    client = client_of()
    PortalReader(client).read(NOTHING, frozenset())
    hand = PortalHand(client)
    first = hand.send(SERIAL, "charge_limit", 80.0)
    assert (first.answer, first.for_good) == (Outcome.REFUSED, True)
    again = hand.send(SECOND, "ac_charge", value=True)
    assert (again.answer, again.for_good, again.words) == (Outcome.REFUSED, True, "apiBlocked")
    assert fake.count("write") == 1
    assert fake.count("functionControl") == 0


def test_want_of_permission_is_asked_about_again_after_the_next_login_only(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, read={"success": False, "message": "noPermission"})
    reader = PortalReader(client_of(clock))
    for _ in range(20):
        reader.read(NOTHING, frozenset({"ac_charge"}))
        clock.move(120)
    assert fake.count("read") == 2  # once for each inverter
    clock.move(7200)
    fake.answers["read"] = FULL
    plant = reader.read(NOTHING, frozenset({"ac_charge"}))
    assert plant.inverters[0].settings == {"ac_charge": True}
    assert plant.may_write


def test_a_block_of_telemetry_ends_the_asking_too(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, getInverterRuntime=BLOCKED)
    reader = PortalReader(client_of(clock))
    for _ in range(10):
        with pytest.raises(NotPermitted, match="apiBlocked"):
            reader.read(NOTHING, frozenset())
        clock.move(60)
    assert fake.count("getInverterRuntime") == 1


def test_a_403_may_pass_and_closes_nothing(portal: Enter) -> None:
    fake = house(portal, read=(403, b""))
    reader = PortalReader(client_of())
    reader.read(NOTHING, frozenset({"ac_charge"}))
    fake.answers["read"] = FULL
    assert reader.read(NOTHING, frozenset({"ac_charge"})).inverters[0].settings == {"ac_charge": True}


def test_a_setting_that_is_missing_in_every_read_is_not_offered(portal: Enter) -> None:
    clock = FakeClock()
    house(portal, read={"success": True, "FUNC_AC_CHARGE": True})
    reader = PortalReader(client_of(clock))
    able = []
    for _ in range(5):
        plant = reader.read(NOTHING, frozenset({"ac_charge", "forced_charge"}))
        able.append("forced_charge" in plant.inverters[0].able)
        assert "ac_charge" in plant.inverters[0].able
        clock.move(301)
    assert able == [True, True, True, False, False]


def test_an_answer_from_the_cache_is_not_another_read(portal: Enter) -> None:
    clock = FakeClock()
    house(portal, read={"success": True, "FUNC_AC_CHARGE": True})
    reader = PortalReader(client_of(clock))
    for _ in range(10):
        plant = reader.read(NOTHING, frozenset({"ac_charge", "forced_charge"}))
        clock.move(20)
    assert "forced_charge" in plant.inverters[0].able


def test_a_setting_that_was_there_once_is_offered_for_ever(portal: Enter) -> None:
    clock = FakeClock()
    answers: list[Answer] = [{**FULL, "FUNC_FORCED_CHG_EN": True}] * 2 + [
        {"success": True, "FUNC_AC_CHARGE": True}
    ]
    house(portal, read=answers)
    reader = PortalReader(client_of(clock))
    for _ in range(8):
        plant = reader.read(NOTHING, frozenset({"forced_charge"}))
        clock.move(301)
    assert "forced_charge" in plant.inverters[0].able
    assert plant.inverters[0].settings == {"forced_charge": None}


@pytest.mark.parametrize(
    "answer", [{"success": True}, {"success": True, "FUNC_AC_CHARGE": True, "FUNC_FORCED_CHG_EN": None}]
)
def test_an_empty_answer_or_an_empty_value_says_nothing_of_what_is_lacking(
    portal: Enter, answer: Answer
) -> None:
    clock = FakeClock()
    house(portal, read=answer)
    reader = PortalReader(client_of(clock))
    for _ in range(8):
        plant = reader.read(NOTHING, frozenset({"forced_charge"}))
        clock.move(301)
    assert "forced_charge" in plant.inverters[0].able


def test_a_raw_setting_is_lacking_only_where_all_blocks_were_read(portal: Enter) -> None:
    clock = FakeClock()
    house(portal, read=lambda form: FULL if form["startRegister"] != "240" else {"success": True, **FULL})
    reader = PortalReader(client_of(clock))
    for _ in range(5):
        plant = reader.read(NOTHING, frozenset({"raw:HOLD_NOT_THERE"}))
        clock.move(301)
    assert "raw:HOLD_NOT_THERE" not in plant.inverters[0].able


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("90", "90.0", True),
        ("7", "07", True),
        ("0", "00", True),
        ("90", "91", False),
        ("TIME", "TIME", True),
        ("90", "ninety", False),
        (90.0, "90", True),
    ],
)
def test_raw_values_are_compared_as_numbers_where_they_are_numbers(
    wanted: str | float, found: str, same: bool
) -> None:
    assert same_value("raw:HOLD_X", wanted, found) is same
