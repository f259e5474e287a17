"""`assay compare`: what it prints, and that every bad input is one line, exit code 2, and nothing written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.metrics.registry import METRICS
from tests.helpers.runs import assay, compared, inside, line_of, refused
from tests.helpers.tables import Columns, binary, two, write

KEYS = ("--on", "id", "--target", "y")
AUC = (*KEYS, "--metric", "auc")


@pytest.fixture(autouse=True)
def own_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics of a plug-in end with the test that loads it."""
    monkeypatch.setattr(METRICS, "_items", dict(METRICS._items))


def rows(n: int = 40, **changed: Any) -> dict[str, list[Any]]:
    """One file: id, y, p; a change is a column or (row, value) of one."""
    made = {"id": list(range(n)), "y": [i % 2 for i in range(n)], "p": [(i * 7 % 10) / 10 for i in range(n)]}
    for column, change in changed.items():
        if isinstance(change, tuple):
            made[column] = [change[1] if i == change[0] else v for i, v in enumerate(made[column])]
        else:
            made[column] = list(change)
    return made


def both(folder: Path, cand: Columns, base: Columns | None = None, ending: str = ".csv") -> tuple[Path, Path]:
    return write(folder / f"base{ending}", base or rows()), write(folder / f"cand{ending}", cand)


CANDIDATES: dict[str, tuple[Columns, str, str]] = {
    "rows that the candidate lacks": (rows(38), "auc", "cand lacks 2 rows that base has"),
    "rows that the baseline lacks": (rows(42), "auc", "base lacks 2 rows that cand has"),
    "no common row": (rows(id=range(100, 140)), "auc", "lacks 40 rows"),
    "a key twice": (rows(id=(3, 4)), "auc", "a key is repeated in 1 row, first id=4"),
    "an empty key": (rows(id=(3, None)), "auc", "the key column 'id' is empty in 1 row"),
    "a changed target": (rows(y=(5, 0)), "auc", "differs between the files in 1 row, first at id=5"),
    "an empty target": (rows(y=(5, None)), "auc", "the target 'y'"),
    "an empty prediction": (rows(p=(5, None)), "auc", "a prediction is empty or NaN in 1 row"),
    "a NaN": (rows(p=(5, "nan")), "auc", "a prediction is empty or NaN in 1 row"),
    "an infinite prediction": (rows(p=(5, "inf")), "auc", "cand has 1 infinite prediction"),
    "minus infinity": (rows(p=(5, "-inf")), "accuracy@0.5", "cand has 1 infinite prediction"),
    "an infinite target": (rows(y=(5, "inf")), "rmse", "differs between the files"),
    "a probability above 1": (rows(p=(5, 1.5)), "brier", "the predictions reach from 0.0 to 1.5"),
    "a probability below 0": (rows(p=(5, -0.1)), "log_loss", "the predictions reach from -0.1"),
    "mixed types": (rows(p=(5, "high")), "auc", "the predictions are text"),
    "mixed types of the key": (rows(id=(5, "x")), "auc", "the column 'id' has mixed types"),
    "no threshold": (rows(), "f1", "a threshold is never guessed"),
    "no scores at all": (rows(p=[None] * 40), "auc", "a prediction is empty or NaN in 40 rows"),
    "two columns that could be it": (rows(q=[0.5] * 40), "auc", "2 columns that could hold predictions: p, q"),
    "no column that could be it": ({k: v for k, v in rows().items() if k != "p"}, "auc", "no column left"),
    "header only": ({"id": [], "y": [], "p": []}, "auc", "has no rows"),
    "one column twice": (rows(Y=[1] * 40), "auc", "has the columns ['y', 'Y']"),
}


