"""Code that knows nothing of Assay: its settings are told, its numbers read from the file that it writes."""

from __future__ import annotations

import sys
from math import inf, nan
from pathlib import Path

import pytest

from assay.base.errors import AssayError
from assay.runs.told import numbers_of, settings_of
from assay.verbs.run import LaunchRequest, launch
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside, line_of
from tests.runs.scenes import lab


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("m.json", '{"a": 0.5, "val": {"auc": 1}, "n": "7", "on": true}', [(None, {"a": 0.5, "val.auc": 1.0})]),
        ("m.jsonl", '{"step": 3, "a": 1}\n\n{"step": 5, "a": NaN}\n', [(3, {"a": 1.0}), (5, {"a": nan})]),
        ("m.json", '[{"epoch": 0, "a": 1}, {"epoch": 1, "a": -Infinity}]', [(0, {"a": 1.0}), (1, {"a": -inf})]),
        ("m.csv", "a,b\n1,x\n2,\n", [(0, {"a": 1.0}), (1, {"a": 2.0})]),
        ("m.csv", "epoch,a\n4,1e-3,9\n", [(4, {"a": 0.001})]),
    ],
)  # fmt: skip
def test_numbers_are_read_in_each_form(tmp_path: Path, name: str, content: str, rows: object) -> None:
    (tmp_path / name).write_text(content)
    assert repr(list(numbers_of(tmp_path / name))) == repr(rows)


@pytest.mark.parametrize("content", ["", "no numbers", "[1, 2]", "7"])
def test_what_holds_no_numbers_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "m.json").write_text(content)
    with pytest.raises(AssayError, match="holds no numbers by name"):
        list(numbers_of(tmp_path / "m.json"))


def test_settings_of_files_and_words(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("rate: 0.1\noptimizer: {name: sgd, beta: 0.9}\n")
    (tmp_path / "a=b.json").write_text('{"depth": 3}')
    made = settings_of(["base.yaml", "a=b.json", "optimizer.beta=1e-2", "note=a=b", "far=inf", "on=true"], tmp_path)
    assert made == {"rate": 0.1, "optimizer": {"name": "sgd", "beta": 0.01}, "depth": 3, "note": "a=b", "far": "inf",
                    "on": True}  # fmt: skip
    for content in ("- 1\n", "a: [", "a: !!python/object:os.system {}"):
        (tmp_path / "bad.yaml").write_text(content)
        with pytest.raises(AssayError, match="settings are NAME=VALUE"):
            settings_of(["bad.yaml"], tmp_path)
    with inside(tmp_path):
        assert "no such file" in line_of(command("run", "--config", "gone.yaml", "--", "true"))
        assert "has no name" in line_of(command("run", "--config", "a.=3", "--", "true"))


def test_runs_of_unchanged_code_are_compared_and_made_again(tmp_path: Path) -> None:
    held = lab(tmp_path)
    (tmp_path / "t.py").write_text('import sys\nopen("m.csv", "w").write(f"epoch,loss\\n0,1\\n1,{sys.argv[1]}\\n")\n')

    def made(rate: float, metrics: str = "m.csv") -> str:
        asked = LaunchRequest([sys.executable, "t.py", str(rate)], lab=tmp_path, folder=tmp_path, quiet=True,
                              config={"rate": rate}, metrics=metrics)  # fmt: skip
        return launch(asked).run

    runs = [made(0.1, str(tmp_path / "m.csv")), made(0.2)]
    assert [held.run(r).series("loss").values.tolist() for r in runs] == [[1.0, 0.1], [1.0, 0.2]]
    assert {row.params["rate"]: row.metrics["loss"].last for row in held.runs()} == {0.1: 0.1, 0.2: 0.2}
    assert held.reproduce(runs[0], "present").outcome == "reproduced"
    assert [len(g.runs) for g in held.compare_runs(["loss"])] == [1, 1]
    assert [len(g.runs) for g in held.compare_runs(["loss"], where=["experiment=reproduce"])] == [1]
    kept = held.run(made(0.1, "gone.csv"))
    assert kept.state == "failed"
    assert kept.end is not None
    assert "gone.csv is not there" in kept.end.error
