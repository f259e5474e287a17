"""Plans that are judged on what runs keep: the matrix, its gaps, and the way from evidence back to runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import AssayError
from assay.verbs import plan_coverage
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside
from tests.helpers.sweeps import lines, scene, worked

ROWS = 60


def kept(folder: Path, model: str, number: int | None, **extra: Any) -> str:
    """A finished run with predictions of a model; the candidate is better."""
    draw = np.random.default_rng([number or 0, len(model)])
    truth = np.arange(ROWS) % 2
    gain = 0.3 if model == "cand" else 0.1
    chances = 0.5 + (2 * truth - 1) * gain + draw.uniform(-0.1, 0.1, ROWS)
    with assay.run({"model": model}, seed=number, lab=folder, capture=False) as run:
        run.predictions({"id": np.arange(ROWS), "y": truth, "p": chances, **extra})
    return run.id


def named(folder: Path, base: list[str], cand: list[str], **keys: Any) -> Path:
    models = {
        "baseline": {"name": "base", "runs": base, "why": "known"},
        "candidates": [{"name": "cand", "runs": cand}],
    }
    path = scene(folder, **{**models, **keys})
    path.write_text(path.read_text().partition("sweep:\n")[0])
    return path


def runs_of(folder: Path, model: str, seeds: range = range(3)) -> list[str]:
    assay.Lab.create(folder) if not (folder / ".assay").exists() else None
    return [kept(folder, model, seed) for seed in seeds]


def judged(path: Path) -> Any:
    lab = assay.Lab(path.parent)
    lab.freeze(path)
    return lab.judge(path)


def test_a_plan_is_judged_on_its_runs_and_the_evidence_leads_back_to_them(tmp_path: Path) -> None:
    base, cand = runs_of(tmp_path, "base"), runs_of(tmp_path, "cand")
    found = judged(named(tmp_path, base, cand))
    assert found.action == "adopt"
    manifest = json.loads((found.folder / "manifest.json").read_text())
    assert manifest["runs"] == {
        "base": dict(zip("012", base, strict=True)),
        "cand": dict(zip("012", cand, strict=True)),
    }
    for form in ("md", "html", "json"):
        memo = (found.folder / f"memo.{form}").read_text()
        assert all(run in memo for run in (*base, *cand))
        assert "The matrix: models and seeds, with the run of each" in memo
    assert assay.Lab(tmp_path).recheck(found.folder)
    again = assay.Lab(tmp_path).judge(tmp_path / "plan.yaml")
    assert again.folder == found.folder


def test_the_same_numbers_come_from_runs_and_from_a_long_file(tmp_path: Path) -> None:
    runs = judged(named(tmp_path, runs_of(tmp_path, "base"), runs_of(tmp_path, "cand")))
    import duckdb

    other = tmp_path / "files"
    other.mkdir()
    lab = assay.Lab(tmp_path)
    for model in ("base", "cand"):
        parts = []
        for row in lab.runs(where=f"model={model}", sort="seed"):
            digest = lab.run(row.id).predictions()["predictions"].removeprefix("blake3:")
            blob = tmp_path / ".assay/blobs/blake3" / digest[:2] / digest[2:]
            parts.append(f"SELECT *, {row.seed} AS seed FROM read_parquet('{blob}')")
        duckdb.sql(f"COPY ({' UNION ALL '.join(parts)}) TO '{other}/{model}.csv'")
    files = {"baseline": {"name": "base", "file": "base.csv"}, "candidates": [{"name": "cand", "file": "cand.csv"}]}
    path = scene(other, **files)
    path.write_text(path.read_text().partition("sweep:\n")[0])
    ours, theirs = (j.recommendations[0].verdicts[0].comparison for j in (runs, judged(path)))
    assert ours.difference == theirs.difference


def test_a_gap_in_the_matrix_is_refused_by_name(tmp_path: Path) -> None:
    path = named(tmp_path, runs_of(tmp_path, "base"), runs_of(tmp_path, "cand", range(2)))
    lab = assay.Lab(tmp_path)
    lab.freeze(path)
    with pytest.raises(AssayError, match=r"not filled: cand seed 3 of 3 \(2 runs named\)"):
        lab.judge(path)
    assert not (tmp_path / ".assay/evidence").exists()
    with inside(tmp_path):
        shown = cli("plan", "coverage", path, "--json", "c.json", "--html", "c.html")
    assert shown.code == 3
    assert "✘ 5 of 6 cells of tiny" in shown.out
    assert "missing: cand seed 3 of 3: missing (2 runs named)" in shown.out
    assert json.loads((tmp_path / "c.json").read_text())["complete"] is False
    assert "cand seed 3 of 3: 2 runs named" in (tmp_path / "c.html").read_text()
    over_there = plan_coverage.of_frozen("tiny", tmp_path)
    assert [(c.model, c.seed) for c in over_there.missing] == [("cand", "3 of 3")]


BAD_RUNS = ["no seed", "same seed", "failed", "no predictions", "other columns", "wrong seed", "unknown"]


@pytest.mark.parametrize("wrong", BAD_RUNS)
def test_runs_that_cannot_stand_in_the_matrix_are_refused(tmp_path: Path, wrong: str) -> None:
    base, cand = runs_of(tmp_path, "base"), runs_of(tmp_path, "cand", range(2))
    if wrong == "no seed":
        last, said = kept(tmp_path, "cand", None), "says no seed"
    elif wrong == "same seed":
        last, said = kept(tmp_path, "cand", 1), "has the seed 1 of another one"
    elif wrong == "other columns":
        last, said = kept(tmp_path, "cand", 2, more=np.arange(ROWS)), "the columns of the runs of cand differ: more"
    elif wrong == "wrong seed":
        last, said = kept(tmp_path, "cand", 2, seed=np.full(ROWS, 7)), "does not say the seed 2 of the run"
    elif wrong == "unknown":
        last, said = "20200101-000000-00000000", "there is no run"
    else:
        run = assay.run(seed=2, lab=tmp_path, capture=False)
        run.close("failed" if wrong == "failed" else "finished")
        last, said = run.id, "is failed" if wrong == "failed" else "keeps no predictions"
    path = named(tmp_path, base, [*cand, last])
    lab = assay.Lab(tmp_path)
    lab.freeze(path)
    with pytest.raises(AssayError, match=said):
        lab.judge(path)
    assert not (tmp_path / ".assay/evidence").exists()


def test_an_ablation_that_is_only_named_is_a_gap(tmp_path: Path) -> None:
    bare = [{"name": "without", "removes": "the trees"}]
    path = named(tmp_path, runs_of(tmp_path, "base"), runs_of(tmp_path, "cand"), ablations=bare)
    lab = assay.Lab(tmp_path)
    lab.freeze(path)
    with pytest.raises(AssayError, match="without seed 0"):
        lab.judge(path)


CSV = "sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i,$((i%2)),0.{seed}{end}$i; done >> {model}{seed}.csv'"


def test_a_sweep_fills_the_matrix_that_judge_asks_for(tmp_path: Path) -> None:
    command = CSV.replace("sh -c '", "sh -c 'echo id,y,p > {model}{seed}.csv; test ! -e stop || exit 1; ")
    models = {
        "baseline": {"name": "base", "runs": "sweep", "config": {"end": 1}},
        "candidates": [{"name": "cand", "runs": "sweep", "config": {"end": 2}}],
    }
    path = scene(tmp_path, {"command": command, "predictions": "{model}{seed}.csv", "retries": 0}, **models)
    lab = assay.Lab(tmp_path)
    lab.freeze(path)
    with pytest.raises(AssayError, match=r"base seed 0 .*assay sweep PLAN"):
        lab.judge(path)
    (tmp_path / "stop").touch()
    worked(path)
    with pytest.raises(AssayError, match=r"base seed 0 \(exit code 1\)"):
        lab.judge(path)
    (tmp_path / "stop").unlink()
    course = worked(path, "two")
    found = lab.judge(path)
    manifest = json.loads((found.folder / "manifest.json").read_text())
    mine = {s.cell.model: {} for s in course.standings()}
    for s in course.standings():
        mine[s.cell.model][str(s.cell.seed)] = s.run
    assert manifest["runs"] == mine
    with inside(tmp_path):
        assert cli("plan", "coverage", path).code == 0


def test_coverage_of_a_plan_with_files_counts_their_seeds(tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("id,y,p,seed\n1,1,0.5,0\n1,1,0.6,1\n1,1,0.7,2\n")
    (tmp_path / "cand.csv").write_text("id,y,p,seed\n1,1,0.5,a\n")
    files = {"baseline": {"name": "base", "file": "base.csv"}, "candidates": [{"name": "cand", "file": "cand.csv"}]}
    path = scene(tmp_path, **files)
    path.write_text(path.read_text().partition("sweep:\n")[0])
    with inside(tmp_path):
        found = cli("plan", "coverage", path, "--json", "-")
    cells = {(c["model"], c["seed"]): c["state"] for c in json.loads(found.out)["cells"]}
    assert cells == {
        ("base", "0"): "finished", ("base", "1"): "finished", ("base", "2"): "finished",
        ("cand", "a"): "finished", ("cand", "2 of 3"): "missing", ("cand", "3 of 3"): "missing",
    }  # fmt: skip
    assert "cand has one seed, anecdotal: nothing is known of how training varies" in json.loads(found.out)["notes"]
    assert lines(tmp_path) == []
