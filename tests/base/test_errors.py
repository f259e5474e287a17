"""Errors that a user can act on."""

from __future__ import annotations

import pytest

from assay.base import errors
from assay.base.errors import AssayError, InputError, PlanError

TREE = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, AssayError)]


def test_an_error_is_one_line_with_what_rule_and_fix() -> None:
    error = InputError("has\nno  rows", rule="a rule", fix="do this", where="a.csv")
    assert error.line() == str(error) == "a.csv: has no rows; a rule; do this"
    assert InputError("alone").line() == "alone"


def test_every_face_gets_the_same_shape() -> None:
    shape = InputError("what", rule="rule", where="x").to_json()
    assert shape == {"code": "input", "where": "x", "what": "what", "rule": "rule", "fix": ""}


def test_codes_are_stable_and_their_own() -> None:
    codes = [e.code for e in TREE]
    assert len(set(codes)) == len(codes)
    known = "assay input alignment metric plan frozen look evidence store engine"
    assert set(known.split()) <= set(codes)


def test_a_plan_error_keeps_every_problem() -> None:
    parts = (InputError("one"), InputError("two"))
    with pytest.raises(PlanError) as caught:
        raise PlanError("2 problems", problems=parts)
    assert caught.value.problems == parts
