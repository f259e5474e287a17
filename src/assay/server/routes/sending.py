"""Runs that are logged over HTTP: begun, continued file by file, ended; sent again, each changes nothing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from assay.records.runs import RunEnd, RunStart
from assay.server.access import Writer, settings_of
from assay.server.failures import RefusedError
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes import shapes
from assay.server.routes.bodies import EndBody, StartBody
from assay.verbs import sent

router = APIRouter(prefix="/runs", tags=["runs"], route_class=Guarded)
MOST = 16 << 20


@router.put("/{run}", dependencies=[ONCE], response_model=shapes.RunNamed)
def begin(request: Request, response: Response, who: Writer, run: str, body: StartBody) -> dict[str, Any]:
    """Begin a run under an id that its client made; who begins it may continue it."""
    if body.id != run:
        raise RefusedError(
            422, f"the run is {run[:80]!r} and says {body.id[:80]!r}", "a run has one id", "send the same"
        )
    fresh = sent.begin(RunStart(**body.fields()), who, settings_of(request).lab)
    response.status_code = 201 if fresh else 200
    return {"run": run}


@router.put("/{run}/files/{name}", response_model=shapes.Size)
async def grow(
    request: Request,
    who: Writer,
    run: str,
    name: str,
    offset: Annotated[int, Query(ge=0, lt=2**62)],
    sync: bool = False,
) -> dict[str, int]:
    """Continue a segment where it ends, with the body; the answer comes once the bytes survive the server's death."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST:
            raise RefusedError(413, f"the piece is over {MOST:,} bytes", "a file comes in pieces", "send smaller ones")
    lab = settings_of(request).lab
    return {"size": await run_in_threadpool(sent.append, run, name, offset, bytes(content), who, lab, sync)}


@router.put("/{run}/end", dependencies=[ONCE], response_model=shapes.RunNamed)
def end(request: Request, response: Response, who: Writer, run: str, body: EndBody) -> dict[str, Any]:
    """Say how a run ended."""
    fresh = sent.finish(run, RunEnd(**body.fields()), who, settings_of(request).lab)
    response.status_code = 201 if fresh else 200
    return {"run": run}
