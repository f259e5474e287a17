"""Histograms, tables, images and texts of a run: read back, named by command, drawn on its page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.records.runs import Logged, SeriesKey
from assay.report.html import fragment
from assay.report.runlogged import logged_blocks, logged_lines
from assay.report.runs import run_page
from assay.report.svg.photo import photo
from assay.verbs import runs as verb
from tests.helpers.runs import assay as command
from tests.runs.scenes import begun, lab


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("logged")
    lab(folder)
    with begun(folder) as run:
        for step in range(3):
            run.histogram("weights", [0.0, 1.0, 1.0, float("nan"), float("inf")], step=step, bins=2)
        run.table("errors", {"word": ["<b>", "b"], "n": [1, None]})
        run.image("sample", np.zeros((2, 3)))
        run.text("said", "first\nsecond <script>")
        run.log(loss=float("nan"))
    return folder, run.id


def test_they_are_read_back(place: tuple[Path, str]) -> None:
    kept = assay.Lab(place[0]).run(place[1])
    assert [one.step for one in kept.logged("weights")] == [0, 1, 2]
    assert kept.logged("weights")[0].content["counts"] == [1, 2]
    assert kept.logged("errors")[0].content["rows"] == [["<b>", 1], ["b", None]]
    (image,) = kept.logged("sample")
    assert kept.content(image) == kept.content(image)
    assert kept.content(image).startswith(b"\x89PNG")
    with pytest.raises(assay.AssayError, match="keeps no file"):
        kept.content(kept.logged("said")[0])


def test_the_command_names_them(place: tuple[Path, str]) -> None:
    shown = command("runs", "show", place[1], "--lab", place[0]).out
    for line in (
        "histogram weights: 3, the last at step 2: 3 values, mean 0.6667, 1 NaN, 1 infinite",
        "table errors: 1 at step 0: 2 rows of 2 columns",
        "image sample: 1 at step 0: png, ",
        "text said: 1 at step 0: first second <script>",
        "NaN diverged",
    ):
        assert line in shown, shown


def test_the_page_draws_them(place: tuple[Path, str], tmp_path: Path) -> None:
    done = command("runs", "show", place[1], "--html", tmp_path / "run.html", "--lab", place[0])
    assert done.code == 0, done.err
    page = (tmp_path / "run.html").read_text()
    content = assay.Lab(place[0]).run(place[1]).content(assay.Lab(place[0]).run(place[1]).logged("sample")[0])
    assert f"data:image/png;base64,{base64.b64encode(content).decode()}" in page
    assert page.count("<rect") >= 4
    assert "weights at step 2, the last of 3" in page
    assert "&lt;b&gt;" in page
    assert "<script>" not in page
    assert assay.Lab(place[0]).run(place[1])._repr_html_().count("<image") == 2


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("histogram", {"counts": [1], "edges": [0.0]}),
        ("histogram", {"counts": [1, 2], "edges": ["a", 2, 3], "nan": 0, "infinite": 0, "mean": None}),
        ("histogram", 3),
        ("table", {"columns": ["a"], "rows": 5}),
        ("table", None),
        ("image", {"digest": "sha256:" + "a" * 64, "form": "svg+xml", "bytes": 3}),
        ("image", "x"),
    ],
)
def test_what_was_edited_is_no_picture_and_no_error(kind: Any, content: Any) -> None:
    view = type("V", (), {"others": (Logged(SeriesKey("odd", kind), 0, 0.0, content),)})()
    blocks = logged_blocks(view, {"sha256:" + "a" * 64: b"<svg onload=x>"})
    assert len(blocks) == 2
    assert len(list(logged_lines(view))) == 1
    assert "onload" not in fragment(type(run_page(_empty()))("t", tuple(blocks)))


def _empty() -> Any:
    from tests.runs.test_causes import view

    return view()


def test_only_forms_that_are_pictures_are_shown() -> None:
    with pytest.raises(ValueError, match="no form of an image"):
        photo(b"", "svg+xml", "t", "d")


def test_flat_and_large_histograms_are_drawn(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.histogram("flat", [7.0] * 5, bins=3)
        run.histogram("none", [])
        run.histogram("wide", [-1e308, 1e308], bins=4)
        for i in range(30):
            run.text(f"t{i}", "x")
    blocks = logged_blocks(verb.read(run.id, tmp_path), {})
    assert "9 more names" in str(blocks[-1])
    kept = held.run(run.id)
    assert (run.healthy, kept.faults) == (True, ())
    wide = kept.logged("wide")[0].content
    assert (wide["counts"], wide["edges"][0], wide["edges"][-1], wide["mean"]) == ([1, 0, 0, 1], -1e308, 1e308, 0.0)
