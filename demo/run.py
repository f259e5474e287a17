"""The demo: real flights, two models, two plans, a verdict for each. `make demo`, or `python -m demo.run`.

Everything is written below demo-out/; a second run starts afresh. Takes about a minute on two cores.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import assay
from demo import screen
from demo.flights import Flights, read_flights
from demo.lessons import random_split, rows_as_units
from demo.predictions import PLANS, SEEDS, hasty_fits, planned_fits, write_predictions

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "demo-out"
PREDICTIONS = OUT / "predictions"
MADE = ("data", "predictions", ".assay")


def main() -> int:
    """Run all of it; 0 if the evidence of every verdict was confirmed."""
    began = time.monotonic()
    for name in MADE:
        shutil.rmtree(OUT / name, ignore_errors=True)
    screen.title("1. The data")
    flights = read_flights(OUT / "data")
    screen.population(flights)
    train(flights)
    verdicts = judge()
    agreed = recheck(verdicts)
    warn(flights)
    summary(verdicts, agreed, time.monotonic() - began)
    return 0 if agreed else 1


def train(flights: Flights) -> None:
    """Fit every model and write its predictions."""
    screen.title("2. The models: logistic regression, and gradient boosting as the candidate")
    screen.say(
        f"Each is trained with {SEEDS} seeds that draw the training flights anew, with the month and without it; and "
        "once more on two splits, for the lessons at the end."
    )
    fits = [*planned_fits(flights), *hasty_fits(flights)]
    progress = screen.Fits(len(fits))
    write_predictions(flights, fits, PREDICTIONS, progress.done)
    print(f"predictions: {relative(PREDICTIONS)}", flush=True)


def judge() -> dict[str, assay.Judged]:
    """Freeze both plans, then judge both."""
    screen.title("3. Two plans, frozen before either is judged")
    screen.say(
        "Both plans read the same days. So both are frozen before any number is seen, and each declares "
        "`reuse: {candidates: 2}`: it is judged at half the error, and two looks at the days are paid for."
    )
    lab = assay.Lab.create(OUT)
    for name in PLANS:
        screen.command(f"assay plan freeze {relative(plan(name))} --lab {relative(OUT)}")
        print(f"frozen: {lab.freeze(plan(name))}", flush=True)
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
    tested = next(fit.test for fit in hasty_fits(flights))
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
    first = relative(next(iter(verdicts.values())).folder)
    print("\nNext:")
    print(f"  open the memos above in a browser, or: assay memo {first} --format md")
    print(f"  assay ledger verify --lab {relative(OUT)}")
    print("  assay plan new > plan.yaml        # a plan of your own; demo/*.yaml are two examples", flush=True)


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