@pytest.mark.parametrize("case", CANDIDATES)
def test_a_bad_candidate_is_refused(case: str, tmp_path: Path) -> None:
    cand, metric, said = CANDIDATES[case]
    files = both(tmp_path, cand)
    assert said in refused(*files, *KEYS, "--metric", metric, folder=tmp_path)


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".tsv"])
@pytest.mark.parametrize(
    "case", ["a key twice", "a changed target", "an empty prediction", "a probability above 1", "no threshold"]
)
def test_it_is_refused_in_every_form(case: str, ending: str, tmp_path: Path) -> None:
    cand, metric, said = CANDIDATES[case]
    files = both(tmp_path, cand, ending=ending)
    assert said in refused(*files, *KEYS, "--metric", metric, folder=tmp_path)


OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "no metric": (KEYS, "no metric is named"),
    "an unknown metric": ((*KEYS, "--metric", "acuracy"), "did you mean 'accuracy'?"),
    "a metric in capitals": ((*KEYS, "--metric", "AUC"), "did you mean 'auc'?"),
    "a short metric in capitals": ((*KEYS, "--metric", "F1"), "did you mean 'f1'?"),
    "no key": (("--target", "y", "--metric", "auc"), "--on COLUMN"),
    "an unknown key": (("--on", "idd", "--target", "y", "--metric", "auc"), "has no column 'idd' for the key"),
    "no target": (("--on", "id", "--metric", "auc", "--score", "p"), "auc needs a target"),
    "an unknown target": (("--on", "id", "--target", "z", "--metric", "auc"), "has no column 'z' for the target"),
    "an unknown unit": ((*AUC, "--unit", "user"), "has no column 'user' for the unit"),
    "an unknown slice": ((*AUC, "--slice", "region"), "has no column 'region' for a slice"),
    "an unknown group of a gap": (
        (*KEYS, "--metric", "gap(auc, by=sex)"),
        "column 'sex' for the groups of gap(auc, by=sex)",
    ),
    "an unknown score": ((*AUC, "--score", "q"), "has no column 'q' for the predictions"),
    "the target as score": ((*AUC, "--score", "y"), "the target 'y' itself"),
    "too many scores": ((*AUC, *["--score", "p"] * 3), "--score is given 3 times for 2 files"),
    "an unknown measured column": ((*KEYS, "--metric", "mean(ms)"), "has no column 'ms'"),
    "an unknown positive class": ((*AUC, "--positive", "7"), "'7' is not a class of the target"),
    "labels that miss one": ((*KEYS, "--metric", "accuracy@0.5", "--labels", "0,2"), "not among the labels"),
    "an infinite threshold": ((*KEYS, "--metric", "f1", "--threshold", "inf"), "a threshold is a finite number"),
    "a threshold that is no number": ((*KEYS, "--metric", "f1", "--threshold", "x"), "'x' is not a valid float"),
    "half a cross": ((*AUC, "--slice", "y*"), "cannot read the slice 'y*'"),
    "a column crossed with itself": ((*AUC, "--slice", "y*y"), "cannot read the slice 'y*y'"),
    "a level of 1": ((*AUC, "--level", "1"), "a level lies in [0.5, 1)"),
    "a NaN level": ((*AUC, "--level", "nan"), "a level lies in [0.5, 1)"),
    "too few draws": ((*AUC, "--draws", "3"), "draws is 3"),
    "a negative seed": ((*AUC, "--seed", "-1"), "the seed is -1"),
    "a policy that is none": ((*AUC, "--missing", "zero"), "'zero' is not one of"),
    "a method without seeds": ((*AUC, "--about", "method"), "a claim about a method and no seeds"),
    "an unknown seed column": ((*AUC, "--seed-column", "s"), "has no column 's' for the seed"),
    "an unknown repeat column": ((*AUC, "--repeat", "r"), "has no column 'r'"),
    "an unknown option": ((*AUC, "--folds", "3"), "No such option"),
    "a plug-in that is none": ((*AUC, "--plugin", "nowhere.py"), "is not a Python file"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_bad_option_is_refused(case: str, tmp_path: Path) -> None:
    options, said = OPTIONS[case]
    assert said in refused(*both(tmp_path, rows()), *options, folder=tmp_path)


def test_a_unit_with_one_value_is_refused(tmp_path: Path) -> None:
    files = both(tmp_path, rows(u=["a"] * 40), rows(u=["a"] * 40))
    assert "the unit column 'u' has one value" in refused(*files, *AUC, "--unit", "u", folder=tmp_path)


def test_a_file_alone_is_refused(tmp_path: Path) -> None:
    base, _ = both(tmp_path, rows())
    assert "given: 1 input;" in refused(base, *AUC, folder=tmp_path)
    assert "given: 0 inputs;" in refused(*AUC, folder=tmp_path)
    assert "no candidate is named" in refused(base, *AUC, "--baseline", "p", folder=tmp_path)
    said = refused(base, *AUC, "--baseline", "p", "--candidate", "p", folder=tmp_path)
    assert "the column 'p' is named twice" in said


def test_an_infinite_target_is_refused(tmp_path: Path) -> None:
    target = [float(i) for i in range(39)] + ["inf"]
    files = both(tmp_path, rows(y=target), rows(y=target))
    said = refused(*files, *KEYS, "--metric", "rmse", folder=tmp_path)
    assert "the target has 1 infinite value;" in said


def test_a_target_of_numbers_has_no_classes(tmp_path: Path) -> None:
    target = [i + 0.5 for i in range(40)]
    files = both(tmp_path, rows(y=target), rows(y=target))
    assert "the target holds numbers, such as 0.5" in refused(*files, *AUC, folder=tmp_path)


@pytest.mark.parametrize("label", [2, "maybe"])
def test_an_unknown_label_is_refused(label: Any, tmp_path: Path) -> None:
    known = [0, 1] * 20 if label == 2 else ["no", "yes"] * 20
    files = both(tmp_path, rows(y=known, p=[label, *known[1:]]), rows(y=known, p=known))
    said = refused(*files, *KEYS, "--metric", "accuracy", folder=tmp_path)
    assert f"an unknown label is held by 1 prediction, such as {label!r}" in said


def test_a_positive_class_is_asked_for(tmp_path: Path) -> None:
    target = ["no", "yes"] * 20
    files = both(tmp_path, rows(y=target), rows(y=target))
    assert "--positive CLASS" in refused(*files, *AUC, folder=tmp_path)
    found = compared(*files, *AUC, "--positive", "yes")["comparisons"][0]
    assert found["baseline"]["value"] == found["candidate"]["value"]


HOSTILE: dict[str, bytes] = {
    "empty.csv": b"",
    "blank.csv": b" \n \n",
    "page.csv": b"<html><body>404, not found</body></html>\n",
    "ragged.csv": b"id,y,p\n1,0,0.1\n2,1\n3,1,0.4,9\n",
    "quote.csv": b'id,y,p\n1,0,0.1\n2,"1,0.3\n',
    "latin.csv": "id,y,p\n1,é,0.1\n".encode("latin-1"),
    "twice.csv": b"id,y,p,p\n1,0,0.1,0.2\n",
    "nul.csv": b"id,y,p\n1,0,\x000.1\n",
    "utf16.csv": "id,y,p\n1,0,0.1\n".encode("utf-16"),
    "gzip.csv": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "text.parquet": b"id,y,p\n1,0,0.1\n",
    "magic.parquet": b"PAR1",
    "zeros.parquet": b"PAR1" + bytes(100) + b"PAR1",
    "parquet.csv": b"PAR1" + bytes(100) + b"PAR1",
    "array.json": b'[{"id": 1, "y": 0, "p": 0.1}]',
    "pretty.json": b'{\n "id": 1,\n "y": 0}\n',
    "cut.jsonl": b'{"id": 1, "y": 0, "p": 0.1}\n{"id": 2, "y"',
    "scalars.jsonl": b'{"id": 1, "y": 0, "p": 0.1}\n3\n"x"\n',
    "keys.jsonl": b'{"id": 1, "id": 2, "y": 0, "p": 0.1}\n',
    "cases.jsonl": b'{"id": 1, "ID": 2, "y": 0, "p": 0.1}\n',
    "nested.jsonl": b'{"id": 1, "y": 0, "p": {"a": 1}}\n{"id": 2, "y": 1, "p": [1]}\n',
    "mixed.jsonl": b'{"id": 1, "y": 0, "p": 0.1}\n{"id": 2, "y": 1, "p": "x"}\n',
    "latin.jsonl": '{"id": "é", "y": 0, "p": 0.1}\n'.encode("latin-1"),
    "surrogate.jsonl": b'{"id": "\\ud800", "y": 0, "p": 0.1}\n',
    "predictions.xlsx": b"PK\x03\x04",
    "noending": b"id,y,p\n1,0,0.1\n",
    "ten[1].csv": b"id,y,p\n1,0,0.1\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_not_what_it_says_is_refused(name: str, tmp_path: Path) -> None:
    bad = tmp_path / name
    bad.write_bytes(HOSTILE[name])
    good = write(tmp_path / "good.csv", rows())
    assert name in refused(bad, good, *AUC, folder=tmp_path)
    assert name in refused(good, bad, *AUC, folder=tmp_path)


def test_the_wrong_line_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "ragged.csv"
    bad.write_text("id,y,p\n" + "".join(f"{i},0,0.1\n" for i in range(40)) + "40,1\n")
    assert "line 42 has 2 values, the header 3" in refused(bad, bad, *AUC)


def test_no_file_a_folder_and_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", rows())
    (tmp_path / "folder.csv").mkdir()
    assert "no such file" in refused(good, tmp_path / "nowhere.csv", *AUC)
    assert "is not a file" in refused(good, tmp_path / "folder.csv", *AUC)
    assert "is not a file" in refused(good, tmp_path, *AUC)


def test_nested_columns_are_refused_in_every_role(tmp_path: Path) -> None:
    nested = write(tmp_path / "nested.parquet", {**rows(), "n": ["[1]"] * 40}, {"n": "INTEGER[]"})
    good = write(tmp_path / "good.csv", rows())
    p = ("--score", "p")
    for options in (
        (*AUC, *p, "--slice", "n"),
        (*AUC, *p, "--unit", "n"),
        (*AUC, "--score", "n", "--score", "p"),
        ("--on", "id", "--target", "n", "--metric", "auc", *p),
        (*KEYS, "--metric", "gap(auc, by=n)", *p),
    ):
        assert "nested or mixed values" in refused(nested, good, *options, folder=tmp_path)
    assert compared(nested, good, *AUC, "--score", "p")["comparisons"]


def test_json_is_all_that_is_printed_and_warnings_go_elsewhere(tmp_path: Path) -> None:
    run = assay("compare", *both(tmp_path, rows()), *AUC, "--json", "-")
    assert run.code == 0
    assert run.err == ""
    assert run.out.endswith("}\n")
    assert len(run.out.splitlines()) == 1
    assert json.loads(run.out)["schema"] == 1


def test_the_order_of_options_does_not_matter(tmp_path: Path) -> None:
    files = [str(f) for f in both(tmp_path, rows(p=[0.3, 0.6] * 20))]
    options = [["--on", "id"], ["--target", "y"], ["--metric", "auc"], ["--slice", "y"], ["--json", "-"], files]
    first = assay("compare", *(a for o in options for a in o))
    last = assay("compare", *(a for o in reversed(options) for a in o))
    assert first.code == 0
    assert first == last


def test_json_to_a_file_is_the_same_text(tmp_path: Path) -> None:
    files = both(tmp_path, rows())
    printed = assay("compare", *files, *AUC, "--json", "-").out
    run = assay("compare", *files, *AUC, "--json", tmp_path / "out.json")
    assert run.code == 0
    assert (tmp_path / "out.json").read_text() == printed
    assert "AUC" in run.out


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    run = assay("compare", *both(tmp_path, rows()), *AUC, "--json", tmp_path / "nowhere" / "out.json")
    assert "cannot be written" in line_of(run)


def test_html_is_a_page(tmp_path: Path) -> None:
    run = assay("compare", *both(tmp_path, rows()), *AUC, "--html", tmp_path / "page.html")
    assert run.code == 0, run.err
    assert (tmp_path / "page.html").read_text().lstrip().lower().startswith("<!doctype html")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_option(flag: str) -> None:
    run = assay("compare", flag)
    assert run.code == 0
    for option in ("--on", "--target", "--unit", "--slice", "--metric", "--missing", "--seed-column", "--json"):
        assert option in run.out


PLUGIN = '''
import numpy as np
from assay.metrics import count_metric, metric

@metric(direction="lower", reads="probability", lower=0.0, upper=5.0, unit="EUR")
def {name}_cost(target, prediction):
    """Cost of a missed positive row."""
    return 5.0 * target * (1 - prediction)

@count_metric(direction="higher")
def {name}_jaccard(tn, fp, fn, tp):
    """Overlap of the positive rows and those predicted so."""
    return tp / (tp + fp + fn)
'''


def test_a_plug_in_brings_metrics(tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text(PLUGIN.format(name="demo"))
    files = two(tmp_path, binary(200))
    data = binary(200)
    found = compared(*files, *KEYS, "--plugin", plugin, "--metric", "demo_cost", "--metric", "demo_jaccard@0.5")
    cost, jaccard = found["comparisons"]
    expected = sum(5 * y * (1 - p) for y, p in zip(data["y"], data["a"], strict=True)) / 200
    assert cost["baseline"]["value"] == pytest.approx(expected)
    assert cost["metric"] == {"name": "demo_cost", "parameters": {}, "direction": "lower"}
    hits = [(y, p >= 0.5) for y, p in zip(data["y"], data["b"], strict=True)]
    tp, other = sum(y and p for y, p in hits), sum(bool(y) != p for y, p in hits)
    assert jaccard["candidate"]["value"] == pytest.approx(tp / (tp + other))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('no')", "ValueError: no"),
        ("x = (", "SyntaxError"),
        ("import nothing_of_that_name", "nothing"),
    ],
)
def test_a_plug_in_that_fails_is_refused(body: str, said: str, tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text(body)
    assert said in refused(*both(tmp_path, rows()), *AUC, "--plugin", plugin, folder=tmp_path)


SLOPPY: dict[str, str] = {
    "one number": "return 1.0",
    "an exception": "raise RuntimeError('lost')",
    "text": "return ['a'] * len(target)",
    "None": "return None",
}


@pytest.mark.parametrize("case", SLOPPY)
def test_a_metric_that_misbehaves_is_refused(case: str, tmp_path: Path) -> None:
    name = f"sloppy_{list(SLOPPY).index(case)}"
    plugin = tmp_path / "mine.py"
    plugin.write_text(
        "from assay.metrics import metric\n\n"
        f"@metric(direction='lower')\ndef {name}(target, prediction):\n    {SLOPPY[case]}\n"
    )
    said = refused(*both(tmp_path, rows()), *KEYS, "--plugin", plugin, "--metric", name, folder=tmp_path)
    assert name in said


@pytest.mark.parametrize("build", [both, lambda folder, cand: both(folder, cand, ending=".parquet")])
def test_a_process_of_its_own_gives_the_same_bytes(build: Callable[..., tuple[Path, Path]], tmp_path: Path) -> None:
    files = build(tmp_path, rows(p=[0.3, 0.6] * 20))
    here = assay("compare", *files, *AUC, "--metric", "f1@0.5", "--json", "-").out
    command = [sys.executable, "-c", "from assay.cli.main import run; run()", "compare", *map(str, files), *AUC]
    run = subprocess.run([*command, "--metric", "f1@0.5", "--json", "-"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == here


def test_a_process_of_its_own_refuses_with_2(tmp_path: Path) -> None:
    with inside(tmp_path):
        command = [sys.executable, "-c", "from assay.cli.main import run; run()", "compare", "a.csv", "b.csv", *AUC]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr == "assay: a.csv: no such file; each input is a file on this machine; check the path\n"
