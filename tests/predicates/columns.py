"""Rows of data files as comparable values: the oracle of the skipping sweep, read with Arrow's Parquet reader.

A value is an int (integers, dates as days, timestamps as microseconds), float, Decimal, str, bool or None.
"""
import datetime
import re
import struct
from collections import namedtuple
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# name: logical, parts joined by dots; logical, physical: paths; ids: field ids where the table maps by id.
# was_float: a double whose older files hold floats, and bounds spelt as floats are.
Column = namedtuple("Column", "name logical physical ids type partition was_float", defaults=(False,))

INTEGERS = {"byte", "short", "integer", "long"}
ROWS_A_FILE = 2000  # a row that is not looked at only weakens the test


def family(kind):
    """What a type compares as, or None for a type that the sweep does not compare."""
    if kind in INTEGERS:
        return "integer"
    if kind.startswith("decimal"):
        return "decimal"
    if kind.startswith(("char", "varchar")):
        return "string"
    return kind if kind in {"float", "double", "string", "date", "timestamp", "timestamp_ntz", "boolean"} else None


def leaves(schema, partition_columns, mode):
    """The comparable leaf columns of a table, structs walked, arrays and maps left out."""
    def walk(fields, logical, physical, ids):
        for f in fields:
            meta = f.get("metadata", {})
            real = meta.get("delta.columnMapping.physicalName", f["name"]) if mode != "none" else f["name"]
            path = (logical + (f["name"],), physical + (real,), ids + (meta.get("delta.columnMapping.id"),))
            kind = f["type"]
            if isinstance(kind, dict):
                if kind.get("type") == "struct":
                    yield from walk(kind["fields"], *path)
            elif family(kind):
                partition = not logical and f["name"] in partition_columns
                was_float = any(c.get("fromType") == "float" for c in meta.get("delta.typeChanges", []))
                yield Column(".".join(path[0]), path[0], path[1], path[2] if mode == "id" else None, kind, partition,
                             was_float)
    return list(walk(schema["fields"], (), (), ()))


# --- text to values -------------------------------------------------------------------------------------
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def micros_of(text):
    """Microseconds of an ISO time; without a zone it is UTC."""
    text = text.strip().replace("T", " ").replace("Z", "+00:00")
    text = re.sub(r"(\.\d{1,6})\d*", lambda m: m[1].ljust(7, "0"), text)
    at = datetime.datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=datetime.timezone.utc)
    return (at - EPOCH) // datetime.timedelta(microseconds=1)


def value_of_text(kind, text):
    """A partition value; raises ValueError when it does not parse."""
    if text is None or text == "":
        return None
    sort = family(kind)
    if sort == "integer":
        return int(text)
    if sort in ("float", "double"):
        return single(float(text)) if sort == "float" else float(text)
    if sort == "decimal":
        return Decimal(text)
    if sort == "date":
        return days_of(text)
    if sort in ("timestamp", "timestamp_ntz"):
        return micros_of(text)
    if sort == "boolean":
        return {"true": True, "false": False}[text.lower()]
    return text


def value_of_json(kind, value):
    """A bound of the log's statistics, already parsed with parse_float=Decimal."""
    sort = family(kind)
    if value is None or isinstance(value, (dict, list)):
        return None
    if sort in ("date", "timestamp", "timestamp_ntz", "string", "boolean"):
        return value_of_text(kind, value) if isinstance(value, str) else value
    return value_of_text(kind, str(value))


def days_of(text):
    return (datetime.date.fromisoformat(text[:10]) - datetime.date(1970, 1, 1)).days


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


# --- rows -----------------------------------------------------------------------------------------------
def find(fields, name, field_id):
    for k, f in enumerate(fields):
        if field_id is not None:
            if (f.metadata or {}).get(b"PARQUET:field_id") == str(field_id).encode():
                return k
        elif f.name == name:
            return k
    return None


def array_of(table, column):
    """The column's values as an Arrow array, or None when the file does not have it."""
    fields, array = list(table.schema), None
    for depth, name in enumerate(column.physical):
        at = find(fields, name, column.ids[depth] if column.ids else None)
        if at is None:
            return None
        array = table.column(at).combine_chunks() if depth == 0 else pc.struct_field(array, [at])
        kind = array.type
        fields = [kind.field(k) for k in range(kind.num_fields)] if pa.types.is_struct(kind) else []
    return array


def values_of(array, kind):
    """Python values that compare, for an array of any type that may be read as `kind`."""
    sort, have = family(kind), array.type
    if sort in ("timestamp", "timestamp_ntz"):
        if pa.types.is_date(have):
            return [None if v is None else v * 86_400_000_000 for v in array.cast(pa.int32()).to_pylist()]
        return array.cast(pa.timestamp("us", tz=have.tz), safe=False).cast(pa.int64()).to_pylist()
    if sort == "date":
        return array.cast(pa.date32()).cast(pa.int32()).to_pylist()
    if sort == "string" and pa.types.is_binary(have):
        return array.cast(pa.string()).to_pylist()
    if sort == "decimal":
        return [None if v is None else Decimal(v) for v in array.to_pylist()]
    return array.to_pylist()


def rows_of(path, columns, partition_values):
    """{column name: values} of a file, partition columns repeated; a column that does not parse is left out."""
    table = pq.ParquetFile(path).read().slice(0, ROWS_A_FILE)
    out = {}
    for c in columns:
        try:
            if c.partition:
                out[c.name] = [value_of_text(c.type, partition_values.get(c.physical[0]))] * table.num_rows
                continue
            array = array_of(table, c)
            out[c.name] = [None] * table.num_rows if array is None else values_of(array, c.type)
        except (ValueError, KeyError, OverflowError, ArithmeticError, pa.ArrowException):
            continue
    return out
