"""What every loop of kills is asked by and says at its end."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

Rounds = Callable[[int, int], list[str]]


def asked(name: str, about: str | None, rounds: Rounds, many: int, what: str = "kills") -> int:
    """Run the rounds asked for on the command line, print the faults; 1 if there are any.

    Args:
        name: The module.
        about: What it does.
        rounds: (rounds, seed) -> faults.
        many: Rounds unless more or fewer are asked for.
        what: What is counted.
    """
    parser = argparse.ArgumentParser(prog=name, description=about)
    parser.add_argument("--rounds", type=int, default=many)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    started = time.monotonic()
    faults = rounds(given.rounds, given.seed)
    print("\n".join([*faults, f"{given.rounds} {what}, {len(faults)} faults, {time.monotonic() - started:.0f} s"]))
    return 1 if faults else 0
