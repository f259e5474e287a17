"""Floor 2: what a metric sums and how its value follows. One registry, one notation.

- `notation`: `fbeta@2`, `recall(class=cat)`, `gap(recall, by=region)` -> a metric with its parameters
- `registry`: definitions by name; the same door for built-ins and plug-ins
- `confusion`: classification; `probability`: log loss, Brier, AUC, ECE
- `ranking`: ranked lists, a query at a time; `rankings`: the two texts that say all about a query
- `curves`: average precision, partial AUC; `calibration`: slope, intercept, parts of the Brier score
- `selective`: risk and coverage of a model that may abstain
- `ranges`: anomalies in time series
- `regression`: numbers; `efficiency`: latency and cost
- `custom`: `@metric` and `@count_metric`
"""

from assay.metrics import (
    calibration,
    confusion,
    curves,
    efficiency,
    probability,
    ranges,
    ranking,
    regression,
    selective,
)
from assay.metrics.custom import count_metric, metric
from assay.metrics.notation import parse
from assay.metrics.registry import METRICS, Definition

__all__ = ["METRICS", "Definition", "count_metric", "metric", "parse"]

for _room in (confusion, probability, curves, calibration, selective, ranking, ranges, regression, efficiency):
    _room.register(METRICS)
