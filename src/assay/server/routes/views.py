"""Saved views of the runs: everybody reads them, their owners change them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assay.base.canonical import plain
from assay.records.views import View
from assay.server.access import Reader, Writer, settings_of
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes import shapes
from assay.server.routes.bodies import ViewBody
from assay.server.routes.tags import tagged
from assay.verbs import view

router = APIRouter(prefix="/views", tags=["views"], route_class=Guarded)


@router.get("", response_model=shapes.Views)
def every(request: Request, response: Response, who: Reader) -> Any:
    """Every saved view, by name."""
    return tagged(request, response, {"views": [plain(v) for v in view.every(settings_of(request).lab)]})


@router.put("/{name}", dependencies=[ONCE], response_model=dict[str, Any])
def save(request: Request, who: Writer, name: str, body: ViewBody) -> Any:
    """Keep a view under a name; its owner replaces it."""
    asked = View(name, "", tuple(body.where), body.sort, tuple(body.columns), tuple(body.by), tuple(body.metric))
    return plain(view.save(asked, settings_of(request).lab, who))


@router.delete("/{name}", status_code=204, dependencies=[ONCE])
def remove(request: Request, who: Writer, name: str) -> Response:
    """Forget a view."""
    view.remove(name, settings_of(request).lab, who)
    return Response(status_code=204)
