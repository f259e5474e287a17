"""Kill a server that clients log to, again and again: what it acknowledged is kept. `make faults` runs it."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from pathlib import Path

from assay.lab import Lab
from assay.remote.address import Remote, place
from assay.remote.client import Client, UnreachableError
from tests.server.served import serve

CLIENTS = 8
START = {
    "type": "assay.run.start", "schema": 1, "name": "n", "experiment": "", "started": 1.0, "host": "h", "user": "u",
    "pid": 1, "command": ["c"], "folder": "/f", "config": {},
}  # fmt: skip


def main() -> None:
    """Kill it so many times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as made:
        lab = Path(made)
        Lab.create(lab)
        token = Lab(lab).create_token("loop", ["read", "write"])
        kept = sum(one(lab, token, number, 0.2 + draw.random()) for number in range(given.rounds))
    print(f"{given.rounds} servers killed, {kept:,} acknowledged bytes, none lost")


def one(lab: Path, token: str, number: int, seconds: float) -> int:
    """One server, killed after so long; returns how many bytes it had acknowledged.

    Raises:
        RuntimeError: when some are not there, or others are.
    """
    server = serve(lab)
    remote = place(server.address)
    assert isinstance(remote, Remote)
    sent: dict[str, bytes] = {}
    acknowledged: dict[str, int] = {}
    threads = [
        threading.Thread(target=_log, args=(remote, token, f"20261121-{number:06}-{c:08x}", sent, acknowledged))
        for c in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    # Nothing is shown by a server that has acknowledged nothing.
    limit = time.monotonic() + 60
    while len(acknowledged) < CLIENTS and time.monotonic() < limit:
        time.sleep(0.01)
    time.sleep(seconds)
    server.kill()
    server.process.communicate()
    for thread in threads:
        thread.join()
    for run, size in acknowledged.items():
        held = (lab / ".assay" / "runs" / run / "a.seg").read_bytes()
        if len(held) < size or not sent[run].startswith(held):
            raise RuntimeError(f"{run}: {size} bytes were acknowledged, {len(held)} are there")
    return sum(acknowledged.values())


def _log(remote: Remote, token: str, run: str, sent: dict[str, bytes], acknowledged: dict[str, int]) -> None:
    client = Client(remote, token)
    sent[run] = b""
    try:
        client.ask("PUT", f"/runs/{run}", {**START, "id": run})
        while True:
            piece = os.urandom(200)
            have = len(sent[run])
            sent[run] += piece
            acknowledged[run] = int(
                client.ask("PUT", f"/runs/{run}/files/a.seg", piece, query={"offset": have}).json()["size"]
            )
    except UnreachableError:
        return
    finally:
        client.close()


if __name__ == "__main__":
    main()
