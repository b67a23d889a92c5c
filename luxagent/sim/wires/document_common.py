"""Failures of the document wire: prose under `message`."""

from luxagent.sim.wires.wire import Body

INVALID = "Invalid parameter value or out of range"
NOT_FOUND = "Device not found or not accessible"
BAD_LOGIN = "Invalid username or password"


def denied(text: str) -> Body:
    return {"success": False, "message": text}
