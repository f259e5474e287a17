"""A plan as content: tagged, versioned, canonical, so that its digest means the same for ever; and as YAML again."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from assay.base.canonical import canonical_json, plain
from assay.base.errors import PlanError
from assay.readers.plan_looks import looks_of
from assay.readers.plan_schema import Keys, PlanKeys
from assay.readers.plan_sweep import ablation_model, sweep_layout, sweep_of
from assay.readers.plan_yaml import scalar
from assay.records.plan import (
    Ablation,
    Claim,
    DataSpec,
    Looks,
    Milestone,
    ModelSpec,
    Plan,
    Reuse,
)

TYPE, SCHEMA = "plan", 1
NEW_KEYS = ("at", "kind", "parameter", "query", "qrels", "qrels_digest", "runs", "config", "command")
"""Keys of `looks`, `data` and models that the first plans did not have."""
NEW_PARTS = ("sweep", "reproduction")
"""Keys of the whole plan that the first plans did not have."""


def plan_of(keys: PlanKeys) -> Plan:
    """The record of a file that passed the schema."""
    return Plan(
        **_fields(keys, {"assay", *_NESTED}),
        data=DataSpec(**_fields(keys.data)),
        baseline=ModelSpec(**_fields(keys.baseline)),
        candidates=tuple(ModelSpec(**_fields(c)) for c in keys.candidates),
        claims=tuple(Claim(**c.model_dump()) for c in keys.claims),
        guardrails=tuple(Claim(**g.model_dump(), guardrail=True, primary=False) for g in keys.guardrails),
        ablations=tuple(Ablation(a.name, a.removes, ablation_model(a)) for a in keys.ablations),
        sweep=sweep_of(keys.sweep) if keys.sweep is not None else None,
        milestones=tuple(Milestone(**m.model_dump()) for m in keys.milestones),
        looks=looks_of(keys.looks),
        reuse=Reuse(**keys.reuse.model_dump()),
    )


def _fields(keys: Keys, without: Set[str] = frozenset()) -> dict[str, Any]:
    """Keys as a record takes them: lists are tuples there."""
    dumped = keys.model_dump(exclude=set(without))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in dumped.items()}


_NESTED = (
    "data",
    "baseline",
    "candidates",
    "claims",
    "guardrails",
    "ablations",
    "milestones",
    "looks",
    "reuse",
    "sweep",
)


def plan_content(plan: Plan) -> dict[str, Any]:
    """What is frozen: every field, tagged. Its digest is `assay.base.canonical.digest_json` of this."""
    content: dict[str, Any] = plain(plan)
    newer: dict[str, Looks | DataSpec | ModelSpec] = {"looks": plan.looks, "data": plan.data, "baseline": plan.baseline}
    kept: dict[str, Any] = {key: _without_new(part, content[key]) for key, part in newer.items()}
    pairs = zip(plan.candidates, content["candidates"], strict=True)
    kept["candidates"] = [_without_new(model, held) for model, held in pairs]
    for ablation, held in zip(plan.ablations, content["ablations"], strict=True):
        if ablation.model is not None:
            held["model"] = _without_new(ablation.model, held["model"])
    unsaid = {name for name in NEW_PARTS if not content[name]}
    return {"type": TYPE, "schema": SCHEMA, **{k: v for k, v in content.items() if k not in unsaid}, **kept}


def _without_new(part: Looks | DataSpec | ModelSpec, content: dict[str, Any]) -> dict[str, Any]:
    """Without what came after the first plans where it says nothing, so that these keep their digests."""
    unsaid = {f.name for f in fields(part) if f.name in NEW_KEYS and getattr(part, f.name) == _default(f)}
    return {name: value for name, value in content.items() if name not in unsaid}


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def plan_from_content(content: Mapping[str, Any]) -> Plan:
    """The plan of a stored content.

    Raises:
        PlanError: when it is no plan, of a newer schema, or does not fit its type.
    """
    kind, schema = content.get("type"), content.get("schema")
    if kind != TYPE or schema != SCHEMA:
        raise PlanError(
            f"the content has type {kind!r} and schema {schema!r}",
            rule=f"a plan has type {TYPE!r} and schema {SCHEMA}",
            fix="use the version of Assay that wrote it" if kind == TYPE else "name a plan",
        )
    body = {k: v for k, v in content.items() if k not in ("type", "schema")}
    try:
        plan = _adapter().validate_json(canonical_json(body), strict=True)
    except (ValidationError, TypeError, ValueError, RecursionError) as error:
        raise _unfit(str(error).splitlines()[1] if "\n" in str(error) else str(error)) from None
    if plan_content(plan) != plain(dict(content)):
        raise _unfit("it has fields that no plan has, or lacks some")
    return plan


@cache
def _adapter() -> TypeAdapter[Plan]:
    """What reads a stored plan; to build it takes longer than to use it."""
    return TypeAdapter(Plan)


def plan_to_yaml(plan: Plan) -> str:
    """The plan in the layout that users write; version, parent and deviation are no keys of a file."""
    out: dict[str, Any] = {"assay": 1}
    defaults = PlanKeys.model_fields
    for key in defaults:
        if key != "assay":
            out[key] = _layout(key, getattr(plan, key))
    kept = {k: v for k, v in out.items() if k == "assay" or v not in ("", [], {}, None)}
    return str(yaml.dump(kept, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def _layout(key: str, value: Any) -> Any:
    if key == "sweep":
        return sweep_layout(value) if value is not None else None
    if key == "ablations":
        return [_lean({"name": a.name, "removes": a.removes, **_files(a.model)}) for a in value]
    if key in ("claims", "guardrails"):
        drop = {"guardrail"} if key == "claims" else {"guardrail", "primary"}
        return [_lean({k: v for k, v in plain(c).items() if k not in drop}) for c in value]
    flat = plain(value)
    if isinstance(value, Looks):
        left = ("planned", "spending") if value.any_number else ()
        return _lean({k: v for k, v in _without_new(value, flat).items() if k not in left})
    if isinstance(flat, dict):
        return _lean(flat)
    return [_lean(v) if isinstance(v, dict) else v for v in flat] if isinstance(flat, list) else flat


def _files(model: ModelSpec | None) -> dict[str, str]:
    named = ("file", "score", "runs", "config", "command")
    return {} if model is None else {k: v for k, v in plain(model).items() if k in named}


def _lean(mapping: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in mapping.items() if v is not None and v != "" and v != [] and v != {}}


def _unfit(why: str) -> PlanError:
    return PlanError(
        f"the content is not a plan: {why}", rule="a stored plan has exactly a plan's fields", fix="restore the lab"
    )


class _Dumper(yaml.SafeDumper):
    """Writes what `plan_yaml` reads: a text that would be read as something else is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        """Values that occur twice are written twice."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    odd = scalar(text) is not None and not isinstance(scalar(text), str)
    style = '"' if odd or scalar(text) is None else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)
