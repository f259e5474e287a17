"""`make bench`: measure every case and its peers, print the table, write docs/benchmarks.md and .json."""

from __future__ import annotations

import argparse
import compileall
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cases import CASES, FILES, Case, Peer
from benchmarks.install import ROOT, core_install, environment
from benchmarks.measure import measure
from benchmarks.table import Row, ending, machine, markdown, missed

SMALL = 10_000
INSTALL = "core install: environment, wheel and dependencies (seconds; MB on disk)"


def make(folder: Path, name: str, small: bool) -> Path:
    """A generated file, made when it is first needed."""
    path = folder / f"{name}.parquet"
    if not path.exists():
        kind, *sizes = FILES[name]
        scaled = [str(max(100, int(s) // SMALL) if small else s) for s in sizes]
        subprocess.run([sys.executable, "-m", "benchmarks.data", str(kind), str(path), *scaled], check=True, cwd=ROOT)
    return path


def measured(case: Case, folder: Path, small: bool) -> Iterator[Row]:
    """A row for Assay and one for each peer."""
    runs = 1 if small else case.runs
    path = make(folder, case.file, small) if case.file else Path()
    if isinstance(case.command, str):
        found = measure([sys.executable, "-m", "benchmarks.work", case.command, str(path)], runs, inside=True)
    else:
        filled = [a.replace(f"{{{case.file}}}", str(path)) for a in case.command]
        found = measure([*case.program, *filled], runs, inside=False)
    yield {
        "own": True,
        "words": case.words,
        "seconds": found.seconds,
        "megabytes": found.megabytes,
        "cpu": found.cpu,
        "runs": found.runs,
        "asked_seconds": case.seconds,
        "asked_megabytes": case.megabytes,
    }
    for peer in case.peers:
        # An environment of its own is not made to see whether things run.
        if not (small and peer.needs):
            at = make(folder, peer.file, small) if peer.file else Path()
            yield beside(peer, found.seconds, at, small, folder)


def beside(peer: Peer, own: float, path: Path, small: bool, folder: Path) -> Row:
    """The row of a peer, with its ratio to Assay."""
    replicates = min(peer.replicates, 20) if small else peer.replicates
    program = [sys.executable, "-m", "benchmarks.peers"]
    if peer.needs:
        program = [str(environment(folder, peer.needs)), str(ROOT / "benchmarks" / peer.program)]
    command = [*program, peer.name, str(path.absolute()), str(replicates)]
    found = measure(command, 1 if small else peer.runs, inside=True, whole=peer.whole)
    seconds = found.seconds * peer.scale
    return {
        "own": False,
        "words": peer.words,
        "version": found.said["version"],
        "seconds": seconds,
        "megabytes": found.megabytes,
        "cpu": found.cpu,
        "runs": found.runs,
        "scale": peer.scale,
        "ratio": seconds / own,
        "least": peer.least,
        "most": peer.most,
    }


def installed() -> Row:
    """The row of a core install."""
    seconds, megabytes = core_install()
    return {
        "own": True,
        "words": INSTALL,
        "seconds": seconds,
        "megabytes": megabytes,
        "cpu": 0.0,
        "asked_seconds": 60,
        "asked_megabytes": 450,
    }


def joined(fresh: Sequence[Row], kept: Sequence[Row]) -> list[Row]:
    """What was measured now, among the rows that are kept of other cases, in the order of the cases."""
    blocks = {**_blocks(kept), **_blocks(fresh)}
    return [row for words in (*(c.words for c in CASES.values()), INSTALL) for row in blocks.get(words, [])]


def _blocks(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Each row of Assay with those of its peers."""
    found: dict[str, list[Row]] = {}
    own = ""
    for row in rows:
        own = row["words"] if row["own"] else own
        found.setdefault(own, []).append(row)
    return found


def again(out: Path) -> list[Row]:
    """The rows that are kept, with the goals as the cases ask them now; nothing is measured."""
    asked = {c.words: {"asked_seconds": c.seconds, "asked_megabytes": c.megabytes} for c in CASES.values()}
    beside = {(c.words, p.words): {"least": p.least, "most": p.most} for c in CASES.values() for p in c.peers}
    rows: list[Row] = json.loads((out / "benchmarks.json").read_text(encoding="utf-8"))["rows"]
    own = ""
    for row in rows:
        own = row["words"] if row["own"] else own
        row |= asked.get(own, {}) if row["own"] else beside.get((own, row["words"]), {})
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; 1 where a goal is missed, which the last lines name."""
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    parser.add_argument(
        "--only", nargs="*", choices=[*CASES, "install"], help="these cases, joined with what is kept of others"
    )
    parser.add_argument("--small", action="store_true", help="tiny files: whether it runs, not how fast")
    parser.add_argument("--data", type=Path, help="a folder for the generated files, kept for another run")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where the table goes")
    parser.add_argument("--page", action="store_true", help="measure nothing: the page of what is kept, and its goals")
    given = parser.parse_args(arguments)
    if given.page:
        kept = json.loads((given.out / "benchmarks.json").read_text(encoding="utf-8"))["machine"]
        rows = again(given.out)
        write(rows, given.out, False, kept)
        return ended(rows, small=False)
    chosen = given.only or [*CASES, "install"]
    given.out.mkdir(parents=True, exist_ok=True)
    # As an installer leaves it: no process that is timed compiles the source, whatever this machine's settings are.
    compileall.compile_dir(ROOT / "src" / "assay", quiet=1)
    rows, held = [], given.out / "benchmarks.json"
    joins = bool(given.only) and not given.small and held.exists()
    kept = json.loads(held.read_text(encoding="utf-8"))["rows"] if joins else []
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        for name in [c for c in chosen if c in CASES]:
            print(f"{name} …", file=sys.stderr, flush=True)
            rows += measured(CASES[name], given.data or Path(folder), given.small)
            write(joined(rows, kept), given.out, given.small)
    if "install" in chosen:
        rows.append(installed())
    rows = joined(rows, kept)
    print(write(rows, given.out, given.small))
    return ended(rows, given.small)


def ended(rows: Sequence[Row], small: bool) -> int:
    """Name the goals that were missed; 1 where there are any, and the files were not tiny."""
    if small:
        return 0
    print("\n".join(ending(rows)), file=sys.stderr)
    return 1 if missed(rows) else 0


def write(rows: Sequence[Row], out: Path, small: bool, where: dict[str, str] | None = None) -> str:
    """Keep what was measured so far, so that a run that is broken off is not lost."""
    where = where or machine()
    page = markdown(rows, where, small)
    (out / "benchmarks.md").write_text(page, encoding="utf-8")
    (out / "benchmarks.json").write_text(json.dumps({"machine": where, "rows": rows}, indent=1) + "\n")
    return page


if __name__ == "__main__":
    sys.exit(main())
