"""The web page: one file for every screen, and the assets that it names; what is missing is a 404, never the page."""

from __future__ import annotations

import mimetypes
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from assay.server.failures import RefusedError
from assay.server.guarding import Guarded

router = APIRouter(include_in_schema=False, route_class=Guarded)
ROOT = files("assay.server") / "page"
SCREENS = (
    "/",
    "/compare",
    "/plans",
    "/plans/{name:path}",
    "/evidence/{identity}",
    "/runs",
    "/runs/{run}",
    "/data",
    "/ledger",
    "/settings",
)
"""Addresses that the page shows; it holds nothing of the lab, which comes from the API to those who may read."""


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """One file beside the page; its name changes with its content."""
    found = {f.name: f for f in (ROOT / "assets").iterdir()}
    if name not in found:
        raise RefusedError(404, f"there is no asset {name[:80]!r}", "assets are named by the page", "reload the page")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found[name].read_bytes(), media_type=kind, headers=headers)


def screen() -> Response:
    """The page, whoever asks."""
    headers = {"Cache-Control": "no-cache"}
    return Response((ROOT / "index.html").read_bytes(), media_type="text/html", headers=headers)


for _path in SCREENS:
    router.add_api_route(_path, screen, methods=["GET"])
