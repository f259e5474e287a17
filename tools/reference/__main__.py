"""Write the generated pages: `python -m tools.reference`, or name some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.reference import cli, errors, methods, metrics, sdk

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli.render,
    "errors.md": errors.render,
    "methods.md": methods.render,
    "metrics.md": metrics.render,
    "sdk.md": sdk.render,
}


def main(names: Sequence[str]) -> int:
    """Write the pages named, or all."""
    for name in names or PAGES:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
