"""The wheel check sees what a wheel lacks or has too much. `make wheel` runs the whole of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tools.wheel_check import content_problems, shipped


def wheel(folder: Path, names: set[str]) -> Path:
    path = folder / "w.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


def test_templates_migrations_and_the_type_marker_ship() -> None:
    wanted = {
        "assay/py.typed",
        "assay/readers/plan_template.yaml",
        "assay/store/migrations/versions/v0001_lab.py",
    }
    assert wanted <= shipped()
    assert not any("__pycache__" in name for name in shipped())


def test_a_whole_wheel_has_no_problems(tmp_path: Path) -> None:
    whole = shipped() | {"assay_lab-0.1.0.dist-info/licenses/LICENSE"}
    assert list(content_problems(wheel(tmp_path, whole))) == []


def test_what_is_missing_or_strange_is_named(tmp_path: Path) -> None:
    names = (shipped() - {"assay/py.typed"}) | {"tests/__init__.py"}
    assert list(content_problems(wheel(tmp_path, names))) == [
        "the wheel lacks assay/py.typed",
        "the wheel holds tests/__init__.py",
        "the wheel lacks the licence",
    ]
