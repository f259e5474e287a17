"""A document is a tuple of blocks: what is said, apart from how a page, a terminal or a program shows it.

No block holds markup, apart from a figure's SVG, which `report.svg` alone builds. Every other string is text, and the
renderers escape it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

SCHEMA = 1
DOCUMENT_TAG = "assay.document"

Tone = Literal["good", "bad", "unsure", "muted", "info"]
"""What a mark means: supported, refuted, inconclusive, without weight, a remark."""

SpanStyle = Literal["strong", "code", "muted", "sub"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with one meaning; `sub` is a second line under what came before."""

    text: str
    style: SpanStyle


@dataclass(frozen=True, slots=True)
class Badge:
    """A status: its word, its colour and its shape say the same."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page of the same site: a path below it, made by code and never by what users wrote."""

    text: str
    path: str


Piece: TypeAlias = str | Span | Badge | Link
Inline: TypeAlias = Piece | tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3; level 1 is the document's title."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` is the one that opens the page."""

    text: Inline
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """The recommendation: one word, whom it concerns, and why."""

    tone: Tone
    word: str
    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class Callout:
    """A remark that must not be missed."""

    severity: Tone
    title: str
    text: Inline


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers are aligned to the right in figures of equal width."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of a row names it. Notes too long for a cell stand beneath."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the table that says the same.

    Attributes:
        repeated: Whether the document has the same table beside it, so that text without pictures needs neither.
        whole: All rows, where the picture and its table show some of them; for a file to keep, and not in JSON.
        svg: Markup from `report.svg`, drawn for a page; `narrow` is drawn for a phone. Neither goes into JSON, unless
            for a page that shows it.
    """

    title: str
    description: str
    table: Table
    svg: str = field(default="", metadata={"drawn": True})
    narrow: str = field(default="", metadata={"drawn": True})
    repeated: bool = False
    whole: Table | None = field(default=None, metadata={"kept": True})


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they stand for."""

    items: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Blocks behind a summary that opens them."""

    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Heading | Paragraph | Banner | Callout | Table | Figure | Facts | Items | Details

TAGS: dict[type, str] = {
    Span: "span",
    Badge: "badge",
    Link: "link",
    Heading: "heading",
    Paragraph: "paragraph",
    Banner: "banner",
    Callout: "callout",
    Column: "column",
    Table: "table",
    Figure: "figure",
    Facts: "facts",
    Items: "items",
    Details: "details",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A page: a title and blocks, in order."""

    title: str
    blocks: tuple[Block, ...]
    lang: str = "en"

    def to_json(self, drawn: bool = False) -> dict[str, Any]:
        """The document as plain data, with its type tag and schema version.

        Args:
            drawn: Whether figures bring their markup, for a page that shows them.
        """
        blocks = [_plain(block, drawn) for block in self.blocks]
        return {"type": DOCUMENT_TAG, "schema": SCHEMA, "lang": self.lang, "title": self.title, "blocks": blocks}


def pieces(inline: Inline) -> tuple[Piece, ...]:
    """The runs of some inline text."""
    return inline if isinstance(inline, tuple) else (inline,)


def coded(text: str) -> Inline:
    """A sentence with its commands, which stand between backticks, as code.

    >>> coded("next: `assay judge`")
    ('next: ', Span(text='assay judge', style='code'))
    """
    parts = text.split("`")
    if len(parts) < 3 or len(parts) % 2 == 0:
        return text
    runs = (Span(part, "code") if i % 2 else part for i, part in enumerate(parts))
    return tuple(run for run in runs if run not in ("", Span("", "code")))


def _plain(value: Any, drawn: bool) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(v, drawn) for v in value]
    tag = TAGS.get(type(value))
    if tag is None:
        return value
    wanted = (f for f in dataclasses.fields(value) if not f.metadata.get("kept", False))
    shown = (f for f in wanted if drawn or not f.metadata.get("drawn", False))
    return {"type": tag, **{f.name: _plain(getattr(value, f.name), drawn) for f in shown}}
