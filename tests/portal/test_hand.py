"""What the hand says of a control request, and that nobody else sends one."""

import ast
from pathlib import Path

import pytest
import requests

import luxagent
from luxagent.core.control.answers import Answer
from luxagent.core.facts.settings import SettingValue
from luxagent.errors import NeedsPerson
from luxagent.portal.hand import PortalHand
from tests.portal.bench import PAGE, SERIAL, Enter, FakeClock, client_of, sure

DONE = {"success": True}


def hand(wire: str = "live") -> PortalHand:
    return PortalHand(sure(client_of(), wire))


@pytest.mark.parametrize(
    ("answer", "means", "for_good"),
    [
        ({"success": True}, Answer.ACCEPTED, False),
        ({}, Answer.ACCEPTED, False),
        ({"success": False, "msg": "REMOTE_SET_ERROR"}, Answer.REFUSED, False),
        ({"success": False, "msg": "OUT_RANGE_ERROR"}, Answer.REFUSED, False),
        ({"success": False, "msg": "DEVICE_BUSY"}, Answer.REFUSED, False),
        ({"success": False, "msg": "ACTION_ERROR_UNDONE"}, Answer.REFUSED, False),
        ({"success": False, "msg": "DEVICE_OFFLINE"}, Answer.REFUSED, False),
        ({"success": False, "msg": "noPermission"}, Answer.REFUSED, True),
        ({"success": False, "msg": "apiBlocked"}, Answer.REFUSED, True),
        ((403, b""), Answer.REFUSED, True),
        ((400, b""), Answer.REFUSED, False),
        ({"success": False, "msg": "DATAFRAME_TIMEOUT"}, Answer.LOST, False),
        ({"success": False, "msg": "timeout"}, Answer.LOST, False),
        ({"success": False, "msg": "DATAFRAME_TIMEOUT", "errorCode": "REMOTE_SET_ERROR"}, Answer.LOST, False),
        ({"success": False, "msg": "You are logged in as a guest"}, Answer.REFUSED, True),
        ((408, b""), Answer.LOST, False),
        ({"success": True, "inverterSn": "44310E9999"}, Answer.LOST, False),
        ((502, PAGE), Answer.LOST, False),
        (b'{"succ', Answer.LOST, False),
        (requests.ConnectionError("reset"), Answer.LOST, False),
        (requests.ReadTimeout("late"), Answer.LOST, False),
    ],
    ids=str,
)
def test_each_answer_has_one_meaning(portal: Enter, answer: object, means: Answer, for_good: bool) -> None:
    fake = portal(write=answer)
    reply = hand().send(SERIAL, "charge_limit", 80.0)
    assert (reply.answer, reply.for_good) == (means, for_good)
    assert reply.words or means is Answer.ACCEPTED
    assert fake.count("write") == (2 if answer == (403, b"") else 1)


def test_a_write_that_met_an_ended_session_is_sent_once_more(portal: Enter) -> None:
    fake = portal(write=[(200, PAGE), DONE])
    assert hand().send(SERIAL, "charge_limit", 80.0).answer is Answer.ACCEPTED
    assert fake.count("write") == 2


def test_a_portal_that_cannot_be_reached_was_not_written_to(portal: Enter) -> None:
    portal(login=(503, b""))
    reply = hand().send(SERIAL, "charge_limit", 80.0)
    assert reply.answer is Answer.REFUSED
    assert "503" in reply.words


@pytest.mark.parametrize(
    ("wire", "setting", "value"),
    [
        ("document", "charge_limit", 101.0),
        ("live", "charge_limit", 102.0),
        ("live", "charge_limit", 9.0),
        ("live", "ac_charge_limit", 102.0),
        ("live", "ac_charge_start", 95.0),
        ("live", "ac_charge", "perhaps"),
        ("live", "ac_charge_type", "sometimes"),
        ("document", "ac_charge_windows", ("23:30-05:30",)),
        ("live", "parameter:21", 90.0),
        ("document", "ac_charge", True),
        ("document", "raw:HOLD_X", "1"),
        ("document", "parameter:21", 1.5),
        ("live", "raw:HOLD X&y", "1"),
        ("live", "raw:HOLD_X", "1\n"),
        ("live", "ac_charge_power", True),
        ("live", "no_such_thing", 1.0),
    ],
)
def test_what_the_wire_cannot_hold_is_refused_before_anything_is_sent(
    portal: Enter, wire: str, setting: str, value: SettingValue
) -> None:
    fake = portal()
    reply = hand(wire).send(SERIAL, setting, value)
    assert reply.answer is Answer.REFUSED
    assert reply.words.startswith("not sent")
    assert fake.asked == []


def test_nothing_is_sent_while_the_wire_is_not_sure(portal: Enter) -> None:
    fake = portal()
    for client in (client_of(), sure(client_of(wire="document"), "live")):
        assert PortalHand(client).send(SERIAL, "charge_limit", 80.0).answer is Answer.REFUSED
    assert fake.asked == []


@pytest.mark.parametrize(("seconds", "minutes"), [(3600.0, "60"), (61.0, "2"), (10.0, "1"), (1e9, "1440")])
def test_a_quick_charge_is_started_for_minutes_on_the_live_wire(
    portal: Enter, seconds: float, minutes: str
) -> None:
    fake = portal(start=DONE)
    assert hand().send(SERIAL, "quick_charge", seconds).answer is Answer.ACCEPTED
    assert fake.form("start") == {"inverterSn": SERIAL, "clientType": "WEB", "minute": minutes}


