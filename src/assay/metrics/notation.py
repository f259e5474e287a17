"""The notation of metrics: `name`, `name@value`, `name(key=value, …)`, `gap(metric, by=column)`, `worst(…)`."""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import Any

from assay.base.errors import MetricError
from assay.metrics.registry import METRICS, Definition
from assay.records.metric import Family, Metric

_FORM = re.compile(r"^\s*(?P<name>[A-Za-z_][\w-]*)\s*(?:@\s*(?P<at>[^()\s]+))?\s*(?:\((?P<body>.*)\))?\s*$", re.DOTALL)
_COUNT = re.compile(r"[1-9][0-9]*")
_LONGEST = 200
NAMED = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("recall",),
    "equalized_odds": ("recall", "false_positive_rate"),
}
"""Gaps with a name of their own in the literature on fairness: the largest gap of any of these metrics."""
GROUPED = ("gap", "worst", *NAMED)
_RULE = "a metric is written name, name@value or name(key=value)"


def parse(notation: str) -> Metric:
    """Read a metric from its notation.

    Raises:
        MetricError: unknown name or parameter, or a value outside the parameter's range.

    >>> parse("fbeta@2").parameters
    {'beta': 2.0}
    >>> parse("gap(recall@0.5, by=region)").parameters
    {'of': 'recall@0.5', 'by': 'region'}
    >>> parse("recall@100").parameters["k"]
    100
    """
    match = _FORM.match(notation) if len(notation) <= _LONGEST else None
    if match is None:
        raise MetricError(f"cannot read the metric {notation[:60]!r}", rule=_RULE, fix="for example recall@0.5")
    positional, named = _arguments(match["body"] or "", notation)
    if match["name"] in GROUPED:
        return _grouped(match["name"], positional, {**named, **({"at": match["at"]} if match["at"] else {})}, notation)
    definition = METRICS.get(match["name"])
    if definition.cut and _COUNT.fullmatch(match["at"] or ""):
        definition = METRICS.get(definition.cut)
    if match["at"] is not None:
        if not definition.at:
            raise MetricError(f"{notation!r}: {definition.name} takes no @ value", rule=_RULE, fix=definition.name)
        if definition.at in named:
            raise MetricError(f"{notation!r} gives {definition.at!r} twice", rule=_RULE, fix="give it once")
        named = {definition.at: match["at"], **named}
    if len(positional) > 1:
        raise MetricError(f"cannot read {notation!r}", rule=_RULE, fix="name the parameters: name(key=value)")
    if positional:
        named = {"column": positional[0], **named}
    return _build(definition, named, " ".join(notation.split()))


def _build(definition: Definition, named: dict[str, str], label: str) -> Metric:
    known = inspect.signature(definition.build).parameters
    arguments: dict[str, Any] = {}
    for key, text in named.items():
        parameter = f"{key}_" if f"{key}_" in known else key
        if parameter not in known:
            names = ", ".join(k.rstrip("_") for k in known) or "none"
            raise MetricError(
                f"{definition.name} has no parameter {key!r}",
                rule=f"its parameters: {names}",
                fix=f"for example {definition.example or definition.name}",
            )
        if not text:
            raise MetricError(f"{definition.name}: {key} is empty", rule=_RULE, fix=f"give {key} a value")
        arguments[parameter] = _value(text, str(known[parameter].annotation), key, definition)
    built = definition.build(**arguments)
    shown = {k.rstrip("_"): v for k, v in arguments.items()}
    return dataclasses.replace(built, parameters={**built.parameters, **shown}, label=label)


def _value(text: str, annotation: str, key: str, definition: Definition) -> Any:
    if "float" in annotation or "int" in annotation:
        try:
            number = int(text) if "float" not in annotation else float(text)
        except ValueError:
            raise MetricError(
                f"{definition.name}: {key} is {text!r}",
                rule=f"{key} is a number",
                fix=f"for example {definition.example}",
            ) from None
        if number != number or number in (float("inf"), float("-inf")):
            raise MetricError(f"{definition.name}: {key} is {text}", rule=f"{key} is finite", fix="give a number")
        return number
    return text


