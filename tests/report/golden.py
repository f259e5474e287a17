"""The pages kept as golden files. Renew them with `.venv/bin/python tests/report/golden.py`, then read the diff."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assay.report import html, json_, markdown, terminal
from assay.report.memo import comparison_page, decision_memo
from tests.report import samples

FOLDER = Path(__file__).with_name("golden")


def pages() -> dict[str, str]:
    """File names and what they have to hold."""
    memo = decision_memo(samples.plan(), samples.judgement(), samples.results(), samples.PROVENANCE)
    page = comparison_page(samples.several()[1])
    text = terminal.render_text(samples.results()) + terminal.render_text(samples.judgement())
    return {
        "memo.html": html.render(memo),
        "memo.md": markdown.render(memo),
        "memo.json": json_.render(memo),
        "comparison.html": html.render(page),
        "comparison.md": markdown.render(page),
        "terminal.txt": text,
    }


def renew() -> None:
    """Write every golden file anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    renew()
