"""What code that calls nothing reads, is prompted by and predicts: named by command, kept, compared, put back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import assay
from assay.base.errors import StoreError
from assay.runs.environment import container
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside, line_of
from tests.runs.scenes import begun, lab
from tests.runs.test_code import repository

# A program as strangers write them: no assay in it, data that git ignores, a place outside of its folder.
SCRIPT = """
import sys
from pathlib import Path
rows = Path("data/rows.csv").read_text().split()
prompt = Path("prompts/system.txt").read_text()
Path("out").mkdir(exist_ok=True)
noise = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
import os
noise *= int(Path.cwd().name == "code")
Path("out/preds.csv").write_text("id,p\\n" + "".join(f"{r},{0.5 + noise + len(prompt) * 1e-6}\\n" for r in rows))
Path(OUTSIDE).write_text("results")
"""


def project(folder: Path) -> tuple[Path, assay.Lab]:
    here = repository(folder / "p", train=SCRIPT.replace("OUTSIDE", repr(str(folder / "p/results/notes.txt"))))
    (here / "results").mkdir()
    for name in ("data/rows.csv", "prompts/system.txt"):
        (here / name).parent.mkdir()
    (here / ".gitignore").write_text("data/\nprompts/\nout/\nresults/\n.assay/\n")
    (here / "data/rows.csv").write_text("1 2 3")
    (here / "prompts/system.txt").write_text("Be brief.\nAnswer in French.\n")
    return here, lab(here)


NAMED = ("--read", "data/rows.csv", "--prompt", "prompts/system.txt", "--predictions", "out/preds.csv")


def ran(here: Path, *options: str, words: tuple[str, ...] = ()) -> str:
    with inside(here):
        done = command("run", *options, "--", sys.executable, "train.py", *words)
    assert done.code == 0, done.err
    return assay.Lab(here).runs()[0].id


def test_a_strangers_code_is_reproduced_and_what_it_uses_is_said(tmp_path: Path) -> None:
    here, held = project(tmp_path)
    run = ran(here, *NAMED)
    shown = command("runs", "show", run, "--lab", here).out
    for line in ("data: data/rows.csv", "prompt: prompts/system.txt", "predictions: predictions", "name: train.py"):
        assert line in shown
    kept = held.run(run)
    assert kept.content("prompts/system.txt") == b"Be brief.\nAnswer in French.\n"
    assert kept.content("predictions").startswith(b"id,p\n1,")
    (here / "prompts/system.txt").write_text("Be brief.\nAnswer in German, please.\n")
    made = held.reproduce(run, "present")
    assert (made.outcome, made.cause) == ("reproduced", ""), made
    # It wrote to an absolute path, which is named.
    assert [note for note in made.notes if "outside" in note] == [
        f"{here}/results/notes.txt: changed meanwhile, outside of its folder"
    ]
    other = ran(here, *NAMED)
    (found,) = [d for d in held.diff_runs(run, other) if d.part == "prompt"]
    assert (found.name, found.first, found.second) == (
        "prompts/system.txt:2", "Answer in French.", "Answer in German, please.",
    )  # fmt: skip
    said = command("runs", "diff", run, other, "--lab", here).out
    assert "prompt\n  prompts/system.txt:2\n    − Answer in French.\n    + Answer in German, please.\n" in said


def test_without_names_the_missing_file_is_told(tmp_path: Path) -> None:
    here, held = project(tmp_path)
    run = ran(here, "--predictions", "out/preds.csv")
    made = held.reproduce(run, "present")
    assert (made.outcome, made.cause, "--read data/rows.csv" in made.why) == ("failed", "data", True), made


def test_predictions_have_a_tolerance(tmp_path: Path) -> None:
    here, held = project(tmp_path)
    # A folder is put back as a file is.
    run = ran(here, "--read", "data", *NAMED[2:], words=("1e-9",))
    made = held.reproduce(run, "present", tolerance=1e-6)
    assert (made.outcome, [c.outcome for c in made.compared]) == ("reproduced", ["within tolerance"]), made


def test_what_is_named_and_not_there_is_refused_before_anything_begins(tmp_path: Path) -> None:
    here, held = project(tmp_path)
    (here / "binary.bin").write_bytes(b"\0" * 10)
    (here / "large.txt").write_text("x" * (1 << 20) + "x")
    with inside(here):
        for words in (["--read", "gone"], ["--prompt", "gone"], ["--prompt", "data"], ["--prompt", "binary.bin"],
                      ["--prompt", "large.txt"]):  # fmt: skip
            assert "is" in line_of(command("run", *words, "--", sys.executable, "-c", "pass"))
        assert held.runs() == ()
        done = command("run", "--predictions", "none.csv", "--", sys.executable, "-c", "pass")
    assert (done.code, "not all is kept that it was to write" in done.err) == (0, True)
    assert held.runs()[0].state == "failed"


def test_a_prompt_in_code_is_kept_without_its_secrets_and_never_raises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = lab(tmp_path)
    path = tmp_path / "prompt.txt"
    path.write_text("token: " + "ghp_" + "a1B2" * 9 + "\nSpeak.\n")
    with inside(tmp_path), begun(tmp_path) as run:
        assert run.prompt("prompt.txt", "system") == Path("prompt.txt")
        run.prompt("gone.txt")
        run.prompt("..")
    kept = held.run(run.id)
    assert list(kept.prompts()) == ["system"]
    assert b"ghp_" not in kept.content("system")
    assert b"Speak." in kept.content("system")
    assert kept.contents.of("prompt")[0]["redacted"] == 1
    assert (run.healthy, run.dropped) == (False, 2)
    assert capsys.readouterr().err.count("warning") == 1
    with pytest.raises(assay.AssayError, match="it keeps system"):
        kept.content("other")
    for blob in (tmp_path / ".assay/blobs/blake3").rglob("*"):
        if blob.is_file():
            blob.unlink()
    with pytest.raises(StoreError):
        kept.content("system")


def test_a_container_is_named(tmp_path: Path) -> None:
    assert container(tmp_path, {}) == {"container": "", "container_name": "", "container_image": ""}
    assert container(tmp_path, {"APPTAINER_NAME": "a.sif", "APPTAINER_CONTAINER": "/images/a.sif"}) == {
        "container": "apptainer", "container_name": "a.sif", "container_image": "/images/a.sif",
    }  # fmt: skip
    pod = container(tmp_path, {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "HOSTNAME": "train-0"})
    assert (pod["container"], pod["container_name"]) == ("kubernetes", "train-0")
    (tmp_path / "proc/self").mkdir(parents=True)
    key = "0123456789ab" + "c" * 52
    (tmp_path / "proc/self/mountinfo").write_text(f"1 2 0:1 /var/lib/docker/containers/{key}/hostname /etc/hostname\n")
    (tmp_path / ".dockerenv").touch()
    assert container(tmp_path, {})["container_name"] == "0123456789ab"
    (tmp_path / "run").mkdir()
    (tmp_path / "run/.containerenv").write_text('engine="podman-4"\nname="box"\nid="1"\nimage="docker.io/a:1"\n')
    assert container(tmp_path, {}) == {
        "container": "podman",
        "container_name": "box",
        "container_image": "docker.io/a:1",
    }
