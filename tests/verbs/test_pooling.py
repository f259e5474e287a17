"""What counts as the noise between seeds: runs that are the same but for their seed, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from assay.verbs import runs as lister
from assay.verbs.reproduce_noise import pool
from assay.verbs.run import LaunchRequest, launch
from tests.helpers.runs import assay as cli
from tests.helpers.runs import line_of
from tests.runs.scenes import lab, logged
from tests.runs.test_code import repository

CODE = """
import json, random, sys
from pathlib import Path
said = dict(zip(sys.argv[1::2], sys.argv[2::2]))
rng = random.Random(int(said.get("--seed", 0)))
far = float(Path(OUTSIDE).read_text())
rows = Path("rows.csv").read_text() if Path("rows.csv").exists() else ""
json.dump({"loss": 10 * float(said["--lr"]) + rng.random() + far + len(rows)}, open("m.json", "w"))
p = [rng.random() + far for _ in range(40)]
open("p.csv", "w").write("id,y,p\\n" + "".join(f"{i},{i % 2},{v!r}\\n" for i, v in enumerate(p)))
"""


class Scene:
    """A project that knows nothing of Assay; what `far` says is added to all that it computes, and no run names it."""

    def __init__(self, folder: Path) -> None:
        self.far = folder / "far.txt"
        self.far.write_text("0")
        self.here = repository(folder / "p", train=CODE.replace("OUTSIDE", repr(str(self.far))))
        (self.here / ".git/info/exclude").write_text(".assay/\nm.json\np.csv\nrows.csv\n")
        self.lab = lab(self.here)

    def run(self, options: str, **more: Any) -> str:
        where: dict[str, Any] = {"lab": self.here, "folder": self.here, "quiet": True, "metrics": "m.json"}
        words = [sys.executable, "train.py", *options.split()]
        return launch(LaunchRequest(words, **{**where, "predictions": "p.csv", **more})).run

    def again(self, run: str, far: str) -> Any:
        self.far.write_text(far)
        found = self.lab.reproduce(run, "present")
        self.far.write_text("0")
        return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("pool"))


@pytest.fixture(scope="module")
def seeds(scene: Scene) -> list[str]:
    return [scene.run(f"--lr 0.1 --seed {seed}", experiment="sizes") for seed in (1, 2, 3)]


def test_the_options_of_a_command_are_settings(scene: Scene, seeds: list[str]) -> None:
    scene.run("--lr 0.5 --seed 1")
    assert [r.seed for r in scene.lab.runs(["lr=0.1"], "seed")] == [1, 2, 3]
    found = {g.settings["lr"]: g for g in scene.lab.compare_runs("loss")}
    assert {lr: (len(g.runs), sorted(g.seeds)) for lr, g in found.items()} == {0.1: (3, [1, 2, 3]), 0.5: (1, [1])}
    assert found[0.5].metrics["loss"].note == "one run: anecdotal"
    by = cli("runs", "compare", "--metric", "loss", "--by", "lr", "--lab", scene.here)
    assert [line.split()[:2] for line in by.out.splitlines()[2:4]] == [["0.1", "3"], ["0.5", "1"]]
    shown = cli("runs", "show", seeds[0], "--lab", scene.here).out
    assert "lr = 0.1" in shown


def test_a_small_difference_is_within_the_noise_of_three_seeds(scene: Scene, seeds: list[str]) -> None:
    found = scene.again(seeds[0], "0.001")
    assert {c.name: c.outcome for c in found.compared} == {"loss": "within noise", "predictions": "within noise"}
    assert (found.outcome, found.cause) == ("within noise", "unknown")
    (note,) = (n for n in found.notes if n.startswith("noise between seeds"))
    assert all(run in note for run in seeds)
    (group,) = scene.lab.compare_runs("loss", where=["lr=0.1"])
    assert (len(group.runs), group.others) == (3, {"reproduced": 2})
    far = scene.again(seeds[0], "50")
    assert (far.outcome, {c.outcome for c in far.compared}) == ("not reproduced", {"different"})
    assert any(note.startswith("predictions: p is 50 apart on the whole; two seeds 0.") for note in far.notes)


def test_other_settings_are_no_seeds(scene: Scene) -> None:
    runs = [scene.run(f"--lr {lr}") for lr in (0.1, 0.5, 0.9)]
    found = scene.again(runs[0], "1")
    assert (found.outcome, found.cause) == ("not reproduced", "unknown")
    assert any("0 seeds of the same experiment" in note for note in found.notes)


def test_other_data_are_never_noise(scene: Scene) -> None:
    rows = scene.here / "rows.csv"
    rows.write_text("1")
    runs = [scene.run(f"--lr 0.2 --seed {seed}", reads=["rows.csv"]) for seed in (1, 2, 3)]
    rows.write_text("2")
    found = scene.lab.reproduce(runs[0], "present")
    assert (found.outcome, found.cause) == ("not reproduced", "data")
    rows.unlink()


def test_a_pool_is_of_one_code_environment_and_data(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = scene.run("--lr 0.3 --seed 1")
    scene.run("--lr 0.3 --seed 2")
    newest = scene.run("--lr 0.3 --seed 2")
    with monkeypatch.context() as around:
        around.setenv("OMP_NUM_THREADS", "2")
        scene.run("--lr 0.3 --seed 3")
    (scene.here / "more.py").write_text("")
    (scene.here / "train.py").write_text((scene.here / "train.py").read_text() + "# other\n")
    scene.run("--lr 0.3 --seed 4")
    (scene.here / "train.py").write_text((scene.here / "train.py").read_text().removesuffix("# other\n"))
    scene.run("--lr 0.3 --seed 5", reads=["train.py"])
    scene.run("--lr 0.3 --seed 6", experiment="other")
    found = pool(lister.read(claim, scene.here), scene.here)
    assert [peer.run for peer in found] == [claim, newest]


def test_runs_of_two_experiments_are_two_groups(tmp_path: Path) -> None:
    held = lab(tmp_path)
    for name, value in (("resnet", 0.9), ("mlp", 0.5)):
        for seed in (1, 2):
            logged(tmp_path, [value + seed / 100], {"size": 3}, experiment=name, seed=seed)
    found = {g.settings["experiment"]: g.metrics["loss"].mean for g in held.compare_runs("loss")}
    assert found == {"resnet": pytest.approx(0.915), "mlp": pytest.approx(0.515)}
    shown = cli("runs", "compare", "--metric", "loss", "--by", "experiment", "--lab", tmp_path)
    assert "resnet" in shown.out
    assert "(missing)" not in shown.out
    said = line_of(cli("runs", "compare", "--metric", "loss", "--by", "sise", "--lab", tmp_path))
    assert "did you mean 'size'" in said
    assert "started" in line_of(cli("runs", "compare", "--metric", "loss", "--by", "started", "--lab", tmp_path))


def test_commands_that_no_setting_tells_apart_are_shown(tmp_path: Path) -> None:
    held = lab(tmp_path)
    for name, value in (("a", 1.0), ("b", 2.0)):
        (tmp_path / f"{name}.py").write_text(f"open('m.json', 'w').write('{{\"loss\": {value}}}')")
        launch(
            LaunchRequest([sys.executable, f"{name}.py"], lab=tmp_path, folder=tmp_path, quiet=True, metrics="m.json")
        )
    found = {g.settings["command"].split()[-1]: g.metrics["loss"].mean for g in held.compare_runs("loss")}
    assert found == {"a.py": 1.0, "b.py": 2.0}
