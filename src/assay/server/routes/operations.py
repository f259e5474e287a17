"""Health, readiness and metrics for those who run the server."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from assay.base.version import VERSION
from assay.server.access import Reader, settings_of
from assay.server.counting import Counted
from assay.server.guarding import Guarded
from assay.server.routes import shapes
from assay.server.routes.jobs import jobs_of
from assay.store import LocalStore

router = APIRouter(tags=["operations"], route_class=Guarded)
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
COUNTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {OPEN_METRICS.partition(";")[0]: {"schema": {"type": "string"}}}, "description": "The exposition."}
}


@router.get("/healthz", response_model=shapes.Health)
def health() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok", "assay": VERSION}


@router.get("/readyz", response_model=shapes.Ready)
def ready(request: Request) -> dict[str, str]:
    """Whether the lab can be read."""
    with LocalStore.open(settings_of(request).lab) as store, store.snapshot() as session:
        session.ledger.size()
    return {"status": "ready"}


@router.get("/metrics", response_class=PlainTextResponse, responses=COUNTS)
def metrics(request: Request, who: Reader) -> PlainTextResponse:
    """Requests, their seconds and jobs, as OpenMetrics."""
    counted: Counted = request.app.state.counted
    return PlainTextResponse(counted.text(jobs_of(request).active()), media_type=OPEN_METRICS)
