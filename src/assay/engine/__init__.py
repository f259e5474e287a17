"""The engine adapter: tables are shaped and aggregated by DuckDB, in the process.

- `duck`: the connection, opening of files and frames, errors
- `shape`: profile, duplicates, join by key, groups of units, derived columns
- `folding`: rows of one key become one row, in pieces that hold whole keys
- `aggregate`: the five aggregations (count, patterns, sums, moments, ordered rows)
- `levels`: a fine group-by as integer codes, and its roll-up
- `examples`: rows worth looking at, fingerprints of content
- `sizes`: how large a Parquet file is when it is unpacked
- `text`, `trec`, `frames`: what is read; `sql`: quoting
"""

from assay.engine.duck import DuckEngine
from assay.engine.sizes import unpacked

__all__ = ["DuckEngine", "unpacked"]
