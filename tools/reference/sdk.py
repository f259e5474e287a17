"""docs/sdk.md: the public docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import assay
from assay.records.ablation import AblationSet, Effect, Study, StudyRun
from assay.records.agreement import Agreement, AgreementSet
from assay.records.candidates import Blocks, BlockStanding, CandidateSet, PairDifference, Ranking, Standing
from assay.records.comparison import Alignment, Comparison, ComparisonSet, Discovery
from assay.records.estimate import Estimate
from assay.records.power import ClaimPower, ClusterPower, LookChance, PlanPower, PowerPoint, SeedPlan, SeedSplit
from assay.records.preferences import PreferenceSet, Showing, Slope, Strength
from assay.records.reproduction import Compared, Reproduction
from assay.records.runlist import RunGroup, RunRow, SeedMean
from assay.records.runs import Logged, RunEnd, RunFault, RunStart, Series, SeriesKey, Summary
from assay.records.runview import Difference
from assay.records.verdict import Judgement, Recommendation, Verdict
from tools.reference.markdown import NOTE, docstring

INTRO = """# The SDK

`import assay` is quick: everything is loaded when it is first used. What is bad input on the command line is an
`assay.AssayError` here, with `what`, `rule`, `fix`, `where` and a stable `code`.
"""
RECORDS = (
    ComparisonSet,
    Comparison,
    Alignment,
    Estimate,
    Judgement,
    Recommendation,
    Verdict,
    AgreementSet,
    Agreement,
    PreferenceSet,
    Strength,
    RunStart,
    RunEnd,
    RunRow,
    Series,
    SeriesKey,
    Summary,
    Logged,
    RunFault,
    RunGroup,
    SeedMean,
    Difference,
    Reproduction,
    Compared,
    PlanPower,
    ClaimPower,
    PowerPoint,
    LookChance,
    ClusterPower,
    SeedPlan,
    SeedSplit,
    Slope,
    Showing,
    Discovery,
    CandidateSet,
    Ranking,
    Standing,
    PairDifference,
    Blocks,
    BlockStanding,
    AblationSet,
    Study,
    Effect,
    StudyRun,
)

_QUOTED = re.compile(r": '([^']*)'")


def public() -> list[str]:
    """The public names that have a docstring of their own."""
    return [n for n in assay.__all__ if not n.startswith("__")]


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that a class and its bases here define, in the order of the source."""
    bases = [b for b in reversed(kind.__mro__) if b.__module__.startswith("assay.") and not issubclass(b, Exception)]
    held = {name: member for base in bases or [kind] for name, member in vars(base).items()}
    for name, member in held.items():
        if not name.startswith("_") and (inspect.isroutine(member) or isinstance(member, (property, classmethod))):
            yield name, member


def signature(name: str, function: Any) -> str:
    """The call as a user writes it; annotations as the source has them."""
    given = inspect.signature(function)
    meant = _meant(function)
    kept = [
        p.replace(annotation=meant.get(p.annotation, p.annotation))
        for p in given.parameters.values()
        if p.name not in ("self", "cls")
    ]
    said = _QUOTED.sub(r": \1", str(given.replace(parameters=kept, return_annotation=inspect.Signature.empty)))
    returns = given.return_annotation
    return f"{name}{said}" + ("" if returns in (inspect.Signature.empty, "None") else f" -> {returns}")


def _meant(kind: Any) -> dict[str, str]:
    """What the type variables of a class's bases stand for, by name."""
    return {
        str(variable.__name__): given.__name__
        for base in getattr(kind, "__orig_bases__", ())
        for variable, given in zip(get_origin(base).__parameters__, get_args(base), strict=True)
    }


def render() -> str:
    """The page."""
    parts = [NOTE + INTRO]
    parts += [_one(f"assay.{name}", getattr(assay, name)) for name in public()]
    parts.append("## Records\n\nWhat comes back: frozen dataclasses, whose fields are these.\n")
    parts += [_record(kind) for kind in RECORDS]
    return "\n".join(parts)


def _one(name: str, thing: Any) -> str:
    head = f"## {name}\n\n```text\n{signature(name, thing)}\n```\n\n{docstring(thing.__doc__)}"
    if not inspect.isclass(thing):
        return head
    return "\n".join([head, *(_member(f"{thing.__name__}.{n}", m) for n, m in members(thing))])


def _member(name: str, member: Any) -> str:
    if isinstance(member, property):
        return f"### {name}\n\n{docstring(member.__doc__)}"
    function = member.__func__ if isinstance(member, classmethod) else member
    return f"### {name}\n\n```text\n{signature(name, function)}\n```\n\n{docstring(function.__doc__)}"


def _record(kind: Any) -> str:
    fields = ", ".join(f"`{f.name}: {f.type}`" for f in dataclasses.fields(kind))
    return f"### {kind.__name__}\n\n{docstring(kind.__doc__)}\nFields: {fields}\n"
