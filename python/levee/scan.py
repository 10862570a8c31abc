"""What a reader must know of the data files that a query chose."""

from __future__ import annotations

import os
from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple

from .exceptions import error_of
from .paths import resolve
from .schema import Field, Schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import _levee


class ScanFile(NamedTuple):
    """A data file: its place, the raw partition values by physical name, which of its rows are deleted."""

    place: str
    partition: dict[str, str | None]
    vector: tuple[str, str, int | None, int, int] | None


class Scan:
    """The chosen files of a table at a version, and how its columns are found in them."""

    def __init__(self, view: _levee.Table, where: str):
        import json

        self._view = view
        self.uri = view.uri
        configuration = json.loads(view.describe_json())["configuration"]
        self.mapping = configuration.get("delta.columnMapping.mode", "none")
        self.schema = Schema(view.schema_json)
        partitioned = set(view.partition_columns)
        self.partition_fields = [f for f in self.schema.fields if f.name in partitioned]
        self.data_fields = [f for f in self.schema.fields if f.name not in partitioned]
        columns = ["path", "partitionValues", "deletionVector"]
        rows = view.files(where, columns, "", None, None, None).rows()
        self.files = [_scan_file(view.uri, row) for row in rows]

    def physical(self, field: Field) -> str:
        """The name that data files have for a column."""
        return field.name if self.mapping == "none" else field.physical_name

    def value(self, field: Field, file: ScanFile) -> Any:
        """The value that a partition column has in every row of a file."""
        return partition_value(str(field.type), file.partition.get(self.physical(field)))

    def groups(self, files: Sequence[ScanFile] | None = None) -> list[tuple[ScanFile, list[ScanFile]]]:
        """Files that can be read as one: equal partition values and every row there. The first of each stands for it."""
        found: dict[Any, list[ScanFile]] = {}
        for number, file in enumerate(self.files if files is None else files):
            key = number if file.vector else tuple(sorted(file.partition.items()))
            found.setdefault(key, []).append(file)
        return [(files[0], files) for files in found.values()]

    def by_folders(self) -> tuple[list[ScanFile], list[ScanFile]]:
        """Files whose folders spell the partition values, so that a library reads them there, and the other files."""
        named = _FolderNames(self)
        spelt: list[ScanFile] = []
        others: list[ScanFile] = []
        for file in self.files:
            (spelt if named.spell(file) else others).append(file)
        return spelt, others

    def kept_rows(self, file: ScanFile, rows: int) -> bytes:
        """A bit a row of a file of `rows` rows, set for those that are not deleted; the lowest of a byte is the first."""
        assert file.vector is not None
        return self._view.kept_rows(*file.vector, rows)

    def deleted_rows(self, file: ScanFile) -> list[tuple[int, int]]:
        """The deleted rows of a file, from 0, as ranges with both ends."""
        assert file.vector is not None
        return self._view.deleted_rows(*file.vector)

    def refuse_nested_mapping(self, reader: str) -> None:
        """Names inside of structs are not mapped by every reader."""
        for field in self.data_fields:
            if isinstance(field.type, dict) and _has_other_names(field.type):
                why = f"column {field.name} is nested and its fields are called otherwise in the data files (column mapping)"
                raise error_of("unsupported", reader, why, "leave the column out, or use Table.to_pyarrow_table")

    def refuse(self, reader: str, *, vectors: bool = False, mapping: Sequence[str] = ()) -> None:
        """Refuses, by name, what a reader cannot apply."""
        hint = "use Table.to_pyarrow_table, which applies it"
        if self.mapping in mapping:
            raise error_of("unsupported", reader, f"the table has column mapping by {self.mapping}", hint)
        if vectors and any(file.vector for file in self.files):
            raise error_of("unsupported", reader, "the table has deletion vectors", hint)


class _FolderNames:
    """Whether `name=value` folders say what the log says, in a way that libraries read alike."""

    #: Of these types every library reads the text that the log has; times and numbers with fractions they do not.
    TYPES = frozenset(("string", "date", "long", "integer", "short", "byte"))
    #: NULL for some.
    NOTHING = frozenset(("null", "__hive_default_partition__", ""))

    def __init__(self, scan: Scan):
        root = resolve(scan.uri, "")
        plain = scan.mapping == "none" and "=" not in root
        plain = plain and all(str(field.type) in self.TYPES for field in scan.partition_fields)
        self.names = [field.name for field in scan.partition_fields] if plain else []
        self.root = root

    def spell(self, file: ScanFile) -> bool:
        if not self.names or file.vector or not file.place.startswith(self.root):
            return False
        folders = file.place[len(self.root) :].split("/")[:-1]
        if "%" in file.place or sum("=" in folder for folder in folders) != len(self.names):
            return False
        for name in self.names:
            value = file.partition.get(name)
            if value is None or value.lower() in self.NOTHING or f"{name}={value}" not in folders:
                return False
        return True


def _scan_file(table_uri: str, row: tuple[Any, ...]) -> ScanFile:
    path, partition, *vector = row
    return ScanFile(resolve(table_uri, path), partition or {}, tuple(vector) if vector[0] else None)


def _has_other_names(delta_type: Any) -> bool:
    if not isinstance(delta_type, dict):
        return False
    if delta_type["type"] == "struct":
        return any(
            (m.get("metadata") or {}).get("delta.columnMapping.physicalName", m["name"]) != m["name"]
            or _has_other_names(m["type"])
            for m in delta_type["fields"]
        )
    return any(_has_other_names(delta_type.get(key)) for key in ("elementType", "keyType", "valueType"))


def partition_value(delta_type: str, text: str | None) -> Any:
    """A partition value of the log as Python has it; "" is NULL, as the protocol says."""
    from datetime import date, datetime
    from decimal import Decimal

    if text is None or text == "":
        return None
    if delta_type == "string":
        return text
    if delta_type in ("long", "integer", "short", "byte"):
        return int(text)
    if delta_type in ("float", "double"):
        return float(text)
    if delta_type == "boolean":
        return text.lower() == "true"
    if delta_type == "date":
        return date.fromisoformat(text)
    if delta_type in ("timestamp", "timestamp_ntz"):
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if delta_type == "timestamp_ntz":
            return time.replace(tzinfo=None)
        return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    if delta_type.startswith("decimal("):
        return Decimal(text)
    if delta_type == "binary":
        return text.encode()
    raise error_of("unsupported", "partition value", f"type {delta_type} is not known", "")


def places(files: Sequence[ScanFile]) -> list[str]:
    """Where the files are."""
    return [os.fspath(file.place) for file in files]
