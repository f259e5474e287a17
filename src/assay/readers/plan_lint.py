"""What makes no sense in a plan although each key is well formed: problems and warnings, with their lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assay.base.errors import AssayError, MetricError, PlanError
from assay.readers.plan_claims import Finding, claim_findings
from assay.readers.plan_draft import Draft
from assay.readers.plan_looks import looks_problems
from assay.readers.plan_problems import spelled
from assay.readers.plan_schema import GuardrailKeys
from assay.readers.plan_sweep import sweep_findings
from assay.readers.plan_yaml import Key
from assay.records.metric import Metric

KnownMetric = Callable[[str], Metric]
FEW_SEEDS = 3
_PLACEHOLDER = re.compile(r"^\s*(…|\.\.\.|\?+|<[^<>]*>)\s*$|\b(TO-?DO|FIX-?ME|TBD|TBC|XXX)\b")


@dataclass(frozen=True, slots=True)
class Lint:
    """What was found: errors to mend, and sentences to think about, both with their lines."""

    problems: tuple[tuple[int, AssayError], ...]
    warnings: tuple[tuple[int, str], ...]


def lint(draft: Draft, known_metric: KnownMetric) -> Lint:
    """Every rule on every part that is sound."""
    problems: list[tuple[int, AssayError]] = []
    warnings: list[tuple[int, str]] = []
    for finding in findings(draft, known_metric):
        where = draft.document.where(finding.path)
        line = int(where.rpartition(":")[2])
        if finding.warning:
            warnings.append((line, f"{where}: {finding.what}; {finding.fix}"))
        else:
            kind = MetricError if finding.metric else PlanError
            problems.append((line, kind(finding.what, rule=finding.rule, fix=finding.fix, where=where)))
    return Lint(tuple(problems), tuple(warnings))


def findings(draft: Draft, known_metric: KnownMetric) -> Iterator[Finding]:
    """Every rule in turn."""
    for path, claim in draft.asked.items():
        yield from claim_findings(path, claim, known_metric)
        yield from _method(draft, path, claim)
        yield from _candidate(draft, path, claim)
        yield from _shared_error(draft, path, claim)
    yield from _rankings(draft, known_metric)
    for rule in (_names, _coverage, _columns, _slices, _looks, _reuse, _seeds, sweep_findings, _habits):
        yield from rule(draft)


def placeholders(value: Any, path: Key = ()) -> Iterator[Finding]:
    """Texts that the template left for the author to fill in."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from placeholders(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from placeholders(inner, (*path, i))
    elif isinstance(value, str) and _PLACEHOLDER.search(value):
        what = f"{spelled(path)} is still the placeholder {value.strip()[:60]!r}"
        yield Finding(path, what, "a plan is complete when it is frozen", "fill it in")


def _method(draft: Draft, path: Key, claim: GuardrailKeys) -> Iterator[Finding]:
    if claim.about != "method":
        return
    seeds = draft.given["seeds"]
    if seeds < 2:
        rule = "a claim about a method needs at least 2 seeds of the candidate, 3 or more are better"
        if draft.baseline is not None and draft.baseline.deterministic:
            rule += "; a deterministic baseline does not change that"
        fix = "train with several seeds and set `seeds: 3`, or claim it `about: model`"
        yield Finding((*path, "about"), f"the claim {claim.name!r} is about a method, with seeds {seeds}", rule, fix)
    elif seeds < FEW_SEEDS:
        what = f"the claim {claim.name!r} is about a method, with {seeds} seeds"
        yield Finding((*path, "about"), what, "", "3 or more give an interval that is worth something", warning=True)
    elif seeds == FEW_SEEDS and _one_varies(draft, claim):
        what = f"the claim {claim.name!r} is about a method, with {seeds} seeds of one model that varies"
        fix = "4 or more: with 3 the interval of one variance between seeds covers 92 %, and no claim is supported"
        yield Finding((*path, "about"), what, "", fix, warning=True)
    if draft.data is not None and not draft.data.seed:
        what = f"the claim {claim.name!r} is about a method, and `data.seed` names no column"
        rule = "the predictions of several seeds stand in one long file with a column for the seed"
        yield Finding((*path, "about"), what, rule, "add `seed: <column>` to `data`")


