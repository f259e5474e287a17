"""Seeds, the clock, optional imports, progress, the version."""

from __future__ import annotations

import json
import math
import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from assay.base.clock import now
from assay.base.errors import InputError
from assay.base.optional import need
from assay.base.progress import Silent
from assay.base.seeds import stream
from assay.base.version import VERSION


def test_a_stream_depends_on_seed_and_names_alone() -> None:
    first = stream(0, "a", 1).integers(0, 2**40, 5).tolist()
    stream(0, "b").integers(0, 9, 100)
    assert stream(0, "a", 1).integers(0, 2**40, 5).tolist() == first
    others = [stream(1, "a", 1), stream(0, "a", 2), stream(0, "a1"), stream(0, "1", "a")]
    assert all(s.integers(0, 2**40, 5).tolist() != first for s in others)
    assert stream(2**62, "x").random() < 1


def test_streams_look_independent() -> None:
    means = [stream(0, f"slice={i}").random(1000).mean() for i in range(200)]
    assert abs(sum(means) / 200 - 0.5) < 4 * math.sqrt(1 / 12 / 200_000)


def test_the_time_is_utc() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", now())
    assert datetime.fromisoformat(now()).tzinfo is not None


def test_an_optional_package_is_imported_or_its_extra_is_named() -> None:
    assert need("json", "none") is json
    with pytest.raises(InputError, match=r"pip install 'assay-lab\[frames\]'"):
        need("no_such_package_here", "frames")


def test_silent_progress_hears_everything() -> None:
    silent = Silent()
    assert silent.step("x", 3) is None  # type: ignore[func-returns-value]
    assert silent.advance(2) is None  # type: ignore[func-returns-value]


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert project.get("version", VERSION) == VERSION
