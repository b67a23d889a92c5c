"""A portal at the HTTP seam that answers what a test tells it to, and a clock that waits at once."""

import json
import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import requests
import responses

from luxagent.portal.client import PortalClient
from luxagent.portal.notes import Notes
from luxagent.portal.options import PortalOptions, Secret

URL = "https://portal.test"
PASSWORD = "correct-horse-77"
SERIAL, SECOND, BOSS = "44310E0711", "44310E0712", "45260X0099"
START = datetime(2026, 3, 10, 12, 0, 30, tzinfo=UTC)

Answer = Any
"""A dict is sent as JSON; bytes or text as they are; a tuple is (status, body) or (status, body, headers);
an exception is raised by the transport; a callable is given the form and returns any of these."""


class FakeClock:
    """Time that moves only when somebody waits."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at
        self.ticks = 1000.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self.ticks += seconds
        self.at += timedelta(seconds=seconds)


class FakePortal:
    """Answers by the last word of the path. A list is used up one by one; its last answer stays."""

    def __init__(self, mock: responses.RequestsMock, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers: dict[str, Answer] = {"login": {"success": True, "userId": 15001, "plants": []}}
        self.answers.update(answers or {})
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.paths: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        for method in (responses.POST, responses.GET):
            mock.add_callback(method, re.compile(f"{URL}/.*"), self._answer)

    def count(self, name: str) -> int:
        """How often an endpoint was asked."""
        return sum(asked == name for asked, _ in self.asked)

    def form(self, name: str) -> dict[str, str]:
        """The form of the last request to an endpoint."""
        return next(form for asked, form in reversed(self.asked) if asked == name)

    def _answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        path = str(request.path_url)
        name = path.rsplit("/", 1)[-1]
        form = dict(parse_qsl(str(request.body or ""), keep_blank_values=True))
        self.asked.append((name, form))
        self.paths.append(path)
        self.headers.append(dict(request.headers))
        answer = self.answers.get(name, (404, b"{}"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer) and not isinstance(answer, type):
            answer = answer(form)
        if isinstance(answer, Exception):
            raise answer
        status, headers = 200, {"Content-Type": "application/json"}
        if isinstance(answer, tuple):
            status, body, *rest = answer
            headers.update(rest[0] if rest else {})
        else:
            body = answer
        if isinstance(body, str):
            body = body.encode()
        return status, headers, body if isinstance(body, bytes) else json.dumps(body).encode()


def options(**changes: Any) -> PortalOptions:  # noqa: ANN401 (whatever the field takes)
    """The portal section with one field changed."""
    fields: dict[str, Any] = {"url": URL, "account": "owner@example.org", "password": Secret(PASSWORD)}
    return PortalOptions(**{**fields, **changes})


def client_of(
    clock: FakeClock | None = None,
    *,
    notes: Notes | None = None,
    **changes: Any,  # noqa: ANN401
) -> PortalClient:
    """A client whose jitter is always the same."""
    return PortalClient(options(**changes), clock or FakeClock(), rng=random.Random(1), notes=notes)


def sure(client: PortalClient, wire: str) -> PortalClient:
    """The client as after a device list in this wire's shape."""
    client.saw(wire)
    return client


PAGE = "<!DOCTYPE html><html><body>Sign in</body></html>"
Enter = Callable[..., FakePortal]


def live_runtime(**changes: object) -> dict[str, object]:
    """An inverter of the live wire at noon; hand-made values."""
    return {
        "success": True,
        "serialNum": SERIAL,
        "fwCode": "fAAB-2122",
        "lost": False,
        "hasRuntimeData": True,
        "statusText": "normal",
        "serverTime": "2026-03-10 11:59:40",
        "deviceTime": "2026-03-10 04:59:40",
        "batCapacity": "560",
        "status": 12,
        "soc": 64,
        "vBat": 533,
        "tBat": 21,
        "ppv": 4200,
        "ppv1": 2500,
        "ppv2": 1700,
        "vpv1": 3612,
        "vpv2": 2987,
        "pCharge": 1800,
        "pDisCharge": 0,
        "batPower": 1800,
        "pToUser": 0,
        "pToGrid": 900,
        "vacr": 2405,
        "vacs": 256,
        "vact": 47105,
        "fac": 6002,
        "vepsr": 2399,
        "vepss": 12816,
        "vepst": 64,
        "peps": 310,
        "genVolt": 0,
        "genFreq": 0,
        "genPower": 0,
        "acCouplePower": 0,
        "tinner": 41,
        "tradiator1": 44,
        "tradiator2": 47,
        "vBus1": 3811,
        "vBus2": 3190,
        "pinv": 2350,
        "prec": 0,
        "seps": 330,
        "feps": 6001,
        "consumptionPower": 0,
        "consumptionPower114": 1450,
        "hasUnclosedQuickChargeTask": False,
        **changes,
    }


