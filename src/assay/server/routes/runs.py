"""Runs: the list by page, groups over all of them, one run with its series and files, and how two differ."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from assay.base.canonical import plain
from assay.report.runs import group_json, page_json, run_json
from assay.runs.filters import cursor_text
from assay.server.access import Reader, Writer, settings_of
from assay.server.failures import RefusedError
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes import shapes
from assay.server.routes.blobs import FILE, saved
from assay.server.routes.bodies import MarkBody
from assay.server.routes.tags import tagged
from assay.verbs import marks, runs
from assay.verbs.showing import check_shown
from assay.verbs.values import values_csv

router = APIRouter(prefix="/runs", tags=["runs"], route_class=Guarded)
Where = Annotated[list[str], Query(max_length=50, default_factory=list)]
Names = Annotated[list[str], Query(max_length=200, default_factory=list)]
Points = Annotated[int, Query(ge=8, le=100_000)]
MOST_LOGGED = 200_000
VALUES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The values."}
}
IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {f"image/{form}": {} for form in ("png", "jpeg", "gif", "webp")}, "description": "The image."}
}
Part = Annotated[int, Query(ge=-1, le=2**31)]


def _part(
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    after: Annotated[str, Query(max_length=4000)] = "",
) -> tuple[int, int, str]:
    """Which part of the list is asked for."""
    return limit, offset, after


@router.get("", response_model=shapes.RunsPage)
def listed(
    request: Request,
    response: Response,
    who: Reader,
    where: Where,
    columns: Names,
    part: Annotated[tuple[int, int, str], Depends(_part)],
    sort: Annotated[str, Query(max_length=500)] = "-started",
) -> Any:
    """Runs that fit every condition, in order; `next` goes on after the last of them. `columns` leaves others out.

    With `offset` a reader jumps to a row; programs go on with `after`, which holds when runs come meanwhile.
    """
    limit, offset, after = part
    page = runs.listed(runs.ListRequest(where, sort, limit, offset, settings_of(request).lab, after))
    following = cursor_text(page.next, sort) if page.next else None
    return tagged(request, response, {**page_json(page, columns), "next": following})


@router.get("/known-good", response_model=shapes.KnownGoods)
def known_good(request: Request, response: Response, who: Reader) -> Any:
    """Runs that are known to be good: baselines that have to come out again."""
    return tagged(request, response, {"runs": [plain(k) for k in marks.every(settings_of(request).lab)]})


@router.put("/{run}/known-good", dependencies=[ONCE], response_model=shapes.KnownGood)
def mark(request: Request, who: Writer, run: str, body: MarkBody) -> Any:
    """Say that a run is known to be good, or no longer; where that stands already, nothing is added."""
    return plain(marks.mark(run, body.good, body.why, settings_of(request).lab, who))


@router.get("/names", response_model=shapes.Names)
def names(request: Request, response: Response, who: Reader, where: Where) -> Any:
    """Settings and metrics of all runs that fit, and values of settings that have few: each with how many runs."""
    return tagged(request, response, plain(runs.names(where, settings_of(request).lab)))


@router.get("/groups", response_model=shapes.Groups)
def groups(
    request: Request,
    response: Response,
    who: Reader,
    metric: Annotated[list[str], Query(min_length=1, max_length=50)],
    by: Names,
    where: Where,
    level: float = 0.95,
) -> Any:
    """Runs by configuration, or by settings: mean, interval and n of each metric, over all runs that fit and finished.

    Of each group `count` says how many those are, `others` how many fit as well and are in no mean, and why; of each
    metric `lacking` says how many of the finished have no such value.
    """
    asked = runs.CompareRequest(metric, by, where, level, settings_of(request).lab)
    found = runs.compared(asked)
    return tagged(request, response, {"groups": [group_json(g) for g in found]})


@router.get("/compare", response_model=shapes.Runs)
def compared(
    request: Request,
    response: Response,
    who: Reader,
    run: Annotated[list[str], Query(min_length=1, max_length=1000)],
    columns: Names,
) -> Any:
    """Up to 1,000 runs side by side: settings and metrics of each, in the order that was asked for."""
    found = runs.chosen(run, settings_of(request).lab)
    return tagged(request, response, page_json(found, columns))


@router.get("/values", response_class=StreamingResponse, responses=VALUES)
def values(
    request: Request,
    who: Reader,
    run: Annotated[list[str], Query(min_length=1, max_length=1000)],
    name: Annotated[str, Query(max_length=500)],
) -> StreamingResponse:
    """Every value of the series of that name, of each run with its ranks and workers, as CSV to save.

    Its columns are run, name, series, step, value and time (seconds since 1970).
    """
    pieces = values_csv(run, name, settings_of(request).lab)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "private, no-cache"}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/diff", response_model=shapes.Differences)
def diffed(
    request: Request,
    response: Response,
    who: Reader,
    a: Annotated[str, Query(max_length=200)],
    b: Annotated[str, Query(max_length=200)],
) -> Any:
    """How two runs differ: configuration, seed, code, data, environment, command."""
    found = runs.diffed(a, b, settings_of(request).lab)
    return tagged(request, response, {"differences": [plain(d) for d in found]})


@router.get("/{run}", response_model=dict[str, Any])
def one(request: Request, response: Response, who: Reader, run: str, points: Points = 1000) -> Any:
    """One run with all that its folder holds, each series in at most so many points.

    Of what is no number a run may keep more than a page holds: beyond 200,000 characters `content` is left out, and
    asked for by its `place`.
    """
    shown = run_json(runs.read(run, settings_of(request).lab, points))
    left = MOST_LOGGED
    for place, held in enumerate(shown["other"]):
        left -= len(json.dumps(held["content"]))
        held |= {"place": place, **({} if left >= 0 else {"content": None})}
    return tagged(request, response, shown)


@router.get("/{run}/logged/{place}", response_model=shapes.Logged)
def logged(
    request: Request, response: Response, who: Reader, run: str, place: Annotated[int, Path(ge=0, lt=2**31)]
) -> Any:
    """A histogram, table, image or text that a run logged, by its place among them."""
    found = runs.logged(run, place, settings_of(request).lab)
    return tagged(request, response, {"key": plain(found.key), "step": found.step, "content": found.content})


@router.get("/{run}/images/{place}", response_class=Response, responses=IMAGE)
def image(request: Request, who: Reader, run: str, place: Annotated[int, Path(ge=0, lt=2**31)]) -> Response:
    """An image that a run logged, as what its first bytes say: PNG, JPEG, GIF or WebP, and nothing else."""
    found = runs.image(run, place, settings_of(request).lab)
    headers = {
        "Content-Disposition": f'attachment; filename="{place}.{found.form}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    return Response(found.content, media_type=f"image/{found.form}", headers=headers)


@router.get("/{run}/series/{name:path}", response_model=shapes.Series)
def series(
    request: Request,
    response: Response,
    who: Reader,
    run: str,
    name: str,
    points: Points = 1000,
    rank: Part | None = None,
    worker: Part | None = None,
) -> Any:
    """Steps, values and times of one series in at most so many points; every extreme is among them."""
    found, count = runs.series(run, name, points, rank, worker, settings_of(request).lab)
    columns = {k: plain(getattr(found, k).tolist()) for k in ("steps", "values", "times")}
    return tagged(request, response, {"key": plain(found.key), "count": count, **columns})


@router.get("/{run}/artifacts/{name:path}", response_class=Response, responses=FILE)
def artifact(request: Request, who: Reader, run: str, name: str) -> Response:
    """A file that the run kept, always as a file to save. The name is looked up among the run's, never on a disk."""
    kept = runs.artifacts(run, settings_of(request).lab)
    if name not in kept:
        raise RefusedError(
            404, f"the run has no artifact {name[:80]!r}", "artifacts are named by the run", f"GET /api/v1/runs/{run}"
        )
    check_shown([kept[name]], who, settings_of(request).lab, run)
    return saved(request, kept[name], name)
