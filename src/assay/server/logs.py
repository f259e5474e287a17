"""The log of a server: one line of JSON for whatever is said, by its libraries too, and no secret in any."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from assay.base import clock
from assay.runs.secrets import redact

LOG = logging.getLogger("assay.server")
FRAMES, CAUSES = 40, 5


class Lines(logging.Formatter):
    """A record as one line of JSON: what it says by name (`extra={"said": …}`), or its message without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        said: dict[str, Any] = {"time": clock.now(), "level": record.levelname.lower()}
        named = getattr(record, "said", None)
        said |= named if named else {"log": record.name, "message": redact(record.getMessage())[0]}
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = traced(record.exc_info[1])
        return json.dumps(said, default=str)


def traced(error: BaseException, causes: int = CAUSES) -> dict[str, Any]:
    """Where a bug is, and of which type it is; never what it says, as that may hold what a user sent or a secret."""
    found = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in found]
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    hidden = None if error.__suppress_context__ else error.__context__
    before = [*within, *(e for e in (error.__cause__ or hidden,) if e is not None)]
    said: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "frames": frames}
    if before and causes:
        said["causes"] = [traced(e, causes - 1) for e in before[:CAUSES]]
    return said


@contextmanager
def lines_of_json(stream: TextIO | None = None) -> Iterator[None]:
    """While it lasts, everything that is logged in this process is a line of JSON.

    Args:
        stream: Where to; standard error by default.
    """
    root, handler, before = logging.getLogger(), logging.StreamHandler(stream), threading.excepthook
    handler.setFormatter(Lines())
    root.addHandler(handler)
    LOG.setLevel(logging.INFO)
    logging.captureWarnings(True)
    threading.excepthook = _ended
    try:
        yield
    finally:
        threading.excepthook = before
        logging.captureWarnings(False)
        root.removeHandler(handler)


def _ended(ended: threading.ExceptHookArgs) -> None:
    """A thread that died of a bug is said as any other."""
    LOG.error("a thread ended", exc_info=ended.exc_value)
