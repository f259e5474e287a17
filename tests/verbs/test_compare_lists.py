"""Comparing what is more than one label or number a row: files, kinds of columns, bad input, units, evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sacrebleu
from sklearn import metrics as sk

from assay import direct
from assay.base.errors import AssayError
from assay.records.comparison import Comparison
from assay.verbs.compare import CompareRequest
from assay.verbs.compare import run as compare
from tests.helpers.runs import assay, line_of, only
from tests.helpers.tables import Columns, write
from tests.verbs.runs import KEYS, run

N = 60
RNG = np.random.default_rng(5)
LETTERS = [[list(RNG.permutation(list("abcd"))[: RNG.integers(0, 4)]) for _ in range(N)] for _ in range(3)]
SETS = {"id": list(range(N)), "y": LETTERS[0], "a": LETTERS[1], "b": LETTERS[2]}
WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "runs", "home"]
TEXTS = [[" ".join(RNG.choice(WORDS, RNG.integers(4, 9))) for _ in range(N)] for _ in range(3)]


def one(*tables: Any, metric: str, **options: Any) -> Comparison:
    return next(c for c in run(*tables, metrics=(metric,), **options).comparisons if not c.slice)


def said(columns: Columns, separator: str = "|") -> Columns:
    """Lists as text, as CSV has to write them."""
    return {
        k: [separator.join(map(str, v)) or "[]" if isinstance(v, list) else v for v in values]
        for k, values in columns.items()
    }


def values(found: Comparison) -> tuple[float | None, float | None]:
    return found.baseline.value, found.candidate.value


@pytest.mark.parametrize("metric", ["subset_accuracy", "hamming", "multilabel_f1", "multilabel_f1(average=macro)"])
def test_all_forms_of_a_table_give_the_same(tmp_path: Path, metric: str) -> None:
    table = pa.table(SETS)
    pq.write_table(table, tmp_path / "t.parquet")
    files = [write(tmp_path / "t.jsonl", SETS), write(tmp_path / "t.csv", said(SETS)), tmp_path / "t.parquet"]
    models = {"baseline": "a", "candidates": ("b",)}
    first = one(SETS, metric=metric, **models)
    assert first.difference.interval is not None
    for given in (table, table.to_pandas(), *files):
        again = one(given, metric=metric, **models)
        assert values(again) == values(first)
        assert again.difference.interval == first.difference.interval


def test_values_are_those_of_scikit_learn_and_keep_to_the_labels() -> None:
    truth, pred = (np.array([[k in row for k in "abcd"] for row in LETTERS[i]]) for i in (0, 1))
    models = {"baseline": "a", "candidates": ("b",)}
    assert values(one(SETS, metric="hamming", **models))[0] == pytest.approx(sk.hamming_loss(truth, pred))
    more = one(SETS, metric="hamming", labels=tuple("abcdefgh"), **models)
    assert values(more)[0] == pytest.approx(sk.hamming_loss(truth, pred) / 2)


def test_another_separator_and_labels_that_are_numbers(tmp_path: Path) -> None:
    numbers = {k: v if k == "id" else [[ord(c) for c in row] for row in v] for k, v in SETS.items()}
    path = write(tmp_path / "t.csv", said(numbers, ";"))
    expected = only(
        write(tmp_path / "t.jsonl", numbers), *KEYS, "--baseline", "a", "--candidate", "b", "--metric", "hamming"
    )
    found = only(path, *KEYS, "--baseline", "a", "--candidate", "b", "--metric", "hamming(separator=;)")
    assert found["difference"]["value"] == expected["difference"]["value"]


def test_classes_of_whole_numbers_match_in_lists_and_targets(tmp_path: Path) -> None:
    y = [i % 4 for i in range(N)]
    table = {"id": list(range(N)), "y": y, "a": [[0, 1]] * N, "b": [[k, (k + 1) % 4] for k in y]}
    floats = {**table, "y": [float(v) for v in y]}
    for given in (table, floats, write(tmp_path / "t.csv", said(table)), write(tmp_path / "t.jsonl", table)):
        found = one(given, metric="topk@1", baseline="a", candidates=("b",))
        assert values(found) == (0.25, 1.0)
        assert found.difference.method == "tango"


def test_a_column_of_answers_in_digits_is_read_as_it_is_written(tmp_path: Path) -> None:
    rows = [(i, "007" if i % 2 else "1.50", "7" if i % 2 else "1.5", "007" if i % 2 else "1.50") for i in range(N)]
    lines = ["id,y,a,b", *(",".join(map(str, r)) for r in rows)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines) + "\n")
    found = only(path, *KEYS, "--baseline", "a", "--candidate", "b", "--metric", "exact_match")
    assert (found["baseline"]["value"], found["candidate"]["value"]) == (0.0, 1.0)


def test_corpus_values_are_those_of_sacrebleu_over_all_documents_and_by_slice() -> None:
    lang = ["en" if i % 3 else "de" for i in range(N)]
    table = {"id": list(range(N)), "y": [[t, t.upper()] for t in TEXTS[0]], "a": TEXTS[1], "b": TEXTS[2], "lang": lang}
    found = run(table, metrics=("bleu", "ter"), baseline="a", candidates=("b",), slices=("lang",)).comparisons
    assert len(found) == 6
    for c in found:
        rows = [i for i in range(N) if not c.slice or lang[i] == c.slice["lang"]]
        streams = [[TEXTS[0][i] for i in rows], [TEXTS[0][i].upper() for i in rows]]
        peer = sacrebleu.BLEU() if c.metric.name == "bleu" else sacrebleu.TER()
        for side, texts in ((c.baseline, TEXTS[1]), (c.candidate, TEXTS[2])):
            assert side.value == pytest.approx(peer.corpus_score([texts[i] for i in rows], streams).score, abs=1e-9)
        assert c.difference.method == "jackknife"
        assert "a value of all rows together" in c.difference.reason


def test_the_jackknife_of_a_corpus_leaves_out_documents_and_units() -> None:
    table = {"id": list(range(N)), "y": TEXTS[0], "a": TEXTS[1], "b": TEXTS[2], "doc": [i // 3 for i in range(N)]}
    found = one(table, metric="wer", baseline="a", candidates=("b",))
    edits = np.array([[_wer(t, r) for t, r in zip(TEXTS[k], TEXTS[0], strict=True)] for k in (1, 2)])
    length = np.array([len(t.split()) for t in TEXTS[0]], dtype=float)
    without = [(e.sum() - e) / (length.sum() - length) for e in edits]
    gap = (edits[1].sum() - edits[0].sum()) / length.sum()
    assert found.difference.value == pytest.approx(gap)
    spread = float((N - 1) / N * ((without[1] - without[0] - gap) ** 2).sum())
    assert found.difference.interval is not None
    assert found.difference.interval[1] - gap == pytest.approx(2.0009954 * spread**0.5, rel=1e-6)
    clustered = one(table, metric="wer", baseline="a", candidates=("b",), unit="doc")
    assert clustered.alignment.units == N // 3
    assert clustered.difference.interval != found.difference.interval


def _wer(text: str, reference: str) -> float:
    """Word edits, by the table of Wagner and Fischer."""
    said, truth = text.split(), reference.split()
    row = list(range(len(truth) + 1))
    for i, word in enumerate(said, 1):
        last, row = row, [i] + [0] * len(truth)
        for j, other in enumerate(truth, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (word != other))
    return float(row[-1])


def test_a_corpus_of_many_documents_is_judged_by_buckets() -> None:
    n = 3000
    table = {"id": list(range(n)), "y": (TEXTS[0] * n)[:n], "a": (TEXTS[1] * n)[:n], "b": (TEXTS[2] * n)[:n]}
    found = one(table, metric="wer", baseline="a", candidates=("b",))
    assert found.alignment.units == n
    assert "bucket-of-units" in found.difference.reason


def test_a_table_without_a_key_has_no_corpus_value() -> None:
    table = {"y": TEXTS[0], "a": TEXTS[1], "b": TEXTS[2]}
    request = CompareRequest((table,), target="y", metrics=("bleu",), baseline="a", candidates=("b",))
    with pytest.raises(AssayError, match="needs to know what a row is"):
        compare(request)


def test_shares_are_judged_as_proportions_whichever_way_they_are_counted() -> None:
    y = [i % 3 for i in range(N)]
    wrong = [i % 5 for i in range(N)]
    a = [[k] if w else [k + 1] for k, w in zip(y, wrong, strict=True)]
    b = [[k] if w > 1 else [k + 1] for k, w in zip(y, wrong, strict=True)]
    lists = one({"id": list(range(N)), "y": y, "a": a, "b": b}, metric="set_coverage", baseline="a", candidates=("b",))
    plain = {"id": list(range(N)), "y": y, "a": [v[0] for v in a], "b": [v[0] for v in b]}
    labels = one(plain, metric="accuracy", baseline="a", candidates=("b",), labels=(0, 1, 2, 3))
    assert lists.difference.interval == pytest.approx(labels.difference.interval)
    assert lists.baseline.interval == pytest.approx(labels.baseline.interval)
    units = {"unit": "u"}
    grouped = [{**t, "u": [i // 2 for i in range(N)]} for t in ({"id": list(range(N)), "y": y, "a": a, "b": b}, plain)]
    first = one(grouped[0], metric="set_coverage", baseline="a", candidates=("b",), **units)
    second = one(grouped[1], metric="accuracy", baseline="a", candidates=("b",), labels=(0, 1, 2, 3), **units)
    assert first.difference.interval == pytest.approx(second.difference.interval)
    assert first.baseline.interval == pytest.approx(second.baseline.interval)
    assert first.baseline.method == second.baseline.method


def test_forecasts_are_read_by_horizon() -> None:
    y = RNG.normal(10, 2, N)
    horizon = [1 + i % 3 for i in range(N)]
    shared = {"id": list(range(N)), "y": y, "horizon": horizon, "scale": np.full(N, 2.0)}
    base = {**shared, "f": y + RNG.normal(size=N) * horizon, "low": y - 1, "high": y + 2.0}
    cand = {**shared, "f": y + RNG.normal(size=N), "low": y - 1, "high": y + 1.0}
    metrics = ("mase", "wape", "interval_width(lower=low, upper=high)", "pinball@0.9(high)")
    found = run(base, cand, metrics=metrics, scores=("f",), slices=("horizon",)).comparisons
    assert len(found) == 16
    for c in found:
        rows = np.array([not c.slice or h == c.slice["horizon"] for h in horizon])
        error = np.abs(cand["f"] - y)[rows]
        expected = {
            "mase": (error / 2).mean(),
            "wape": error.sum() / np.abs(y[rows]).sum(),
            "interval_width": 2.0,
            "pinball": 0.1,
        }
        assert c.candidate.value == pytest.approx(expected[c.metric.name])


def test_vectors_score_the_same_however_they_are_kept() -> None:
    """Floating point of two sizes as it is, as JSON in text, by unit and by row: equal to the bit."""
    y, drawn = RNG.normal(size=N), RNG.normal(size=(2, N, 5)).astype(np.float32)
    lists = [[None if i == 7 else v.tolist() for i, v in enumerate(side)] for side in drawn]
    own = {"id": list(range(N)), "u": [i // 2 for i in range(N)], "y": y}
    expected = [np.delete(_crps(d, y), 7).mean() for d in drawn.astype(float)]
    texts = dict(zip("ab", [[v and json.dumps(v) for v in side] for side in lists], strict=True))
    small = dict(zip("ab", [pa.array(side, pa.list_(pa.float32())) for side in lists], strict=True))
    forms = [{**own, "a": lists[0], "b": lists[1]}, {**own, **texts}, pa.table({**own, **small})]
    forms.append(pa.table({**own, **small, "b": texts["b"]}))
    for unit in ("", "u"):
        given: dict[str, Any] = {"baseline": "a", "candidates": ("b",), "unit": unit, "missing": "exclude"}
        found = [one(f, metric="crps", **given) for f in forms]
        assert values(found[0]) == pytest.approx(expected, rel=1e-12)
        assert len({(values(f), f.difference.interval, f.baseline.interval) for f in found}) == 1


def _crps(samples: Any, y: Any) -> Any:
    """By its double sum over samples [n, m]."""
    apart = np.abs(samples[:, :, None] - samples[:, None]).mean(axis=(1, 2))
    return np.abs(samples - y[:, None]).mean(axis=1) - apart / 2


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ([1.0, None], "missing, NaN or infinite"),
        ([1.0, float("nan")], "missing, NaN or infinite"),
        ([1.0, float("inf")], "missing, NaN or infinite"),
        ([1.0], "vectors of 2 and of 1 values"),
        ([], "as a vector"),
    ],
)
def test_vectors_with_a_hole_are_refused(odd: list[Any], message: str) -> None:
    for kind in (pa.float32(), pa.float64()):
        side = pa.array([*[[1.5, 2.5]] * 11, odd], pa.list_(kind))
        table = pa.table({"id": list(range(12)), "y": [1.0] * 12, "a": side, "b": side})
        with pytest.raises(AssayError, match=message):
            one(table, metric="crps", baseline="a", candidates=("b",))


def test_labels_kept_in_floating_point_are_labels() -> None:
    numbers = {k: v if k == "id" else [[ord(c) for c in row] for row in v] for k, v in SETS.items()}
    floats = {k: v if k == "id" else pa.array(v, pa.list_(pa.float64())) for k, v in numbers.items()}
    models = {"baseline": "a", "candidates": ("b",)}
    for metric in ("hamming", "multilabel_f1(average=macro)"):
        found = one(pa.table(floats), metric=metric, **models)
        assert found.difference == one(numbers, metric=metric, **models).difference


def test_a_scale_belongs_to_the_row() -> None:
    base = {"id": [1, 2], "y": [1.0, 2.0], "f": [1.0, 2.0], "scale": [1.0, 1.0]}
    with pytest.raises(AssayError, match="the column 'scale' is 1 for one model and 2 for another"):
        run(base, {**base, "scale": [1.0, 2.0]}, metrics=("mase",), scores=("f",))


def test_what_is_undefined_has_its_reason() -> None:
    zero = {"id": list(range(N)), "y": np.zeros(N), "a": np.ones(N), "b": np.ones(N), "scale": np.zeros(N)}
    for metric, why in (("wape", "every target is 0"), ("mase", "the scale is 0 in some rows")):
        found = one(zero, metric=metric, baseline="a", candidates=("b",))
        assert found.difference.value is None
        assert why in found.difference.reason
    empty = {"id": list(range(N)), "y": [""] * N, "a": ["x"] * N, "b": ["y"] * N}
    for metric in ("wer", "bleu", "ter", "chrf"):
        found = one(empty, metric=metric, baseline="a", candidates=("b",))
        assert found.difference.value is None
        assert "no reference has a" in found.difference.reason
    nothing = {"id": list(range(N)), "y": [[]] * N, "a": [[]] * N, "b": [[]] * N}
    found = one(nothing, metric="multilabel_f1", baseline="a", candidates=("b",))
    assert found.difference.value is None
    assert found.difference.reason.startswith("no row has a label")


@pytest.mark.parametrize(
    ("metric", "prediction", "problem"),
    [
        ("crps", [[1.0, 2.0], [1.0]], "vectors of 2 and of 1 values"),
        ("crps", [[1.0, float("nan")], [1.0, 2.0]], "missing, NaN or infinite"),
        ("crps", [[1.0, None], [1.0, 2.0]], "missing, NaN or infinite"),
        ("crps", [[], []], "as a vector"),
        ("crps", ["1, 2", "3, 4"], "cannot read '1, 2' as a vector"),
        ("crps", [1.0, 2.0], "cannot read predictions of numbers in floating point"),
        ("crps", ["{}", "[1]"], "cannot read '{}' as a vector"),
        ("crps(levels=0.1|0.9)", [[1.0, 2.0, 3.0]] * 2, "3 quantiles a row and 2 levels"),
        ("interval_score@0.9", [[2.0, 1.0], [1.0, 2.0]], "an interval from 2 to 1"),
        ("interval_score@0.9(lower=low, upper=high)", [1.0, 2.0], "has no column 'low'"),
        ("mase(scale=q)", [1.0, 2.0], "has no column 'q'"),
        ("mae", [[1.0], [2.0]], "holds nested or mixed values"),
    ],
)
def test_vectors_that_cannot_be_read_are_refused(metric: str, prediction: list[Any], problem: str) -> None:
    base = {"id": [1, 2], "y": [1.0, 2.0], "p": prediction}
    with pytest.raises(AssayError) as caught:
        run(base, base, metrics=(metric,), scores=("p",))
    assert problem in caught.value.line()


@pytest.mark.parametrize(
    ("metric", "target", "prediction", "problem"),
    [
        ("hamming", ["a|b", "b"], ["a||b", "b"], "cannot read 'a||b' as labels"),
        ("hamming", ["a|b", "b"], ["['a', 'b']", "b"], "cannot read \"['a', 'b']\" as labels"),
        ("hamming", ["a|b", "b"], ['["a", null]', "b"], "as labels"),
        ("hamming", ["a|b", "b"], [0.5, 0.7], "predictions of numbers in floating point"),
        ("topk@2", ["a", "b"], ["a|b|a", "b"], "the class 'a' is listed twice"),
        ("topk@2", [["a"], ["b"]], ["a|b", "b"], "nested or mixed values"),
        ("topk@2(from=scores)", ["a", "b"], [[0.1, 0.9], [0.2, 0.8]], "needs the classes in the order of the scores"),
        ("exact_match", ["a", "b"], [["a"], ["b"]], "cannot read predictions of lists"),
        ("exact_match", [[], ["b"]], ["a", "b"], "cannot read the references '[]'"),
        ("exact_match", [["a", None], ["b", "c"]], ["a", "b"], "cannot read the references"),
        ("exact_match", ["a", "b"], [0.5, 1.5], "several spellings"),
        ("accuracy", [["a"], ["b"]], [["a"], ["b"]], "nested or mixed values"),
        ("token_f1", [{"a": 1}, {"a": 2}], ["a", "b"], "nested or mixed values"),
    ],
)
def test_labels_and_texts_that_cannot_be_read_are_refused(
    metric: str, target: list[Any], prediction: list[Any], problem: str
) -> None:
    base = {"id": [1, 2], "y": target, "p": prediction}
    with pytest.raises(AssayError) as caught:
        run(base, base, metrics=(metric,), scores=("p",))
    assert problem in caught.value.line()


def test_a_metric_of_one_value_beside_one_of_lists_does_not_take_the_lists() -> None:
    with pytest.raises(AssayError, match="nested or mixed values"):
        run(SETS, metrics=("accuracy", "subset_accuracy"), baseline="a", candidates=("b",))


def test_refusals_are_one_line_and_write_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", {"id": [1, 2], "y": [1.0, 2.0], "a": [[1, 2], [3]], "b": [[1, 2], [3, 4]]})
    before = set(tmp_path.rglob("*"))
    done = assay(
        "compare", path, *KEYS, "--baseline", "a", "--candidate", "b", "--metric", "crps", "--json", tmp_path / "o"
    )
    assert "vectors of 2 and of 1 values" in line_of(done, tmp_path, before)


@pytest.mark.parametrize(("policy", "rows", "value"), [("exclude", N - 10, 1.0), ("failure", N, 5 / 6)])
def test_rows_without_a_prediction_count_as_the_policy_says(policy: Any, rows: int, value: float) -> None:
    answers = [f"answer {i}" for i in range(N)]
    table = {
        "id": list(range(N)),
        "y": answers,
        "a": ["no"] * N,
        "b": [None if i % 6 == 0 else v for i, v in enumerate(answers)],
    }
    for metric in ("exact_match", "token_f1"):
        found = one(table, metric=metric, baseline="a", candidates=("b",), missing=policy)
        assert found.alignment.rows == rows
        assert found.candidate.value == pytest.approx(value)
    bounded = one(table, metric="token_f1", baseline="a", candidates=("b",), missing="bounds")
    assert bounded.difference.diagnostics["bounds"] == pytest.approx((5 / 6, 1.0))
    with pytest.raises(AssayError, match="has no worst value"):
        one(table, metric="wer", baseline="a", candidates=("b",), missing=policy if policy != "exclude" else "bounds")


def test_a_lone_surrogate_or_a_null_in_text_does_no_harm(tmp_path: Path) -> None:
    table = {"id": list(range(N)), "y": ["a\x00b"] * N, "a": ["a b"] * N, "b": ["A\x00B"] * N}
    path = write(tmp_path / "t.jsonl", table)
    found = only(path, *KEYS, "--baseline", "a", "--candidate", "b", "--metric", "exact_match")
    assert found["candidate"]["value"] == 1.0
    assert json.loads(path.read_text().splitlines()[0])["y"] == "a\x00b"


def test_a_vector_where_one_number_is_read_names_the_way_to_read_it() -> None:
    table = {"id": [1, 2], "y": [0, 1], "a": [[0.5, 0.5], [0.2, 0.8]], "b": [[0.6, 0.4], [0.1, 0.9]]}
    with pytest.raises(AssayError, match="a list in every row; a metric that is asked for reads one value") as raised:
        one(table, metric="aurc", baseline="a", candidates=("b",))
    assert "aurc(from=scores)" in str(raised.value)
    assert one(table, metric="aurc(from=scores)", baseline="a", candidates=("b",), labels=("0", "1")).metric


@pytest.mark.parametrize("option", ["labels", "slices", "metrics", "on", "candidates", "score"])
@pytest.mark.parametrize("given", [None, 3])
def test_what_is_no_list_of_names_is_one_clear_error(option: str, given: Any) -> None:
    asked: dict[str, Any] = {"baseline": "a", "candidates": "b", "on": "id", "target": "y", "metrics": "accuracy"}
    with pytest.raises(AssayError, match=f"{given} stands where names are given"):
        direct.compare({"id": [1], "y": [0], "a": [0], "b": [1]}, **{**asked, option: given})
    if option == "labels":
        with pytest.raises(AssayError, match=f"{given} stands where names are given"):
            direct.power(metric="accuracy", effect=0.03, discordant=0.1, labels=given)
