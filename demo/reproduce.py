"""The demo's headline claim, made again from what its runs kept: checked out, installed, trained and judged."""

from __future__ import annotations

import sys

import assay
from demo.predictions import PLANS
from demo.run import CLAIM, OUT


def main() -> int:
    """Reproduce it; 0 where it is reproduced."""
    lab = assay.Lab(OUT)
    last = list(PLANS)[-1]
    found = [p.judged.id for p in lab.plans() if p.plan.name.endswith(last) and p.judged]
    if not found:
        print("the demo has not been run here: make demo", file=sys.stderr)
        return 2
    made = lab.reproduce_claim(found[0], CLAIM)
    print(made)
    return 0 if made.outcome == "reproduced" else 3


if __name__ == "__main__":
    sys.exit(main())
