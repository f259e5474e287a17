"""What MLflow keeps, read without MLflow: a database, a folder, or a server.

- `source`: opens whichever a name means; start here
- `sqlite`, `files`, `http`: the three of them
- `shape`: what they share: states, times, series, which files are taken
"""

from assay.readers.mlflow.source import open_source

__all__ = ["open_source"]
