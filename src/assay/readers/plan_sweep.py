"""The `sweep` of a plan file, and models whose predictions runs keep: what does not fit, and the records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.base.filling import names
from assay.readers.plan_claims import Finding
from assay.readers.plan_draft import Draft
from assay.readers.plan_schema import AblationKeys, ModelKeys, SweepKeys
from assay.readers.plan_yaml import Key
from assay.records.plan import ModelSpec
from assay.records.sweep import Parameter, Sweep, SweepLimits

FROM_SWEEP = "sweep"
RESERVED = ("seed", "model")
_RANGE = {"low", "high", "log"}
_SPACE_RULE = "a parameter has a list of values, or {low, high} with low < high, and `log: true` where low > 0"


def sweep_of(keys: SweepKeys) -> Sweep:
    """The record."""
    space = tuple(_parameter(name, said) for name, said in keys.space.items())
    limits = SweepLimits(
        keys.budget.hours, keys.budget.cpu_hours, keys.minutes, keys.stop.failures, keys.stop.value,
        keys.stop.patience, keys.stop.diverged,
    )  # fmt: skip
    return Sweep(
        tuple(keys.command), keys.folder or ".", space, keys.search, keys.settings, keys.metric, keys.goal,
        keys.predictions, keys.retries, keys.backoff, limits, tuple(keys.reads), tuple(keys.prompts),
        keys.metrics,
    )  # fmt: skip


def sweep_layout(sweep: Sweep) -> dict[str, Any]:
    """The keys that users write."""
    limits = sweep.limits
    out: dict[str, Any] = {
        "command": list(sweep.command), "folder": sweep.folder, "space": {p.name: _said(p) for p in sweep.space},
        "search": sweep.search, "settings": sweep.settings, "metric": sweep.metric, "goal": sweep.goal,
        "predictions": sweep.predictions, "metrics": sweep.metrics, "reads": list(sweep.reads),
        "prompts": list(sweep.prompts), "retries": sweep.retries, "backoff": sweep.backoff,
        "minutes": limits.minutes,
        "budget": _given({"hours": limits.hours, "cpu_hours": limits.cpu_hours}),
        "stop": _given({"failures": limits.failures, "value": limits.value, "patience": limits.patience,
                        "diverged": limits.diverged or None}),
    }  # fmt: skip
    defaults = {name: field.get_default() for name, field in SweepKeys.model_fields.items()}
    return {k: v for k, v in out.items() if v not in (None, {}, []) and v != defaults[k]}


def _given(mapping: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in mapping.items() if v is not None}


def ablation_model(keys: AblationKeys) -> ModelSpec | None:
    """What an ablation is judged by; None where the plan only names it."""
    if not (keys.file or keys.runs):
        return None
    return ModelSpec(
        keys.name, keys.file, keys.score, runs=tuple(keys.runs), config=keys.config, command=tuple(keys.command)
    )


def _parameter(name: str, said: Any) -> Parameter:
    if isinstance(said, dict):
        return Parameter(name, (), said["low"], said["high"], bool(said.get("log", False)))
    return Parameter(name, tuple(said) if isinstance(said, list) else (said,))


def _said(parameter: Parameter) -> Any:
    if parameter.low is None:
        return list(parameter.values)
    return {"low": parameter.low, "high": parameter.high, **({"log": True} if parameter.log else {})}


def sweep_findings(draft: Draft) -> Iterator[Finding]:
    """Every rule on the sweep, and on where the predictions of each model come from."""
    models: dict[Key, ModelKeys | AblationKeys] = {("baseline",): draft.baseline} if draft.baseline else {}
    models |= {**draft.candidates, **draft.ablations}
    sound = "sweep" not in draft.document.value or draft.sweep is not None
    swept: dict[Key, ModelKeys | AblationKeys] = {}
    for path, model in models.items():
        yield from _source(path, model)
        if FROM_SWEEP in model.runs:
            swept[path] = model
            if draft.sweep is None and sound:
                what = f"the predictions of {model.name} come from the sweep, and the plan has none"
                yield Finding((*path, "runs"), what, "`sweep` says what is executed", "add `sweep: {command: …}`")
    several = any(model.runs for model in models.values()) and draft.given["seeds"] > 1
    if several and draft.data is not None and not draft.data.seed:
        what = "predictions come from runs with several seeds, and `data.seed` names no column"
        yield Finding(("data",), what, "rows of runs are told apart by their seed", "add `seed: seed` to `data`")
    if draft.sweep is not None:
        yield from _sweep(draft.sweep, swept)


def _source(path: Key, model: ModelKeys | AblationKeys) -> Iterator[Finding]:
    given = [name for name in ("file", "runs") if getattr(model, name)]
    place = path[0] if len(path) == 1 else f"{path[0]}[{int(path[1]) + 1}]"
    if not given and isinstance(model, ModelKeys):
        rule = "it is required, unless `runs` says which runs keep the predictions"
        yield Finding(path, f"`file` is missing in {place}", rule, "add `file: predictions.parquet`, or `runs: sweep`")
    if len(given) == 2:
        what = f"{model.name} has both a file and runs"
        yield Finding((*path, "runs"), what, "predictions come from one place", "remove one of them")
    if FROM_SWEEP in model.runs and len(model.runs) > 1:
        what = f"{model.name} names the sweep and further runs"
        yield Finding((*path, "runs"), what, "predictions come from one place", "write `runs: sweep`, or ids alone")
    twice = next((r for r in model.runs if model.runs.count(r) > 1), None)
    if twice is not None:
        what = f"{model.name} names the run {twice!r} twice"
        yield Finding((*path, "runs"), what, "each seed is a run of its own", "name each run once")
    if isinstance(model, ModelKeys) and model.runs and model.digest:
        what = f"{model.name} has a digest and runs"
        yield Finding((*path, "digest"), what, "a digest is that of a file; runs have ids", "remove `digest`")


def _sweep(sweep: SweepKeys, swept: dict[Key, ModelKeys | AblationKeys]) -> Iterator[Finding]:
    if not swept:
        yield Finding(("sweep",), "no model has `runs: sweep`", "", "nothing would be executed", warning=True)
    space = list(_space(sweep))
    yield from space
    for path, model in swept.items():
        words = model.command or sweep.command
        known = [*RESERVED, *sweep.space, *model.config]
        for name in names([*words, sweep.predictions, sweep.metrics, *sweep.reads, *sweep.prompts]):
            # An ablation also has what its candidate has.
            if name not in known and isinstance(model, ModelKeys):
                what = f"the command of {model.name} has {{{name}}}, which nothing fills in"
                fix = "write {{ and }} for braces, or give the parameter in `space` or `config`"
                yield Finding((*path, "name"), what, f"known: {', '.join(known)}", fix)
        yield from _reserved((*path, "config"), model.config)
    yield from _search(sweep, bool(space))


def _space(sweep: SweepKeys) -> Iterator[Finding]:
    yield from _reserved(("sweep", "space"), sweep.space)
    for name, said in sweep.space.items():
        path: Key = ("sweep", "space", name)
        if isinstance(said, dict):
            wrong = _range_problem(said)
        elif isinstance(said, list):
            repeated = any(said[i] in said[:i] for i in range(len(said)))
            wrong = "has no values" if not said else "has a value twice" if repeated else ""
        else:
            wrong = "has no value" if said is None else ""
        if wrong:
            yield Finding(path, f"the parameter {name!r} {wrong}", _SPACE_RULE, f"for example `{name}: [0.01, 0.1]`")


def _range_problem(said: dict[str, Any]) -> str:
    low, high = said.get("low"), said.get("high")
    strange = sorted(said.keys() - _RANGE)
    if strange:
        return f"has the unknown key {strange[0]!r}"
    if any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in (low, high)):
        return "has no numbers `low` and `high`"
    if not isinstance(said.get("log", False), bool):
        return f"has log {said['log']!r}"
    if not low < high or (said.get("log") and low <= 0):  # type: ignore[operator]  # both are numbers here
        return f"has low {low} and high {high}"
    return ""


def _reserved(path: Key, held: dict[str, Any]) -> Iterator[Finding]:
    for name in (n for n in RESERVED if n in held):
        what = f"a parameter is called {name!r}"
        yield Finding((*path, name), what, "seed and model are filled in by the plan", "choose another name")


def _search(sweep: SweepKeys, unsound: bool) -> Iterator[Finding]:
    ranges = [n for n, said in sweep.space.items() if isinstance(said, dict)]
    if unsound:
        return
    if sweep.search == "grid" and ranges:
        what = f"the search is a grid and {ranges[0]!r} is a range"
        fix = "list its values, or set `search: random`"
        yield Finding(("sweep", "search"), what, "a grid needs the values of every parameter", fix)
    if sweep.search == "grid" and sweep.settings:
        what = f"the search is a grid, with settings {sweep.settings}"
        yield Finding(("sweep", "settings"), what, "a grid has all combinations", "remove `settings`")
    if sweep.search != "grid" and not sweep.space:
        what = f"the search is {sweep.search} and there is no space"
        yield Finding(("sweep", "search"), what, "a search needs parameters", "add `space: {rate: [0.01, 0.1]}`")
    if sweep.search != "grid" and sweep.space and not sweep.settings:
        what = f"the search is {sweep.search} and `settings` is not given"
        yield Finding(("sweep", "search"), what, "it says how many a model gets", "add `settings: 20`")
    many = sweep.search != "grid" or any(isinstance(v, list) and len(v) > 1 for v in sweep.space.values())
    if many and not sweep.metric:
        what = "the space has several settings, and no metric chooses among them"
        rule = "each model is judged with one setting, chosen by what its runs log on development data"
        yield Finding(("sweep",), what, rule, "add `metric: <a series that the runs log>` and `goal: minimize`")
    for rule, needs in (("value", sweep.stop.value), ("patience", sweep.stop.patience)):
        if needs is not None and not sweep.metric:
            what = f"stop.{rule} is given without a metric"
            yield Finding(("sweep", "stop", rule), what, "it is about the metric", "add `metric`")
    if sweep.stop.diverged and not sweep.metric:
        what = "stop.diverged is given without a metric"
        yield Finding(("sweep", "stop", "diverged"), what, "it is about the metric", "add `metric`")
