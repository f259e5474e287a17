"""`assay run -- COMMAND`: the command is unchanged, its output passes and is kept, its end is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import assay
from assay.runs.environment import interpreter_of, lock_lines, packages, variables
from assay.runs.output import OutputFile
from assay.verbs import runs
from assay.verbs.run import LaunchRequest, launch
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside, line_of
from tests.runs.scenes import lab

ASSAY = [sys.executable, "-c", "from assay.cli.main import run; run()"]


def launched(folder: Path, *words: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    line = [*ASSAY, "run", *options, "--", *words]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


def test_output_exit_code_code_and_environment_are_kept(tmp_path: Path) -> None:
    held = lab(tmp_path)
    (tmp_path / "train.py").write_text("import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(7)\n")
    done = launched(tmp_path, sys.executable, "train.py", "--lr", "0.1")
    assert (done.returncode, done.stdout) == (7, "out\n")
    assert done.stderr.startswith("err\n")
    (row,) = held.runs()
    kept = held.run(row.id)
    assert (row.state, row.exit_code) == ("failed", 7)
    assert kept.start.command == (sys.executable, "train.py", "--lr", "0.1")
    assert sorted((kept.folder / "output.log").read_text().split()) == ["err", "out"]
    shown = json.loads(command("runs", "show", row.id, "--lab", tmp_path, "--json", "-").out)
    assert "digest" in shown["code"]["files"]["train.py"]
    assert shown["environment"]["python"]["packages"]["numpy"]
    assert shown["end"]["usage"]["wall_seconds"] > 0
    page = tmp_path / "run.html"
    assert command("runs", "show", row.id, "--lab", tmp_path, "--html", page).code == 0
    assert "<script" not in page.read_text()


def test_code_inside_logs_into_the_launched_run_and_a_second_run_is_its_child(tmp_path: Path) -> None:
    held = lab(tmp_path)
    (tmp_path / "t.py").write_text(
        "import assay\n"
        "for i in range(2):\n"
        "    with assay.run({'lr': i}, seed=i) as run:\n"
        "        run.log(loss=float(i))\n"
    )
    assert launched(tmp_path, sys.executable, "t.py").returncode == 0
    child, outer = held.runs(sort="-started")
    assert (child.parent, child.seed, child.params["lr"]) == (outer.id, 1, 1)
    assert (outer.params, outer.seed, outer.metrics["loss"].last) == ({"lr": 0, "seed": 0}, 0, 0.0)


@pytest.mark.parametrize("words", [(), ("nonsuch-program",), ("/nonsuch",), (".",)])
def test_a_command_that_is_not_there_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    lab(tmp_path)
    with inside(tmp_path):
        line_of(command("run", "--", *words))
    assert not (tmp_path / ".assay/runs").exists()


def test_a_program_that_cannot_be_executed_is_a_failed_run(tmp_path: Path) -> None:
    held = lab(tmp_path)
    path = tmp_path / "program"
    path.write_bytes(b"\x7fELFnoise")
    path.chmod(0o755)
    assert launched(tmp_path, "./program").returncode == 126
    assert held.runs()[0].state == "failed"


def test_secrets_in_code_end_it_before_it_begins_where_that_is_asked(tmp_path: Path) -> None:
    lab(tmp_path)
    (tmp_path / "t.py").write_text("key = 'ghp_" + "aB3dE5gH7j" * 4 + "'\n")
    done = launched(tmp_path, sys.executable, "t.py", options=("--refuse-secrets",))
    assert done.returncode == 2
    assert done.stderr.startswith("assay: t.py: line 1 looks like a secret (GitHub token)")
    assert not (tmp_path / ".assay/runs").exists()


def test_a_signal_reaches_the_command(tmp_path: Path) -> None:
    held = lab(tmp_path)
    code = "import time, sys\nprint('ready', flush=True)\ntime.sleep(60)"
    process = subprocess.Popen([*ASSAY, "run", "--", sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    process.stdout.close()
    assert [r.state for r in held.runs()] == ["interrupted"]


@pytest.mark.parametrize(("error", "state"), [(KeyboardInterrupt(), "interrupted"), (OSError("no"), "failed")])
def test_a_launcher_that_an_error_ends_says_so(tmp_path: Path, error: BaseException, state: str) -> None:
    held = lab(tmp_path)

    def begun(run: str) -> None:
        raise error

    with pytest.raises(type(error)):
        launch(LaunchRequest([sys.executable, "-c", "pass"], lab=tmp_path, folder=tmp_path, begun=begun))
    assert [row.state for row in held.runs()] == [state]


def test_a_killed_launcher_leaves_a_dead_run(tmp_path: Path) -> None:
    held = lab(tmp_path)
    process = subprocess.Popen([*ASSAY, "run", "--", "sleep", "0.2"], cwd=tmp_path)
    runs = tmp_path / ".assay/runs"
    while not list(runs.glob("*/*.seg")):
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert [r.state for r in held.runs()] == ["dead"]


def test_output_is_capped_from_both_ends_and_without_secrets(tmp_path: Path) -> None:
    kept = OutputFile(tmp_path / "output.log", 4000)
    token = b"hf_" + b"aBcDeFgHiJ" * 4
    for i in range(1000):
        line = b"line %d\n" % i
        kept.add(line[:3])
        kept.add(line[3:])
    kept.add(b"the key is " + token[:9])
    kept.add(token[9:] + b" here\nend")
    said = kept.close()
    held = (tmp_path / "output.log").read_bytes()
    assert held.startswith(b"line 0\n")
    assert held.endswith(b"end")
    assert token not in held
    assert said["secrets"] == 1
    assert said["left_out"] > 0
    assert b"bytes left out" in held
    assert len(held) < 4200


def test_the_interpreter_of_a_program_is_found(tmp_path: Path) -> None:
    script = tmp_path / "tool"
    script.write_text("#!/opt/x/bin/python3.12\nprint(1)\n")
    assert interpreter_of(str(script)) == ("/opt/x/bin/python3.12", "")
    assert interpreter_of("/usr/bin/python3") == ("/usr/bin/python3", "")
    assert "is no Python program" in interpreter_of("/bin/sh")[1]


def test_packages_are_read_off_the_folders(tmp_path: Path) -> None:
    for name in ("Foo_Bar-1.2.dist-info", "foo.bar-9.dist-info", "old-0.1-py3.11.egg-info", "src-1.dist-info", "noise"):
        (tmp_path / name).mkdir()
    (tmp_path / "src-1.dist-info/direct_url.json").write_text('{"url": "file:///src"}')
    found = packages([str(tmp_path), "/nonsuch"])
    assert found == {"foo-bar": "1.2", "old": "0.1", "src": "1 @ file:///src"}
    assert lock_lines({"python": {"packages": found}}) == ["foo-bar==1.2", "old==0.1"]


def test_runs_are_compared_and_their_differences_named(tmp_path: Path) -> None:
    held = lab(tmp_path)
    ids = []
    for lr, seed, value in ((0.1, 1, 0.5), (0.1, 2, 0.7), (0.2, 1, 0.4)):
        with assay.run({"lr": lr}, seed=seed, lab=tmp_path, capture=False) as run:
            run.log(acc=value)
        ids.append(run.id)
    two, one = held.compare_runs("acc")
    assert (two.settings, two.seeds, two.metrics["acc"].count) == ({"lr": 0.1}, (2, 1), 2)
    assert two.metrics["acc"].mean == pytest.approx(0.6)
    # source: Student's table, t(0.975, 1 df) = 12.706; the standard error here is 0.1
    assert two.metrics["acc"].interval == pytest.approx((0.6 - 1.2706, 0.6 + 1.2706), abs=1e-4)
    assert (one.metrics["acc"].interval, "anecdotal" in one.metrics["acc"].note) == (None, True)
    assert "anecdotal" in command("runs", "compare", "--metric", "acc", "--lab", tmp_path).out
    line_of(command("runs", "compare", "--lab", tmp_path))
    line_of(command("runs", "compare", "--metric", "nothing", "--lab", tmp_path))
    found = {(d.part, d.name): (d.first, d.second) for d in held.diff_runs(ids[0], ids[2])}
    assert found[("config", "lr")] == (0.1, 0.2)
    assert ("seed", "seed") not in found
    assert "lr: 0.1 → 0.2" in command("runs", "diff", ids[0], ids[2], "--lab", tmp_path).out
    assert command("runs", "diff", ids[0], ids[0], "--lab", tmp_path).out.startswith("no difference")


def test_the_command_sees_its_variables_and_one_of_ours(tmp_path: Path) -> None:
    lab(tmp_path)
    code = "import os, json; print(json.dumps(dict(os.environ)))"
    seen = json.loads(launched(tmp_path, sys.executable, "-c", code).stdout)
    assert set(seen) - set(os.environ) <= {"ASSAY_RUN", "LC_CTYPE", "LINES", "COLUMNS"}


def test_further_variables_are_kept_where_they_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".assay"
    folder.mkdir()
    around = {"APP_MODE": "fast", "OTHER": "1", "DATA_ROOT": "/d", "APP_TOKEN": "k7m2p9qx", "TZ": "UTC"}
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    names = {*around, "GIVEN"}

    def kept(**more: str) -> dict[str, str]:
        return {k: v for k, v in variables(more, folder)[0].items() if k in names}

    assert kept() == {"TZ": "UTC"}
    (folder / "variables.txt").write_text("APP_*  # how it runs\n# OTHER\n\n")
    assert kept() == {"TZ": "UTC", "APP_MODE": "fast", "APP_TOKEN": "[redacted: named like a secret]"}
    # A run again is told which ones were kept, wherever it is begun.
    found = kept(ASSAY_VARIABLES="DATA_ROOT, GIVEN", GIVEN="x")
    assert (found["DATA_ROOT"], found["GIVEN"], "OTHER" in found) == ("/d", "x", False)
    assert variables({"ASSAY_VARIABLES": "A"})[0]["ASSAY_VARIABLES"] == "A"
    (folder / "variables.txt").write_bytes(b"\xff")
    assert variables({}, folder)[1].startswith("variables.txt cannot be read")


def test_variables_that_the_lab_names_are_in_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lab(tmp_path)
    monkeypatch.setenv("APP_MODE", "fast")
    (tmp_path / ".assay/variables.txt").write_text("APP_MODE\n")
    with inside(tmp_path):
        assert command("run", "--", sys.executable, "-c", "pass").code == 0
    (row,) = held.runs()
    assert runs.read(row.id, tmp_path).environment["variables"]["APP_MODE"] == "fast"


def test_nothing_is_left_open(tmp_path: Path) -> None:
    lab(tmp_path)
    code = "from assay.cli.main import run; run()"
    command = [sys.executable, "-W", "error", "-c", code, "run", "--lab", str(tmp_path), "--", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(done.stderr.splitlines()) == 1, done.stderr