def test_a_quick_charge_is_a_function_on_the_documents_wire(portal: Enter) -> None:
    fake = portal(functionControl=DONE)
    hand("document").send(SERIAL, "quick_charge", 3600.0)
    assert fake.form("functionControl") == {"serialNum": SERIAL, "function": "quickCharge", "value": "1"}
    hand("document").send(SERIAL, "quick_charge", value=False)
    assert fake.form("functionControl")["value"] == "0"


def test_stopping_a_quick_charge_on_the_live_wire(portal: Enter) -> None:
    fake = portal(stop=DONE)
    assert hand().send(SERIAL, "quick_charge", value=False).answer is Answer.ACCEPTED
    assert fake.form("stop") == {"inverterSn": SERIAL, "clientType": "WEB"}


def test_raw_settings_go_out_by_the_portals_own_name(portal: Enter) -> None:
    fake = portal(write=DONE, functionControl=DONE, bitParamControl=DONE)
    live = hand()
    live.send(SERIAL, "raw:HOLD_X_Y", "90")
    assert (fake.form("write")["holdParam"], fake.form("write")["valueText"]) == ("HOLD_X_Y", "90")
    live.send(SERIAL, "raw:FUNC_Z", value=True)
    assert fake.form("functionControl")["enable"] == "true"
    live.send(SERIAL, "raw:BIT_Q", 3.0)
    assert fake.form("bitParamControl")["value"] == "3"
    hand("document").send(SERIAL, "parameter:21", 90.0)
    assert fake.form("write")["data"] == "21:90"


def test_settings_are_told_as_the_newest_read_of_their_blocks_has_them(portal: Enter) -> None:
    limit = iter([90, 80, 70])
    fake = portal(
        read=lambda form: (
            {"success": True, "HOLD_SYSTEM_CHARGE_SOC_LIMIT": str(next(limit))}
            if form["startRegister"] == "127"
            else {"success": True, "FUNC_AC_CHARGE": True}
        )
    )
    clock = FakeClock()
    client = sure(client_of(clock), "live")
    assert client.parameters(SERIAL, {"charge_limit"}).values == {"charge_limit": 90.0}
    both = {"charge_limit": 90.0, "ac_charge": True}
    assert client.parameters(SERIAL, both).values == both
    assert client.parameters(SERIAL, both).values == both
    assert fake.count("read") == 2
    clock.move(121)
    assert client.parameters(SERIAL, both).values == {"charge_limit": 80.0, "ac_charge": True}
    assert client.parameters(SERIAL, {"charge_limit"}, 0).values == {"charge_limit": 70.0}
    assert client.parameters(SERIAL, both).values == {"charge_limit": 70.0, "ac_charge": True}
    assert fake.count("read") == 5


def test_what_was_known_of_the_device_is_forgotten_even_if_the_answer_is_lost(portal: Enter) -> None:
    fake = portal(
        read={"success": True, "FUNC_AC_CHARGE": False}, functionControl=requests.ConnectionError("reset")
    )
    client = sure(client_of(), "live")
    client.parameters(SERIAL, {"ac_charge"})
    PortalHand(client).send(SERIAL, "ac_charge", value=True)
    client.parameters(SERIAL, {"ac_charge"})
    assert fake.count("read") == 2


def test_an_account_that_was_refused_may_not_write(portal: Enter) -> None:
    portal(write={"success": False, "msg": "noPermission"})
    client = sure(client_of(), "live")
    PortalHand(client).send(SERIAL, "charge_limit", 80.0)
    assert not client.may_set(SERIAL)
    assert client.may_set("44310E0712")


def test_a_firmware_start_demands_the_serial_again(portal: Enter) -> None:
    fake = portal(run=DONE)
    client = sure(client_of(), "live")
    for again in ("", "44310E0712", SERIAL.lower()):
        with pytest.raises(NeedsPerson):
            client.firmware_start(SERIAL, again)
    assert fake.asked == []


CONTROLS = {"write", "function", "start_quick_charge", "stop_quick_charge", "firmware_start", "control"}


def test_nobody_but_the_hand_calls_what_changes_something() -> None:
    """Read from the syntax: a call `….client.write(…)` or the like anywhere else fails this."""
    package = Path(luxagent.__file__).parent
    callers = {}
    for path in (package / "portal").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value)
                if node.func.attr in CONTROLS and (owner.endswith("client") or owner == "self"):
                    callers.setdefault(path.name, set()).add(f"{owner}.{node.func.attr}")
    assert callers == {
        "hand.py": {
            "self._client.write",
            "self._client.control",
            "self._client.start_quick_charge",
            "self._client.stop_quick_charge",
        },
        "client.py": {"self.control"},
    }
    outside = [p for p in package.rglob("*.py") if "portal" not in p.parts and "sim" not in p.parts]
    starts = [p.name for p in outside if "firmware_start" in p.read_text(encoding="utf-8")]
    assert starts == ["firmware.py"]  # the verb, which asks a person first


@pytest.mark.parametrize("second", [PAGE, (401, b""), (302, b"", {"Location": "/WManage/web/login"})])
def test_a_page_after_a_login_just_accepted_may_hide_a_command_that_was_carried_out(
    portal: Enter, second: object
) -> None:
    """Only the first answer spoke of an ended session: the second is LOST, and what stands there is read."""
    fake = portal(login={"success": True, "userId": 1, "plants": []}, write=[PAGE, second])
    reply = PortalHand(sure(client_of(), "live")).send(SERIAL, "charge_limit", 90.0)
    assert reply.answer is Answer.LOST
    assert fake.count("write") == 2
