"""Kill a writing process again and again, and count what was acknowledged and lost: `python -m tests.faults.kill_loop`.

A child appends events, blobs and records to a lab and says so on a pipe after each commit. The parent kills it with
SIGKILL at a random moment, opens the lab again and looks for everything that was said.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from assay.base.canonical import digest
from assay.base.errors import StoreError
from assay.store import LocalStore

ROUNDS_PER_LAB = 20


@dataclass
class Tally:
    """What the rounds so far have shown."""

    acknowledged: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)


def write_until_killed(root: Path, pipe: int, seed: int) -> None:
    """Append, keep and record for ever, with one line on the pipe after each commit."""
    draw = random.Random(seed)
    with LocalStore.open(root) as store:
        for i in range(1_000_000):
            content = draw.randbytes(draw.choice([10, 5_000, 200_000]))
            blob = store.blobs.put(content)
            os.write(pipe, f"blob {blob}\n".encode())
            entry = store.append("run.ended", {"i": i, "blob": blob})
            os.write(pipe, f"entry {entry.writer} {entry.seq} {entry.hash}\n".encode())
            with store.transaction() as session:
                plan = session.plans.freeze(f"plan-{seed}-{i}", blob, blob)
                kept = session.evidence.keep(digest(blob.encode()), plan.digest, blob, blob, "hold")
                session.looks.record(
                    plan=plan.digest, dataset="d", lineage="d", candidate=blob, scores=blob, evidence=kept.id
                )
            os.write(pipe, f"evidence {kept.id} {plan.digest}\n".encode())


def kill_once(root: Path, seed: int) -> list[str]:
    """Let a child write and kill it at a random moment; returns the lines that it acknowledged."""
    draw = random.Random(seed)
    wanted, wait = draw.choice([0, 0, 1, 3, 10, 30]), draw.expovariate(1 / 0.004)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            write_until_killed(root, write, seed)
        finally:
            os._exit(3)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        lines = [pipe.readline() for _ in range(wanted)]
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        lines += pipe.readlines()
    _, status = os.waitpid(child, 0)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise RuntimeError(f"the writer ended by itself, status {status}, seed {seed}")
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def check(root: Path, said: list[str], tally: Tally) -> None:
    """Open the lab as the next user would, and look for everything acknowledged."""
    with LocalStore.open(root) as store:
        report = store.verify()
        tally.faults += [fault.line() for fault in report.faults]
        for blob in store.blobs.digests():
            try:
                store.blobs.check(blob)
            except StoreError as error:
                tally.faults.append(str(error))
        if store.blobs.sweep():
            tally.faults.append("a half-written blob was left after the lab was opened")
        with store.snapshot() as session:
            for line in said:
                kind, *words = line.split()
                if kind == "blob":
                    there = store.blobs.has(words[0])
                elif kind == "entry":
                    entry = session.ledger.entry(words[0], int(words[1]))
                    there = entry is not None and entry.hash == words[2]
                else:
                    kept, looks = session.evidence.get(words[0]), session.looks.of_plan(words[1])
                    there = kept is not None and len(looks) == 1
                tally.lost += not there


def run(rounds: int, seed: int) -> Tally:
    """So many kills; a new lab every few, so that checking stays quick while labs live through several deaths."""
    tally, said = Tally(), list[str]()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for number in range(rounds):
            if number % ROUNDS_PER_LAB == 0:
                root, said = Path(scratch) / str(number), []
                LocalStore.create(root).close()
            new = kill_once(root, seed + number)
            tally.acknowledged += len(new)
            said += new
            check(root, said, tally)
            if (number + 1) % 50 == 0:
                print(f"{number + 1}/{rounds} kills, {tally.acknowledged} acknowledged, {tally.lost} lost", flush=True)
    return tally


def main() -> int:
    """Run the rounds asked for; 1 if anything was lost or damaged."""
    parser = argparse.ArgumentParser(description="Kill a writer many times and count what is lost.")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    begun = time.monotonic()
    tally = run(arguments.rounds, arguments.seed)
    for fault in tally.faults:
        print(fault)
    print(
        f"{arguments.rounds} kills in {time.monotonic() - begun:.0f} s: {tally.acknowledged} acknowledged, "
        f"{tally.lost} lost, {len(tally.faults)} faults"
    )
    return int(bool(tally.lost or tally.faults))


if __name__ == "__main__":
    sys.exit(main())
