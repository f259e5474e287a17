"""What people say of judged evidence, for a page and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from assay.records.review import APPROVE, Review, Reviews
from assay.report.blocks import Badge, Column, Document, Inline, Paragraph, Span, Table
from assay.report.text import clean

NOBODY, OWN = "Nobody has reviewed it yet.", "the judge's own review"
_COLUMNS = (Column("Reviewed", True), Column("By"), Column("Says"), Column("Why"))


def reviews_page(found: Reviews) -> Document:
    """Who judged, then what each person last said."""
    table = reviews_table([((), r) for r in found.reviews]) if found.reviews else Paragraph(NOBODY)
    return Document(f"Reviews of {clean(found.plan)}", (Paragraph(_head(found), lead=True), table))


def render_reviews(found: Reviews) -> str:
    """The same as text."""
    said = [f"{r.at[:10]}  {clean(r.by)} {_says(r)}: {clean(r.why)}" for r in found.reviews]
    return "\n".join([_head(found), *(said or [NOBODY])]) + "\n"


def reviews_table(rows: Sequence[tuple[tuple[Inline, ...], Review]], *before: Column) -> Table:
    """Reviews as rows, each behind cells of its own.

    Args:
        rows: The cells before a review, and the review.
        before: The columns of these cells.
    """
    return Table((*before, *_COLUMNS), tuple((*cells, *_cells(review)) for cells, review in rows))


def _cells(review: Review) -> tuple[Inline, ...]:
    said = Badge("approves", "good") if review.opinion == APPROVE else Badge("objects", "bad")
    by = (clean(review.by), Span(OWN, "sub")) if review.own else clean(review.by)
    return review.at[:10], by, said, clean(review.why)


def _says(review: Review) -> str:
    word = "approves" if review.opinion == APPROVE else "objects"
    return f"{word} ({OWN})" if review.own else word


def _head(found: Reviews) -> str:
    by = f" by {', '.join(clean(name) for name in found.judged_by)}" if found.judged_by else ""
    judged = f"{clean(found.plan)} version {found.version}: {clean(found.recommendation)}, judged{by}"
    return f"{judged}; evidence {found.evidence[:19]}…"
