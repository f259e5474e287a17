"""The fingerprint of rows: equal for equal values in any form and order, different for any other value."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assay.engine import DuckEngine

LARGE = 2**60


def digest(**columns: object) -> str:
    with DuckEngine(1) as engine:
        return engine.fingerprint(engine.register(columns, "t"), list(columns))


def test_ids_beyond_what_a_double_holds_are_told_apart() -> None:
    ids = np.array([LARGE, LARGE + 1, LARGE + 2])
    assert digest(id=ids) == digest(id=ids[::-1].copy())
    assert digest(id=ids) != digest(id=ids + np.array([0, 1, 0]))
    assert digest(id=ids) != digest(id=np.array([LARGE] * 3))
    assert digest(id=np.array([2**63 + 1], dtype=np.uint64)) != digest(id=np.array([2**63], dtype=np.uint64))


@pytest.mark.parametrize("numbers", [[0, 1, 7], [1, 0, 1], [-3, 2**53 - 1, 2**40], [LARGE, -LARGE, 2**62]])
def test_whole_numbers_have_one_digest_in_every_type(numbers: list[int]) -> None:
    one = digest(v=np.array(numbers, dtype=np.int64))
    assert one == digest(v=np.array(numbers, dtype=float))
    if set(numbers) <= {0, 1}:
        assert one == digest(v=np.array(numbers, dtype=bool))
        assert one == digest(v=np.array(numbers, dtype=np.int8))


def test_every_double_has_a_text_of_its_own() -> None:
    odd = [0.5, 1e300, -1e300, 2.0**63, 2.0**64, math.inf, -math.inf, 1e-320, 0.1 + 0.2, 0.3, 1.0]
    assert len({digest(v=np.array([v])) for v in odd}) == len(odd)
    assert digest(v=np.array([0.0])) == digest(v=np.array([-0.0]))
