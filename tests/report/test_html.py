"""How a page is built: one file, figures with their tables, colours that can be read, paper, notebooks, JSON."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from assay.report import html, json_
from assay.report.blocks import Document
from assay.report.memo import decision_memo
from assay.report.palette import DARK, LIGHT, contrast
from tests.report import samples


@pytest.fixture
def memo() -> Document:
    return decision_memo(samples.plan(), samples.judgement(), samples.results(), samples.PROVENANCE)


def test_on_paper_the_page_is_small_and_repeats_no_table(memo: Document) -> None:
    # Measured with Chromium on A4: the recommendation, claims, guardrails and their plots share the first page.
    printed = html.render(memo).split("@media print{")[1].split("</style>")[0]
    assert "font-size:8.5pt" in printed
    assert ".assay figure details{display:none}" in printed
    assert ".assay figure svg{max-width:38rem}" in printed


def test_html_is_one_file_that_fetches_nothing(memo: Document) -> None:
    page = html.render(memo)
    assert not re.search(r"https?://|url\(|@import|<script|<link", page)
    assert '<html lang="en">' in page
    assert page.count("<style>") == 1


def test_headings_skip_no_level(memo: Document) -> None:
    levels = [int(n) for n in re.findall(r"<h(\d)>", html.render(memo))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_figure_is_named_described_and_has_its_table(memo: Document) -> None:
    page = html.render(memo)
    for figure in re.findall(r"<figure>.*?</figure>", page, re.S):
        assert figure.count('role="img"') == 2
        for title, desc in re.findall(r'aria-labelledby="(\w+) (\w+)"', figure):
            assert f'<title id="{title}">' in figure
            assert f'<desc id="{desc}">' in figure
        assert "<table" in figure


def test_a_fragment_is_scoped_and_not_a_page(memo: Document) -> None:
    text = html.fragment(memo)
    assert text.startswith('<div class="assay"')
    assert "<html" not in text
    rules = re.sub(r"@media[^{]+\{|@page\{[^}]*\}", "", text.split("<style>")[1].split("</style>")[0])
    assert all(s.strip().startswith(".assay") for s in re.findall(r"([^{}]+)\{", rules))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_are_legible(palette: dict[str, str]) -> None:
    # WCAG 2.2: 4.5 for text (1.4.3), 3 for lines that carry meaning (1.4.11).
    for tone in ("ink", "soft", "good", "bad", "unsure", "muted", "info"):
        assert contrast(palette[tone], palette["ground"]) >= 4.5
    for tone in ("good", "bad", "unsure", "muted", "info"):
        assert contrast(palette[tone], palette[f"{tone}-ground"]) >= 4.5
        assert contrast(palette["ink"], palette[f"{tone}-ground"]) >= 4.5
    assert contrast(palette["rule"], palette["ground"]) >= 3


def test_json_carries_tag_and_version_and_no_markup(memo: Document) -> None:
    data = json.loads(json_.render(memo))
    assert (data["type"], data["schema"], data["lang"]) == ("assay.document", 1, "en")
    assert "<svg" not in json_.render(memo)
    assert {b["type"] for b in data["blocks"]} >= {"banner", "figure", "table", "facts", "items", "details"}


def test_a_notebook_cannot_restyle_the_tables(memo: Document) -> None:
    # JupyterLab: `.jp-RenderedHTMLCommon table {table-layout: fixed}` and
    # `.jp-RenderedHTMLCommon tbody tr:nth-child(even) {background: …}`, which one `.assay` does not outweigh.
    text = html.fragment(memo)
    assert ".assay.assay table{table-layout:auto" in text
    assert ".assay.assay tbody tr:nth-child(n),.assay.assay thead tr:nth-child(n){background:transparent" in text
    assert "@media (prefers-color-scheme:dark){.assay{" in text
