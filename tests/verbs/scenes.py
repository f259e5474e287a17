"""Folders with data, a plan and a lab: what `judge` works on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.helpers.runs import Run, assay
from tests.helpers.tables import Columns, write

CLAIM = {"name": "loss", "metric": "log_loss", "kind": "better", "minimal_effect": 0.02}
GUARD = {"name": "squares", "metric": "brier", "kind": "not_worse", "margin": 0.05}
KEYS = ("--on", "id", "--target", "y")


def data(
    n: int = 300, seed: int = 0, gain: float = 0.35, start: int = 0, **more: Sequence[Any]
) -> dict[str, list[Any]]:
    """Rows with id, y, region, ms, and probabilities `a` (worse) and `b` (better by about `gain` on the logit)."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    noise = rng.normal(0, 1, (2, n))
    sign = 2 * y - 1
    a = 1 / (1 + np.exp(-(0.6 * sign + 0.6 * noise[0])))
    b = 1 / (1 + np.exp(-((0.6 + gain) * sign + 0.6 * noise[1])))
    return {
        "id": list(range(start, start + n)),
        "y": y.tolist(),
        "region": ["north" if i % 3 else "south" for i in range(n)],
        "ms": np.round(rng.gamma(4, 10, n), 2).tolist(),
        "a": np.round(a, 4).tolist(),
        "b": np.round(b, 4).tolist(),
        **{k: list(v) for k, v in more.items()},
    }


def plan(**changed: Any) -> dict[str, Any]:
    """A sound plan on base.csv and cand.csv; a changed key replaces the whole key, None removes it."""
    made: dict[str, Any] = {
        "assay": 1,
        "name": "late",
        "question": "Is b better than a?",
        "hypothesis": "It has seen more.",
        "owner": "Ada",
        "data": {"name": "test", "id": ["id"], "target": "y", "positive": 1, "slices": ["region"]},
        "baseline": {"name": "base", "file": "base.csv", "score": "p", "why": "in production"},
        "candidates": [{"name": "cand", "file": "cand.csv", "score": "p"}],
        "claims": [CLAIM],
        "guardrails": [GUARD],
    } | changed
    return {k: v for k, v in made.items() if v is not None}


def put(folder: Path, columns: Columns | None = None, ending: str = ".csv") -> None:
    """`base` and `cand`, each with its predictions in the column `p`."""
    table = columns or data()
    shared = {c: v for c, v in table.items() if c not in ("a", "b")}
    for name, column in (("base", "a"), ("cand", "b")):
        write(folder / f"{name}{ending}", {**shared, "p": table[column]})


def write_plan(folder: Path, content: Mapping[str, Any] | None = None, name: str = "plan.yaml") -> Path:
    """A plan as a file; JSON is YAML."""
    path = folder / name
    path.write_text(json.dumps(content or plan(), indent=1), encoding="utf-8")
    return path


def scene(folder: Path, columns: Columns | None = None, freeze: bool = True, **changed: Any) -> Path:
    """Data, lab and plan in a folder, frozen unless said otherwise; returns the plan's path."""
    folder.mkdir(exist_ok=True)
    put(folder, columns)
    if not (folder / ".assay").exists():
        done = assay("init", folder)
        assert done.code == 0, done.err
    path = write_plan(folder, plan(**changed))
    if freeze:
        frozen(path)
    return path


def frozen(path: Path, *more: object) -> None:
    """Freeze a plan in the lab beside it."""
    done = assay("plan", "freeze", path, "--lab", path.parent, *more)
    assert done.code == 0, done.err


def judged(path: Path, *more: object) -> Run:
    """Judge a plan in the lab beside it."""
    return assay("judge", path, "--lab", path.parent, *more)


def told(path: Path, *more: object) -> dict[str, Any]:
    """The judgement as JSON; whatever its recommendation."""
    run = judged(path, "--json", *more)
    assert run.code in (0, 3, 4, 5), (run.code, run.err)
    return dict(json.loads(run.out))


def statuses(found: Mapping[str, Any], candidate: int = 0) -> dict[str, str]:
    """Claim -> status of one candidate."""
    return {v["claim"]: v["status"] for v in found["recommendations"][candidate]["verdicts"]}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and its content, without what SQLite keeps beside its database while it is read."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.name.endswith(("-wal", "-shm")) and p.name != "lab.db"
    }


def events(folder: Path) -> str:
    """The ledger as `assay ledger` shows it."""
    run = assay("ledger", "--lab", folder, "--limit", 1000)
    assert run.code == 0, run.err
    return run.out


def refused(path: Path, *more: object) -> str:
    """The one line with which `judge` refuses; nothing is written, nothing enters the ledger."""
    folder = path.parent
    before, said = tree(folder), events(folder)
    run = judged(path, *more)
    assert run.code == 2, (run.code, run.out[:300], run.err)
    assert (run.out, "Traceback" in run.err) == ("", False)
    assert len(run.err.splitlines()) == 1, run.err
    assert tree(folder) == before
    assert events(folder) == said
    return run.err.strip()
