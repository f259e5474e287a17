"""The page of every method holds what a referee looks for, and the words for it cannot be forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.reference import method_pages, sources
from tools.reference.__main__ import DOCS, PAGES, stale
from tools.reference.described import DESCRIBED
from tools.reference.methods import METHODS
from tools.reference.works import WORKS, named

from assay.stats.domain import DOMAINS
from tests.known.registry import answers

PARTS = ("Assumptions", "Formula", "Source", "Cost", "Known answers", "What a referee would ask")
MOST_LINES = 200


@pytest.mark.parametrize("name", [*DOMAINS, *method_pages.others()])
def test_a_page_has_every_part(name: str) -> None:
    assert name in DESCRIBED, "describe it in a room of tools/reference/described"
    page = (DOCS / "methods" / f"{name}.md").read_text("utf-8")
    for part in (*PARTS, *(("Domain", "Coverage") if name in DOMAINS else ())):
        _, _, body = page.partition(f"\n## {part}\n")
        assert body.partition("\n## ")[0].strip(), f"{name}: {part}"
    assert "**For.** " in page
    assert "**Chosen.** " in page
    assert len(page.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_is_declared_is_not_empty(name: str) -> None:
    said = DESCRIBED[name]
    for declared in (said.purpose, said.chosen, said.formula, said.cost, *method_pages.line_of(name)):
        assert declared.strip(), name
    assert said.assumptions
    assert said.limits
    for module in said.code:
        __import__(module)


@pytest.mark.parametrize("name", DESCRIBED)
def test_works_that_a_source_names_stand_in_full_on_its_page(name: str) -> None:
    source = method_pages.line_of(name)[1]
    for work in named(source):
        assert f"- {work}: {WORKS[work]}." in method_pages.render(name)
    assert named(source) or "design/" in source or name == "metrics"


def test_every_work_is_named_by_some_source_once() -> None:
    sources_named = {work for name in DESCRIBED for work in named(method_pages.line_of(name)[1])}
    assert sources_named == WORKS.keys()
    assert len(set(WORKS.values())) == len(WORKS)


def test_what_is_measured_is_a_benchmark_that_there_is() -> None:
    timed = [row["words"] for row in method_pages._timed()]
    for name, said in DESCRIBED.items():
        assert all(any(t.startswith(words) for t in timed) for words in said.benchmark), name


def test_a_method_is_described_once() -> None:
    assert not {name for name in METHODS if DESCRIBED[name].what}


def test_a_page_shows_the_published_value_beside_assays() -> None:
    page = method_pages.render("wilson")
    assert "| 81 of 263, 95 % | 0.2553 0.3662 | 0.25529 0.36621 | Newcombe (1998)" in page
    assert page.count("\n| ") > len(answers("wilson"))


def test_a_page_shows_the_cells_of_the_kept_table() -> None:
    page = method_pages.render("tango")
    held = method_pages._cells()[1]["tango"]
    least = min(cell["hits"] / cell["inside"] for cell in held)
    assert f"The cells that cover least, of {len(held)} " in page
    assert f" | difference | {least:.3f} | " in page


def test_values_in_tests_of_their_own_are_shown_by_test(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [sources.Sourced("tests/stats/test_auc.py::test_one", f"book {n}") for n in (1, 1, 2, 3, 4, 5)]
    found += [sources.Sourced("tests/stats/test_auction.py::test_two", "no book of this page")]
    monkeypatch.setattr(method_pages, "sourced", lambda: tuple(found))
    page = method_pages.render("delong-paired")
    assert "| `tests/stats/test_auc.py::test_one` | 6 | book 1; book 2; book 3; book 4; and 1 more |" in page
    assert "no book of this page" not in page
    assert "Laws, and other ways to the same value: `tests/stats/test_auc.py`, `tests/stats/test_ranks.py`." in page


def test_an_estimate_is_quoted() -> None:
    assert 'says: "a proportion, one row per unit: Wilson\'s score interval"' in method_pages.render("wilson")


def test_pages_of_methods_that_are_gone_are_found() -> None:
    assert stale() == []
    assert "methods/tango.md" in PAGES


def test_sources_in_tests_are_found_with_their_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_some.py").write_text(
        "import pytest\n\n\n"
        "# source: A Book (1999), p. 1,\n# and on page 2\n"
        '@pytest.mark.parametrize("x", [\n    1,  # source: B\n    2,\n])\n'
        "def test_one(x):\n    assert x\n\n\n"
        "# no such thing\n"
        "def test_two():\n    # Source: C\n    assert '# source: not a comment'\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    found = sources._of(folder / "test_some.py")
    assert [(s.test, s.source) for s in found] == [
        ("tests/test_some.py::test_one", "A Book (1999), p. 1, and on page 2"),
        ("tests/test_some.py::test_one", "B"),
        ("tests/test_some.py::test_two", "C"),
    ]
