"""Lineage: what a run, data or evidence came of, and what came of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from assay.report.lineage import lineage_json, lineage_page
from assay.server.access import Reader, settings_of
from assay.server.guarding import Guarded
from assay.server.routes import shapes
from assay.server.routes.tags import tagged
from assay.verbs import lineage

router = APIRouter(prefix="/lineage", tags=["lineage"], route_class=Guarded)


@router.get("", response_model=shapes.Lineage)
def around(
    request: Request, response: Response, who: Reader, of: Annotated[str, Query(min_length=1, max_length=200)]
) -> Any:
    """The part of the lab's graph around one thing, as data and as a page with its drawing."""
    found = lineage.run(of, settings_of(request).lab)
    page = lineage_page(found).to_json(drawn=True)
    return tagged(request, response, {"lineage": lineage_json(found), "page": page})
