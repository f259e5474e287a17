"""Write the generated pages: `python -m tools.reference`, or name some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.reference import api, cli, errors, method_pages, methods, metrics, sdk

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: dict[str, Callable[[], str]] = {
    "api.md": api.render,
    "cli.md": cli.render,
    "errors.md": errors.render,
    "methods.md": methods.render,
    "metrics.md": metrics.render,
    "sdk.md": sdk.render,
    **method_pages.pages(),
}


def main(names: Sequence[str]) -> int:
    """Write the pages named, or all; with all, pages of methods that are no more go."""
    (DOCS / "methods").mkdir(exist_ok=True)
    for name in names or PAGES:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/{name}")
    for page in () if names else stale():
        page.unlink()
    return 0


def stale() -> list[Path]:
    """Pages of methods that there are no more."""
    return [page for page in sorted((DOCS / "methods").glob("*.md")) if f"methods/{page.name}" not in PAGES]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
