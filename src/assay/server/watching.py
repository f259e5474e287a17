"""What happens to every request: security headers, a count, and one line of JSON in the log that holds no secret."""

from __future__ import annotations

import json
import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.base import clock
from assay.server.counting import Counted

LOG = logging.getLogger("assay.server")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Watched:
    """Around everything else, refusals of hosts included.

    Args:
        app: What answers.
        counted: Where requests are counted.
        api: What stands before the routes of the API.
    """

    def __init__(self, app: ASGIApp, counted: Counted, api: str) -> None:
        self._app, self._counted, self._api = app, counted, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, identity, status = time.perf_counter(), secrets.token_hex(6), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = identity
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._note(scope, identity, status, time.perf_counter() - start)

    def _note(self, scope: Scope, identity: str, status: int, seconds: float) -> None:
        """Count and log it: the route as it is declared, since an address may hold names and a query secrets."""
        route = getattr(scope.get("route"), "path", "unknown")
        if str(scope["path"]).startswith(f"{self._api}/") and not route.startswith(self._api):
            route = self._api + route
        self._counted.add(scope["method"], route, status, seconds)
        said = {
            "time": clock.now(), "request": identity, "method": scope["method"], "route": route, "status": status,
            "ms": round(1000 * seconds, 1), "who": scope.get("state", {}).get("who", ""),
        }  # fmt: skip
        LOG.info("%s", json.dumps(said))
