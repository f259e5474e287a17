"""Labs with a plan to sweep, whose training is a few lines of shell: cells take milliseconds, not seconds."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import yaml

import assay
from assay.base.canonical import plain
from assay.readers.planfile import plan_content
from assay.records.plan import Plan
from assay.runs.course import Course
from assay.runs.sweepfolder import open_sweep
from assay.verbs.sweep import SweepRequest, planned
from assay.verbs.sweep_worker import Job, job_of, work

COUNT = "sh -c 'echo {model}-{seed} >> done.txt'"


def plan_text(sweep: dict[str, Any] | None = None, **keys: Any) -> str:
    """A plan with a baseline, a candidate and three seeds."""
    held: dict[str, Any] = {
        "assay": 1,
        "name": "tiny",
        "question": "Is it better?",
        "hypothesis": "It is.",
        "owner": "Ada",
        "data": {"name": "d", "id": "id", "target": "y", "positive": 1, "seed": "seed", "unit": "id"},
        "baseline": {"name": "base", "runs": "sweep", "why": "it is known"},
        "candidates": [{"name": "cand", "runs": "sweep"}],
        "claims": [
            {"name": "better", "metric": "brier", "kind": "better", "about": "method", "minimal_effect": 0.01},
        ],
        "seeds": 3,
        "change_my_mind": "nothing",
    }
    last = {"sweep": {"command": COUNT, "backoff": 0, **(sweep or {})}}
    return str(yaml.safe_dump(plain({**held, **keys, **last}), sort_keys=False))


def scene(folder: Path, sweep: dict[str, Any] | None = None, **keys: Any) -> Path:
    """A lab with that plan; returns the plan's file."""
    if not (folder / ".assay").exists():
        assay.Lab.create(folder)
    path = folder / "plan.yaml"
    path.write_text(plan_text(sweep, **keys), encoding="utf-8")
    return path


def job(path: Path, session: str = "one") -> Job:
    """A worker's job on that plan."""
    plan: Plan = planned(SweepRequest(path))
    state = open_sweep(path.parent / ".assay", plan.name)
    said = {"plan": plan_content(plan), "lab": path.parent / ".assay", "folder": state.folder, "work": path.parent}
    return job_of({**said, "session": session, "began": time.time()})


def worked(path: Path, session: str = "one") -> Course:
    """Work in this process until nothing is left; the course as it stands then."""
    mine = job(path, session)
    work(mine, threading.Event())
    return mine.course()


def lines(folder: Path, name: str = "done.txt") -> list[str]:
    """What the commands have written, sorted."""
    return sorted((folder / name).read_text().split()) if (folder / name).exists() else []
