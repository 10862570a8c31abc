"""Tables as PyArrow reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from .filesystems import filesystem_of
from .schema import arrow_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .scan import Scan, ScanFile
    from .schema import Field


def dataset(scan: Scan) -> ds.Dataset:
    """A dataset of the chosen files: partition values guarantee what fragments hold, so that PyArrow prunes further."""
    scan.refuse("to_pyarrow_dataset", vectors=True, mapping=("name", "id"))
    schema = scan.schema.to_arrow()
    options = ds.ParquetReadOptions(coerce_int96_timestamp_unit="us")
    file_format = ds.ParquetFileFormat(read_options=options)
    # All of a table's files are in one place, but those that a shallow clone took over.
    found = [filesystem_of(file.place) for file in scan.files]
    filesystem = found[0][0] if found else filesystem_of("")[0]
    fragments = [
        file_format.make_fragment(path, system, partition_expression=_guarantee(scan, file))
        for file, (system, path) in zip(scan.files, found, strict=True)
    ]
    return ds.FileSystemDataset(fragments, schema, file_format, filesystem)


def _guarantee(scan: Scan, file: ScanFile) -> ds.Expression | None:
    guarantee = None
    for field in scan.partition_fields:
        value, column = scan.value(field, file), ds.field(field.name)
        term = column.is_null() if value is None else column == pa.scalar(value, arrow_type(field.type))
        guarantee = term if guarantee is None else guarantee & term
    return guarantee


def table(scan: Scan, columns: Sequence[str] | None) -> pa.Table:
    """All rows of the chosen files, with partition columns, column mapping and deletion vectors applied."""
    scan.refuse("to_pyarrow_table")
    wanted = [f for f in scan.schema.fields if columns is None or f.name in columns]
    if columns is not None:
        by_name = {f.name: f for f in wanted}
        missing = [name for name in columns if name not in by_name]
        if missing:
            from .exceptions import error_of

            raise error_of("invalid-argument", "columns", f"there is no column {missing[0]}", ", ".join(scan.schema.names))
        wanted = [by_name[name] for name in columns]
    schema = pa.schema([pa.field(f.name, arrow_type(f.type), f.nullable) for f in wanted])
    parts = [_rows(scan, file, wanted, schema) for file in scan.files]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _rows(scan: Scan, file: ScanFile, wanted: list[Field], schema: pa.Schema) -> pa.Table:
    filesystem, path = filesystem_of(file.place)
    parquet = pq.ParquetFile(path, filesystem=filesystem, coerce_int96_timestamp_unit="us")
    found = [(f, _stored(scan, f, parquet.schema_arrow)) for f in wanted]
    stored = parquet.read([name for _, name in found if name is not None])
    if file.vector:
        bits = pa.py_buffer(scan.kept_rows(file, stored.num_rows))
        kept = pa.Array.from_buffers(pa.bool_(), stored.num_rows, [None, bits])
        stored = stored.filter(kept)
    arrays = []
    for (field, name), target in zip(found, schema, strict=True):
        if name is not None:
            arrays.append(_cast(stored.column(name), target.type, field))
        elif field in scan.partition_fields:
            value = pa.scalar(scan.value(field, file), target.type)
            arrays.append(pa.chunked_array([pa.repeat(value, stored.num_rows)]))
        else:
            arrays.append(pa.chunked_array([pa.nulls(stored.num_rows, target.type)]))
    return pa.table(arrays, schema=schema)


def _stored(scan: Scan, field: Field, schema: pa.Schema) -> str | None:
    """A column's name in a data file; None where the file lacks it, or it is a partition column."""
    if field in scan.partition_fields:
        return None
    if scan.mapping == "id":
        wanted = str(field.metadata.get("delta.columnMapping.id"))
        for stored in schema:
            if (stored.metadata or {}).get(b"PARQUET:field_id", b"").decode() == wanted:
                return str(stored.name)
        return None
    name = scan.physical(field)
    return name if name in schema.names else None


def _cast(column: pa.ChunkedArray, target: pa.DataType, field: Field) -> pa.ChunkedArray:
    """The column with the table's type: widened, its times in microseconds, its nested fields called as the table does."""
    if column.type == target:
        return column
    if pa.types.is_nested(target):
        return pa.chunked_array([_cast_nested(chunk, target, field.type) for chunk in column.chunks], target)
    return column.cast(target, safe=not pa.types.is_timestamp(target))


def _cast_nested(array: pa.Array, target: pa.DataType, delta_type: Any) -> pa.Array:
    if pa.types.is_struct(target):
        members = delta_type["fields"]
        children = []
        for child, member in zip(target, members, strict=True):
            names = [(member.get("metadata") or {}).get("delta.columnMapping.physicalName"), member["name"]]
            index = next((i for n in names if n and (i := array.type.get_field_index(n)) >= 0), -1)
            stored = pa.nulls(len(array), child.type) if index < 0 else array.field(index)
            children.append(_cast_nested(stored, child.type, member["type"]))
        validity = array.is_valid() if array.null_count else None
        mask = None if validity is None else _inverted(validity)
        return pa.StructArray.from_arrays(children, fields=list(target), mask=mask)
    if pa.types.is_map(target):
        keys = _cast_nested(array.keys, target.key_type, delta_type["keyType"])
        items = _cast_nested(array.items, target.item_type, delta_type["valueType"])
        return pa.MapArray.from_arrays(array.offsets, keys, items, target, mask=_mask(array))
    if pa.types.is_list(target):
        values = _cast_nested(array.values, target.value_type, delta_type["elementType"])
        return pa.ListArray.from_arrays(array.offsets, values, target, mask=_mask(array))
    return array if array.type == target else array.cast(target, safe=not pa.types.is_timestamp(target))


def _inverted(values: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.invert(values)


def _mask(array: pa.Array) -> pa.Array | None:
    return array.is_null() if array.null_count else None
