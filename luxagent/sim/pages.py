"""Answers that are not data: the login page, maintenance, error pages, and bare failures."""

import json
import re
from datetime import UTC, datetime
from http import HTTPStatus

from luxagent.sim.world import Reply

_HTML = "text/html;charset=UTF-8"
LOGIN_PATH = "/WManage/web/login"


def _page(title: str, text: str) -> bytes:
    head = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><h1>{title}</h1><p>{text}</p></body></html>\n".encode()


_FORM = (
    f'<form action="{LOGIN_PATH}" method="post"><input name="account">'
    '<input name="password" type="password"><button>Login</button></form>'
)
LOGIN = Reply(_page("Login", _FORM), content_type=_HTML)
MAINTENANCE = Reply(_page("Maintenance", "The monitor is being updated."), content_type=_HTML)
TOO_MANY = Reply(
    _page("Too many requests", "Slow down."), 429, content_type=_HTML, headers=(("Retry-After", "30"),)
)
ELSEWHERE = Reply(b"", 307, content_type=_HTML, headers=(("Location", "https://elsewhere.invalid/"),))
REDIRECT = Reply(b"", status=302, content_type=_HTML, headers=(("Location", LOGIN_PATH),))


def error_page(status: int) -> Reply:
    """An HTTP error as a page."""
    phrase = HTTPStatus(status).phrase
    return Reply(_page(f"HTTP Status {status}", phrase), status=status, content_type=_HTML)


def failed(code: str) -> Reply:
    """`success:false` with a code under both names in use; without one, nothing but the failure."""
    return Reply(
        json.dumps({"success": False, "msg": code, "message": code} if code else {"success": False}).encode()
    )


def with_field(body: bytes, name: str, raw: str) -> bytes:
    """A JSON answer with one number replaced by raw text."""
    return re.sub(rb'("%s": ?)-?[0-9.]+' % name.encode(), rb"\g<1>" + raw.encode(), body, count=1)


def utc_text(at: datetime) -> str:
    """An instant as the portal writes it: naive, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def clock_text(clock: datetime) -> str:
    """A local clock as the portal writes it: naive."""
    return clock.strftime("%Y-%m-%d %H:%M:%S")
