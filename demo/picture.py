"""The picture of a memo in docs/: the top of a memo that the demo wrote, as a browser shows it.

    python -m demo.run
    python -m demo.picture [PLAN] [FILE]

Needs Chromium (on Debian: apt-get install chromium).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from demo.run import HERE, OUT

PLAN = "late-flights-without-month"
PICTURE = HERE.parent / "docs" / "memo.png"
WIDTH, HEIGHT = 1040, 1900
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def main(arguments: Sequence[str]) -> int:
    """Take the picture; the plan's name and the file may be given."""
    plan = arguments[0] if arguments else PLAN
    picture = Path(arguments[1]).resolve() if len(arguments) > 1 else PICTURE
    take(newest_memo(plan), picture)
    print(f"{picture}: {picture.stat().st_size // 1000} kB")
    return 0


def newest_memo(plan: str, out: Path = OUT) -> Path:
    """The memo of the plan's latest evidence.

    Raises:
        SystemExit: when the demo has not run.
    """
    memos = sorted(out.glob(f".assay/evidence/{plan}-*/memo.html"), key=lambda p: p.stat().st_mtime)
    if not memos:
        raise SystemExit(f"there is no memo of {plan} below {out}: run make demo first")
    return memos[-1]


def take(page: Path, picture: Path) -> None:
    """Photograph the top of a page.

    Raises:
        SystemExit: when there is no browser, or it took no picture.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise SystemExit("no browser: on Debian, apt-get install chromium")
    with tempfile.TemporaryDirectory() as profile:
        asked = (f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}")
        command = [browser, *QUIET, *asked, page.resolve().as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode or not picture.is_file():
        raise SystemExit(f"the browser took no picture: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
