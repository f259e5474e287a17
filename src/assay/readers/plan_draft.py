"""The parts of a plan file that are sound on their own, so that the lint can speak beside the schema."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assay.readers.plan_schema import (
    AblationKeys,
    ClaimKeys,
    DataKeys,
    GuardrailKeys,
    LooksKeys,
    ModelKeys,
    PlanKeys,
    ReuseKeys,
    SweepKeys,
)
from assay.readers.plan_yaml import Document, Key

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan file as far as it can be understood.

    Attributes:
        document: The parsed file, for lines.
        complete: Whether every candidate is sound, so that names can be judged.
        given: Top keys that are sound, by name; defaults where they are absent.
    """

    document: Document
    given: Mapping[str, Any]
    data: DataKeys | None
    baseline: ModelKeys | None
    candidates: Mapping[Key, ModelKeys]
    ablations: Mapping[Key, AblationKeys]
    claims: Mapping[Key, ClaimKeys]
    guardrails: Mapping[Key, GuardrailKeys]
    looks: LooksKeys | None
    reuse: ReuseKeys | None
    complete: bool
    sweep: SweepKeys | None = None

    @property
    def asked(self) -> dict[Key, GuardrailKeys]:
        """Claims and guardrails together."""
        return {**self.claims, **self.guardrails}


def draft_of(document: Document, broken: Set[str]) -> Draft:
    """Understand what can be understood of a file whose top is a mapping.

    Args:
        document: The parsed file.
        broken: Top keys in which the schema found something.
    """
    raw: dict[str, Any] = document.value
    candidates = _items(raw, "candidates", ModelKeys)
    return Draft(
        document=document,
        given={name: _field(raw, name, name in broken) for name in PlanKeys.model_fields},
        data=_one(raw.get("data"), DataKeys),
        baseline=_one(raw.get("baseline"), ModelKeys),
        candidates=candidates,
        ablations=_items(raw, "ablations", AblationKeys),
        claims=_items(raw, "claims", ClaimKeys),
        guardrails=_items(raw, "guardrails", GuardrailKeys),
        looks=_one(raw.get("looks") or {}, LooksKeys),
        reuse=_one(raw.get("reuse") or {}, ReuseKeys),
        complete=len(candidates) == len(_listed(raw.get("candidates"))),
        sweep=_one(raw.get("sweep"), SweepKeys),
    )


def _field(raw: Mapping[str, Any], name: str, broken: bool) -> Any:
    """A top key's value; its default where it is absent or not sound, None without a default."""
    field = PlanKeys.model_fields[name]
    default = None if field.is_required() else field.get_default()
    return default if broken or raw.get(name) is None else raw[name]


def _one(value: Any, kind: type[M]) -> M | None:
    try:
        return kind.model_validate(value)
    except ValidationError:
        return None


def _items(raw: Mapping[str, Any], name: str, kind: type[M]) -> dict[Key, M]:
    found = {(name, i): _one(item, kind) for i, item in enumerate(_listed(raw.get(name)))}
    return {path: item for path, item in found.items() if item is not None}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
