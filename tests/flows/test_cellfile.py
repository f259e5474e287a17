"""Cells survive their files, every kind of sample among them."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pytest

from assay.base.canonical import canonical_json
from assay.base.errors import EvidenceError
from assay.evaluate.request import Cell, Pair, Side
from assay.flows.cellfile import KINDS, pack, unpack
from assay.metrics import parse
from assay.records.sample import Design, GroupedCounts, GroupedSums, Moments, PairedCounts, Rows, Sample

SAMPLES: dict[str, Sample] = {
    "paired_counts": PairedCounts(np.arange(8).reshape(2, 2, 2)),
    "grouped_counts": GroupedCounts(np.arange(24).reshape(3, 2, 2, 2)),
    "moments": Moments(7, np.ones((2, 1)), np.eye(2), 5, np.zeros(3)),
    "grouped_sums": GroupedSums(np.array([1, 2]), np.arange(4.0).reshape(2, 2, 1)),
    "rows": Rows(np.array([0.0, 1.0]), np.array([[0.1, np.nan], [0.3, -0.0]]), np.array([0, 1]), None),
}


def cell(sample: Sample) -> Cell:
    pair = Pair(Side("a", {"": ("a0_0_0",)}), Side("b", {"": ("a1_0_0",)}), seeds_paired=True)
    return Cell((parse("auc"),), pair, ("s0",), ("north", None), (sample,), (Design(7, 5, 4.5, True),), (1, "x"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_is_what_it_was(kind: str) -> None:
    made = cell(SAMPLES[kind])
    index, arrays = pack([made, made])
    read = unpack(json.loads(canonical_json(index)), arrays)
    assert pack(read) == (index, arrays)
    for field in fields(SAMPLES[kind]):
        one, two = getattr(made.samples[0], field.name), getattr(read[1].samples[0], field.name)
        assert np.array_equal(one, two, equal_nan=True) if isinstance(one, np.ndarray) else one == two
    assert (read[0].pair.candidate.name, read[0].key, read[0].designs) == ("b", ("north", None), made.designs)


def test_the_same_cells_have_the_same_bytes() -> None:
    made = [cell(s) for s in SAMPLES.values()]
    assert pack(made) == pack(made)
    assert pack(made)[1] != pack(made[::-1])[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_of_another_kind_is_refused(kind: str) -> None:
    index, arrays = pack([cell(SAMPLES[kind])])
    other = next(k for k in KINDS if k != kind)
    index["cells"][0]["samples"][0]["kind"] = other
    with pytest.raises((EvidenceError, TypeError)):
        unpack(json.loads(canonical_json(index)), arrays)


def test_negative_counts_are_refused() -> None:
    index, arrays = pack([cell(PairedCounts(np.full((2, 2, 2), -1)))])
    with pytest.raises(EvidenceError, match="negative"):
        unpack(index, arrays)
