"""The import budget, by modules instead of time: heavy ones are loaded only by the rooms that need them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"alembic", "duckdb", "mako", "numpy", "pandas", "polars", "pyarrow", "pydantic", "rich", "scipy", "sklearn",
         "sqlalchemy", "yaml"}  # fmt: skip
NEVER = {"pandas", "polars", "pyarrow", "sklearn", "scipy.stats", "alembic", "mako"}
ASK = "import sys, json; print(json.dumps(sorted(sys.modules)))"


def loaded(code: str) -> set[str]:
    """Modules that a fresh interpreter holds after the code."""
    done = subprocess.run([sys.executable, "-c", f"{code}\n{ASK}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def tops(modules: set[str]) -> set[str]:
    return {m.partition(".")[0] for m in modules}


def command(*arguments: str) -> str:
    return f"from assay.cli.main import outcome\nassert outcome({list(arguments)!r}) == 0"


@pytest.mark.parametrize(
    "code",
    [
        "import assay",
        "import assay\nassay.__version__, assay.__all__, dir(assay)",
        "import assay.cli.main",
        command("--help"),
        command("--version"),
        command("compare", "--help"),
        command("plan", "check", "--help"),
        command("judge", "--help"),
        command("ledger", "--help"),
    ],
)
def test_importing_and_asking_for_help_loads_nothing_heavy(code: str) -> None:
    assert tops(loaded(code)) & HEAVY == set()


def test_a_comparison_loads_no_store_no_schema_and_no_extra() -> None:
    code = """
import assay
table = {"id": range(40), "y": [0, 1] * 20, "a": [0.4, 0.6] * 20, "b": [0.2, 0.8] * 20}
assert len(assay.compare(table, on="id", target="y", baseline="a", candidates="b", metrics=["auc", "brier"])) == 2
"""
    held = loaded(code)
    assert "duckdb" in held
    assert (held | tops(held)) & {*NEVER, "sqlalchemy", "pydantic", "yaml"} == set()


def test_nothing_in_assay_loads_scipy_stats() -> None:
    code = """
import importlib, pkgutil, assay
for found in pkgutil.walk_packages(assay.__path__, "assay."):
    importlib.import_module(found.name)
assay.stats.special.stdtr(3.0, 1.0)
"""
    held = loaded(code)
    assert "scipy.special" in held
    assert "scipy.stats" not in held
