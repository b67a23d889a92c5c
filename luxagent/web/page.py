"""/healthz and /metrics, and who may see them.

A browser on the owner's machine can be made to ask this address by any site it visits. So a name in `Host` is
refused (DNS rebinding needs one; an address or localhost it cannot be), as is whatever says that it comes
from another site; no answer may be read across sites, framed, kept or run.
"""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, request

from luxagent.errors import NeedsPerson
from luxagent.web.metrics import CONTENT_TYPE, Metrics
from luxagent.web.vitals import Look

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OWN_SITE = frozenset({"same-origin", "none"})
"""What a browser says in Sec-Fetch-Site of an address that was typed, or asked for by its own page."""
LONGEST_TOKEN = 512


def make_app(look: Look, *, loopback: bool, token: str | None = None) -> Flask:
    """The pages. `loopback`: whether only this machine can reach them, and then only by such a name."""
    if not loopback and not token:
        raise NeedsPerson("Beyond loopback the web page needs a token.")
    app = Flask("luxagent.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 0
    metrics = Metrics(look)

    @app.before_request
    def admit() -> None:
        if request.method not in ("GET", "HEAD"):
            abort(405)
        if not is_address(request.host, loopback=loopback) or is_foreign():
            abort(403)
        if token and not is_shown(token):
            abort(401)

    @app.after_request
    def close(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        vitals, now = look()
        well, words = vitals.health(now)
        return jsonify(healthy=well, detail=words), 200 if well else 503

    @app.get("/metrics")
    def metrics_page() -> Response:
        return Response(metrics.text(), content_type=CONTENT_TYPE)

    for code in (401, 403, 404, 405, 413, 500):
        app.register_error_handler(code, _bare)
    return app


def is_address(host: str, *, loopback: bool) -> bool:
    """Whether `Host` is localhost or a bare address; of this machine where nobody else can connect."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback or not loopback
    except ValueError:
        return False


def is_foreign() -> bool:
    """Whether a browser says that another site wants this."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITE


def is_shown(token: str) -> bool:
    """Whether the visitor has it: `Authorization: Bearer …`. Takes as long whatever was shown."""
    shown = request.headers.get("Authorization", "")[:LONGEST_TOKEN]
    return hmac.compare_digest(shown.encode("utf-8", "replace"), f"Bearer {token}".encode())


def _bare(error: Exception) -> tuple[Response, int]:
    """An error without a page, a trace or a word of what was asked."""
    code = getattr(error, "code", None) or 500
    response = jsonify(error=code)
    if code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response, code
