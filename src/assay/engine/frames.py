"""Tables in memory: pandas, polars and Arrow tables, or columns by name, made ready for the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from assay.base.errors import InputError
from assay.engine.text import refuse_repeats
from assay.records.metric import Array

LISTS = (list, tuple, np.ndarray)
_RULE = "a table in memory is a pandas, polars or Arrow table, or a mapping of column names to values"


def prepared(data: Any, source: str) -> Any:
    """What the database can register: arrays by name, or the pandas or Arrow table itself.

    Raises:
        InputError: something else, no columns, repeated names, or columns that are not one value a row.
    """
    if type(data).__module__.split(".")[0] == "polars":
        data = _of_polars(data)
    names = data if isinstance(data, Mapping) else getattr(data, "column_names", getattr(data, "columns", None))
    if names is None or callable(names):
        raise InputError(
            f"is a {type(data).__name__}", rule=_RULE, fix="pass a table or the path of a file", where=source
        )
    if not len(names):
        raise InputError("has no columns", rule=_RULE, fix="check how the table was made", where=source)
    refuse_repeats([str(n) for n in names], source)
    return _arrays(data, source) if isinstance(data, Mapping) else data


def _arrays(data: Mapping[Any, Any], source: str) -> dict[str, Array]:
    arrays = {str(k): _array(v) for k, v in data.items()}
    flat = {k: a.ndim for k, a in arrays.items() if a.ndim != 1}
    if flat:
        column = next(iter(flat))
        raise InputError(
            f"the column {column!r} has {flat[column]} dimensions",
            rule="a column holds a plain value a row, or a list",
            fix="give a flat list or array, or a list of lists",
            where=source,
        )
    lengths = {k: len(a) for k, a in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            f"columns of unequal length: {lengths}",
            rule="all columns have one length",
            fix="give a value a row, None where it is missing",
            where=source,
        )
    return arrays


def _array(values: Any) -> Array:
    """One contiguous array; what is not plain numbers, text or times stays a column of objects."""
    if isinstance(values, np.ma.MaskedArray):
        return values
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.asarray(values, dtype=object)
    if array.dtype.kind == "U" and not (isinstance(values, np.ndarray) or all(isinstance(v, str) for v in values)):
        array = np.asarray(values, dtype=object)
    return np.ascontiguousarray(array) if array.ndim == 1 and array.dtype.kind in "biufUM" else _objects(values)


def _objects(values: Any) -> Array:
    """Values as they are; a list or a vector in each row stays one value, of plain numbers."""
    rows = list(values) if isinstance(values, Iterable) and getattr(values, "shape", None) != () else []
    if not any(isinstance(row, LISTS) for row in rows):
        return np.asarray(values, dtype=object)
    return np.fromiter((_plain(row) if isinstance(row, LISTS) else row for row in rows), dtype=object, count=len(rows))


def _plain(row: Any) -> list[Any]:
    if isinstance(row, np.ndarray):
        return list(row.tolist())
    return [v.item() if isinstance(v, np.generic) else v for v in row]


def _of_polars(data: Any) -> dict[str, Array]:
    """Arrays by name; whole numbers with missing values stay whole, under a mask."""
    frame = data.collect() if hasattr(data, "collect") else data
    result: dict[str, Array] = {}
    for column in frame.columns:
        values = frame[column]
        if values.dtype.is_integer() and values.null_count():
            result[column] = np.ma.masked_array(values.fill_null(0).to_numpy(), mask=values.is_null().to_numpy())
        elif str(values.dtype).startswith(("Categorical", "Enum")):
            result[column] = values.cast(str).to_numpy()
        elif str(values.dtype).startswith(("List", "Array")):
            result[column] = _objects(values.to_list())
        else:
            result[column] = values.to_numpy()
    return result
