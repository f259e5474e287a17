"""HTML: one file, one style, no script, nothing fetched. Reads in light and dark, on a phone and on A4."""

from __future__ import annotations

from html import escape

from assay.report.away import links
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
from assay.report.style import style_sheet
from assay.report.svg.marks import icon
from assay.report.text import clean

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

# A table of so few rows is not cut between two pages.
_SHORT = 8


def render(document: Document, away: bool = False) -> str:
    """The whole page.

    Args:
        document: What it says.
        away: Whether each chart brings its picture and its table as files to save.
    """
    return (
        f'<!doctype html>\n<html lang="{_text(document.lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="generator" content="Assay">\n'
        f"<title>{_text(document.title)}</title>\n<style>\nhtml,body{{margin:0}}\n{style_sheet()}\n</style>\n</head>\n"
        f'<body class="assay">\n<main>\n<h1>{_text(document.title)}</h1>\n{_blocks(document.blocks, away)}\n</main>\n'
        "</body>\n</html>\n"
    )


def fragment(document: Document) -> str:
    """The page's content with its style, for a notebook or another page."""
    body = f"<h1>{_text(document.title)}</h1>\n{_blocks(document.blocks)}"
    opening = f'<div class="assay" lang="{_text(document.lang)}">'
    return f"{opening}<style>\n{style_sheet()}\n</style>\n<main>\n{body}\n</main>\n</div>\n"


def _blocks(blocks: tuple[Block, ...], away: bool = False) -> str:
    return "\n".join(_block(block, away) for block in blocks)


def _block(block: Block, away: bool) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_text(block.text)}</h{block.level}>"
        case Paragraph():
            opening = '<p class="lead">' if block.lead else "<p>"
            return f"{opening}{_inline(block.text)}</p>"
        case Banner():
            return _banner(block)
        case Callout():
            title = f'<p class="title"><strong>{_text(block.title)}</strong></p>'
            return f'<div class="callout {block.severity}" role="note">{title}<p>{_inline(block.text)}</p></div>'
        case Table():
            return _table(block)
        case Figure():
            return _figure(block, away)
        case Facts():
            rows = "\n".join(f"<dt>{_text(name)}</dt><dd>{_inline(text)}</dd>" for name, text in block.items)
            return f"<dl>\n{rows}\n</dl>"
        case Items():
            return "<ul>\n" + "\n".join(f"<li>{_inline(item)}</li>" for item in block.items) + "\n</ul>"
        case Details():
            return f"<details>\n<summary>{_text(block.summary)}</summary>\n{_blocks(block.blocks, away)}\n</details>"


def _banner(block: Banner) -> str:
    word = f'<p class="word">{icon(block.tone)}<span>{_text(block.word)}</span></p>'
    subject = f'<p class="subject">{_text(block.subject)}</p>' if block.subject else ""
    return f'<div class="banner {block.tone}">{word}<p class="why">{_inline(coded(block.why))}</p>{subject}</div>'


def _table(table: Table) -> str:
    caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col"{_number(c.numeric)}>{_text(c.title)}</th>' for c in table.columns)
    body = "\n".join(f"<tr>{_row(table, row)}</tr>" for row in table.rows)
    name = _text(table.caption or " / ".join(c.title for c in table.columns))
    slim = ' class="slim"' if len(table.columns) < 4 else ""
    short = " short" if len(table.rows) <= _SHORT else ""
    notes = "".join(f'\n<p class="note">{_text(note)}</p>' for note in table.notes)
    # A region that scrolls has to be reachable by keyboard and have a name.
    return (
        f'<div class="scroll{short}" role="group" tabindex="0" aria-label="{name}">\n<table{slim}>{caption}\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>{notes}"
    )


def _row(table: Table, row: tuple[Inline, ...]) -> str:
    first = f'<th scope="row">{_inline(row[0])}</th>'
    rest = zip(table.columns[1:], row[1:], strict=True)
    return first + "".join(f"<td{_number(c.numeric)}>{_inline(cell)}</td>" for c, cell in rest)


def _number(numeric: bool) -> str:
    return ' class="num"' if numeric else ""


def _figure(figure: Figure, away: bool) -> str:
    behind = f"<details>\n<summary>{_text(figure.title)}: the table</summary>\n{_table(figure.table)}\n</details>"
    files = f"\n{links(figure)}" if away else ""
    return f"<figure>\n{figure.svg}\n{figure.narrow}\n{behind}{files}\n</figure>"


def _inline(inline: Inline) -> str:
    return "".join(_piece(piece) for piece in pieces(inline))


def _piece(piece: Piece) -> str:
    match piece:
        case Badge():
            return f'<span class="badge {piece.tone}">{icon(piece.tone)}{_text(piece.text)}</span>'
        case Link():
            return f'<a href="{_text(piece.path)}">{_text(piece.text)}</a>'
        case Span(style="strong"):
            return f"<strong>{_text(piece.text)}</strong>"
        case Span(style="code"):
            return f"<code>{_text(piece.text)}</code>"
        case Span():
            return f'<span class="{piece.style}">{_text(piece.text)}</span>'
        case _:
            return _spaced(piece)


def _text(text: str) -> str:
    return escape(clean(text), quote=True)


def _spaced(text: str) -> str:
    """Text between other runs keeps the space at its ends."""
    start = " " if text[:1].isspace() else ""
    end = " " if text[-1:].isspace() else ""
    return start + _text(text) + end
