"""Assay: is B really better than A, is it safe to ship, and can I prove it?

>>> import assay
>>> assay.__version__
'0.1.0'

- `compare(...)`: models against a baseline on predictions; no plan, no lab needed
- `agreement(...)`: how far raters agree
- `preferences(...)`: models ranked by votes between two
- `Lab(folder)`: plans, judgements and evidence
- `metric`, `count_metric`: metrics of your own

Everything else is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from assay.base.version import VERSION

if TYPE_CHECKING:
    from assay.base.errors import AssayError
    from assay.direct import Agreements, Comparisons, Preferences, agreement, compare, preferences
    from assay.lab import Judged, Lab
    from assay.metrics import count_metric, metric

__version__ = VERSION

__all__ = [
    "Agreements",
    "AssayError",
    "Comparisons",
    "Judged",
    "Lab",
    "Preferences",
    "__version__",
    "agreement",
    "compare",
    "count_metric",
    "metric",
    "preferences",
]

_WHERE = {
    "Agreements": "assay.direct",
    "AssayError": "assay.base.errors",
    "Comparisons": "assay.direct",
    "Judged": "assay.lab",
    "Lab": "assay.lab",
    "Preferences": "assay.direct",
    "agreement": "assay.direct",
    "compare": "assay.direct",
    "count_metric": "assay.metrics",
    "metric": "assay.metrics",
    "preferences": "assay.direct",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'assay' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