def _one_varies(draft: Draft, claim: GuardrailKeys) -> bool:
    """Whether one variance between seeds is all there is: a lone model, a deterministic baseline, paired seeds."""
    alone = claim.kind in ("at_least", "at_most")
    deterministic = draft.baseline is not None and draft.baseline.deterministic
    return alone or deterministic or bool(draft.given["seeds_paired"])


def _candidate(draft: Draft, path: Key, claim: GuardrailKeys) -> Iterator[Finding]:
    names = [c.name for c in draft.candidates.values()]
    if not claim.candidate or claim.candidate in names or not draft.complete:
        return
    near = difflib.get_close_matches(claim.candidate, names, n=1)
    fix = f"did you mean {near[0]!r}?" if near else "name a candidate, or leave it out for all of them"
    what = f"the claim {claim.name!r} names the unknown candidate {claim.candidate!r}"
    yield Finding((*path, "candidate"), what, f"candidates: {', '.join(names)}", fix)


def _shared_error(draft: Draft, path: Key, claim: GuardrailKeys) -> Iterator[Finding]:
    primary = path in draft.claims and draft.claims[path].primary
    if draft.given["decide"] == "any-of" and claim.alpha is not None and primary:
        rule = "under any-of the primary claims share the plan's error (Holm), so none has one of its own"
        what = f"the claim {claim.name!r} has the alpha {claim.alpha:g}"
        yield Finding((*path, "alpha"), what, rule, "remove alpha, or set `decide: all-of`")


def _names(draft: Draft) -> Iterator[Finding]:
    models: dict[Key, str] = {("baseline", "name"): draft.baseline.name} if draft.baseline else {}
    models |= {(*path, "name"): model.name for path, model in draft.candidates.items()}
    models |= {(*path, "name"): ablation.name for path, ablation in draft.ablations.items()}
    claims = {(*path, "name"): claim.name for path, claim in draft.asked.items()}
    for kind, names in (("model", models), ("claim", claims)):
        seen: dict[str, Key] = {}
        for path, name in names.items():
            if name in seen:
                what = f"the name {name!r} is taken by {spelled(seen[name][:-1])}"
                yield Finding(path, what, f"each {kind} has a name of its own", "choose another name")
            seen.setdefault(name, path)


def _rankings(draft: Draft, known_metric: KnownMetric) -> Iterator[Finding]:
    """Metrics of ranked lists are claimed where a query is named, and no others are; query and document are the key."""
    if draft.data is None:
        return
    query = draft.data.query
    for path, claim in draft.asked.items():
        try:
            metric = known_metric(claim.metric)
        except MetricError:
            continue
        ranking = (metric.inner or metric).reads == "ranking"
        if ranking and not query:
            what = f"{claim.metric} reads ranked lists, and no column names the query"
            fix = "add `query: <column>` under data"
            yield Finding((*path, "metric"), what, "rows of one query are one list", fix, metric=True)
        elif query and not ranking:
            what = f"{claim.metric} reads rows, and with data.query rows are documents of ranked lists"
            rule = "with a query, metrics are of ranked lists: ndcg@10, mrr, map, recall@100, precision@10, rbp@0.8"
            yield Finding((*path, "metric"), what, rule, "name one of these, or remove `query`", metric=True)
    if query and (query not in draft.data.id or len(draft.data.id) != 2):
        what = f"data.id is {', '.join(draft.data.id)}, with the query {query!r}"
        rule = "query and document name a row of ranked lists"
        yield Finding(("data", "id"), what, rule, f"write `id: [{query}, <document>]`")
    if query and draft.data.repeat:
        fix = "number the lists of training runs by `seed`"
        yield Finding(("data", "repeat"), "ranked lists are repeated", "a model has one list a query", fix)
    if draft.data.qrels and not query:
        fix = "add `query: <column>` under data, or remove `qrels`"
        yield Finding(("data", "qrels"), "there are qrels and no query", "qrels are of ranked documents", fix)


def _coverage(draft: Draft) -> Iterator[Finding]:
    """Every candidate needs something that decides about it."""
    primary = [c for c in draft.claims.values() if c.primary]
    if draft.claims and not primary:
        yield Finding(("claims",), "no claim is primary", "a plan decides on its primary claims", "set `primary: true`")
    elif all(c.candidate for c in primary) and draft.complete and primary:
        for path, model in draft.candidates.items():
            if model.name not in {c.candidate for c in primary}:
                what = f"no primary claim is about the candidate {model.name!r}"
                yield Finding(path, what, "each candidate is decided on by a primary claim", "add a claim about it")


