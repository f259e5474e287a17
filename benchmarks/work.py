"""What Assay does in the cases that are timed without imports: `python -m benchmarks.work NAME FILE` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import pages, runs, serving

TWENTY = ["log_loss", "brier", "mae", "mse", *(f"pinball@{i / 20:.2f}" for i in range(2, 18))]


def compare(file: str, **given: Any) -> int:
    """The whole of `assay compare`: open, align, score, aggregate, infer; the number of comparisons."""
    from assay.verbs.compare import CompareRequest, run

    request = CompareRequest(files=[file], baseline="a", candidates=["b"], on=["id"], target="y", **given)
    return len(run(request).comparisons)


def arrays(file: str) -> tuple[Any, Any]:
    """Target [n] and scores [2, n] of a file."""
    import duckdb
    import numpy as np

    found = duckdb.sql(f"SELECT y, a, b FROM '{file}' ORDER BY id").fetchnumpy()
    return np.asarray(found["y"]), np.stack([found["a"], found["b"]])


def delong(file: str) -> Callable[[], Any]:
    """The DeLong difference of two AUCs, from arrays."""
    from assay.stats import auc

    y, s = arrays(file)
    return lambda: auc.delong(y, s)


def mean(file: str) -> Callable[[], Any]:
    """Interval and p-value of a paired mean difference, through the public door."""
    _warm()
    return lambda: compare(file, metrics=["mae"])


def slices(file: str) -> Callable[[], Any]:
    """F1 of both models and their difference by 20 groups, 9,999 draws, through the public door."""
    _warm()
    return lambda: compare(file, metrics=["f1"], threshold=0.5, slices=["group"])


def agreement(file: str) -> Callable[[], Any]:
    """Ordinal alpha with its interval over 25,000 items, through the public door."""
    from assay.verbs.agreement import AgreementRequest, run

    request = AgreementRequest(file, "item", ["score"], "rater", scale="ordinal", measures=["krippendorff"])
    return lambda: run(request)


def preferences(file: str) -> Callable[[], Any]:
    """Strengths, their intervals over voters and simultaneous ranks, through the public door."""
    from assay.verbs.preferences import PreferenceRequest, run

    request = PreferenceRequest(file, "a", "b", "winner", "voter")
    return lambda: run(request)


def power(file: str) -> Callable[[], Any]:
    """Units that an F1 claim needs, by simulation from a pilot, through the public door."""
    from assay.verbs.power import PowerRequest, ask

    given: dict[str, Any] = {"files": [file], "baseline": "a", "candidates": ("b",), "on": ("id",), "target": "y"}
    request = PowerRequest(**given, metric="f1", threshold=0.5, effect=0.04)
    return lambda: ask(request)


def candidates(file: str) -> Callable[[], Any]:
    """Fifty models by accuracy: with the best, and all 1,225 pairs, through the public door."""
    from assay.verbs.candidates import CandidatesRequest, run

    models = [f"m{i}" for i in range(50)]
    request = CandidatesRequest([file], models, ["id"], "y", "user", metrics=["accuracy"])
    return lambda: run(request)


def _warm() -> None:
    """Imports are timed in cases of their own."""
    import assay.flows.estimates
    import assay.verbs.compare  # noqa: F401


WORK = {
    "delong": delong,
    "mean": mean,
    "slices": slices,
    "agreement": agreement,
    "preferences": preferences,
    "power": power,
    "candidates": candidates,
}


def timed(work: Callable[[], Any], **more: Any) -> None:
    """Run the work and print its seconds."""
    start = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - start
    # Where a percentile is asked for, the work itself says it.
    own = found if isinstance(found, dict) and "seconds" in found else {}
    print(json.dumps({"seconds": seconds, **own, **more}))


def main() -> None:
    """`python -m benchmarks.work NAME FILE`."""
    name, file = sys.argv[1:3]
    timed({**WORK, **runs.WORK, **serving.WORK, **pages.WORK}[name](file))
    runs.clean()


if __name__ == "__main__":
    main()
