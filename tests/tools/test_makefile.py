"""The commands that README and CI name do what they say."""

from __future__ import annotations

import os
import stat
import subprocess

import pytest
from tools.pages import ROOT

from tests.docs.known import make_targets


def made(*arguments: str) -> str:
    """What make prints, also when a make that runs the tests is above it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept, check=True, capture_output=True, text=True).stdout


def dry(*targets: str) -> str:
    """What make would run."""
    return made("--dry-run", "--always-make", *targets)


def test_make_test_installs_and_then_runs_every_check() -> None:
    said = dry("test")
    checks = ["ruff check", "ruff format --check", "-m mypy", "lint-imports", "size_gate", "-m pytest", "wheel_check"]
    places = [said.index(step) for step in ("-m venv", "--editable '.[dev]'", *checks)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("target", "program"),
    [
        ("demo", "demo.run"),
        ("coverage", "simulations.run --full"),
        ("bench", "benchmarks.run"),
        ("faults", "tests.faults.kill_loop --rounds 1000"),
        ("docs", "tools.reference"),
        ("lock", "tools.lock"),
    ],
)
def test_targets_run_their_program(target: str, program: str) -> None:
    said = dry(target)
    assert f"-m {program}\n" in said
    module = program.split()[0].replace(".", "/")
    assert (ROOT / f"{module}.py").is_file() or (ROOT / module / "__main__.py").is_file()


def test_installs_are_pinned() -> None:
    installs = [line for line in dry("test", "demo", "bench").splitlines() if "-m pip" in line]
    assert installs
    assert all("--constraint constraints.txt" in line for line in installs)


def test_help_names_every_target_for_users() -> None:
    said = made("help")
    parts = {"help", "lint", "types", "imports", "size", "unit", "wheel"}
    assert {line.split()[1] for line in said.splitlines()} == make_targets() - parts


def test_ci_calls_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text("utf-8")
    assert script.stat().st_mode & stat.S_IXUSR
