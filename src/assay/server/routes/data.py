"""Data: versions by content."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from assay.base.canonical import plain
from assay.server.access import Reader, Writer, settings_of
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes import shapes
from assay.server.routes.bodies import VersionBody
from assay.server.routes.tags import tagged
from assay.verbs import data
from assay.verbs.contents import Contents

router = APIRouter(prefix="/data", tags=["data"], route_class=Guarded)


@router.get("", response_model=shapes.Versions)
def versions(
    request: Request,
    response: Response,
    who: Reader,
    name: Annotated[str, Query(max_length=200)] = "",
) -> Any:
    """Every version, oldest first; those of one name where it is given."""
    found = [v for v in data.listed(settings_of(request).lab) if name in ("", v.name)]
    return tagged(request, response, {"versions": [plain(v) for v in found]})


@router.post("", status_code=201, dependencies=[ONCE], response_model=dict[str, Any])
def enter(request: Request, who: Writer, body: VersionBody) -> Any:
    """Name a version of data that lies elsewhere, by its digest; content that has a version keeps it."""
    content = Contents(body.digest, body.files, body.bytes)
    return plain(data.enter(body.name, content, body.path, settings_of(request).lab))
