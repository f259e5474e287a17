"""The web page: one file for every screen, and the assets that it names; what is missing is a 404, never the page."""

from __future__ import annotations

import mimetypes
import re
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.server.failures import RefusedError
from assay.server.guarding import Guarded

router = APIRouter(include_in_schema=False, route_class=Guarded)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")
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


def screen(request: Request) -> Response:
    """The page, whoever asks.

    Raises:
        HTTPException: 404 where a page asks for a file, which is none of ours.
    """
    if _ENDING.search(request.url.path) and not _navigates(request):
        raise HTTPException(404, "there is no such file")
    headers = {"Cache-Control": "no-cache", "Vary": "Accept, Sec-Fetch-Dest"}
    return Response((ROOT / "index.html").read_bytes(), media_type="text/html", headers=headers)


def _navigates(request: Request) -> bool:
    """Whether a browser goes there to show it, as somebody does who opens a plan named `app-123.js`.

    What a page loads (script, style, image) and what a program asks for says so: only a document is asked for as HTML.
    `Sec-Fetch-Dest` comes over HTTPS and on this machine alone, so that `Accept` has to do where it is not there.
    """
    return "text/html" in request.headers.get("accept", "") and (
        request.headers.get("sec-fetch-dest", "document") == "document"
    )


for _path in SCREENS:
    router.add_api_route(_path, screen, methods=["GET"])
