"""Commands in processes of their own, which know nothing of each other: one interpreter starts, and forks for each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.helpers.runs import Run

_EACH = """
import json, os, sys
import assay.cli.judge, assay.cli.plan, assay.cli.recheck, assay.report.terminal, assay.verbs.judge, assay.verbs.power
from assay.cli.main import outcome

def one(words, pipe):
    import contextlib, io, traceback
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            before()
            code = outcome(words)
        except BaseException:
            code = 1
            traceback.print_exc()
        after()
    with os.fdopen(pipe, "w") as told:
        json.dump([code, out.getvalue(), err.getvalue()], told)

def before():
    pass

def after():
    pass

BEFORE

for words in json.loads(sys.argv[1]):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            one(words, write)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        print(told.read(), flush=True)
    os.waitpid(child, 0)
"""


def fresh(commands: Sequence[Sequence[object]], cwd: Path | None = None, around: str = "") -> list[Run]:
    """Run commands one after the other, each in a process of its own.

    Args:
        commands: The words of each.
        cwd: Where they run.
        around: Python that may define `before()` and `after()`, which are called around each command.
    """
    words = json.dumps([[str(word) for word in command] for command in commands])
    code = [sys.executable, "-c", _EACH.replace("BEFORE", around), words]
    done = subprocess.run(code, cwd=cwd, capture_output=True, text=True, check=True)
    return [Run(*json.loads(line)) for line in done.stdout.splitlines()]
