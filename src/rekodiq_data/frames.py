"""Arrow tables as pandas frames with types that keep what Arrow knows: the only bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

# pyarrow has to know pandas here, and may have been told that there is none.
pa.nulls(0).to_pandas()

_NULLABLE: Mapping[pa.DataType, Any] = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype("pyarrow"),
}


def dtype_of(kind: pa.DataType) -> Any:
    """The pandas dtype that holds an Arrow type with its nulls, never as NaN or objects.

    Integers, numbers, booleans and text get pandas' nullable dtypes; dates and times stay
    Arrow's own (`date32[day][pyarrow]`): real dates from year 1 to 9999, with `.dt`.
    """
    return _NULLABLE.get(kind) or pd.ArrowDtype(kind)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """`table` as a frame with nullable dtypes, an index from 0, and the same columns."""
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=dtype_of, ignore_metadata=True, use_threads=False
    )
    return frame


def to_array(series: pd.Series[Any], kind: pa.DataType) -> pa.Array:
    """One column of a frame as one Arrow array; every missing value is a null.

    pandas hands some columns back in chunks: an emptied one in none at all.
    """
    found = pa.array(series, kind, from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def to_series(column: pa.Array) -> pd.Series[Any]:
    """A column as a series with a nullable dtype, and an index from 0."""
    series: pd.Series[Any] = column.to_pandas(types_mapper=dtype_of)
    return series
