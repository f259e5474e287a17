"""Copies among the seeds of a model: one training run under two numbers would look like two that agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.base.errors import AlignmentError
from assay.data.request import ModelArms
from assay.records.protocols import Engine, Table

FEW_VALUES = 20
"""Predictions of so few values, such as labels, can agree in every row by chance."""


def refuse_copies(engine: Engine, joined: Table, keys: Sequence[str], models: Sequence[ModelArms]) -> None:
    """Two seeds of a model whose scores are equal in every row are one run.

    Labels are let through, as two runs may well agree on all of them.

    Raises:
        AlignmentError: naming the model and the two seeds.
    """
    for model in models:
        arms = [a for a in model.arms.get("", ()) if joined.columns[a] == "number"]
        copies = _copies(engine, joined, keys, arms)
        if copies is not None:
            first, second = (model.seeds[model.arms[""].index(a)] for a in copies)
            raise AlignmentError(
                f"the seeds {first!r} and {second!r} of {model.name} have the same prediction in every row",
                rule="each seed is a training run of its own; copies of one run hide how much training varies",
                fix="train with that seed, or drop the copies; a deterministic baseline stands as one seed",
                where=joined.source,
            )


def _copies(engine: Engine, joined: Table, keys: Sequence[str], arms: Sequence[str]) -> tuple[str, str] | None:
    """The first two columns that are equal in every row; only those of one range and as many gaps are compared."""
    if len(arms) < 2:
        return None
    alike: dict[Any, list[str]] = {}
    for arm, found in engine.profile(joined, arms).items():
        alike.setdefault((found.missing, found.least, found.most), []).append(arm)
    for group in alike.values():
        seen: dict[str, str] = {}
        for arm in group if len(group) > 1 else ():
            first = seen.setdefault(engine.fingerprint(joined, [*keys, arm]), arm)
            if first != arm and len(engine.distinct(joined, arm, FEW_VALUES)) > FEW_VALUES:
                return first, arm
    return None
