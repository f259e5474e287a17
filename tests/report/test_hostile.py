"""No string from a file or a plan becomes markup, a link or an escape sequence, on any face."""

from __future__ import annotations

import functools
import json
import re
from html.parser import HTMLParser

import pytest

from assay.report import html, json_, markdown
from assay.report.blocks import Document
from assay.report.memo import comparison_page, decision_memo
from assay.report.terminal import render_text
from assay.report.text import cells, clean, pad, shorten
from tests.report import samples

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "div", "h1", "h2", "h3", "p", "strong", "code"),
    *("span", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure"),
    *("details", "summary", "svg", "desc", "text", "line", "circle", "rect", "polygon"),
}


class Reader(HTMLParser):
    """Collects the elements and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]


@functools.cache
def documents() -> list[Document]:
    plan, judgement, results, provenance = samples.hostile()
    return [decision_memo(plan, judgement, results, provenance), comparison_page(results)]


@pytest.mark.parametrize("document", documents(), ids=["memo", "page"])
def test_html_holds_only_elements_of_its_own(document: Document) -> None:
    reader = Reader()
    reader.feed(html.render(document))
    assert reader.tags <= TAGS
    assert not {a for a in reader.attributes if a.startswith("on")} | (reader.attributes & {"href", "src", "style"})
    assert len(reader.ids) == len(set(reader.ids))


@pytest.mark.parametrize("document", documents(), ids=["memo", "page"])
def test_html_still_shows_what_was_written(document: Document) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&gt;" in html.render(document)
    assert "\x1b" not in html.render(document)
    assert "\u202e" not in html.render(document)


@pytest.mark.parametrize("document", documents(), ids=["memo", "page"])
def test_markdown_escapes_every_mark(document: Document) -> None:
    text = markdown.render(document)
    outside = re.sub(r"\\.", "", text).replace("<details>", "").replace("</details>", "")
    outside = outside.replace("<summary>", "").replace("</summary>", "")
    assert "<" not in outside
    assert "](" not in outside
    assert "\x1b" not in text


@pytest.mark.parametrize("document", documents(), ids=["memo", "page"])
def test_markdown_tables_keep_their_columns(document: Document) -> None:
    block: list[int] = []
    for line in markdown.render(document).splitlines():
        if line.startswith("|"):
            block.append(len(re.findall(r"(?<!\\)\|", line)))
            assert block[-1] == block[0]
        else:
            block = []


@pytest.mark.parametrize("document", documents(), ids=["memo", "page"])
def test_json_gives_the_strings_back(document: Document) -> None:
    assert samples.HOSTILE in json.loads(json_.render(document))["title"]


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_terminal_gets_no_escape_sequence(width: int) -> None:
    _, judgement, results, _ = samples.hostile()
    text = render_text(results, width) + render_text(judgement, width)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_a_lone_surrogate_can_be_written() -> None:
    document = Document("a\ud800b", ())
    for text in (html.render(document), markdown.render(document), json_.render(document)):
        assert text.encode("utf-8")


def test_markdown_paragraphs_do_not_become_lists_links_or_rules() -> None:
    from assay.report.blocks import Paragraph

    starts = ("- a", "1. a", "+ a", "# a", "> a", "| a", "~~~", "=== ", "https://evil.example", "www.evil.example")
    for start in starts:
        body = markdown.render(Document("t", (Paragraph(start),))).split("\n\n")[1]
        assert "\\" in body, body


def test_text_helpers_measure_columns() -> None:
    assert cells("日本") == 4
    assert shorten("日本語です", 5) == "日本…"
    assert pad("日本", 6, right=True) == "  日本"
    assert clean(" a\n\tb\u2028c ") == "a b c"
