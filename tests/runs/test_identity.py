"""What a command says of a run, and which runs are the same but for their seed."""

from __future__ import annotations

from typing import Any

import pytest

from assay.records.runs import RunStart
from assay.runs.command import read_line
from assay.runs.folder import record_of
from assay.runs.identity import Identity, identify
from assay.runs.launch import name_of

HELD: dict[str, Any] = {"launched": True}


def of(command: str, config: Any = None, seed: int | None = None, told: Any = (), **more: Any) -> Identity:
    said = {"experiment": "", **HELD, **more}
    start = RunStart(
        id="r", name="", started=0.0, host="h", user="u", pid=1, command=tuple(command.split()), folder="/w",
        config=config or {}, seed=seed, **said,
    )  # fmt: skip
    return identify(start, told)


@pytest.mark.parametrize(
    ("line", "settings"),
    [
        ("python train.py --lr 0.1 --batch-size=32 -e 5 --fast", {"lr": 0.1, "batch_size": 32, "e": 5, "fast": True}),
        ("python -u -W ignore -m pkg.train lr=1e-3 +model.depth=4 a b", {"lr": 0.001, "model.depth": 4}),
        ("./fit --layers 64 32 data.csv --layers 16", {"layers": [64, 32, 16]}),
        ("python train.py --shift -1 --cut=-0.5 -- --not 1", {"shift": -1, "cut": -0.5}),
        (
            "python train.py --name=a=b --empty= --big nan --on TRUE",
            {"name": "a=b", "empty": "", "big": "nan", "on": True},
        ),
        ("python -c print(1) x=2", {"x": 2}),
        ("python", {}),
        ("", {}),
    ],
)
def test_options_are_settings(line: str, settings: dict[str, Any]) -> None:
    assert dict(read_line(tuple(line.split())).settings) == settings


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("python a.py --lr 0.1 --seed 1", None), ("python3.11 a.py --lr 0.1 --seed 2", None)),
        (("/v/bin/python /w/a.py seed=1", None), ("python a.py seed=22", None)),
        (("python a.py 0.1 1", 1), ("python a.py 0.1 2", 2)),
        (("a.py --out seed1/seed_1.csv --random-state 1", 1), ("a.py --out seed2/seed_2.csv --random-state 2", 2)),
        (("python -m ipykernel_launcher -f /tmp/a.json", 1), ("python -m ipykernel_launcher -f /tmp/b.json", 2)),
    ],
)  # fmt: skip
def test_the_seed_alone_makes_no_other_run(first: tuple[str, int | None], second: tuple[str, int | None]) -> None:
    a, b = of(first[0], seed=first[1]), of(second[0], seed=second[1])
    assert a.group == b.group
    assert a.seed is not None
    assert a.seed != b.seed


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"command": "python a.py --lr 0.1"}, {"command": "python a.py --lr 0.2"}),
        ({"command": "python a.py 1 1", "seed": 1}, {"command": "python a.py 2 2", "seed": 2}),
        ({"command": "python a.py --lr 1", "seed": 1}, {"command": "python a.py --lr 2", "seed": 2}),
        ({"command": "python a.py --part 1.csv", "seed": 1}, {"command": "python a.py --part 2.csv", "seed": 2}),
        ({"command": "python a.py --seed 3", "seed": 1}, {"command": "python a.py --seed 4", "seed": 2}),
        ({"command": "python a.py"}, {"command": "python b.py"}),
        ({"command": "x", "experiment": "resnet"}, {"command": "x", "experiment": "mlp"}),
        ({"command": "x", "config": {"lr": 1}}, {"command": "x", "config": {"lr": 1.5}}),
    ],
)  # fmt: skip
def test_all_else_makes_another_run(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert of(**first).group != of(**second).group


def test_words_that_are_no_text_keep_runs_apart() -> None:
    odd = [of(f"python a.py --file {name}") for name in ("\udcfe", "\udcff")]
    assert odd[0].group != odd[1].group
    assert of("x", config={"lr": float("nan")}).group != of("x").group


def test_what_is_told_wins_over_the_command() -> None:
    given = of("python a.py --lr 0.1 --depth 2", config={"lr": 0.3})
    assert dict(given.settings) == {"lr": 0.3, "depth": 2}
    told = of("python a.py --lr 0.1 --depth 2", told=[{"rate": 0.1, "seed": 4}])
    assert (dict(told.settings), told.seed) == ({"rate": 0.1, "seed": 4}, 4)
    assert dict(of("python a.py --lr 0.1", told=[{"seed": 4}]).settings) == {"lr": 0.1, "seed": 4}
    assert dict(of("python a.py --lr 0.1", launched=False).settings) == {}
    assert of("python a.py --seed 5", config={"random_state": 3}).seed == 3


def test_a_sweep_is_told_by_its_plan_and_not_by_the_filled_command() -> None:
    form = ("python", "a.py", "{lr}", "{seed}", "out-{seed}.csv")
    made = [
        of(f"python a.py {lr} {s} out-{s}.csv", {"lr": lr}, s, tags=("sweep",), form=form)
        for lr, s in ((1, 1), (1, 2), (2, 1))
    ]
    assert made[0].group == made[1].group != made[2].group
    assert dict(made[0].settings) == {"lr": 1}
    other = of("python b.py 1 1", {"lr": 1}, 1, tags=("sweep",), form=("python", "b.py", "{lr}", "{seed}"))
    assert other.group != made[0].group


def test_a_record_of_before_still_reads() -> None:
    old = {
        "type": "assay.run.start", "schema": 1, "id": "r", "name": "", "experiment": "", "started": 1.0, "host": "h",
        "user": "u", "pid": 1, "command": ["python", "a.py", "--lr", "0.1"], "folder": "/w", "config": {},
        "launched": True,
    }  # fmt: skip
    start = record_of(old, RunStart)
    assert start.form == ()
    assert dict(identify(start).settings) == {"lr": 0.1}


def test_a_program_of_standard_input_is_called_after_its_interpreter() -> None:
    assert [name_of(c.split()) for c in ("python -", "python -m", "python -W x a/b.py", "sh -c ls a", "./fit a")] == [
        "python", "python", "b.py", "sh", "fit",
    ]  # fmt: skip
