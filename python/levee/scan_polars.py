"""Tables as Polars reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from .scan import places

if TYPE_CHECKING:
    from .scan import Scan, ScanFile

_ROW = "__levee_row"
#: More groups of files than that are one frame where folders tell the partition values: each frame has its price.
_GROUPS_MAX = 8
_CASTS = pl.ScanCastOptions(
    integer_cast="upcast",
    float_cast="upcast",
    datetime_cast=["nanosecond-downcast", "millisecond-upcast", "convert-timezone"],
    missing_struct_fields="insert",
    extra_struct_fields="ignore",
)


def frame(scan: Scan) -> pl.LazyFrame:
    """A lazy frame of the chosen files; what is filtered and selected of it is pushed into them."""
    scan.refuse("scan_polars", mapping=("id",))
    scan.refuse_nested_mapping("scan_polars")
    groups = scan.groups()
    parts = []
    if len(groups) > _GROUPS_MAX:
        spelt, others = scan.by_folders()
        parts = [_by_folders(scan, spelt)] if spelt else []
        groups = scan.groups(others)
    parts += [_part(scan, first, files) for first, files in groups]
    if not parts:
        return pl.LazyFrame(schema={f.name: polars_type(f.type) for f in scan.schema.fields})
    return parts[0] if len(parts) == 1 else pl.concat(parts, how="vertical")


def _by_folders(scan: Scan, files: list[ScanFile]) -> pl.LazyFrame:
    part = pl.scan_parquet(
        places(files),
        schema={f.name: polars_type(f.type) for f in scan.data_fields},
        hive_partitioning=True,
        hive_schema={f.name: polars_type(f.type) for f in scan.partition_fields},
        missing_columns="insert",
        extra_columns="ignore",
        cast_options=_CASTS,
    )
    return part.select(scan.schema.names)


def _part(scan: Scan, first: ScanFile, files: list[ScanFile]) -> pl.LazyFrame:
    stored = {scan.physical(f): polars_type(f.type) for f in scan.data_fields}
    part = pl.scan_parquet(
        places(files),
        schema=stored,
        missing_columns="insert",
        extra_columns="ignore",
        hive_partitioning=False,
        row_index_name=_ROW if first.vector else None,
        cast_options=_CASTS,
    )
    if first.vector:
        deleted = [pl.int_range(low, high + 1, dtype=pl.UInt32, eager=True) for low, high in scan.deleted_rows(first)]
        part = part.filter(~pl.col(_ROW).is_in(pl.concat(deleted).implode()))
    values: list[Any] = []
    for field in scan.schema.fields:
        if field in scan.partition_fields:
            values.append(pl.lit(scan.value(field, first), dtype=polars_type(field.type)).alias(field.name))
        else:
            values.append(pl.col(scan.physical(field)).alias(field.name))
    return part.select(values)


def polars_type(delta_type: str | dict[str, Any]) -> Any:
    """What a type of a log is in Polars. A type that Levee does not know is refused by name."""
    from .exceptions import error_of

    if isinstance(delta_type, dict):
        kind = delta_type["type"]
        if kind == "struct":
            return pl.Struct([pl.Field(m["name"], polars_type(m["type"])) for m in delta_type["fields"]])
        if kind == "array":
            return pl.List(polars_type(delta_type["elementType"]))
        if kind == "map":
            key, value = polars_type(delta_type["keyType"]), polars_type(delta_type["valueType"])
            return pl.List(pl.Struct([pl.Field("key", key), pl.Field("value", value)]))
        delta_type = str(kind)
    simple = {
        "string": pl.String,
        "long": pl.Int64,
        "integer": pl.Int32,
        "short": pl.Int16,
        "byte": pl.Int8,
        "float": pl.Float32,
        "double": pl.Float64,
        "boolean": pl.Boolean,
        "binary": pl.Binary,
        "date": pl.Date,
        "timestamp": pl.Datetime("us", "UTC"),
        "timestamp_ntz": pl.Datetime("us"),
        "void": pl.Null,
    }
    if delta_type in simple:
        return simple[delta_type]
    if delta_type.startswith("decimal("):
        precision, scale = delta_type[8:-1].split(",")
        return pl.Decimal(int(precision), int(scale))
    raise error_of("unsupported", f"type {delta_type}", "it has no counterpart in Polars", "leave the column out")
