"""The application: routes, errors, headers, and the page."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assay.base.version import VERSION
from assay.server import failures
from assay.server.counting import Counted
from assay.server.jobs import Jobs
from assay.server.limits import Attempts
from assay.server.routes import (
    blobs,
    catalogue,
    compare,
    data,
    evidence,
    jobs,
    ledger,
    operations,
    page,
    plans,
    runs,
    sending,
    session,
    verbs,
    views,
)
from assay.server.settings import Settings
from assay.store import LocalStore
from assay.store.access import Access

API = "/api/v1"
ROUTERS: tuple[tuple[str, APIRouter], ...] = (
    *(
        (API, room.router)
        for room in (
            plans,
            evidence,
            compare,
            catalogue,
            runs,
            sending,
            data,
            views,
            ledger,
            blobs,
            jobs,
            session,
            verbs,
        )
    ),
    ("", operations.router),
    ("", page.router),
)
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


def create_app(settings: Settings) -> FastAPI:
    """An application that serves one lab.

    Raises:
        StoreError: when there is no lab, or it is damaged.
    """
    with LocalStore.open(settings.lab) as store:
        access = Access(store.folder)

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.jobs.close()

    app = FastAPI(
        title="Assay",
        version=VERSION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=alive,
    )
    app.state.settings, app.state.access = settings, access
    app.state.jobs, app.state.attempts, app.state.counted = Jobs(settings.most_jobs), Attempts(), Counted()
    failures.install(app)
    for prefix, router in ROUTERS:
        app.include_router(router, prefix=prefix)
    app.middleware("http")(_watched)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    return app


async def _watched(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Security headers on every answer; every request counted and logged without its secrets."""
    start, identity = time.perf_counter(), secrets.token_hex(6)
    response = await call(request)
    seconds = time.perf_counter() - start
    route = getattr(request.scope.get("route"), "path", "unknown")
    if request.url.path.startswith(f"{API}/") and not route.startswith(API):
        route = API + route
    request.app.state.counted.add(request.method, route, response.status_code, seconds)
    LOG.info(
        "%s %s %s %d %.1f ms",
        identity,
        request.method,
        route,
        response.status_code,
        1000 * seconds,
    )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = identity
    return response
