"""Promises 1 and 5: the same evidence and verdict on any machine, thread count, order, form and partitioning."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest

from tests.helpers.runs import assay
from tests.helpers.tables import Columns, write
from tests.verbs.scenes import GUARD, data, frozen, judged, plan, scene, told, write_plan

GUARDS = [
    GUARD,
    {"name": "order", "metric": "auc", "kind": "not_worse", "margin": 0.2},
    {"name": "hits", "metric": "f1@0.5", "kind": "not_worse", "margin": 0.2},
    {"name": "fair", "metric": "gap(recall@0.5, by=region)", "kind": "at_most", "threshold": 0.9},
    {"name": "fast", "metric": "quantile@0.95(ms)", "kind": "not_worse", "margin": 9},
]
CELLS = ("cells.json", "cells.npz", "judgement.json", "flips.json")


@pytest.fixture(scope="module", params=["rows", "clusters"])
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Columns]:
    """A judged plan with every route of the data, one row a unit and clustered; its folder and its rows."""
    folder = tmp_path_factory.mktemp("held")
    columns = data(400, user=[f"u{i // 3}" for i in range(400)])
    spec = plan()["data"] | ({"unit": "user"} if request.param == "clusters" else {})
    told(scene(folder, columns, data=spec, guardrails=GUARDS))
    return folder, columns


def bundle(folder: Path) -> Path:
    return next((folder / ".assay/evidence").glob("late-*"))


def test_recheck_gives_identical_bytes_with_any_threads(held: tuple[Path, Columns]) -> None:
    said = {n: assay("recheck", bundle(held[0]), "--threads", n) for n in (1, 2, 5)}
    assert {run.code for run in said.values()} == {0}
    assert all("identical bytes" in run.out for run in said.values()), said
    assert len({run.out for run in said.values()}) == 1


def features() -> list[str]:
    """CPU features that NumPy found here and may be told to leave unused."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return [f for f in __cpu_dispatch__ if __cpu_features__.get(f)]


def machines() -> dict[str, dict[str, str]]:
    """Environments that make the same machine compute as another one would."""
    disabled = {"NPY_DISABLE_CPU_FEATURES": " ".join(features())} if features() else {}
    cores = {core: {"OPENBLAS_CORETYPE": core} for core in ("Haswell", "Nehalem", "SkylakeX")}
    return {**cores, "no SIMD": {**disabled, "OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1"}}


@pytest.fixture(scope="module")
def statuses(held: tuple[Path, Columns]) -> list[str]:
    """What this machine says of the candidate when it checks again."""
    return [line for line in assay("recheck", bundle(held[0])).out.splitlines() if line.startswith("cand: ")]


@pytest.mark.parametrize("name", machines())
def test_recheck_on_other_machines(held: tuple[Path, Columns], statuses: list[str], name: str) -> None:
    command = [sys.executable, "-c", "from assay.cli.main import run; run()", "recheck", str(bundle(held[0]))]
    environment = {**os.environ, **machines()[name]}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    within = re.search(r"numbers within (\S+)$", run.stdout)
    assert within is None or float(within[1]) < 1e-9
    assert statuses == [line for line in run.stdout.splitlines() if line.startswith("cand: ")] != []


def without_names(content: bytes) -> Any:
    """A judgement without the digest of its plan, which holds the files' names and digests."""
    value = json.loads(content)
    value.pop("plan", None)
    return value


@pytest.mark.parametrize("form", [".csv", ".tsv", ".parquet", ".jsonl", "wide.parquet", "small groups.parquet"])
def test_order_form_and_partitioning_do_not_matter(held: tuple[Path, Columns], tmp_path: Path, form: str) -> None:
    first, columns = held
    order = np.random.default_rng(7).permutation(400)
    mixed = {k: [v[i] for i in order] for k, v in columns.items()}
    ending = Path("x" + form).suffix
    models: dict[str, Any] = {
        "baseline": {"name": "base", "file": f"base{ending}", "score": "p", "why": "in production"},
        "candidates": [{"name": "cand", "file": f"cand{ending}", "score": "p"}],
    }
    if form.startswith("wide"):
        write(tmp_path / "both.parquet", mixed)
        models["baseline"] |= {"file": "both.parquet", "score": "a"}
        models["candidates"][0] |= {"file": "both.parquet", "score": "b"}
    else:
        for name, column, shuffled in (("base", "a", mixed), ("cand", "b", columns)):
            kept = {k: v for k, v in shuffled.items() if k not in ("a", "b")} | {"p": shuffled[column]}
            if "groups" in form:
                pyarrow.parquet.write_table(pyarrow.table(kept), tmp_path / f"{name}{ending}", row_group_size=37)
            else:
                write(tmp_path / f"{name}{ending}", kept)
    spec = json.loads((first / "plan.yaml").read_text())
    assert assay("init", tmp_path).code == 0
    path = write_plan(tmp_path, spec | models)
    frozen(path)
    assert judged(path, "--threads", 1 if "groups" in form else 2).code == judged(first / "plan.yaml").code
    for name in CELLS:
        one, two = (bundle(first) / name).read_bytes(), (bundle(tmp_path) / name).read_bytes()
        if name == "judgement.json":
            assert without_names(one) == without_names(two)
        elif name == "cells.json" and form.startswith("wide"):
            assert json.loads(one)["cells"][0]["designs"] == json.loads(two)["cells"][0]["designs"]
        else:
            assert one == two, name
