"""The API's description of itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assay.server.guarding import Guarded
from assay.server.routes.tags import tagged

router = APIRouter(include_in_schema=False, route_class=Guarded)


@router.get("/openapi.json")
def description(request: Request, response: Response) -> Any:
    """Every route, what it takes and what it answers, as OpenAPI."""
    return tagged(request, response, request.app.openapi())
