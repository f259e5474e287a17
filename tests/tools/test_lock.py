"""Pins are complete and of packages alone."""

from __future__ import annotations

import re
import tomllib

from tools.lock import HEAD, TARGET, pins
from tools.pages import ROOT


def test_only_packages_are_pinned_in_order() -> None:
    frozen = "numpy==2.0\nassay-lab==0.1.0\n-e /somewhere\n# a note\npip==26.0\nassay-lab @ file:///x\nMako==1.3\n"
    assert pins(frozen) == f"{HEAD}Mako==1.3\nnumpy==2.0\n"


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    names = {_canonical(re.split(r"[\[<>=!~ ]", d)[0]) for d in wanted} - {"assay-lab"}
    pinned = {_canonical(line.split("==")[0]) for line in TARGET.read_text("utf-8").splitlines() if "==" in line}
    assert names - pinned == set()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
