"""Tables of documents become a table of queries: what is asked for, and what a ranked list cannot be made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.base.errors import AlignmentError, InputError
from assay.base.wording import counted
from assay.data.columns import require, score_column
from assay.data.lists import DOCUMENT, QUERY, RELEVANCE, Lists
from assay.data.request import AlignRequest, ModelArms
from assay.records.protocols import Engine, Table

_NUMBERS = ("number", "integer", "boolean")


def check_lists(engine: Engine, request: AlignRequest) -> AlignRequest:
    """The request with the query first among its keys, of tables that ranked lists can be made of.

    Raises:
        AlignmentError: keys that are not query and document, or repeated lists.
        InputError: no relevance; scores or relevance that are no numbers, or not finite.
    """
    if request.query not in request.id or len(request.id) != 2:
        raise AlignmentError(
            f"the key of a ranked document is {', '.join(request.id) or 'not given'}",
            rule=f"query and document name it: two columns, one of them {request.query!r}",
            fix=f"--on {request.query} --on DOCUMENT",
        )
    if request.repeat:
        raise AlignmentError(
            f"ranked lists are repeated by {request.repeat!r}",
            rule="a model has one list a query, or one for each training seed",
            fix="number the lists by --seed-column",
        )
    if not request.target:
        raise InputError(
            "ranked lists and no relevance",
            rule="the target is the relevance of each document",
            fix="--target COLUMN, or --qrels FILE",
        )
    tables = [t for t in (*(m.table for m in request.models), request.qrels) if t is not None]
    if not any(request.target in t.columns for t in tables):
        raise InputError(
            f"no file holds the relevance: none has a column {request.target!r}",
            rule="the target is the relevance of each document",
            fix="--target COLUMN, or --qrels FILE",
        )
    asked: list[tuple[Table, str, str]] = []
    for table in {t.name: t for t in tables}.values():
        if request.target in table.columns:
            asked.append((table, request.target, ""))
    for model in request.models:
        column = score_column(model, request)
        require(model.table, [column], f"the predictions of {model.name}")
        asked.append((model.table, column, model.name))
    for table, column, model_name in asked:
        role = f"the score of {model_name}" if model_name else "the relevance"
        _check_kind(table, column, role)
        # One pass over a table for all of its columns; the engine keeps what it found.
        engine.profile(table, [c for t, c, _ in asked if t.name == table.name and t.columns[c] in _NUMBERS])
        _check_finite(engine, table, column, role, scores=bool(model_name))
    return request.of_documents


def _check_kind(table: Table, column: str, role: str) -> None:
    kind = table.columns[column]
    if kind not in _NUMBERS:
        raise InputError(
            f"{role} {column!r} is {kind}",
            rule="documents are ranked by numbers, and their relevance is a number",
            fix="name another column, or convert it",
            where=table.source,
        )


def _check_finite(engine: Engine, table: Table, column: str, role: str, scores: bool) -> None:
    found = engine.profile(table, [column])[column]
    what = "NaN" if scores and found.nan else "infinite" if found.infinite else ""
    if what:
        raise InputError(
            f"{role} {column!r} is {what} in {counted(found.nan if what == 'NaN' else found.infinite, 'row')}",
            rule="a document of a list has a finite score; one that was not retrieved has an empty one"
            if scores
            else "relevance is finite",
            fix="correct them, or leave them empty",
            where=table.source,
        )


def ranked_lists(
    engine: Engine, request: AlignRequest, joined: Table, models: Sequence[ModelArms], columns: Mapping[str, str]
) -> tuple[Table, tuple[str, ...]]:
    """The aligned table of queries: judgements as its target, ranked lists as its predictions; and what to warn of.

    Args:
        joined: The aligned table of documents.
        columns: Slice column -> its name there.

    Raises:
        AlignmentError: repeated documents, a unit or slice that differs within a query, no judged query.
    """
    arms = tuple(a for m in models for named in m.arms.values() for a in named)
    unit = [("u", request.unit)] if "u" in joined.columns and request.unit != request.query else []
    constant = [*unit, *((o, c) for c, o in columns.items() if o in joined.columns)]
    here = tuple(c for c in joined.columns if c.startswith("here"))
    lists = Lists((request.query, request.document), arms, constant, here, joined.source)
    # Of one file, every row is in that file.
    reads = (QUERY, DOCUMENT, RELEVANCE, *arms, *(c for c, _ in constant), *(here if len(here) > 1 else ()))
    folded = engine.fold(joined, QUERY, lists, reads, (RELEVANCE, *arms))
    if engine.profile(folded, [QUERY])[QUERY].rows == 0:
        raise AlignmentError(
            f"no query of a model has a document whose relevance {request.target!r} is known",
            rule="lists are compared on judged queries",
            fix="check that all files use the same query ids",
            where=joined.source,
        )
    counts = {"without a judgement": lists.unjudged, "that no model has a list for": lists.unanswered}
    said = tuple(f"{n:,} {'query' if n == 1 else 'queries'} {why}: left out" for why, n in counts.items() if n)
    return folded, said
