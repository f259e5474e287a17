"""docs/metrics.md: the registry of metrics, each with its value on a table of twelve rows."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Sequence
from typing import Any

import assay
from assay.metrics import METRICS, Definition, parse
from assay.records.comparison import Comparison
from assay.records.metric import Metric
from tools.reference.markdown import NOTE, table

Values = list[str] | list[float] | list[int]
Y = [1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0]
P = [0.9, 0.2, 0.6, 0.4, 0.3, 0.7, 0.8, 0.1, 0.4, 0.7, 0.2, 0.5]
NUMBER = [3.0, 5.0, 2.5, 7.0, 4.0, 6.0, 8.0, 3.5, 5.5, 4.5, 6.5, 7.5]
FORECAST = [2.5, 5.0, 4.0, 8.0, 4.5, 5.0, 7.0, 3.0, 6.0, 4.0, 7.0, 7.0]
ANIMAL = ["cat", "dog", "cat", "cat", "fox", "dog", "cat", "dog", "fox", "cat", "dog", "fox"]
SAID = ["cat", "dog", "cat", "dog", "fox", "cat", "cat", "dog", "dog", "cat", "dog", "fox"]
LATENCY = [120, 95, 210, 180, 99, 130, 450, 101, 88, 160, 140, 115]
REGION = ["north"] * 6 + ["south"] * 6
QUERY = [1] * 6 + [2] * 6
PAGE = list("abcdefabcdef")
ANOMALIES = ["2-5", "none", "10-19", "4-9 30-33", "none", "7-12", "1-3", "none", "20-27", "5-8 15", "3-6", "none"]
ALARMS = ["3-5", "8", "12-21", "4-5 8-9", "none", "7-9", "1-4", "6-7", "20-27", "5-6", "none", "none"]
REFERENCE = ["a red fox runs home", "the dog sleeps all day", "two cats sit on the mat", "snow fell in the night"] * 3
ANSWER = ["the red fox ran home", "the dog sleeps all day", "two cats sit on a mat", "it rained"] * 3
TAGS = ["a|b", "a", "b|c", "c", "[]", "a|c"] * 2
GUESS = ["a|b", "b", "b|c", "c|a", "[]", "a"] * 2
LIKELY = ["cat|dog", "dog", "fox|cat", "dog|fox", "fox|dog|cat", "dog|cat"] * 2
QUANTILES = [f"[{f - 1}, {f}, {f + 1}]" for f in FORECAST]
LOW = [f - 1.5 for f in FORECAST]
HIGH = [f + 1.5 for f in FORECAST]
SCALE = [0.5, 2.0] * 6
INTRO = """# Metrics

A metric is written in the notation that people use: `name`, `name@value`, `name(key=value)`, or
`gap(metric, by=column)` for the largest difference of a metric between groups ([Fairness](fairness.md)).
`@` sets the parameter that matters most, as in `recall@0.5` (threshold) or `fbeta@2` (beta); `recall@100` and
`precision@10`, with a whole number, are `recall_at` and `precision_at`, which cut a [ranked list](ranking.md). A metric
of a measured column names it: `p95(latency_ms)`.
What cannot be computed is *undefined*, with the reason; it is never 0.

- A label metric on a column of scores needs a threshold: `f1@0.5`, or `--threshold` for all.
- `class=` names the positive class of a binary metric; `average=macro` or `average=micro` take all classes.
- Of one predicted column, `recall(class=cat)` and `recall(average=macro)` can be asked for together.

The examples are values on these rows (`y` and `p` for probabilities and scores; `animal` and `said` for labels;
`number` and `forecast` for numbers; `latency_ms` for a measured column; for ranked lists the pages of a `query` are
ranked by `p`, and `y` is their relevance):

{rows}
Metrics of text, of sets of labels, of lists of classes and of vectors ([more metrics](more-metrics.md)) on these
(`reference` and `answer`; `tags` and `guess`; `animal` and `likely`; `number` and `quantiles`; beside `forecast` the
ends `low` and `high` of its interval, and the `scale` of the series):

{lists}
{sections}
## Metrics of your own

The mean of a score of each row, or any function of the confusion counts, in a file that is given with `--plugin`:

```python
import assay


@assay.metric(direction="lower", reads="probability", lower=0.0, unit="EUR")
def missed_cost(target, prediction):
    "Cost of a missed positive row."
    return 5.0 * target * (1 - prediction)


@assay.count_metric(direction="higher")
def critical_success(tn, fp, fn, tp):
    "Share of the rows that are positive or predicted so that are both."
    return tp / (tp + fp + fn)


found = assay.compare(
    "few.csv",
    "all.csv",
    on="patient",
    target="malignant",
    score="p",
    metrics=["missed_cost", "critical_success@0.5"],
)
print([c.difference.method for c in found])
```

```text
['t', 'dirichlet']
```

