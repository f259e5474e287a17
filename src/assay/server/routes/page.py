"""The page and its assets; a missing asset is a 404, never the page."""

from __future__ import annotations

import mimetypes
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from assay.server.failures import RefusedError

router = APIRouter(include_in_schema=False)
ROOT = files("assay.server") / "page"
ASSETS = "/assets/"


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """One built file; its name holds its hash, so that it can be kept for good."""
    found = {f.name: f for f in (ROOT / "assets").iterdir()} if (ROOT / "assets").is_dir() else {}
    if name not in found:
        raise RefusedError(404, f"there is no asset {name[:80]!r}", "assets are named by the page", "reload the page")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(
        found[name].read_bytes(), media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


@router.get("/")
def index() -> Response:
    """The page; its state lies in the fragment of its address."""
    return Response((ROOT / "index.html").read_bytes(), media_type="text/html", headers={"Cache-Control": "no-cache"})
