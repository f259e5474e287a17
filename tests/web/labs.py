"""Runs and data for the screens to show."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

import assay
from tests.helpers.runs import assay as command


def logged(folder: Path, name: str = "trial", count: int = 6) -> list[str]:
    """Runs of two models with three seeds each, with curves; their ids."""
    made = []
    for i in range(count):
        config = {"model": "tree" if i % 2 else "line", "rate": 0.1 * (1 + i // 2)}
        with assay.run(config, seed=i // 2, name=f"{name} {i}", lab=folder, capture=False) as run:
            for step in range(50):
                run.log(step=step, loss=0.4 + math.exp(-step / 9) + 0.01 * i)
            run.log({"auc": 0.7 + 0.01 * i}, step=50)
        made.append(run.id)
    done = command("data", "add", folder / "base.csv", "--name", "test", "--lab", folder)
    assert done.code == 0, done.err
    return made


def kinds(folder: Path) -> str:
    """A run with a histogram at two steps, a table, an image, a text and an artifact; its id."""
    with assay.run({"depth": 3}, seed=7, name="kinds", lab=folder, capture=False) as run:
        run.read(folder / "base.csv", name="rows")
        for step in (0, 10):
            run.histogram("weights", np.arange(50.0) + step, step=step)
        run.table("confusion", {"truth": ["late", "<b>in time</b>"], "many": [3, 4]})
        run.image("sample", np.zeros((8, 12)))
        run.text("said", "It will be late.")
        run.predictions({"id": [1], "p": [0.5]})
    return run.id
