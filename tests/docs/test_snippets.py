"""Every snippet of README and docs runs, against the real program and store, and prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.pages import ROOT, RUN, blocks, run_page

from tests.docs.known import command_paths, make_targets

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Pages whose snippets need what is too large for a test machine: `make torch` runs them.
ELSEWHERE = {"docs/torch.md"}
NAMES = [p.relative_to(ROOT).as_posix() for p in PAGES]
RUNNING = [
    n
    for n, p in zip(NAMES, PAGES, strict=True)
    if n not in ELSEWHERE and any(b.kind in RUN for b in blocks(p.read_text("utf-8")))
]
FENCES = {"bash", "python", "pycon", "text", "sh", "yaml", "json", "console"}


@pytest.mark.parametrize("name", RUNNING)
def test_snippets_run_and_print_what_the_page_shows(name: str, tmp_path: Path) -> None:
    for ran in run_page(ROOT / name, tmp_path):
        assert ran.code == 0, f"{name}:{ran.block.line}\n{ran.out}{ran.err}"
        if ran.shown is not None:
            assert ran.out.rstrip("\n") == ran.shown.body.rstrip("\n"), f"{name}:{ran.shown.line}; renew by tools.pages"


def test_the_pages_that_a_new_user_reads_have_snippets() -> None:
    assert {"README.md", "docs/tutorial.md", "docs/concepts.md", "docs/input.md", "docs/metrics.md"} <= set(RUNNING)


@pytest.mark.parametrize("name", NAMES)
def test_fences_say_what_they_hold(name: str) -> None:
    kinds = {b.kind for b in blocks((ROOT / name).read_text("utf-8"))}
    assert kinds <= FENCES


@pytest.mark.parametrize("name", NAMES)
def test_set_up_lines_name_targets_and_commands_that_exist(name: str) -> None:
    lines = [ln for b in blocks((ROOT / name).read_text("utf-8")) if b.kind == "sh" for ln in b.body.splitlines()]
    for words in (line.partition("#")[0].split() for line in lines):
        if words[:1] == ["make"]:
            assert set(words[1:]) <= make_targets(), words
        elif words[:1] == ["assay"]:
            assert any(" ".join(words).startswith(path) for path in command_paths() if path != "assay"), words
        else:
            assert not words or words[0] in {"git", "cd", "pip", "python"}, words
