"""Assay: is B really better than A, is it safe to ship, and can I prove it?

>>> import assay
>>> assay.__version__
'0.1.0'

- `compare(...)`: models against a baseline on predictions; no plan, no lab needed
- `candidates(...)`: many models on one test set
- `ablation(...)`: effects of what was switched on and off
- `agreement(...)`: how far raters agree
- `preferences(...)`: models ranked by votes between two
- `adjust(p, how)`: p-values of one family, adjusted together
- `ranges(labels)`: the anomalies of a time series as text, for metrics of ranges
- `power(...)`: how many units a claim takes
- `Lab(folder)`: plans, judgements and evidence
- `run(...)`, `experiment`: runs with their code, environment, configuration and series
- `metric`, `count_metric`: metrics of your own

Everything else is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from assay.base.version import VERSION

if TYPE_CHECKING:
    from assay.base.errors import AssayError
    from assay.direct import Agreements, Comparisons, Powers, Preferences, agreement, compare, power, preferences
    from assay.experiments import KeptRun, experiment, run
    from assay.lab import Lab
    from assay.metrics import count_metric, metric
    from assay.metrics.ranges import ranges
    from assay.results import Judged
    from assay.runs.live import Run
    from assay.several import Ablation, Candidates, ablation, candidates
    from assay.stats.multiplicity import adjust

__version__ = VERSION

__all__ = [
    "Ablation",
    "Agreements",
    "AssayError",
    "Candidates",
    "Comparisons",
    "Judged",
    "KeptRun",
    "Lab",
    "Powers",
    "Preferences",
    "Run",
    "__version__",
    "ablation",
    "adjust",
    "agreement",
    "candidates",
    "compare",
    "count_metric",
    "experiment",
    "metric",
    "power",
    "preferences",
    "ranges",
    "run",
]

_WHERE = {
    "Ablation": "assay.several",
    "Agreements": "assay.direct",
    "AssayError": "assay.base.errors",
    "Candidates": "assay.several",
    "Comparisons": "assay.direct",
    "Judged": "assay.results",
    "KeptRun": "assay.experiments",
    "Lab": "assay.lab",
    "Powers": "assay.direct",
    "Preferences": "assay.direct",
    "Run": "assay.runs.live",
    "ablation": "assay.several",
    "adjust": "assay.stats.multiplicity",
    "agreement": "assay.direct",
    "candidates": "assay.several",
    "compare": "assay.direct",
    "count_metric": "assay.metrics",
    "experiment": "assay.experiments",
    "metric": "assay.metrics",
    "power": "assay.direct",
    "preferences": "assay.direct",
    "ranges": "assay.metrics.ranges",
    "run": "assay.experiments",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'assay' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
