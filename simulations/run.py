"""Run the coverage harness: `python -m simulations.run [--full] [--samples N] [--only WORDS]`.

With `--full --only WORDS` these scenarios are renewed in the kept table. Each has a stream of its own, so that the
result is that of a full run; samples and seed are those of the kept table. The exit status is 1 where a cell is below
the floor, or worse than it was in the kept table.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy
import scipy

from assay.base.version import VERSION
from simulations.harness import all_scenarios, named, simulate
from simulations.table import failures, markdown, regressions

DOCS = Path(__file__).resolve().parent.parent / "docs"
FULL, SHORT, SEED = 2000, 200, 1


def _job(job: tuple[str, int, int]) -> tuple[str, float, list[dict[str, Any]]]:
    name, samples, seed = job
    start = time.perf_counter()
    cells = simulate(named([name])[0], samples, seed)
    return name, time.perf_counter() - start, [cell.to_json() for cell in cells]


def run(names: list[str], samples: int, seed: int, processes: int) -> list[dict[str, Any]]:
    """Simulate the scenarios named, with a line on standard error for each; cells in the scenarios' order."""
    done: dict[str, list[dict[str, Any]]] = {}
    # The last rooms take longest: begun first, they leave no process waiting at the end.
    jobs = [(name, samples, seed) for name in reversed(names)]
    with multiprocessing.Pool(processes) as pool:
        for name, seconds, cells in pool.imap_unordered(_job, jobs):
            done[name] = cells
            print(f"{len(done)}/{len(names)} {seconds:6.1f} s  {name}", file=sys.stderr, flush=True)
    return [cell for name in names for cell in done[name]]


def versions() -> dict[str, str]:
    """What made the table."""
    return {
        "assay": VERSION,
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run, print the cells below the floor, and with --full write the table; 1 where the floor is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="write docs/coverage.json and docs/coverage.md")
    parser.add_argument("--samples", type=int, help=f"samples a scenario ({FULL} with --full, else {SHORT})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the streams ({SEED}: that of the kept table)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", default="", help="scenarios whose name or family contains these words")
    options = parser.parse_args(arguments)
    kept = DOCS / "coverage.json"
    old = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"cells": []}
    samples = options.samples or (FULL if options.full else SHORT)
    if options.full and options.only and old["cells"]:
        samples, options.seed = old["samples"], old["seed"]
    names = [s.name for s in all_scenarios() if options.only in s.name or options.only in s.family]
    start = time.perf_counter()
    cells = run(names, samples, options.seed, options.processes)
    print(f"{len(names)} scenarios in {(time.perf_counter() - start) / 60:.1f} minutes", file=sys.stderr)
    missed = failures(cells)
    missed += regressions(cells, old["cells"])
    if options.full:
        DOCS.mkdir(exist_ok=True)
        cells = [*cells, *(c for c in old["cells"] if c["scenario"] not in names)]
        order = {s.name: place for place, s in enumerate(all_scenarios())}
        cells = sorted((c for c in cells if c["scenario"] in order), key=lambda c: order[c["scenario"]])
        table = {"samples": samples, "seed": options.seed, "level": 0.95, "versions": versions(), "cells": cells}
        lines = ",\n".join(json.dumps(cell, sort_keys=True) for cell in cells)
        head = json.dumps({key: value for key, value in table.items() if key != "cells"}, sort_keys=True)[:-1]
        kept.write_text(f'{head}, "cells": [\n{lines}\n]}}\n', encoding="utf-8")
        (DOCS / "coverage.md").write_text(markdown(cells, samples, options.seed), encoding="utf-8")
    else:
        print(markdown(cells, samples, options.seed))
    print(f"{len(missed)} cells below the floor or worse than kept", *missed, sep="\n  ", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