def _grouped(name: str, positional: list[str], named: dict[str, str], notation: str) -> Metric:
    """A gap between groups, or the worst of them; the named ones of `NAMED` are gaps of certain metrics."""
    at = f"@{named['at']}" if named.get("at") else ""
    if name in NAMED:
        wanted = [f"{inner}{at}" for inner in NAMED[name]] if not positional else []
    else:
        wanted = positional if not at else []
    if not wanted or (name == "worst" and len(wanted) > 1) or set(named) - {"at"} != {"by"} or not named["by"]:
        example = f"{name}(by=region)" if name in NAMED else f"{name}(recall, by=region)"
        kind = "name(by=column), or name@threshold(by=column)" if name in NAMED else f"{name}(metric, by=column)"
        raise MetricError(f"cannot read {notation!r}", rule=f"it is written {kind}; columns cross with *", fix=example)
    inner = [parse(w) for w in dict.fromkeys(wanted)]
    for metric in inner:
        _comparable(metric, inner, name)
    by = tuple(c.strip() for c in named["by"].split("*"))
    if not all(by) or len(set(by)) < len(by):
        raise MetricError(
            f"cannot read the columns {named['by']!r}",
            rule="a column, or different columns crossed with *",
            fix=f"{name}(…, by=sex*race)",
        )
    return (_worst if name == "worst" else _gap)(inner, "*".join(by), " ".join(notation.split()))


def _comparable(metric: Metric, beside: list[Metric], name: str) -> None:
    if metric.family in (Family.GAP, Family.DESCRIPTIVE, Family.QUANTILE):
        what = "worst group" if name == "worst" else "gap"
        raise MetricError(
            f"no {what} of {metric.label!r}",
            rule=f"a {what} compares a metric that has an interval in each group",
            fix=f"{'worst' if name == 'worst' else 'gap'}(recall, by=region)",
        )
    counts = (Family.PROPORTION, Family.COUNTS)
    alike = all(
        (m.threshold, m.parameters.get("class")) == (metric.threshold, metric.parameters.get("class")) for m in beside
    )
    if len(beside) > 1 and not (metric.family in counts and metric.needs_positive and alike):
        raise MetricError(
            f"a gap of {' and '.join(m.label for m in beside)} together",
            rule="metrics of one gap read the same labels: one threshold, one positive class",
            fix="gap(recall@0.5, false_positive_rate@0.5, by=region)",
        )


def _gap(inner: list[Metric], by: str, label: str) -> Metric:
    first = inner[0]
    named = " or ".join(m.label for m in inner)
    widths = [None if m.upper is None or m.lower is None else m.upper - m.lower for m in inner]
    return dataclasses.replace(
        first,
        name="gap",
        parameters={"of": ", ".join(m.label for m in inner), "by": by},
        family=Family.GAP,
        direction="lower",
        lower=0.0,
        upper=None if None in widths else max(w for w in widths if w is not None),
        summary=f"Largest difference of {named} between the groups of {by}.",
        formula="max over groups - min over groups" + (", the largest over metrics" if len(inner) > 1 else ""),
        undefined=f"fewer than two groups in which {named} is defined",
        label=label,
        inner=first,
        others=tuple(inner[1:]),
    )


def _worst(inner: list[Metric], by: str, label: str) -> Metric:
    first = inner[0]
    if first.direction == "none":
        raise MetricError(
            f"no worst group of {first.label!r}",
            rule="it is best at a value in between, so neither the least nor the largest is the worst",
            fix=f"gap({first.label}, by={by})",
        )
    end = "Least" if first.direction == "higher" else "Largest"
    return dataclasses.replace(
        first,
        name="worst",
        parameters={"of": first.label, "by": by},
        family=Family.GAP,
        summary=f"{end} {first.label} of any group of {by}.",
        formula="min over groups" if first.direction == "higher" else "max over groups",
        undefined=f"a group in which {first.label} is undefined",
        label=label,
        inner=first,
    )


def _arguments(body: str, notation: str) -> tuple[list[str], dict[str, str]]:
    positional, named = [], {}
    for part in _split(body):
        key, equals, value = part.partition("=")
        if equals and "(" not in key:
            if key.strip() in named:
                raise MetricError(f"{notation!r} gives {key.strip()!r} twice", rule=_RULE, fix="give it once")
            named[key.strip()] = value.strip()
        elif part.strip():
            positional.append(part.strip())
    return positional, named


def _split(body: str) -> list[str]:
    """Split at commas outside brackets."""
    parts, depth, current = [], 0, ""
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]
