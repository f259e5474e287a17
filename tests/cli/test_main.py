"""The command itself: help, exit codes, errors on one line."""

from __future__ import annotations

import runpy
import subprocess
import sys

import click
import pytest

from assay.base.errors import InputError, PlanError
from assay.base.version import VERSION
from assay.cli import main
from assay.cli.main import BUG, COMMANDS, INTERRUPTED
from tests.helpers.runs import assay, line_of


def test_help_lists_every_command_without_importing_them() -> None:
    code = "import sys; from assay.cli.main import outcome; outcome(['--help']); sys.stdout.flush();"
    code += (
        "print([m for m in sys.modules if m.split('.')[0] in ('duckdb', 'numpy', 'scipy', 'rich')], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name in run.stdout for name in COMMANDS)
    assert run.stderr.strip() == "[]"


def test_the_version() -> None:
    run = assay("--version")
    assert (run.code, run.out) == (0, f"assay, version {VERSION}\n")


def test_it_is_a_module_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["assay", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("assay", run_name="__main__")
    assert (ended.value.code, capsys.readouterr().out) == (0, f"assay, version {VERSION}\n")
    runpy.run_module("assay", run_name="__mp_main__")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    run = assay(command, "--help")
    assert run.code == 0, run.err
    assert run.out.startswith(f"Usage: assay {command}")


def test_what_is_unknown_is_refused_in_one_line() -> None:
    assert "No such command 'compar'" in line_of(assay("compar"))
    assert "No such option" in line_of(assay("--frobnicate"))
    assert line_of(assay("compare", "--level")).startswith("assay: Option '--level' requires an argument")


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setattr(main, "cli", command)


def test_a_bug_is_1_and_asks_to_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, RuntimeError("lost\nits way"))
    run = assay()
    assert run.code == BUG == 1
    assert run.err.startswith("assay: a bug in Assay: RuntimeError: lost its way; please report it")
    assert len(run.err.splitlines()) == 1
    monkeypatch.setenv("ASSAY_DEBUG", "1")
    with pytest.raises(RuntimeError, match="lost"):
        assay()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.exceptions.Abort()])
def test_an_interruption_is_130(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, error)
    assert assay().code == INTERRUPTED == 130


def test_too_little_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, MemoryError())
    assert "out of memory" in line_of(assay())


def test_every_problem_of_a_plan_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, PlanError("2 problems", problems=(InputError("one"), InputError("two", where="line 3"))))
    run = assay()
    assert (run.code, run.err) == (2, "assay: one\nassay: line 3: two\n")
