"""The notation of metrics: `name`, `name@value`, `name(key=value, …)`, `gap(metric, by=column)`."""

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
    if match["name"] == "gap":
        return _gap(notation, positional if match["at"] is None else [], named)
    definition = METRICS.get(match["name"])
    if definition.cut and _COUNT.fullmatch(match["at"] or ""):
        definition = METRICS.get(definition.cut)
    if match["at"] is not None:
        if not definition.at:
            raise MetricError(f"{notation!r}: {definition.name} takes no @ value", rule=_RULE, fix=definition.name)
        if definition.at in named:
            raise MetricError(f"{notation!r} gives {definition.at!r} twice", rule=_RULE, fix="give it once")
        named = {definition.at: match["at"], **named}
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


def _gap(notation: str, positional: list[str], named: dict[str, str]) -> Metric:
    if len(positional) != 1 or set(named) != {"by"} or not named["by"]:
        raise MetricError(
            f"cannot read {notation!r}", rule="a gap is written gap(metric, by=column)", fix="gap(recall, by=region)"
        )
    inner = parse(positional[0])
    if inner.family in (Family.GAP, Family.DESCRIPTIVE, Family.QUANTILE):
        raise MetricError(
            f"no gap of {inner.label!r}",
            rule="a gap compares a metric that has an interval in each group",
            fix="gap(recall, by=region)",
        )
    return dataclasses.replace(
        inner,
        name="gap",
        parameters={"of": inner.label, "by": named["by"]},
        family=Family.GAP,
        direction="lower",
        lower=0.0,
        upper=None if inner.upper is None or inner.lower is None else inner.upper - inner.lower,
        summary=f"Largest difference of {inner.label} between the groups of {named['by']}.",
        formula="max over groups - min over groups",
        undefined=f"fewer than two groups in which {inner.label} is defined",
        label=" ".join(notation.split()),
        inner=inner,
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
    if len(positional) > 1:
        raise MetricError(f"cannot read {notation!r}", rule=_RULE, fix="name the parameters: name(key=value)")
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
