"""Plans: list, show, check, freeze and judge, and milestones that are done."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from assay.base.canonical import plain
from assay.base.progress import Progress
from assay.readers.planfile import read_plan
from assay.report.power import power_page
from assay.report.sweep import coverage_json, coverage_page
from assay.server.access import Reader, Writer, settings_of
from assay.server.guarding import Guarded
from assay.server.once import ONCE
from assay.server.routes import shapes
from assay.server.routes.bodies import DoneBody, FreezeBody, JudgeBody, PlanBody, PowerBody
from assay.server.routes.jobs import Started, begun
from assay.server.routes.tags import tagged
from assay.server.workspace import known, named_files, planned, workspace
from assay.store import LocalStore
from assay.verbs import judge, milestone, plan, plan_coverage, portfolio, power
from assay.verbs.showing import check_shown

router = APIRouter(prefix="/plans", tags=["plans"], route_class=Guarded)


@router.get("", response_model=shapes.Plans)
def every(
    request: Request,
    response: Response,
    who: Reader,
    after: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:
    """Plans by name, a page at a time; `next` is the name to go on after."""
    found = portfolio.plans(settings_of(request).lab, after, limit + 1)
    page = [p.to_json() for p in found[:limit]]
    return tagged(request, response, {"plans": page, "next": page[-1]["name"] if len(found) > limit else None})


@router.get("/{name:path}/coverage", response_model=shapes.Covered)
def covered(request: Request, response: Response, who: Reader, name: str) -> Any:
    """Which cells of a frozen plan's matrix are there, and which miss; no prediction is read."""
    found = plan_coverage.of_frozen(name, settings_of(request).lab)
    page = coverage_page(found).to_json(drawn=True)
    return tagged(request, response, {"coverage": coverage_json(found), "page": page})


@router.get("/{name:path}/draft", response_model=shapes.Text)
def drafted(request: Request, who: Reader, name: str) -> dict[str, str]:
    """The latest version of a plan as a plan file, to draft a deviation from."""
    return {"text": portfolio.draft(settings_of(request).lab, name)}


@router.get("/{name:path}/power", response_model=dict[str, Any])
def power_of(request: Request, response: Response, who: Reader, name: str) -> Any:
    """Units needed, power and detectable effect of a frozen plan's claims that declare a standard deviation."""
    found = power.of_frozen(name, settings_of(request).lab)
    return tagged(request, response, {"power": plain(found.to_json()), "page": power_page(found).to_json(drawn=True)})


@router.get("/{name:path}", response_model=dict[str, Any])
def one(request: Request, response: Response, who: Reader, name: str) -> Any:
    """One plan with its versions and evidence, and which files it names; its name may hold a slash.

    `kept` says whether the lab has a file, so that it can be judged without being sent again.
    """
    found = portfolio.plan(settings_of(request).lab, name)
    with _store(request) as store:
        files = [{"name": n, "digest": d, "kept": bool(d) and store.blobs.has(d)} for n, d in named_files(found.plan)]
    return tagged(request, response, {**found.details(), "files": files})


@router.post("/template", response_model=shapes.Text)
def template(who: Reader) -> dict[str, str]:
    """A commented plan to start from."""
    return {"text": plan.new()}


@router.post("/check", response_model=shapes.Checked)
def check(request: Request, who: Reader, body: PlanBody) -> dict[str, Any]:
    """Every problem of a plan at once, and every warning."""
    check_shown(body.files.values(), who, settings_of(request).lab)
    with _store(request) as store, planned(store.blobs, body.text, body.files) as path:
        problems, warnings = plan.check(path)
    return {"problems": [p.to_json() for p in problems], "warnings": warnings}


@router.post("/power", response_model=shapes.Powered)
def powered(request: Request, who: Reader, body: PowerBody) -> dict[str, Any]:
    """Units needed, power and detectable effect of a plan that declares its standard deviations."""
    check_shown(body.files.values(), who, settings_of(request).lab)
    with _store(request) as store, planned(store.blobs, body.text, body.files) as path:
        found = power.run(path, units=body.units)
    return {"power": plain(found.to_json()), "page": power_page(found).to_json(drawn=True)}


@router.post("/freeze", dependencies=[ONCE], response_model=shapes.Frozen)
def freeze(request: Request, who: Writer, body: FreezeBody) -> dict[str, Any]:
    """Pre-register a plan."""
    lab = settings_of(request).lab
    with _store(request) as store, planned(store.blobs, body.text, body.files) as path:
        done = plan.freeze(path, lab, body.deviation, who)
    return {"digest": done.plan.digest, "version": done.plan.version, "fresh": done.fresh, "pending": done.pending}


@router.post("/{name:path}/done", dependencies=[ONCE])
def done(request: Request, who: Writer, name: str, body: DoneBody) -> dict[str, Any]:
    """Say that a milestone of a frozen plan is done; said before, nothing is added."""
    found = milestone.done(settings_of(request).lab, name, body.milestone, body.note, who)
    return {**plain(found.step), "fresh": found.fresh}


@router.post("/judge", status_code=202, dependencies=[ONCE])
def judged(request: Request, who: Writer, body: JudgeBody) -> Started:
    """Judge a frozen plan in the background; the job's result names the evidence.

    Of a plan that is named, files that were uploaded once, as it was frozen, need not be named again.
    """
    lab = settings_of(request).lab

    def work(progress: Progress) -> Any:
        with LocalStore.open(lab) as store:
            if body.name:
                named, held = body.name, {**known(store.blobs, portfolio.plan(lab, body.name).plan), **body.files}
                with workspace(store.blobs, held) as folder:
                    done = judge.of_frozen(named, folder, lab, progress, body.stop_rules, who)
            else:
                with planned(store.blobs, body.text, body.files) as path:
                    done = judge.run(path, lab, progress, stop_rules=body.stop_rules, by=who)
                    named = read_plan(path).name
        actions = {r.candidate: r.action for r in done.conclusion.judgement.recommendations}
        return {"plan": named, "evidence": done.evidence, "stored": done.stored, "recommendations": actions}

    return begun(request, "judge", who, work)


def _store(request: Request) -> LocalStore:
    return LocalStore.open(settings_of(request).lab)
