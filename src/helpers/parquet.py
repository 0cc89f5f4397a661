"""Tables of large cases as Parquet files: written whole, and read by predicate, so that only what is asked for enters.

Needs pyarrow, which the extra ``scale`` brings; it is imported when a Parquet file is.
"""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.tables import Table, TableError

INSTALL = 'python -m pip install dask distributed pyarrow'


def arrow():
    """Return pyarrow. Raises :class:`~helpers.tables.TableError` that says how to install it."""
    try:
        import pyarrow
        import pyarrow.compute  # noqa: F401
        import pyarrow.dataset  # noqa: F401
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise TableError("The tables of a large case are kept as Parquet, which needs the extra “scale”. "
                         f"Install it: {INSTALL}") from None
    return pyarrow


def write(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as one Parquet file."""
    pa = arrow()
    pa.parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, compression="zstd")


def read(paths: Iterable[Path], table: Table, columns: list[str], where: Mapping[str, Any]) -> pd.DataFrame:
    """Read columns and rows of a table from its Parquet files, in their order.

    Accepts the files, the table, its columns wanted, and what rows must hold, by column: a value, several values, or
    a ``slice(first, last)`` with both ends in it. Returns a frame with the table's dtypes. Raises
    :class:`~helpers.tables.TableError` for a file that is gone or is no Parquet.
    """
    pa = arrow()
    schema = pa.schema([(c.name, _kind(pa, c.dtype)) for c in table.columns])
    test = None
    for column, wanted in where.items():
        place = pa.dataset.field(column)
        if isinstance(wanted, slice):
            one = (place >= wanted.start) & (place <= wanted.stop)
        else:
            one = place.isin([wanted] if isinstance(wanted, str | int | float) else list(wanted))
        test = one if test is None else test & one
    files = [os.fspath(path) for path in paths]
    if not files:
        return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in table.columns})[columns]
    try:
        found = pa.dataset.dataset(files, schema=schema, format="parquet").to_table(columns=columns, filter=test)
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(f"{table.name}: a part cannot be read ({error}). `casebook build` makes it again.") from None
    frame = found.to_pandas(types_mapper=_dtype(pa).get)
    return frame.astype({c.name: c.dtype for c in table.columns if c.name in columns})


def _kind(pa, dtype: str):
    return {"string": pa.string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}[dtype]


def _dtype(pa) -> dict:
    return {_kind(pa, d): pd.api.types.pandas_dtype(d) for d in ("string", "Int64", "Float64", "boolean")}
