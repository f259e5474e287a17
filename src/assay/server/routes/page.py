"""The lab as pages, the same as `assay export site` writes; a missing asset is a 404, never the page."""

from __future__ import annotations

import mimetypes
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.report.blocks import Document
from assay.report.html import render
from assay.report.portfolio import lab_page, memo_path, plan_page, plan_path
from assay.server.access import Reader, principal_of, settings_of
from assay.server.failures import RefusedError
from assay.verbs import memo, portfolio

router = APIRouter(include_in_schema=False)
ROOT = files("assay.server") / "page"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
EVERY = 1_000_000


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """One file beside the pages."""
    found = {f.name: f for f in (ROOT / "assets").iterdir()}
    if name not in found:
        raise RefusedError(404, f"there is no asset {name[:80]!r}", "assets are named by the page", "reload the page")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(found[name].read_bytes(), media_type=kind, headers={"Cache-Control": "no-cache"})


@router.get("/")
def index(request: Request) -> Response:
    """The lab for who is logged in, else the way in."""
    try:
        principal_of(request)
    except RefusedError:
        return Response((ROOT / "index.html").read_bytes(), media_type="text/html")
    return _page(render(lab_page(portfolio.plans(settings_of(request).lab, limit=EVERY))))


@router.get("/{name}.html")
def page(request: Request, who: Reader, name: str) -> Response:
    """A plan, or a memo."""
    lab, wanted = settings_of(request).lab, f"{name}.html"
    states = portfolio.plans(lab, limit=EVERY)
    if wanted == "index.html":
        return _page(render(lab_page(states)))
    found = next((plan_page(s) for s in states if plan_path(s.plan.name) == wanted), None)
    if isinstance(found, Document):
        return _page(render(found))
    identity = next((e.id for s in states for e in s.evidence if memo_path(e.id) == wanted), None)
    if identity is None:
        raise RefusedError(404, f"there is no page {wanted[:80]!r}", "pages are named by the lab's first", "go to /")
    return _page(memo.run(portfolio.evidence_folder(lab, identity), "html"))


def _page(text: str) -> Response:
    return Response(
        text, media_type="text/html", headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    )
