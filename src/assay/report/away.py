"""What a reader takes away from a page without a server: a chart as SVG that stands alone, its table as CSV."""

from __future__ import annotations

import base64
import re
from html import escape
from urllib.parse import quote

from assay.base.cells import csv_lines
from assay.report.blocks import Figure, Inline, Table, pieces
from assay.report.palette import LIGHT
from assay.report.style import picture_style
from assay.report.text import clean

_SIZE = re.compile(r'^<svg class="\w+" viewBox="0 0 ([\d.]+) ([\d.]+)"')


def links(figure: Figure) -> str:
    """Links that hold the files themselves, so that they work where nothing can be asked for."""
    name = re.sub(r"[^a-z0-9]+", "-", figure.title.lower()).strip("-")[:60] or "chart"
    drawn = base64.b64encode(picture_file(figure.svg).encode()).decode()
    files = {
        "SVG": f"data:image/svg+xml;base64,{drawn}",
        "CSV": f"data:text/csv;charset=utf-8,{quote(csv_text(figure.whole or figure.table), safe='')}",
    }
    title = escape(clean(figure.title), quote=True)
    made = (
        f'<a href="{url}" download="{name}.{form.lower()}" aria-label="Save {title} as {form}">{form}</a>'
        for form, url in files.items()
    )
    return f'<p class="away">{" ".join(made)}</p>'


def picture_file(markup: str) -> str:
    """A drawing with the style that the page gives it, in its light colours, on a ground of its own."""
    size = _SIZE.match(markup)
    if size is None:
        raise ValueError("a drawing begins with its size")
    head, _, rest = markup.partition(">")
    wide, high = size.groups()
    ground = f'<rect width="100%" height="100%" fill="{LIGHT["ground"]}"/>'
    opening = f'{head} xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
    return f"{opening}<style>{picture_style()}</style>{ground}{rest}"


def csv_text(table: Table) -> str:
    """A table as CSV that no spreadsheet runs: text that begins like a formula is quoted."""
    cells = ([_words(cell) for cell in row] for row in table.rows)
    return csv_lines([[column.title for column in table.columns], *cells])


def _words(inline: Inline) -> str:
    return " ".join(filter(None, (clean(p if isinstance(p, str) else p.text) for p in pieces(inline))))
