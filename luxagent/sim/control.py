"""A door for tests in other processes: switch faults, play another hand, ask what was written.

Everything is under /sim/, answers JSON, wants no login and meets no fault. Loopback only, as all of this is.

- `GET /sim/faults`: what can go wrong, and what does just now
- `POST /sim/faults`: `name`, `on` (true or false), perhaps `serial` and `rate`
- `POST /sim/hand`: `serial`, `name` (of a register), `value`: a change by somebody else
- `POST /sim/sessions`: every client has to log in again
- `GET /sim/writes`: control requests that landed, and those that reached the device's door
- `GET /sim/requests`: how often each path was asked
"""

import json
from collections.abc import Mapping
from typing import Protocol

from luxagent.sim.faults import CATALOGUE, Faults
from luxagent.sim.world import Reply, Request, Write

PREFIX = "/sim/"


class Controlled(Protocol):
    """The portal, as far as this door leads into it."""

    faults: Faults

    @property
    def requests(self) -> Mapping[str, int]: ...
    @property
    def writes(self) -> list[Write]: ...
    @property
    def asked(self) -> list[Write]: ...
    def end_sessions(self) -> None: ...
    def by_another_hand(self, serial: str, name: str, value: float | bool) -> None: ...


def answer(portal: Controlled, request: Request) -> Reply:
    """The answer to a request under /sim/."""
    try:
        return _reply(_done(portal, request))
    except (KeyError, ValueError) as error:
        return _reply({"error": f"{type(error).__name__}: {error}"}, 400)


def _done(portal: Controlled, request: Request) -> dict[str, object]:
    match request.method, request.path.removeprefix(PREFIX):
        case "GET", "faults":
            about = {name: fault.about for name, fault in CATALOGUE.items()}
            return {"faults": about, "active": portal.faults.active}
        case "POST", "faults":
            name = request.form["name"]
            if request.text("on").lower() in ("", "1", "true", "on"):
                rate = float(request.text("rate") or 1)
                portal.faults.on(name, request.text("serial") or None, rate=rate)
            else:
                portal.faults.off(name)
            return {"active": portal.faults.active}
        case "POST", "hand":
            text = request.form["value"].lower()
            value = text == "true" if text in ("true", "false") else float(text)
            portal.by_another_hand(request.form["serial"], request.form["name"], value)
            return {"done": True}
        case "POST", "sessions":
            portal.end_sessions()
            return {"done": True}
        case "GET", "writes":
            return {"landed": _rows(portal.writes), "asked": _rows(portal.asked)}
        case "GET", "requests":
            return {"requests": dict(portal.requests)}
    raise ValueError(f"there is no {request.method} {request.path}")


def _rows(writes: list[Write]) -> list[dict[str, str]]:
    return [write._asdict() for write in writes]


def _reply(body: dict[str, object], status: int = 200) -> Reply:
    return Reply(json.dumps(body).encode(), status)