def _columns(draft: Draft) -> Iterator[Finding]:
    """Columns whose roles exclude each other."""
    if draft.data is None:
        return
    roles = {"target": draft.data.target, "unit": draft.data.unit, "seed": draft.data.seed, "repeat": draft.data.repeat}
    for role, column in roles.items():
        clash = [other for other, name in roles.items() if name == column and other < role]
        if role != "unit" and column in draft.data.id:
            clash.append("id")
        if column and clash:
            what = f"the column {column!r} is both {role} and {clash[0]}"
            yield Finding(("data", role), what, "each of these columns has one role", "name another column")
    for i, column in enumerate(draft.data.id):
        if column in draft.data.id[:i]:
            yield Finding(
                ("data", "id"), f"the column {column!r} is in id twice", "each column is named once", "drop one"
            )


def _slices(draft: Draft) -> Iterator[Finding]:
    seen: set[frozenset[str]] = set()
    for i, written in enumerate(draft.data.slices if draft.data else []):
        columns = [part.strip() for part in written.split("*")]
        path: Key = ("data", "slices", i)
        if not all(columns):
            yield Finding(path, f"the slice {written!r} lacks a column", "columns are crossed as a*b", "complete it")
        elif len(set(columns)) < len(columns):
            yield Finding(
                path, f"the slice {written!r} repeats a column", "a slice crosses different columns", "drop one"
            )
        elif frozenset(columns) in seen:
            yield Finding(path, f"the slice {written!r} is there twice", "each slice is named once", "remove one")
        seen.add(frozenset(columns))


def _looks(draft: Draft) -> Iterator[Finding]:
    for path, what, rule, fix in looks_problems(draft.looks) if draft.looks is not None else ():
        yield Finding(path, what, rule, fix)


def _reuse(draft: Draft) -> Iterator[Finding]:
    if draft.complete and draft.reuse is not None and draft.reuse.candidates < len(draft.candidates):
        what = f"reuse.candidates is {draft.reuse.candidates}, and the plan has {len(draft.candidates)} candidates"
        rule = "each candidate is judged at alpha / reuse.candidates, counted on these units over all plans"
        fix = f"set `reuse: {{candidates: {len(draft.candidates)}}}` or more"
        yield Finding(("reuse", "candidates") if "reuse" in draft.document.value else ("candidates",), what, rule, fix)


def _seeds(draft: Draft) -> Iterator[Finding]:
    if not draft.given["seeds_paired"]:
        return
    deterministic = draft.baseline is not None and draft.baseline.deterministic
    if deterministic or draft.given["seeds"] < 2:
        why = "the baseline is deterministic" if deterministic else f"seeds is {draft.given['seeds']}"
        rule = "seed i of both models has to be the same draw of the training data"
        yield Finding(("seeds_paired",), f"seeds_paired is true, but {why}", rule, "remove seeds_paired")


def _habits(draft: Draft) -> Iterator[Finding]:
    """What is allowed, and usually regretted."""
    if draft.data is not None and not draft.data.unit:
        what = "data.unit is not given, so each row counts as an independent unit"
        yield Finding(("data",), what, "", "name the unit if one user, day or document has several rows", warning=True)
    if draft.baseline is not None and not draft.baseline.why.strip():
        yield Finding(("baseline",), "the baseline has no `why`", "", "say why it is the one to beat", warning=True)
    if not draft.given["change_my_mind"].strip():
        yield Finding(
            (), "change_my_mind is empty", "", "say which result would change the author's mind", warning=True
        )
    primary = [c for c in draft.claims.values() if c.primary]
    if draft.given["decide"] == "any-of" and len(primary) == 1:
        yield Finding(("decide",), "any-of with one primary claim", "", "it means the same as all-of", warning=True)
    if draft.given["risk_tier"] != "low" and not draft.guardrails:
        what = f"the risk tier is {draft.given['risk_tier']} and there is no guardrail"
        yield Finding(("risk_tier",), what, "", "say what must not get worse", warning=True)
