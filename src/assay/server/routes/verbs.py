"""The catalogue of verbs for `--lab http://…`: each as a route, with the arguments that the function takes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as DependsOn

from assay.base.errors import InputError
from assay.base.progress import Progress
from assay.base.wire import flat, rebuilt
from assay.records.access import READ, Principal
from assay.server.access import Requires, settings_of
from assay.server.guarding import Guarded
from assay.server.once import ONCE, ONCE_SHOWN
from assay.server.routes import shapes
from assay.server.routes.bodies import VerbBody
from assay.server.routes.jobs import Started, begun
from assay.server.workspace import check_names, inside, workspace
from assay.store import LocalStore
from assay.verbs import (
    ablation,
    ablation_plan,
    agreement,
    candidates,
    compare,
    data,
    judge,
    ledger,
    lineage,
    looks,
    marks,
    milestone,
    plan,
    plan_coverage,
    plan_looks,
    portfolio,
    power,
    preferences,
    recheck,
    reindex,
    review,
    runs,
    token,
    user,
    view,
)
from assay.verbs.served import CATALOGUE, Verb
from assay.verbs.showing import check_shown
from assay.verbs.where import FOLDER

router = APIRouter(prefix="/verbs", tags=["verbs"], route_class=Guarded)
ROOMS = (
    *(ablation, ablation_plan, agreement, candidates, compare, data, judge, ledger, lineage, looks, marks, milestone),
    *(plan, plan_coverage, plan_looks, portfolio, power, preferences, recheck, reindex, review),
    *(runs, token, user, view),
)
"""Importing them enters their verbs."""


def _route(verb: Verb) -> None:
    """A route that does it for who may."""

    def do(
        request: Request,
        who: Principal,
        body: VerbBody,
    ) -> Any:
        lab = settings_of(request).lab
        arguments = _arguments(verb, body.arguments)
        if verb.long:
            return begun(request, verb.name, who, lambda p: _done(verb, arguments, body.files, lab, who, p))
        return {"result": _done(verb, arguments, body.files, lab, who, None)}

    # The scope is the verb's, which an annotation as text could not name.
    do.__annotations__["who"] = Annotated[Principal, Depends(Requires(verb.scope))]
    do.__doc__ = str(verb.function.__doc__).partition("\n")[0]
    identity = f"verb_{verb.name.replace('.', '_')}"
    router.post(
        f"/{verb.name}",
        name=verb.name,
        operation_id=identity,
        dependencies=_keyed(verb),
        status_code=202 if verb.long else 200,
        response_model=Started if verb.long else shapes.Result,
    )(do)


def _keyed(verb: Verb) -> list[DependsOn]:
    """What changes something, or begins a job, takes an idempotency key."""
    if verb.scope == READ and not verb.long:
        return []
    return [ONCE_SHOWN if verb.secret else ONCE]


def _arguments(verb: Verb, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the function takes, of the types that it says.

    Raises:
        InputError: an argument that it does not have, or of another type.
    """
    hints = verb.hints()
    unknown = sorted(set(given) - set(hints)) or ["lab" for v in given.values() if isinstance(v, dict) and "lab" in v]
    if unknown:
        raise InputError(
            f"{verb.name} has no argument {unknown[0]!r:.60}", rule=f"it has {', '.join(hints)}", fix="leave it out"
        )
    try:
        made = {name: rebuilt(hints[name], value) for name, value in given.items()}
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            str(error)[:300], rule=f"arguments are those of {verb.name}", fix="correct the request"
        ) from error
    missing = [n for n in verb.needed() if n not in made]
    if missing:
        raise InputError(f"{verb.name} lacks {missing[0]!r}", rule=f"it needs {', '.join(verb.needed())}", fix="add it")
    return made


def _done(
    verb: Verb,
    arguments: dict[str, Any],
    files: Mapping[str, str],
    lab: Path,
    who: Principal,
    progress: Progress | None,
) -> Any:
    """What came of it, as JSON; what lies in the lab is named as it lies there."""
    with ExitStack() as stack:
        check_shown(files.values(), who, lab)
        given = _laid_out(stack, verb, arguments, files, lab)
        own = {"lab": lab, "by": who, "progress": progress}
        for name, value in given.items():
            if is_dataclass(value) and not isinstance(value, type) and hasattr(value, "lab"):
                given[name] = replace(value, lab=lab)
        return _relative(flat(verb.function(**given, **{n: v for n, v in own.items() if verb.takes(n)})), f"{lab}/")


def _laid_out(
    stack: ExitStack, verb: Verb, arguments: dict[str, Any], files: Mapping[str, str], lab: Path
) -> dict[str, Any]:
    """Arguments in which files are those that were uploaded, and no others of this machine.

    Raises:
        InputError: a file that was not uploaded, or a name that leaves its folder.
    """
    named = {n: role for n, role in verb.files.items() if arguments.get(n) is not None}
    if not named:
        return dict(arguments)
    store = stack.enter_context(LocalStore.open(lab))
    folder = stack.enter_context(workspace(store.blobs, files, copies="folder" in verb.files.values()))
    laid = dict(arguments)
    for name, role in named.items():
        value = arguments[name]
        if isinstance(role, str):
            laid[name] = _placed(folder, role, value)
        else:
            laid[name] = replace(value, **{f: _placed(folder, r, getattr(value, f)) for f, r in role.items()})
    return laid


def _placed(folder: Path, role: str, value: Any) -> Any:
    """A name as the path of what was uploaded under it; several names as several paths.

    Raises:
        InputError: a file that was not uploaded, a name that leaves its folder, or no name at all.
    """
    if value is None or value == "":
        return value
    if isinstance(value, (list, tuple)):
        return tuple(_placed(folder, role, v) for v in value)
    if not isinstance(value, (str, Path)):
        raise InputError(
            f"a file is named by {type(value).__name__}", rule="files are named as they were uploaded", fix="name it"
        )
    path = inside(folder, str(value))
    if not path.exists():
        if role == "name" and not Path(str(value)).is_absolute():
            return value
        raise InputError(
            f"the file {str(value)!r:.200} is not uploaded",
            rule="files come before what names them",
            fix="PUT it to /api/v1/blobs first",
        )
    if role == "plan":
        check_names(path)
    return str(path) if isinstance(value, str) else path


def _relative(value: Any, root: str) -> Any:
    if isinstance(value, str):
        return value.removeprefix(root) if value.startswith(f"{root}{FOLDER}/") else value
    if isinstance(value, dict):
        return {k: _relative(v, root) for k, v in value.items()}
    return [_relative(v, root) for v in value] if isinstance(value, list) else value


for _verb in sorted(CATALOGUE.values(), key=lambda v: v.name):
    _route(_verb)
