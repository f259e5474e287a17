"""The ledger: events by page, and whether the chains hold."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from assay.base.canonical import plain
from assay.report.events import plan_names, said
from assay.server.access import Reader, settings_of
from assay.server.guarding import Guarded
from assay.server.routes import shapes
from assay.verbs import ledger

router = APIRouter(prefix="/ledger", tags=["ledger"], route_class=Guarded)


@router.get("", response_model=shapes.Entries)
def entries(
    request: Request,
    who: Reader,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    kind: Annotated[str, Query(max_length=100)] = "",
) -> dict[str, Any]:
    """Events in order of arrival; `next` is the position to go on after."""
    found = ledger.page(settings_of(request).lab, after, limit, kind or None)
    shown = [{**plain(e), "payload": e.content()} for e in found]
    return {"entries": shown, "next": found[-1].position if len(found) == limit else None}


@router.get("/search", response_model=shapes.Found)
def search(
    request: Request,
    who: Reader,
    q: Annotated[str, Query(max_length=500)] = "",
    kind: Annotated[str, Query(max_length=100)] = "",
    before: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Events of the whole ledger that hold `q`, the newest first; `next` is the position to go on before.

    Each says in words what happened.
    """
    lab = settings_of(request).lab
    found = ledger.search(lab, q, limit, before, kind or None)
    plans = plan_names(e.content() for e in ledger.frozen(lab))
    shown = [{**plain(e), "payload": e.content(), "said": said(e.kind, e.content(), plans)} for e in found.entries]
    following = found.entries[-1].position if len(found.entries) == limit else None
    return {"entries": shown, "total": found.total, "next": following, "kinds": ledger.kinds(lab)}


@router.post("/verify", response_model=shapes.Verified)
def verify(request: Request, who: Reader) -> dict[str, Any]:
    """Check every hash chain."""
    report = ledger.verify(settings_of(request).lab)
    return {"ok": report.ok, "entries": report.entries, "faults": [f.line() for f in report.faults]}
