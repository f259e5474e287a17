"""Floor 2: what a metric sums and how its value follows. One registry, one notation.

- `notation`: `fbeta@2`, `recall(class=cat)`, `gap(recall, by=region)` -> a metric with its parameters
- `registry`: definitions by name; the same door for built-ins and plug-ins
- `confusion`: classification; `probability`: log loss, Brier, AUC, ECE
- `ranking`: ranked lists, a query at a time; `rankings`: the two texts that say all about a query
- `curves`: average precision, partial AUC; `calibration`: slope, intercept, parts of the Brier score
- `selective`: risk and coverage of a model that may abstain
- `ranges`: anomalies in time series
- `regression`: numbers; `forecasts`: scaled errors, CRPS, intervals; `efficiency`: latency and cost
- `text`, `corpus`: text against references; `multilabel`: sets of labels; `classlists`: top-k, prediction sets
- `custom`: `@metric` and `@count_metric`
"""

from assay.metrics import (
    calibration,
    classlists,
    confusion,
    corpus,
    curves,
    efficiency,
    forecasts,
    multilabel,
    probability,
    ranges,
    ranking,
    regression,
    selective,
    text,
)
from assay.metrics.custom import count_metric, metric
from assay.metrics.forecasts import naive_scale
from assay.metrics.notation import parse
from assay.metrics.registry import METRICS, Definition

__all__ = ["METRICS", "Definition", "count_metric", "metric", "naive_scale", "parse"]

for _room in (
    confusion,
    probability,
    curves,
    calibration,
    selective,
    ranking,
    ranges,
    regression,
    forecasts,
    efficiency,
    text,
    corpus,
    multilabel,
    classlists,
):
    _room.register(METRICS)
