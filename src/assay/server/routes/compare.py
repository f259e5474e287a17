"""Compare: predictions without a plan."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from assay.base.errors import InputError
from assay.base.progress import Progress
from assay.report.memo import comparison_page
from assay.server.access import Writer, settings_of
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes import shapes
from assay.server.routes.bodies import ColumnsBody, CompareBody
from assay.server.routes.jobs import Started, begun
from assay.server.workspace import inside, workspace
from assay.store import LocalStore
from assay.verbs import compare
from assay.verbs.inputs import check_uploaded

router = APIRouter(prefix="/compare", tags=["compare"], route_class=Guarded)
LISTS = ("candidates", "on", "slices", "metrics", "score", "labels")


@router.post("", status_code=202, dependencies=[ONCE])
def run(
    request: Request,
    who: Writer,
    body: CompareBody,
) -> Started:
    """Compare in the background; the job's result is what `assay compare --json -` prints."""
    lab = settings_of(request).lab
    options = _options(body)

    def work(progress: Progress) -> Any:
        with LocalStore.open(lab) as store, workspace(store.blobs, body.files) as folder:
            files = [inside(folder, name) for name in body.order]
            more = {"qrels": inside(folder, options["qrels"])} if options.get("qrels") else {}
            found = compare.run(compare.CompareRequest(files=files, **{**options, **more}), progress, None, lab, who)
        if body.page:
            return {"comparison": found.to_json(), "page": comparison_page(found).to_json(drawn=True)}
        return found.to_json()

    return begun(request, "compare", who, work)


@router.post("/columns", response_model=shapes.Columns)
def columns(request: Request, who: Writer, body: ColumnsBody) -> dict[str, Any]:
    """The columns of uploaded files, with their kinds and rows; the values of one where they are few."""
    with LocalStore.open(settings_of(request).lab) as store, workspace(store.blobs, body.files) as folder:
        found = {name: compare.columns(inside(folder, name), body.of) for name in body.files}
    return {"files": found}


def _options(body: CompareBody) -> dict[str, Any]:
    """The options as the verb takes them; files are uploaded ones, never others of this machine.

    Raises:
        AssayError: an unknown option, or a file that is not uploaded.
    """
    given = body.options
    compare.check_options([name for name in given if name not in compare.NAMED])
    found: dict[str, Any] = {n: tuple([v] if isinstance(v, str) else v) if n in LISTS else v for n, v in given.items()}
    named = [*body.order, *([str(found["qrels"])] if found.get("qrels") else [])]
    missing = [name for name in named if name not in body.files]
    if missing:
        raise InputError(f"the file {missing[0]!r} is not among `files`", rule="files are uploaded", fix="upload it")
    check_uploaded(body.order, str(found.get("baseline") or ""), found.get("candidates") or ())
    if "score" in found:
        found["scores"] = found.pop("score")
    return found
