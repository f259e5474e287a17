"""Evidence: the judgement with every comparison, the memo, and the recheck."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from assay.base.canonical import plain
from assay.base.progress import Progress
from assay.server.access import Reader, Reviewer, settings_of
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes.bodies import ReviewBody
from assay.server.routes.jobs import Started, begun
from assay.server.routes.tags import tagged
from assay.verbs import lineage, memo, portfolio, recheck, review

router = APIRouter(prefix="/evidence", tags=["evidence"], route_class=Guarded)
TYPES = {"html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8", "json": "application/json"}
MEMO: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for kind in TYPES.values()}, "description": "The memo."}
}


@router.get("/{identity}", response_model=dict[str, Any])
def one(request: Request, response: Response, who: Reader, identity: str) -> Any:
    """A judgement, with what its plan releases of the numbers behind it, and what people say of it."""
    lab = settings_of(request).lab
    found = memo.read(portfolio.evidence_folder(lab, identity))
    results = found.conclusion.results
    known = {
        "id": found.id,
        "plan": found.plan,
        "judgement": found.conclusion.to_json(),
        "memo": found.document.to_json(drawn=True),
        "inputs": results.inputs,
        "won": results.won,
        "lost": results.lost,
        "examples": results.examples(),
        "notes": results.notes,
        "runs": lineage.origins(found.runs, lab),
        "reviews": review.every(found.id, lab).to_json(),
    }
    return tagged(request, response, plain(known))


@router.get("/{identity}/memo", response_class=Response, responses=MEMO)
def page(request: Request, who: Reader, identity: str, form: Literal["html", "md", "json"] = "html") -> Response:
    """The memo, for reading or for keeping."""
    folder = portfolio.evidence_folder(settings_of(request).lab, identity)
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"}
    return Response(memo.run(folder, form), media_type=TYPES[form], headers=headers)


@router.post("/{identity}/reviews", status_code=201, dependencies=[ONCE])
def reviewed(request: Request, who: Reviewer, identity: str, body: ReviewBody) -> dict[str, Any]:
    """Approve of a judgement, or object to it, and say why; answers with all that people say of it."""
    return review.run(identity, body.opinion, body.why, settings_of(request).lab, who).to_json()


@router.post("/{identity}/recheck", status_code=202, dependencies=[ONCE])
def again(
    request: Request,
    who: Reader,
    identity: str,
) -> Started:
    """Recompute the verdict from the evidence, in the background."""
    lab = settings_of(request).lab
    folder: Path = portfolio.evidence_folder(lab, identity)

    def work(progress: Progress) -> Any:
        found = recheck.run(folder, lab, progress)
        return {"ok": found.ok, "differences": found.differences, "identical": found.identical}

    return begun(request, "recheck", who, work)
