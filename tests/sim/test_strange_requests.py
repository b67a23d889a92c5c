"""Whatever a stranger's client sends, the portal answers, and none of its own code fails."""

import pytest

from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST, MIDBOX
from luxagent.sim.server import WireName
from luxagent.sim.wires import document, live
from tests.sim.worlds import Enter

_FIELDS = (
    *(
        "startRegister",
        "pointNumber",
        "paramIds",
        "data",
        "holdParam",
        "valueText",
        "functionParam",
        "enable",
    ),
    *(
        "bitParam",
        "value",
        "timeParam",
        "hour",
        "minute",
        "function",
        "plantId",
        "page",
        "rows",
        "statusText",
    ),
    *("searchText", "userId", "targetPlantId", "eventText", "searchType", "clientType", "tryFastMode"),
)
_STRANGE = (
    "",
    "0",
    "-1",
    "1e309",
    "nan",
    "²",
    "९",
    "true",
    "A" * 300,
    "21:",
    "\x00",
    "HOLD_TIME",
    FIRST,
    MIDBOX,
)


@pytest.mark.parametrize("wire", ["live", "document"])
@pytest.mark.parametrize("serial", [FIRST, MIDBOX])
def test_every_path_bears_strange_forms(pair: House, move_in: Enter, wire: WireName, serial: str) -> None:
    owner = move_in(pair, wire)
    routes = {"live": live.WIRE, "document": document.WIRE}[wire].routes
    for path in routes:
        for strange in _STRANGE:
            form = dict.fromkeys(_FIELDS, strange) | {"serialNum": serial, "inverterSn": serial}
            answer = owner.post(path.removeprefix("/WManage"), **form)
            assert answer.status_code in (200, 400), (path, strange)


@pytest.mark.parametrize("wire", ["live", "document"])
def test_every_path_bears_an_empty_form_and_refuses_to_be_got(
    pair: House, move_in: Enter, wire: WireName
) -> None:
    owner = move_in(pair, wire)
    routes = {"live": live.WIRE, "document": document.WIRE}[wire].routes
    for path in routes:
        assert owner.post(path.removeprefix("/WManage")).status_code == 200
        assert owner.session.get(owner.portal.url + path, timeout=5).status_code == 405
