"""Who asks, and what each route needs: everything is refused unless a route says otherwise."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from assay.records.access import ADMIN, READ, REVIEW, SCOPES, WRITE, Principal
from assay.server.failures import RefusedError
from assay.server.sessions import Sessions
from assay.server.settings import Settings
from assay.store import Identity
from assay.store.access import Access

LOCAL = Principal(Identity.current().user, frozenset(SCOPES))
"""Who has the key of this machine: the user whose server it is, by the name that the command line records."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def settings_of(request: Request) -> Settings:
    """The settings of the application that was asked."""
    settings: Settings = request.app.state.settings
    return settings


def access_of(request: Request) -> Access:
    """The register of access of the application that was asked."""
    access: Access = request.app.state.access
    return access


def sessions_of(request: Request) -> Sessions:
    """The sessions of the one user of this machine."""
    sessions: Sessions = request.app.state.sessions
    return sessions


def principal_of(request: Request) -> Principal:
    """Who asks.

    Raises:
        RefusedError: 401 where nobody is known; 403 where a browser's request comes from another site.
    """
    header = request.headers.get("authorization", "")
    secret, cookie = header.removeprefix("Bearer "), request.cookies.get(cookie_of(request), "")
    if header.startswith("Bearer "):
        found = _by_secret(request, secret)
    elif cookie:
        check_origin(request)
        found = _by_cookie(request, cookie)
    else:
        found = None
    if found is None:
        raise RefusedError(401, "nobody is logged in", "a request carries a session or a token")
    return found


def _by_secret(request: Request, secret: str) -> Principal | None:
    key = settings_of(request).key
    if key and hmac.compare_digest(secret.encode(), key.encode()):
        return LOCAL
    return access_of(request).of_token(secret)


def _by_cookie(request: Request, cookie: str) -> Principal | None:
    return LOCAL if sessions_of(request).holds(cookie) else access_of(request).of_session(cookie)


def cookie_of(request: Request) -> str:
    """The name of the session's cookie: browsers send cookies to every port of a machine, where other labs may be."""
    _, port = request.scope.get("server") or ("", 0)
    return f"assay_session_{port}"


def check_origin(request: Request) -> None:
    """A cookie is sent with requests that other sites make; those that change something name where they come from.

    Raises:
        RefusedError: 403 where it is another site, or none.
    """
    if request.method in _SAFE:
        return
    origin = request.headers.get("origin")
    if origin is None or origin != f"{request.url.scheme}://{request.headers.get('host', '')}":
        raise RefusedError(403, f"the request comes from {str(origin)[:80]!r}", "a page of this server changes its lab")


class Requires:
    """A dependency that lets in whoever has a scope.

    Args:
        scope: What a route needs; it is read off the route by what documents and tests all of them.
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Principal:
        """Who asks, where they may; found once for each request."""
        principal: Principal | None = getattr(request.state, "principal", None)
        if principal is None:
            principal = await run_in_threadpool(principal_of, request)
            request.state.principal, request.state.who = principal, principal.name
        if self.scope not in principal.may:
            raise RefusedError(
                403, f"{principal.name!r} may not {self.scope} here", f"this needs the scope {self.scope!r}"
            )
        return principal


def requirement_of(route: BaseRoute) -> Requires | None:
    """What lets people in to a route; None where anyone may ask."""
    dependant = getattr(route, "dependant", None)
    calls = (d.call for d in getattr(dependant, "dependencies", ()))
    return next((call for call in calls if isinstance(call, Requires)), None)


def scope_of(route: BaseRoute) -> str | None:
    """What a route needs; None where anyone may ask."""
    required = requirement_of(route)
    return required.scope if required else None


Reader = Annotated[Principal, Depends(Requires(READ))]
Writer = Annotated[Principal, Depends(Requires(WRITE))]
Reviewer = Annotated[Principal, Depends(Requires(REVIEW))]
Admin = Annotated[Principal, Depends(Requires(ADMIN))]
