"""What happens to every request: security headers, a count, and one line of JSON in the log that holds no secret."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.server.counting import Counted

LOG = logging.getLogger("assay.server")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"
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
        broken: What is answered where there is a bug.
    """

    def __init__(self, app: ASGIApp, counted: Counted, api: str, broken: Callable[[Exception], Response]) -> None:
        self._app, self._counted, self._api, self._broken = app, counted, api, broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, identity, status, begun = time.perf_counter(), secrets.token_hex(6), 500, False

        async def sent(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = identity
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            # Said once, here: whoever stands outside would log its text, which may hold what was sent.
            said = {"request": identity, "method": _method(scope), "route": self._route(scope)}
            LOG.error("a bug in Assay", exc_info=error, extra={"said": {**said, "message": "a bug in Assay"}})
            if not begun:
                await self._broken(error)(scope, receive, sent)
        finally:
            self._note(scope, identity, status, time.perf_counter() - start)

    def _note(self, scope: Scope, identity: str, status: int, seconds: float) -> None:
        """Count and log it."""
        method, route = _method(scope), self._route(scope)
        self._counted.add(method, route, status, seconds)
        said = {
            "request": identity, "method": method, "route": route, "status": status,
            "ms": round(1000 * seconds, 1), "who": scope.get("state", {}).get("who", ""),
        }  # fmt: skip
        LOG.info("request", extra={"said": said})

    def _route(self, scope: Scope) -> str:
        """The route as it is declared, since an address may hold names and a query secrets."""
        route: str | None = getattr(scope.get("route"), "path", None)
        if route is None:
            return UNMATCHED
        below = str(scope["path"]).startswith(f"{self._api}/") and not route.startswith(self._api)
        return self._api + route if below else route


def _method(scope: Scope) -> str:
    """The method, of those that there are: anybody may send any word as one, and each would be counted for ever."""
    return scope["method"] if scope["method"] in METHODS else "other"
