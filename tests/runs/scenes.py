"""Labs with runs in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import assay
from assay.runs.live import Run


def lab(folder: Path) -> assay.Lab:
    """A new lab."""
    return assay.Lab.create(folder)


def begun(folder: Path, config: Any = None, **options: Any) -> Run:
    """A run in that lab, without capture."""
    return assay.run(config, lab=folder, capture=False, **options)


def logged(folder: Path, values: list[float], config: Any = None, name: str = "loss", **options: Any) -> str:
    """A run that logged some values of one series; its id."""
    with begun(folder, config, **options) as run:
        for step, value in enumerate(values):
            run.log({name: value}, step=step)
    return run.id


def segment(folder: Path, run: str) -> Path:
    """The only segment of a run."""
    (found,) = (folder / ".assay/runs" / run).glob("*.seg")
    return found
