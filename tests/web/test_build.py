"""What the package ships is what the sources make: the same bytes, small, and complete."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from tools import client, web

MOST = 250_000


def test_the_client_and_the_colours_are_those_of_the_server() -> None:
    for name, render in client.FILES.items():
        assert (client.SOURCES / name).read_text("utf-8") == render(), "run `python -m tools.web`"


def test_the_page_is_built_from_its_sources(tmp_path: Path) -> None:
    web.build(tmp_path / "page")
    made = {p.relative_to(tmp_path / "page"): p.read_bytes() for p in (tmp_path / "page").rglob("*") if p.is_file()}
    shipped = {p.relative_to(web.PAGE): p.read_bytes() for p in web.PAGE.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(shipped), "run `python -m tools.web` and commit its result"
    assert made == shipped


def test_the_page_is_small_and_asks_nobody_else() -> None:
    assets = [p.read_bytes() for p in web.PAGE.rglob("*") if p.is_file()]
    assert sum(len(gzip.compress(a, 9)) for a in assets) < MOST
    for text in (a.decode() for a in assets):
        outside = set(re.findall(r"https?://[^\s\"'`)]+", text))
        assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML",
                           "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"}  # fmt: skip
