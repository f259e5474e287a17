"""One training of the demo, as a run: `python -m demo.train METHOD PLAN-OR-SPLIT SEED`.

The sweeps of the two plans execute it for every method and seed; by itself it makes a run as well.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import assay
from demo.flights import FILE, load_flights
from demo.predictions import fit_of, trained

DATA = Path("demo-out") / "data" / FILE


def main(arguments: Sequence[str]) -> int:
    """Train one model and keep its predictions in the run."""
    method, what, seed = arguments[0], arguments[1], int(arguments[2])
    with assay.run({"method": method, "trained": what}, seed=seed) as run:
        flights = load_flights(run.read(DATA))
        fit = fit_of(flights, method, what, seed)
        late = flights.columns["late"][fit.train]
        run.log(training_flights=fit.train.size, late_share=float(late.mean()))
        run.predictions(trained(flights, fit))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
