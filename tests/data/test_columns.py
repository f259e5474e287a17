"""Which column is what."""

from __future__ import annotations

from typing import Any

import pytest

from assay.base.errors import AlignmentError, InputError
from assay.data.columns import held_somewhere, require, same_kind, score_column
from assay.data.request import AlignRequest, ModelInput
from assay.records.protocols import Table


def table(source: str = "a.csv", **columns: Any) -> Table:
    return Table("t", source, columns)


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"a.csv: has no column 'scor' for x; .*did you mean 'score'\?"):
        require(table(id="integer", score="number"), ["scor"], "x")
    with pytest.raises(InputError, match="nested or mixed values"):
        require(table(id="other"), ["id"], "the key")


def test_a_column_in_one_table_is_enough_and_is_plain_in_all() -> None:
    one, two = table(id="integer", r="text"), table("b.csv", id="integer")
    held_somewhere([one, two], "r", "a slice")
    with pytest.raises(InputError, match=r"b.csv: the column 'r' for a slice holds nested"):
        held_somewhere([one, table("b.csv", r="other")], "r", "a slice")


@pytest.mark.parametrize(
    ("kinds", "fit"),
    [
        (("integer", "number"), True),
        (("boolean", "integer"), True),
        (("time", "text"), True),
        (("integer", "text"), False),
        (("boolean", "text"), False),
        (("time", "number"), False),
    ],
)
def test_columns_that_meet_have_types_that_compare(kinds: tuple[str, str], fit: bool) -> None:
    tables = [table(f"{i}.csv", c=k) for i, k in enumerate(kinds)]
    if fit:
        same_kind(tables, ["c"])
    else:
        with pytest.raises(AlignmentError, match=f"mixed types: {kinds[0]} in 0.csv, {kinds[1]} in 1.csv"):
            same_kind(tables, ["c"])


def request(model: ModelInput, **more: Any) -> AlignRequest:
    return AlignRequest((model,), ("id",), "y", **more)


def test_the_only_column_left_holds_the_predictions() -> None:
    model = ModelInput("m", table(id="integer", y="integer", u="text", p="number"))
    assert score_column(model, request(model, unit="u")) == "p"
    with pytest.raises(InputError, match="2 columns that could hold predictions: u, p"):
        score_column(model, request(model))
    with pytest.raises(InputError, match="no column left"):
        score_column(model, request(model, unit="u", slices=(("p",),)))
    nested = ModelInput("m", table(id="integer", y="integer", p="other"))
    with pytest.raises(InputError, match="nested"):
        score_column(nested, request(nested))


def test_the_named_column_is_taken() -> None:
    model = ModelInput("m", table(id="integer", y="integer", u="text", p="number"), "p")
    assert score_column(model, request(model)) == "p"
    target = ModelInput("m", model.table, "y")
    with pytest.raises(InputError, match="the target 'y' itself"):
        score_column(target, request(target))
