"""The live wire's quick charges, firmware updates and events."""

from datetime import timedelta
from typing import Any

from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST, SECOND, single_house
from tests.sim.worlds import PLACE, ZONE, Clock, Enter, Owner

READ, SET = "/web/maintain/remoteRead/read", "/web/maintain/remoteSet"
QUICK = "/web/config/quickCharge"


def block(owner: Owner, first: int, count: int = 127, serial: str = FIRST) -> dict[str, Any]:
    found: dict[str, Any] = owner.ask(
        READ, inverterSn=serial, startRegister=first, pointNumber=count, autoRetry="true"
    )
    return found


class TestQuickCharge:
    def test_it_covers_the_group_counts_down_and_ends_itself(
        self,
        pair: House,
        move_in: Enter,
        clock: Clock,
    ) -> None:
        owner = move_in(pair)
        owner.ask(f"{QUICK}/start", inverterSn=FIRST, clientType="WEB", minute=60)
        clock.forward(minutes=20)
        status = owner.ask(f"{QUICK}/getStatusInfo", inverterSn=SECOND)
        assert status["remainTimeBeforeQuickChargeStop"] == 2400
        assert status["unclosedQuickChargeTaskStatus"] == "CHARGING"
        runtime = owner.ask("/api/inverter/getInverterRuntime", serialNum=SECOND)
        assert runtime["hasUnclosedQuickChargeTask"] is True
        assert runtime["status"] in (32, 40)
        clock.forward(minutes=41)
        assert not owner.ask(f"{QUICK}/getStatusInfo", inverterSn=FIRST)["hasUnclosedQuickChargeTask"]

    def test_it_stops_when_told(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        owner.ask(f"{QUICK}/start", inverterSn=FIRST)
        assert owner.ask(f"{QUICK}/stop", inverterSn=FIRST) == {"success": True}
        assert not owner.ask(f"{QUICK}/getStatusInfo", inverterSn=FIRST)["hasUnclosedQuickChargeTask"]

    def test_a_silly_length_is_refused(self, single: House, move_in: Enter) -> None:
        assert move_in(single).ask(f"{QUICK}/start", inverterSn=FIRST, minute=0)["msg"] == "PARAM_ERROR"

    def test_an_open_task_of_a_lost_inverter_stays_open(
        self,
        single: House,
        move_in: Enter,
        clock: Clock,
    ) -> None:
        owner = move_in(single)
        owner.ask(f"{QUICK}/start", inverterSn=FIRST, minute=10)
        clock.forward(minutes=2)
        owner.post("/api/inverter/getInverterRuntime", serialNum=FIRST)
        owner.portal.faults.on("lost")
        clock.forward(hours=1)
        assert owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)["hasUnclosedQuickChargeTask"]


class TestFirmwareAndEvents:
    def test_being_up_to_date_is_no_success(self, single: House, move_in: Enter) -> None:
        answer = move_in(single).ask("/web/maintain/standardUpdate/checkUpdates", serialNum=FIRST)
        assert answer["success"] is False
        assert "already the latest version" in answer["message"]

    def test_an_update_is_offered_runs_and_is_done(
        self,
        single: House,
        move_in: Enter,
        clock: Clock,
    ) -> None:
        owner = move_in(single)
        owner.portal.world.firmware.offer_next(FIRST)
        path = "/web/maintain/standardUpdate"
        details = owner.ask(f"{path}/checkUpdates", serialNum=FIRST)["details"]
        assert (details["v1"], details["lastV1"], details["pcs1UpdateMatch"]) == (0x25, 0x29, True)
        who = {"userId": 31702, "serialNum": FIRST}
        assert owner.ask(f"{path}/check12KParallelStatus", **who)["msg"] == "allowToUpdate"
        assert owner.ask(f"{path}/run", **who, tryFastMode="false")["success"]
        clock.forward(minutes=10)
        running = owner.ask("/web/maintain/remoteUpdate/info", userId=31702)
        assert running["progressing"]
        assert running["deviceInfos"][0]["updateRate"] == "39% - 224 / 561"
        assert block(owner, 0)["msg"] == "DEVICE_BUSY"
        clock.forward(minutes=16)
        assert owner.ask("/web/maintain/remoteUpdate/info", userId=31702)["deviceInfos"][0]["stopTime"]
        assert owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)["fwCode"] == "fAAB-292A"

    def test_an_outage_is_an_event_that_opens_and_closes(self, move_in: Enter, clock: Clock) -> None:
        start = clock() + timedelta(minutes=5)
        outages = [(start, start + timedelta(minutes=30))]
        owner = move_in(single_house(clock(), ZONE, PLACE, outages=outages))
        form = {"page": 1, "rows": 20, "plantId": -1, "serialNum": FIRST, "eventText": "_all"}
        assert owner.ask("/api/analyze/event/list", **form)["rows"] == []
        clock.forward(minutes=10)
        (row,) = owner.ask("/api/analyze/event/list", **form)["rows"]
        assert (row["event"], row["status"], row["renormalTime"]) == ("W016", "OPEN", None)
        assert row["startTime"] == "2026-01-15 12:05:00"
        runtime = owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)
        assert runtime["status"] >= 64
        assert runtime["vacr"] == 0
        clock.forward(minutes=30)
        assert owner.ask("/api/analyze/event/list", **form)["rows"][0]["status"] == "CLOSE"
