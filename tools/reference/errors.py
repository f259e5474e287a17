"""docs/errors.md: codes and exit codes."""

from __future__ import annotations

import inspect

from assay.base import errors
from assay.base.errors import AssayError, InputError
from assay.cli.judge import CODES
from assay.cli.main import BAD_INPUT, BUG, INTERRUPTED
from tools.reference.markdown import NOTE, table

MEANING = {
    "adopt": "`judge` recommends to adopt",
    "iterate": "`judge` recommends to iterate",
    "stop": "`judge` recommends to stop",
    "hold": "`judge` recommends to hold",
}
INTRO = """# Errors and exit codes

Bad input gets one line on standard error, exit code 2, and nothing is written. The line says where it is, what is
wrong with the value received, the rule, and what to do:

```text
assay: {line}
```

`assay plan check` prints one such line for each problem of a plan. From Python the same error is an
`assay.AssayError` with `what`, `rule`, `fix`, `where`, a stable `code`, and `to_json()` with these five.
"""


def kinds() -> list[type[AssayError]]:
    """Every kind of error, in the order of the source."""
    return [v for v in vars(errors).values() if inspect.isclass(v) and issubclass(v, AssayError)]


def example() -> AssayError:
    """An error as a user sees it."""
    return InputError(
        "no such file", rule="each input is a file on this machine", fix="check the path", where="base.parquet"
    )


def render() -> str:
    """The page."""
    exits = [["0", "done; for `judge`: adopt"], [str(BUG), "a bug in Assay; please report it"]]
    exits += [[str(BAD_INPUT), "bad input, or a check that failed (`plan check`, `recheck`, `ledger verify`)"]]
    exits += [[str(code), MEANING[action]] for action, code in CODES.items() if code != 0]
    exits += [[str(INTERRUPTED), "interrupted"]]
    codes = [
        [f"`{k.code}`", k.__name__, " ".join(inspect.cleandoc(k.__doc__ or "").split("\n\n")[0].split())]
        for k in kinds()
    ]
    return (
        NOTE
        + INTRO.format(line=example().line())
        + "\n## Exit codes\n\n"
        + table(["code", "meaning"], exits)
        + "\n## Codes of errors\n\n"
        + table(["code", "class", "what it is"], codes)
    )
