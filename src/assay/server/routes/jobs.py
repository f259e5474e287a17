"""Jobs: what they do now, as a page or as a stream of events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from assay.records.access import Principal
from assay.server.access import Reader
from assay.server.guarding import Guarded
from assay.server.jobs import Jobs, Work
from assay.server.routes import shapes

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=Guarded)
EVENT = {
    "type": "object",
    "properties": {"data": {"type": "string", "contentMediaType": "application/json"}},
    "required": ["data"],
}
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": EVENT}}, "description": "Its steps, and then its state."}
}


class Started(BaseModel):
    """A job that was begun."""

    job: str


def jobs_of(request: Request) -> Jobs:
    """The jobs of the application that was asked."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def begun(request: Request, kind: str, who: Principal, work: Work) -> Started:
    """Begin some work for somebody."""
    return Started(job=jobs_of(request).start(kind, who.name, work).id)


@router.get("/{job}", response_model=shapes.Job)
def one(request: Request, who: Reader, job: str) -> dict[str, Any]:
    """A job: its state, its step, and what came of it."""
    return jobs_of(request).get(job, who.name).to_json()


@router.get("/{job}/events", response_class=StreamingResponse, responses=EVENTS)
def events(request: Request, who: Reader, job: str) -> StreamingResponse:
    """A job's steps as server-sent events, until it ends."""
    found = jobs_of(request).get(job, who.name)

    def lines() -> Iterator[str]:
        for event in found.events():
            yield f"data: {json.dumps(event)}\n\n" if event else ": still there\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
