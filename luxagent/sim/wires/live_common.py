"""Small shapes of the live wire: failures and paging."""

from luxagent.sim.wires.wire import Body
from luxagent.sim.world import Request


def denied(code: str, **more: int) -> Body:
    """HTTP 200, `success:false`, and a code in `msg`."""
    return {"success": False, "msg": code, **more}


def page_of(rows: list[Body], request: Request) -> list[Body]:
    """The page that was asked for; `total` beside it tells how many there are."""
    page = _number(request.text("page"), 1)
    size = _number(request.text("rows"), 30)
    return rows[(page - 1) * size : page * size]


def _number(text: str, default: int) -> int:
    return max(1, int(text)) if text.isdecimal() else default