They get their interval from the same place as all others. A package announces its metrics under the entry-point group
`assay.metrics`.
"""


def columns() -> dict[str, Values]:
    """The example's rows, as columns."""
    return {
        "y": Y, "p": P, "animal": ANIMAL, "said": SAID, "number": NUMBER, "forecast": FORECAST,
        "latency_ms": LATENCY, "region": REGION, "query": QUERY, "page": PAGE,
        "anomalies": ANOMALIES, "alarms": ALARMS,
    }  # fmt: skip


def lists() -> dict[str, Values]:
    """The rows of what is more than one label or number, as columns."""
    return {
        "reference": REFERENCE, "answer": ANSWER, "tags": TAGS, "guess": GUESS, "likely": LIKELY,
        "quantiles": QUANTILES, "low": LOW, "high": HIGH, "scale": SCALE,
    }  # fmt: skip


READS = {
    "text": ("reference", "answer"),
    "label set": ("tags", "guess"),
    "class list": ("animal", "likely"),
    "vector": ("number", "quantiles"),
}
"""Target and prediction of the examples of metrics that read such."""


def example_values(metrics: Sequence[Metric]) -> list[str]:
    """The metrics' values on the rows above, computed by Assay: those of the same columns by one reading."""
    readings: dict[str, list[str]] = {}
    for metric in metrics:
        readings.setdefault(json.dumps(_question(metric)), []).append(metric.label)
    values: dict[str, float | None] = {}
    for asked, labels in readings.items():
        values |= {c.metric.label: c.baseline.value for c in _compared(json.loads(asked), labels)}
    return ["undefined" if (v := values[m.label]) is None else f"{v:.4g}" for m in metrics]


def _compared(question: dict[str, Any], labels: list[str]) -> Iterable[Comparison]:
    held = columns() | lists()
    rows = {"id": list(range(len(Y))), "again": held[question["candidates"]], **held}
    return assay.compare(rows, baseline="again", metrics=labels, **question)


def _question(metric: Metric) -> dict[str, Any]:
    """Which columns are compared, and how they are read."""
    if metric.reads in READS:
        target, prediction = READS[metric.reads]
    elif metric.reads == "label" and metric.threshold is None:
        target, prediction = "animal", "said"
    elif metric.reads == "ranges":
        target, prediction = "anomalies", "alarms"
    elif metric.reads == "number":
        target, prediction = "number", "forecast"
    else:
        target, prediction = "y", "p"
    asked: dict[str, Any] = {"target": target, "candidates": prediction}
    if metric.reads == "ranking":
        return {**asked, "on": ["query", "page"], "query": "query"}
    return {**asked, "on": ["id"], **_reading(metric, target)}


def _reading(metric: Metric, target: str) -> dict[str, str | float]:
    named = metric.needs_positive and "class" not in metric.parameters and target == "animal"
    return {"positive": "cat"} if named else {"threshold": 0.5} if metric.label.startswith("confusion") else {}


def render() -> str:
    """The page."""
    held = columns()
    rows = [[str(v) for v in row] for row in zip(*held.values(), strict=True)]
    definitions = [definition for _, definition in METRICS]
    values = example_values([parse(d.example) for d in definitions])
    sections = "\n".join(_section(d, v) for d, v in zip(definitions, values, strict=True))
    more = table(list(lists()), [[str(v) for v in row] for row in zip(*lists().values(), strict=True)])
    shown = {"{rows}": table(list(held), rows), "{lists}": more, "{sections}": sections}
    page = NOTE + INTRO
    for place, text in shown.items():
        page = page.replace(place, text)
    return page


def _section(definition: Definition, value: str) -> str:
    metric = parse(definition.example)
    low = "-inf" if metric.lower is None else f"{metric.lower:g}"
    high = "inf" if metric.upper is None else f"{metric.upper:g}"
    facts = [
        ["notation", f"`{notation(definition)}`"],
        ["direction", f"{metric.direction} is better"],
        ["range", f"{low} to {high}"],
        ["unit", metric.unit],
        ["reads", metric.reads],
        ["formula", f"`{metric.formula}`"],
        ["undefined when", metric.undefined],
        ["source", metric.citation],
        ["example", f"`{metric.label}` = {value}"],
    ]
    return f"## {definition.name}\n\n{metric.summary}\n\n{table(['', ''], facts)}"


def notation(definition: Definition) -> str:
    """Name and parameters with their defaults; the parameter that @ sets comes first."""
    given = inspect.signature(definition.build).parameters.values()
    said = {p.name.rstrip("_"): p.default for p in given if p.name not in ("q",) or definition.at == "q"}
    at = f"@{definition.at}" if definition.at else ""
    rest = [f"{k}={v}" if v not in (None, "") else f"{k}=…" for k, v in said.items() if k != definition.at]
    return f"{definition.name}{at}" + (f"({', '.join(rest)})" if rest else "")
