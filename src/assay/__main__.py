"""`python -m assay`: the command, where its script is not on the path."""

from __future__ import annotations

from assay.cli.main import run

# Processes that are spawned import this file under another name.
if __name__ == "__main__":
    run()
