"""Regular expressions of people, on many texts: by RE2, whose time grows with the text and not with the pattern."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array

LONGEST = 1_000


def matching(pattern: str, texts: Sequence[str]) -> Array:
    """Whether each text holds a match of the pattern, in the syntax of RE2: [n].

    Python's own `re` can take years for a pattern of twenty characters, and a served lab reads those of strangers.

    >>> matching("^trial [0-9]+$", ["trial 17", "a trial 17"]).tolist()
    [True, False]

    Raises:
        InputError: no regular expression, or a very long one.
    """
    import duckdb

    rule, fix = "a pattern is a regular expression of RE2", "--where 'name=~^trial [0-9]+$'"
    if len(pattern) > LONGEST:
        raise InputError(f"a pattern of {len(pattern):,} characters", rule=f"{LONGEST:,} at most", fix=fix)
    # What is no text for the database is none for the pattern either.
    plain = [t.encode("utf-8", "replace").decode() for t in (pattern, *texts)]
    try:
        with duckdb.connect(config={"threads": 1}) as database:
            found = database.execute("SELECT regexp_matches(unnest($1::VARCHAR[]), $2) AS fits", [plain[1:], plain[0]])
            return np.asarray(found.fetchnumpy()["fits"], dtype=bool)
    except duckdb.InvalidInputException as error:
        raise InputError(f"the pattern {pattern!r:.100} cannot be read", rule=rule, fix=fix) from error
