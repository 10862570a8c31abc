"""Tables as DuckDB reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .exceptions import error_of
from .predicates import quoted, text
from .scan import places

if TYPE_CHECKING:
    import duckdb

    from .scan import Scan, ScanFile
    from .schema import Field

#: More groups of files than that are not read one by one: planning would take longer than reading.
_GROUPS_MAX = 64
_FILE = "__levee_file"
_NO_FOLDERS = "hive_partitioning = FALSE"

_SIMPLE = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "integer": "INTEGER",
    "short": "SMALLINT",
    "byte": "TINYINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
}


def relation(con: duckdb.DuckDBPyConnection, scan: Scan) -> duckdb.DuckDBPyRelation:
    """A relation over the chosen files, for queries of any shape."""
    return con.sql(sql(scan))


def sql(scan: Scan) -> str:
    """The query that reads the chosen files."""
    scan.refuse("duckdb")
    if scan.mapping != "none":
        scan.refuse_nested_mapping("duckdb")
    if not scan.files:
        columns = ", ".join(f"CAST(NULL AS {sql_type(f.type)}) AS {quoted(f.name)}" for f in scan.schema.fields)
        return f"SELECT {columns} WHERE FALSE"
    groups = scan.groups()
    if len(groups) <= _GROUPS_MAX:
        return " UNION ALL ".join(_select(scan, first, files) for first, files in groups)
    spelt, others = scan.by_folders()
    whole = [file for file in others if not file.vector]
    parts = [_select(scan, first, files) for first, files in scan.groups(others) if first.vector]
    if spelt:
        parts.append(_by_folders(scan, spelt))
    if whole:
        parts.append(_joined(scan, whole))
    return " UNION ALL ".join(parts)


def _by_folders(scan: Scan, files: list[ScanFile]) -> str:
    """Files whose folders tell the partition values."""
    types = ", ".join(f"{text(field.name)}: {sql_type(field.type)}" for field in scan.partition_fields)
    columns = ", ".join(
        quoted(field.name) if field in scan.partition_fields else _column(scan, field, files[0])
        for field in scan.schema.fields
    )
    source = _source(scan, files, ["hive_partitioning = TRUE", f"hive_types = {{{types}}}"])
    return f"SELECT {columns} FROM {source}"


def _joined(scan: Scan, files: list[ScanFile]) -> str:
    """Files of many partitions, read as one: their partition values come by a join over the files' names."""
    fields = scan.partition_fields
    rows = ", ".join(
        f"({', '.join([text(file.place), *(_literal(scan.value(field, file)) for field in fields)])})" for file in files
    )
    names = ", ".join([_FILE, *(f"__levee_partition_{i}" for i in range(len(fields)))])
    columns = ", ".join(
        f"CAST(__levee_partition_{fields.index(field)} AS {sql_type(field.type)}) AS {quoted(field.name)}"
        if field in fields
        else _column(scan, field, files[0])
        for field in scan.schema.fields
    )
    source = _source(scan, files, [_NO_FOLDERS, f"filename = {text(_FILE)}"])
    return f"SELECT {columns} FROM {source} JOIN (VALUES {rows}) AS __levee_values({names}) USING ({_FILE})"


def _select(scan: Scan, first: ScanFile, files: list[ScanFile]) -> str:
    columns = ", ".join(_column(scan, field, first) for field in scan.schema.fields)
    source = _source(scan, files, [_NO_FOLDERS, *(["file_row_number = TRUE"] if first.vector else [])])
    condition = f" WHERE {_kept(scan.deleted_rows(first))}" if first.vector else ""
    return f"SELECT {columns} FROM {source}{condition}"


def _source(scan: Scan, files: list[ScanFile], options: list[str]) -> str:
    """What reads the files, with every column of the table that they hold, and NULL for what they lack."""
    listed = ", ".join(text(place) for place in places(files))
    by_id = scan.mapping == "id"
    options = [f"schema = {_by_id(scan)}" if by_id else "union_by_name = TRUE", *options]
    source = f"read_parquet([{listed}], {', '.join(options)})"
    if by_id:
        return source
    # A file written before a column was added lacks it; a row without files has all of them.
    absent = ", ".join(f"CAST(NULL AS {sql_type(f.type)}) AS {quoted(scan.physical(f))}" for f in scan.data_fields)
    return f"(SELECT {absent} WHERE FALSE UNION ALL BY NAME FROM {source})"


def _kept(deleted: list[tuple[int, int]]) -> str:
    """What holds for the rows that are not deleted."""
    single = [str(low) for low, high in deleted if low == high]
    terms = [f"file_row_number NOT BETWEEN {low} AND {high}" for low, high in deleted if low < high]
    if single:
        terms.append(f"file_row_number NOT IN ({', '.join(single)})")
    return " AND ".join(terms)


def _column(scan: Scan, field: Field, first: ScanFile) -> str:
    if field in scan.partition_fields:
        return f"CAST({_literal(scan.value(field, first))} AS {sql_type(field.type)}) AS {quoted(field.name)}"
    stored = quoted(field.name if scan.mapping == "id" else scan.physical(field))
    return f"CAST({stored} AS {sql_type(field.type)}) AS {quoted(field.name)}"


def _by_id(scan: Scan) -> str:
    """DuckDB's map from field ids to columns."""
    entries = [
        f"{field.metadata['delta.columnMapping.id']}: "
        f"{{name: {text(field.name)}, type: {text(sql_type(field.type))}, default_value: NULL}}"
        for field in scan.data_fields
    ]
    return "MAP {" + ", ".join(entries) + "}"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, bytes):
        return "'" + "".join(f"\\x{byte:02X}" for byte in value) + "'::BLOB"
    if isinstance(value, int):
        return str(value)
    return text(str(value))


def sql_type(delta_type: str | dict[str, Any]) -> str:
    """What a type of a log is in DuckDB. A type that Levee does not know is refused by name."""
    if isinstance(delta_type, dict):
        kind = delta_type["type"]
        if kind == "struct":
            return "STRUCT(" + ", ".join(f"{quoted(m['name'])} {sql_type(m['type'])}" for m in delta_type["fields"]) + ")"
        if kind == "array":
            return sql_type(delta_type["elementType"]) + "[]"
        if kind == "map":
            return f"MAP({sql_type(delta_type['keyType'])}, {sql_type(delta_type['valueType'])})"
        delta_type = str(kind)
    if delta_type in _SIMPLE:
        return _SIMPLE[delta_type]
    if delta_type.startswith("decimal("):
        return delta_type.upper()
    raise error_of("unsupported", f"type {delta_type}", "it has no counterpart in DuckDB", "leave the column out")