def live_lost_runtime() -> dict[str, object]:
    """A lost inverter: success, frozen powers, and no SOC."""
    gone = ("status", "ppv", "soc", "vBat", "pCharge", "pDisCharge", "batPower", "pinv", "prec", "peps")
    kept = {k: v for k, v in live_runtime().items() if k not in gone}
    return {
        **kept,
        "lost": True,
        "statusText": "offline",
        "pToUser": 4015,
        "hasUnclosedQuickChargeTask": True,
    }


def live_battery(**changes: object) -> dict[str, object]:
    """Two modules, one discharging slowly, on the live wire."""
    return {
        "success": True,
        "serialNum": SERIAL,
        "lost": False,
        "soc": 64,
        "vBat": 531,
        "pCharge": 0,
        "pDisCharge": 640,
        "batPower": -640,
        "maxBatteryCharge": 560,
        "currentText": "12.1",
        "currentType": "discharge",
        "totalNumber": 2,
        "batteryArray": [
            {
                "batteryKey": f"{SERIAL}_Battery_ID_01",
                "batterySn": "Battery_ID_01",
                "lost": False,
                "totalVoltage": 5311,
                "current": -47,
                "soc": 63,
                "soh": 98,
                "batMaxCellTemp": 236,
                "batMaxCellVoltage": 3325,
                "batMinCellVoltage": 3309,
                "batMaxCellNumVolt": 5,
                "batMinCellNumVolt": 12,
                "cycleCnt": 210,
            },
            {
                "batteryKey": f"{SERIAL}_Battery_ID_02",
                "batterySn": "Battery_ID_02",
                "lost": False,
                "totalVoltage": 5308,
                "current": -74,
                "soc": 65,
                "soh": 99,
                "batMaxCellTemp": 241,
                "batMaxCellVoltage": 3330,
                "batMinCellVoltage": 3300,
                "batMaxCellNumVolt": 2,
                "batMinCellNumVolt": 9,
                "cycleCnt": 190,
            },
        ],
        **changes,
    }


def live_midbox(**changes: object) -> dict[str, object]:
    """A GridBOSS that imports 1500 W while AC-coupled solar on port 1 produces 1200 W."""
    box: dict[str, object] = {
        "status": 0,
        "serverTime": "2026-03-10 11:59:20",
        "gridRmsVolt": 2431,
        "upsRmsVolt": 2420,
        "genRmsVolt": 9,
        "gridL1RmsVolt": 1216,
        "gridL2RmsVolt": 1215,
        "gridL1RmsCurr": 57,
        "gridL2RmsCurr": 66,
        "upsL1RmsCurr": 85,
        "gridL1ActivePower": 700,
        "gridL2ActivePower": 800,
        "upsL1ActivePower": 900,
        "upsL2ActivePower": 1000,
        "loadL1ActivePower": 20,
        "loadL2ActivePower": 30,
        "genL1ActivePower": 0,
        "genL2ActivePower": 0,
        "hybridPower": -800,
        "gridFreq": 6001,
        "genFreq": 0,
        "smartPort1Status": 2,
        "smartPort2Status": 1,
        "smartPort3Status": 0,
        "smartPort4Status": 0,
        "smartLoad1L1ActivePower": -600,
        "smartLoad1L2ActivePower": -600,
        "smartLoad2L1ActivePower": 150,
        "smartLoad2L2ActivePower": 100,
        "smartLoad3L1ActivePower": 0,
        "smartLoad3L2ActivePower": 0,
        "smartLoad4L1ActivePower": 0,
        "smartLoad4L2ActivePower": 0,
        "smartLoadPower": 15450,
        "eToUserTodayL1": 312,
        "eToUserTodayL2": 0,
        "eToGridTodayL1": 41,
        "eToGridTodayL2": 0,
        "eUpsTodayL1": 350,
        "eUpsTodayL2": 0,
        "eLoadTodayL1": 7,
        "eLoadTodayL2": 0,
        **changes,
    }
    return {
        "success": True,
        "serialNum": BOSS,
        "lost": False,
        "statusText": "normal",
        "midboxData": box,
        "deviceData": {"gridPower": -1500, "soc": 1, "vBat": 1},
    }
