"""What a portal may do to a good answer: garbage, odd JSON, wrong stamps, frozen values. Used by `faults`."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from luxagent.sim import pages
from luxagent.sim.world import Reply, Request, World

Alter = Callable[[World, Request, Reply], Reply]

_STAMP = re.compile(rb'"(serverTime|deviceTime)": ?"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"')
_TODAY = re.compile(rb'("(?:today[A-Z][a-z]+|[a-z]+Today|eToday)": ?)[0-9.]+')
_GARBAGE = {
    "soc": "144",
    "vBat": "65535",
    "tBat": "127",
    "pToUser": "-32768000",
    "vacr": "65535",
    "fac": "65535",
}


def becomes(body: bytes, content_type: str | None = None) -> Alter:
    """Every answer about a device is this instead."""

    def alter(_world: World, request: Request, reply: Reply) -> Reply:
        return replace(reply, body=body, status=200) if request.serial else reply

    def retyped(_world: World, _request: Request, reply: Reply) -> Reply:
        return replace(reply, content_type=content_type or "")

    return retyped if content_type else alter


def field(name: str, raw: str) -> Alter:
    """One number of an answer about a device reads otherwise."""

    def alter(_world: World, request: Request, reply: Reply) -> Reply:
        return replace(reply, body=pages.with_field(reply.body, name, raw)) if request.serial else reply

    return alter


def garbage_frame(_world: World, request: Request, reply: Reply) -> Reply:
    """A misread frame: several registers at once are nonsense."""
    if request.serial:
        for name, raw in _GARBAGE.items():
            reply = replace(reply, body=pages.with_field(reply.body, name, raw))
    return reply


def without(*names: str) -> Alter:
    """Some fields are left out."""

    def alter(_world: World, request: Request, reply: Reply) -> Reply:
        body = _object(reply)
        if not request.serial or body is None:
            return reply
        kept = {name: value for name, value in body.items() if name not in names}
        return replace(reply, body=json.dumps(kept).encode())

    return alter


def twice(_world: World, request: Request, reply: Reply) -> Reply:
    """A key stands in the answer twice."""
    if request.serial and reply.body.startswith(b"{"):
        return replace(reply, body=b'{"success": true, ' + reply.body[1:])
    return reply


def older(world: World, request: Request, reply: Reply) -> Reply:
    """A lagging node: every stamp of the answer is ten minutes old."""
    upload = world.house.uploads.get(request.serial)
    if upload is None:
        return reply
    now, then = (pages.utc_text(upload.at - timedelta(minutes=m)).encode() for m in (0, 10))
    return replace(reply, body=reply.body.replace(now, then))


def drifting(world: World, request: Request, reply: Reply) -> Reply:
    """The inverter's clock gains a minute in the hour, and is set right at midnight UTC."""
    now = world.now.astimezone(UTC)
    return shifted("deviceTime", timedelta(minutes=now.hour + now.minute / 60))(world, request, reply)


def shifted(which: str, by: timedelta) -> Alter:
    """One of the two stamps is off."""

    def moved(match: re.Match[bytes]) -> bytes:
        name, text = match[1].decode(), match[2].decode()
        if name != which:
            return match[0]
        at = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) + by
        return f'"{name}": "{pages.utc_text(at)}"'.encode()

    def alter(_world: World, request: Request, reply: Reply) -> Reply:
        return replace(reply, body=_STAMP.sub(moved, reply.body)) if request.serial else reply

    return alter


def frozen(world: World, request: Request, reply: Reply) -> Reply:
    """The first answer again and again, with fresh stamps."""
    if not request.serial or request.path.startswith("/WManage/web"):
        return reply
    key = f"{request.path} {request.serial}"
    first = world.kept.setdefault(key, reply.body)
    stamps = dict(_STAMP.findall(reply.body))

    def fresh(match: re.Match[bytes]) -> bytes:
        return b'"%s": "%s"' % (match[1], stamps.get(match[1], match[2]))

    return replace(reply, body=_STAMP.sub(fresh, first))


def reset_counters(_world: World, request: Request, reply: Reply) -> Reply:
    """The day's counters start anew at noon."""
    return replace(reply, body=_TODAY.sub(rb"\g<1>0", reply.body)) if request.serial else reply


def no_plants(_world: World, _request: Request, reply: Reply) -> Reply:
    """The account is welcome and has nothing here: it lives on another host."""
    body = _object(reply)
    if body is None or not ({"plants", "rows", "devices"} & body.keys()):
        return reply
    empty = {name: [] if name in ("plants", "rows", "devices") else value for name, value in body.items()}
    return replace(reply, body=json.dumps({**empty, "total": 0}).encode())


def _object(reply: Reply) -> dict[str, object] | None:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):  # another fault has been at it
        return None
    return found if isinstance(found, dict) else None
