"""Opening files: digests, refusals, and damage of every kind, which is never a traceback and never exit code 1."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.base.canonical import content_digest
from assay.base.errors import InputError
from assay.readers.files import FORMS, open_source
from tests.helpers.runs import Run, assay
from tests.helpers.tables import binary, two, write

AUC = ("--on", "id", "--target", "y", "--metric", "auc", "--metric", "f1@0.5", "--json", "-")
# `make faults` damages as many times more.
TIMES = int(os.environ.get("ASSAY_TIMES", "1"))
slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_source_knows_its_form_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "T.CSV"
    path.write_bytes(b"id\n1\n")
    found = open_source(path)
    assert found.form == ".csv"
    assert found.digest == content_digest(b"id\n1\n")


@pytest.mark.parametrize("ending", FORMS)
def test_every_ending_that_is_known_can_be_empty(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    path.touch()
    with pytest.raises(InputError, match="is empty"):
        open_source(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.xlsx", b"PK", "has the ending '.xlsx'"),
        ("t", b"id", "has the ending 'no ending'"),
        ("t.csv", b"PAR1", "holds Parquet"),
        ("t.parquet", b"id,y", "does not start as Parquet does"),
        ("t.jsonl", b"  [1]", r"starts with '\['"),
        ("t.csv", b"id\x00", "holds NUL bytes"),
    ],
)
def test_what_does_not_look_like_its_ending_is_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        open_source(path)
    assert caught.value.where == name


def settled(run: Run) -> None:
    """Either an answer, or one line and exit code 2."""
    assert run.code in (0, 2), (run.code, run.err)
    assert "Traceback" not in run.err
    if run.code == 2:
        assert run.out == ""
        assert len(run.err.splitlines()) == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fuzz")
    for ending in (".parquet", ".csv", ".jsonl"):
        two(made, binary(40, r=["é", "b"] * 20), ending)
    return made


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_flipped_bytes_and_cuts_are_read_or_refused(ending: str, folder: Path) -> None:
    whole = (folder / f"cand{ending}").read_bytes()
    rng = np.random.default_rng(7)
    refusals = 0
    for trial in range(30 * TIMES):
        content = bytearray(whole)
        for place in rng.integers(0, len(content), 1 + trial % 8):
            content[place] = rng.integers(0, 256)
        cut = len(content) if trial % 4 else int(rng.integers(1, len(content)))
        bad = folder / f"bad{ending}"
        bad.write_bytes(bytes(content[:cut]))
        run = assay("compare", folder / f"base{ending}", bad, "--score", "p", *AUC)
        settled(run)
        refusals += run.code == 2
    assert refusals >= 5 * TIMES


@slow
@given(content=st.binary(max_size=200), ending=st.sampled_from([".csv", ".tsv", ".jsonl", ".parquet"]))
def test_any_bytes_are_read_or_refused(content: bytes, ending: str, folder: Path) -> None:
    bad = folder / f"any{ending}"
    bad.write_bytes(content)
    run = assay("compare", folder / "base.csv", bad, "--score", "p", *AUC)
    settled(run)
    assert run.code == 2


@slow
@given(
    body=st.text(alphabet="0123456789.,;\"'\n\r\t |#-e+nafiIN\\é\u2028", max_size=120),
    header=st.sampled_from(["id,y,p\n", '"id","y","p"\r\n', "p;y;id\n", "id,y,p,\n", "id,y,p"]),
)
def test_any_csv_is_read_or_refused(body: str, header: str, folder: Path) -> None:
    bad = folder / "text.csv"
    bad.write_text(header + body, encoding="utf-8", newline="")
    settled(assay("compare", bad, bad, "--score", "p", *AUC))
    settled(assay("compare", folder / "base.csv", bad, "--score", "p", "--missing", "exclude", *AUC))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@slow
@given(rows=st.lists(st.fixed_dictionaries({"id": values, "y": values, "p": values}), min_size=1, max_size=5))
def test_any_json_is_read_or_refused(rows: list[dict[str, object]], folder: Path) -> None:
    columns = {c: [row[c] for row in rows] for c in ("id", "y", "p")}
    bad = write(folder / "any.jsonl", columns)
    settled(assay("compare", bad, bad, "--score", "p", "--missing", "failure", *AUC))


@slow
@given(
    y=st.lists(st.sampled_from([0, 1, None, 2]), min_size=1, max_size=6),
    p=st.lists(st.one_of(st.none(), st.floats()), min_size=6, max_size=6),
    policy=st.sampled_from(["refuse", "exclude", "failure", "bounds"]),
    metric=st.sampled_from(["accuracy@0.5", "brier", "rmse", "auc", "mcc@0.5", "r2", "log_loss", "ece", "p95", "mape"]),
)
def test_any_few_rows_are_compared_or_refused(y: list[object], p: list[object], policy: str, metric: str) -> None:
    from assay.base.canonical import canonical_json
    from assay.base.errors import AssayError
    from assay.verbs import compare

    n = len(y)
    base = {"id": list(range(n)), "y": y, "p": p[:n]}
    request = compare.CompareRequest(
        files=(base, {**base, "p": p[::-1][:n]}), on=("id",), target="y", metrics=(metric,), missing=policy
    )
    try:
        found = compare.run(request)
    except AssayError as error:
        said = error.line()
        assert len(said.splitlines()) == 1
        return
    assert found.comparisons
    assert b"NaN" not in canonical_json(found.to_json())
    for one in found.comparisons:
        for estimate in (one.baseline, one.candidate, one.difference):
            assert (estimate.value is None) == (estimate.undefined is not None)
