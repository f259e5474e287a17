"""The demo: real flights, two models, two plans, a verdict for each. `make demo`, or `python -m demo.run`.

Everything is written below demo-out/; a second run starts afresh. Takes a minute to one and a half on two cores.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import assay
from assay.cli.main import outcome
from demo import screen
from demo.flights import Flights, read_flights, write_flights
from demo.lessons import random_split, rows_as_units
from demo.models import METHODS
from demo.predictions import BY_DATE, HASTY, PLANS, SEEDS, fit_of

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "demo-out"
PREDICTIONS = OUT / "predictions"
MADE = ("data", "predictions", ".assay")
CLAIM = "better probabilities"
WORKERS = 2


def main() -> int:
    """Run all of it; 0 if the evidence of every verdict was confirmed."""
    began = time.monotonic()
    for name in MADE:
        shutil.rmtree(OUT / name, ignore_errors=True)
    screen.title("1. The data")
    flights = read_flights(OUT / "data")
    screen.population(flights)
    write_flights(flights, OUT / "data")
    lab = freeze()
    if not train():
        return 1
    # Judging leaves a core free, on which the lessons' models are trained meanwhile.
    with ThreadPoolExecutor(1) as beside:
        hurried = beside.submit(hurry)
        verdicts = judge(lab)
        agreed = recheck(verdicts)
        hurried.result()
    warn(flights)
    summary(verdicts, agreed, time.monotonic() - began)
    return 0 if agreed else 1


def freeze() -> assay.Lab:
    """Freeze both plans, before anything is trained."""
    screen.title("2. Two plans, frozen before a model is trained")
    screen.say(
        "Both plans read the same days. So both are frozen before any number is seen, and each declares "
        "`reuse: {candidates: 2}`: it is judged at half the error, and two looks at the days are paid for."
    )
    lab = assay.Lab.create(OUT)
    for name in PLANS:
        screen.command(f"assay plan freeze {relative(plan(name))} --lab {relative(OUT)}")
        print(f"frozen: {lab.freeze(plan(name))}", flush=True)
    return lab


def train() -> bool:
    """Fill the matrix of both plans with runs; whether that went well."""
    screen.title("3. The runs: logistic regression, and gradient boosting as the candidate")
    screen.say(
        f"Each is trained with {SEEDS} seeds that draw the training flights anew, with the month and without it. Every "
        "training is a run, which keeps its code, environment, data, seed and predictions."
    )
    # The commands of the plans say `python`: the one that runs the demo.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for name in PLANS:
        words = ["sweep", str(relative(plan(name))), "--lab", str(relative(OUT)), "--workers", str(WORKERS)]
        screen.command(f"assay {' '.join(words)}")
        if outcome(words) != 0:
            return False
    return True


def hurry() -> None:
    """Each model once on two splits, for the lessons: four runs that belong to no plan."""
    shutil.rmtree(PREDICTIONS, ignore_errors=True)
    PREDICTIONS.mkdir(parents=True)
    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(_once, [(method, split) for split in HASTY for method in METHODS]))


def _once(what: tuple[str, str]) -> None:
    name = "-".join(what)
    command = ["assay", "run", "--lab", str(OUT), "--name", name, "--", "python", "-m", "demo.train", *what, "0"]
    subprocess.run(command, check=True, cwd=HERE.parent, stderr=subprocess.DEVNULL)
    lab = assay.Lab(OUT)
    (run,) = lab.runs(where=[f"name={name}"])
    held = lab.run(run.id).predictions()["predictions"].removeprefix("blake3:")
    shutil.copy(OUT / ".assay/blobs/blake3" / held[:2] / held[2:], PREDICTIONS / f"{name}.parquet")


def judge(lab: assay.Lab) -> dict[str, assay.Judged]:
    """Judge both plans on what their runs have kept."""
    screen.title("4. The verdicts")
    verdicts = {}
    for name in PLANS:
        screen.command(f"assay judge {relative(plan(name))} --lab {relative(OUT)}")
        verdicts[name] = lab.judge(plan(name))
        screen.judged(verdicts[name], relative(verdicts[name].folder))
        screen.comment(verdicts[name])
    return verdicts


def recheck(verdicts: dict[str, assay.Judged]) -> bool:
    """Recompute every verdict from its evidence alone."""
    screen.title("5. The evidence")
    lab, agreed = assay.Lab(OUT), True
    for verdict in verdicts.values():
        screen.command(f"assay recheck {relative(verdict.folder)}")
        follows = lab.recheck(verdict.folder)
        print("the verdict follows from the evidence" if follows else "the verdict does NOT follow", flush=True)
        agreed = agreed and follows
    return agreed


def warn(flights: Flights) -> None:
    """What the same predictions seem to say when they are read carelessly."""
    tested = fit_of(flights, METHODS[0], BY_DATE, 0).test
    screen.title("6. What goes wrong without the unit")
    screen.narrow(rows_as_units(PREDICTIONS), tested.size, len(set(flights.days[tested])))
    screen.title("7. What goes wrong with a random split")
    screen.shuffled(random_split(PREDICTIONS))


def summary(verdicts: dict[str, assay.Judged], agreed: bool, seconds: float) -> None:
    """The recommendations, where the memos are, and what to do next."""
    screen.title("In short")
    for name, verdict in verdicts.items():
        print(f"  {name:<14} {verdict.action.upper():<8} {relative(verdict.folder / 'memo.html')}")
    print(f"  evidence       {'rechecked, and it agrees' if agreed else 'rechecked, and it DIFFERS'}")
    print(f"  time           {seconds:.0f} s")
    first, last = (relative(verdict.folder) for verdict in verdicts.values())
    print("\nNext:")
    print(f"  open the memos above in a browser, or: assay memo {first} --format md")
    print(f"  assay reproduce {last} --claim '{CLAIM}' --lab {relative(OUT)}   # trains its {2 * SEEDS} models again")
    print(f"  assay ledger verify --lab {relative(OUT)}")
    print("  assay plan new > plan.yaml        # a plan of your own; demo/*.yaml are two examples")
    print("\nThe verdicts in the browser:")
    print(f"  {program()} serve --lab {relative(OUT)}", flush=True)


def program() -> Path:
    """`assay` as it can be typed here: from the environment that runs the demo."""
    return relative(Path(sys.executable).parent / "assay")


def plan(name: str) -> Path:
    """The plan's file."""
    return HERE / f"{name}.yaml"


def relative(path: Path) -> Path:
    """As a person would type it from here."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


if __name__ == "__main__":
    sys.exit(main())
