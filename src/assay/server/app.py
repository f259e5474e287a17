"""The application: routes, errors, headers, and the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from assay.base.version import VERSION
from assay.server import failures
from assay.server.access import scope_of
from assay.server.counting import Counted
from assay.server.describing import Described
from assay.server.hosts import Hosts
from assay.server.jobs import Jobs
from assay.server.limits import Attempts
from assay.server.routes import (
    blobs,
    catalogue,
    compare,
    data,
    described,
    evidence,
    jobs,
    ledger,
    lineage,
    operations,
    page,
    plans,
    runs,
    sending,
    session,
    verbs,
    views,
)
from assay.server.sessions import Sessions
from assay.server.settings import Settings
from assay.server.watching import Watched
from assay.store import LocalStore
from assay.store.access import Access
from assay.store.answers import Answers

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
            lineage,
            blobs,
            jobs,
            session,
            verbs,
            described,
        )
    ),
    ("", operations.router),
    ("", page.router),
)


def create_app(settings: Settings) -> FastAPI:
    """An application that serves one lab.

    Raises:
        StoreError: when there is no lab, or it is damaged.
    """
    with LocalStore.open(settings.lab) as store:
        access, answers = Access(store.folder), Answers(store.folder)

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        yield
        # Not in the pool of the routes, which may be full.
        await asyncio.to_thread(app.state.jobs.close)

    app = Described(_scopes(), title="Assay", version=VERSION, openapi_url=None, lifespan=alive)
    app.state.settings, app.state.access, app.state.answers = settings, access, answers
    app.state.sessions = Sessions()
    app.state.jobs = Jobs(settings.most_jobs, settings.stop_seconds)
    app.state.attempts, app.state.counted = Attempts(), Counted()
    failures.install(app)
    for prefix, router in ROUTERS:
        app.include_router(router, prefix=prefix)
    app.add_middleware(Hosts, allowed=settings.hosts)
    app.add_middleware(Watched, counted=app.state.counted, api=API, broken=failures.broken)
    return app


def _scopes() -> dict[tuple[str, str], str | None]:
    """Address and method -> the scope that its route needs."""
    found: dict[tuple[str, str], str | None] = {}
    for prefix, router in ROUTERS:
        for route in router.routes:
            for method in getattr(route, "methods", ()):
                found[prefix + getattr(route, "path_format", ""), method.lower()] = scope_of(route)
    return found
