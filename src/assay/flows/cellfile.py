"""Cells as files: arrays in one `.npz`, all else in JSON; nothing is pickled."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from assay.base.canonical import plain
from assay.base.errors import EvidenceError
from assay.evaluate.request import Cell, Pair, Side
from assay.metrics import parse
from assay.records.metric import Array
from assay.records.sample import Design, GroupedCounts, GroupedSums, Moments, PairedCounts, Rows, Sample

KINDS: dict[str, type[Sample]] = {
    "paired_counts": PairedCounts,
    "grouped_counts": GroupedCounts,
    "moments": Moments,
    "grouped_sums": GroupedSums,
    "rows": Rows,
}
SHAPES: dict[str, dict[str, tuple[str, int]]] = {
    "paired_counts": {"counts": ("i", 3)},
    "grouped_counts": {"counts": ("i", 4)},
    "moments": {"mean": ("f", 2), "comoment": ("f", 2), "skewness": ("f", 1)},
    "grouped_sums": {"n": ("i", 1), "sums": ("f", 3)},
    "rows": {"target": ("bif", 1), "scores": ("f", 2), "unit": ("i", 1), "group": ("i", 1)},
}
"""Each array's kinds of number and its axes."""
OPTIONAL = ("unit", "group")
TAGS = {kind: tag for tag, kind in KINDS.items()}


def pack(cells: Sequence[Cell]) -> tuple[dict[str, Any], bytes]:
    """The index of the cells, and their arrays as the bytes of an uncompressed `.npz`."""
    arrays: dict[str, Array] = {}
    index = []
    for cell in cells:
        index.append(
            {
                "metrics": [m.label for m in cell.metrics],
                "pair": _pair(cell.pair),
                "columns": list(cell.columns),
                "key": plain(list(cell.key)),
                "groups": plain(list(cell.groups)),
                "designs": [plain(d) for d in cell.designs],
                "whole": plain(cell.whole),
                "samples": [_pack_sample(s, arrays) for s in cell.samples],
            }
        )
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **arrays)
    return {"type": "cells", "schema": 1, "cells": index}, out.getvalue()


def unpack(index: dict[str, Any], content: bytes) -> list[Cell]:
    """The cells again.

    Raises:
        EvidenceError: when index and arrays do not fit together; and what NumPy raises on bytes that are no arrays.
    """
    _check_members(content)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return [_cell(entry, arrays) for entry in index["cells"]]


def _check_members(content: bytes) -> None:
    """Only arrays as they are: something compressed could unfold to more than memory holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.compress_type != zipfile.ZIP_STORED or member.file_size > len(content):
                raise _unfit(f"{member.filename} is compressed")


def _unfit(what: str) -> EvidenceError:
    return EvidenceError(
        f"the cells cannot be read: {what}",
        rule="cells.json and cells.npz belong together",
        fix="take the evidence from its source again",
    )


def _pair(pair: Pair) -> dict[str, Any]:
    sides = {"baseline": pair.baseline, "candidate": pair.candidate}
    return {
        **{role: {"name": s.name, "arms": {k: list(v) for k, v in s.arms.items()}} for role, s in sides.items()},
        "seeds_paired": pair.seeds_paired,
    }


def _side(entry: dict[str, Any]) -> Side:
    return Side(entry["name"], {k: tuple(v) for k, v in entry["arms"].items()})


def _pack_sample(sample: Sample, arrays: dict[str, Array]) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": TAGS[type(sample)]}
    for field in fields(sample):
        value = getattr(sample, field.name)
        if isinstance(value, np.ndarray):
            name = f"c{len(arrays):06d}"
            arrays[name] = value
            entry[field.name] = {"array": name}
        else:
            entry[field.name] = value
    return entry


def _cell(entry: dict[str, Any], arrays: Any) -> Cell:
    pair = entry["pair"]
    return Cell(
        tuple(parse(label) for label in entry["metrics"]),
        Pair(_side(pair["baseline"]), _side(pair["candidate"]), seeds_paired=bool(pair["seeds_paired"])),
        tuple(entry["columns"]),
        tuple(entry["key"]),
        tuple(_sample(s, arrays) for s in entry["samples"]),
        tuple(_design(d) for d in entry["designs"]),
        tuple(entry["groups"]),
        _design(entry["whole"]) if entry["whole"] else None,
    )


def _sample(entry: dict[str, Any], arrays: Any) -> Sample:
    values = {k: arrays[v["array"]] if isinstance(v, dict) else v for k, v in entry.items() if k != "kind"}
    sample = KINDS[entry["kind"]](**values)
    for field, (kinds, axes) in SHAPES[entry["kind"]].items():
        value = getattr(sample, field)
        if value is None and field in OPTIONAL:
            continue
        if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds or value.ndim != axes:
            raise _unfit(f"{field} of {entry['kind']} has another type or shape")
        if value.dtype.kind == "i" and field not in ("target", *OPTIONAL) and (value < 0).any():
            raise _unfit(f"{field} of {entry['kind']} has a negative count")
    if isinstance(sample, Moments) and not (_count(sample.n) and _count(sample.nonzero)):
        raise _unfit("moments have no count of rows")
    return sample


def _count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _design(entry: dict[str, Any]) -> Design:
    return Design(**{**entry, "baseline": tuple(entry["baseline"]), "candidate": tuple(entry["candidate"])})
