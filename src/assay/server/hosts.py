"""Names under which a server may be asked for, against DNS rebinding."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assay.server.failures import RefusedError, shaped


class Hosts:
    """Refuses what is asked under any other name, in the one shape of errors.

    Args:
        app: What answers.
        allowed: Names without a port; one that begins with `*.` stands for those that end so.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app, self._allowed = app, tuple(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = Headers(scope=scope).getlist("host") if scope["type"] == "http" else []
        if scope["type"] != "http" or (len(asked) == 1 and self._known(_name(asked[0]))):
            await self._app(scope, receive, send)
            return
        refused = RefusedError(
            400,
            f"the host is {asked[0]!r:.100}" if asked else "no host is named",
            "a server answers under its own names, against DNS rebinding",
            "assay serve --name HOST lets one in",
        )
        await JSONResponse(shaped(refused.error), refused.status)(scope, receive, send)

    def _known(self, name: str) -> bool:
        return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in self._allowed)


def _name(host: str) -> str:
    """A host without its port: `[::1]:80` is `[::1]`; what has anything else after it stays, and is nobody's."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()
