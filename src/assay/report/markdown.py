"""GitHub-flavoured Markdown; a figure is its table, if that is not beside it. No text can become markup or a link."""

from __future__ import annotations

import re

from assay.report.blocks import (
    Badge,
    Banner,
    Block,
    Callout,
    Details,
    Document,
    Facts,
    Figure,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Piece,
    Span,
    Table,
    coded,
    pieces,
)
from assay.report.text import clean

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)")
_WWW = re.compile(r"(?i)\b(www)\.")
_START = re.compile(r"^([-+=]|\d+[.)])")
_SIGN = {"good": "✔", "bad": "✘", "unsure": "○", "muted": "□", "info": "ℹ"}
_ALERT = {"good": "TIP", "bad": "CAUTION", "unsure": "WARNING", "muted": "NOTE", "info": "NOTE"}


def render(document: Document) -> str:
    """The whole document."""
    parts = [f"# {_text(document.title)}", *filter(None, map(_block, document.blocks))]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {_text(block.text)}"
        case Paragraph():
            return _safe_start(_inline(block.text))
        case Banner():
            subject = f"\n>\n> {_safe_start(_text(block.subject))}" if block.subject else ""
            return (
                f"> **{_SIGN[block.tone]} {_text(block.word)}**\n>\n> {_safe_start(_inline(coded(block.why)))}{subject}"
            )
        case Callout():
            title = f"**{_text(block.title)}**"
            return f"> [!{_ALERT[block.severity]}]\n> {title}\n>\n> {_safe_start(_inline(block.text))}"
        case Table():
            return _table(block)
        case Figure():
            return "" if block.repeated else _table(block.table)
        case Facts():
            return "\n".join(f"- **{_text(name)}:** {_inline(text)}" for name, text in block.items)
        case Items():
            return "\n".join(f"- {_safe_start(_inline(item))}" for item in block.items)
        case Details():
            inner = "\n\n".join(filter(None, map(_block, block.blocks)))
            return f"<details>\n<summary>{_text(block.summary)}</summary>\n\n{inner}\n\n</details>"


def _table(table: Table) -> str:
    head = "| " + " | ".join(_text(c.title) for c in table.columns) + " |"
    line = "|" + "|".join(" ---: " if c.numeric else " --- " for c in table.columns) + "|"
    rows = ["| " + " | ".join(_inline(cell) for cell in row) + " |" for row in table.rows]
    caption = [f"*{_text(table.caption)}*", ""] if table.caption else []
    notes = [part for note in table.notes for part in ("", _safe_start(_text(note)))]
    return "\n".join([*caption, head, line, *rows, *notes])


def _inline(inline: Inline) -> str:
    return "".join(_piece(piece) for piece in pieces(inline)).strip()


def _piece(piece: Piece) -> str:
    match piece:
        case Badge():
            return f"{_SIGN[piece.tone]} {_text(piece.text)}"
        case Link():
            return f"[{_text(piece.text)}]({piece.path})"
        case Span(style="strong"):
            return f"**{_text(piece.text)}**" if clean(piece.text) else ""
        case Span(style="code"):
            return _code(piece.text)
        case Span(style="sub"):
            return f" · {_text(piece.text)}"
        case Span():
            return _text(piece.text)
        case _:
            return (" " if piece[:1].isspace() else "") + _text(piece) + (" " if piece[-1:].isspace() else "")


def _code(text: str) -> str:
    """A code span; a pipe would end a table's cell and a backtick the span, so such text is escaped instead."""
    shown = clean(text)
    return f"`{shown}`" if shown and not re.search(r"[`|\\]", shown) else _text(text)


def _text(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", clean(text))
    return _WWW.sub(r"\1\\.", _SCHEME.sub(r"\1\\\2", escaped))


def _safe_start(text: str) -> str:
    """A paragraph that opens like a list or a rule stays a paragraph."""
    return _START.sub(
        lambda m: "\\" + m.group(1) if len(m.group(1)) == 1 else m.group(1)[:-1] + "\\" + m.group(1)[-1], text
    )
