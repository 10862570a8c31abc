"""Schemas of Delta tables, as their logs have them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Field:
    """A column: its type is a name ("long", "decimal(10,2)") or the dictionary of a struct, array or map."""

    name: str
    type: str | dict[str, Any]
    nullable: bool = True
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def physical_name(self) -> str:
        """The name in data files (`delta.columnMapping.physicalName`)."""
        return str(self.metadata.get("delta.columnMapping.physicalName", self.name))


class Schema:
    """The columns of a table at a version."""

    def __init__(self, text: str):
        self._text = text
        members = json.loads(text)["fields"] if text else []
        self.fields = [
            Field(m["name"], m["type"], m.get("nullable", True), m.get("metadata") or {}) for m in members
        ]

    def to_json(self) -> str:
        """The JSON of the log (`schemaString`)."""
        return self._text

    @property
    def names(self) -> list[str]:
        """Names of the top-level columns."""
        return [f.name for f in self.fields]

    def to_arrow(self) -> pa.Schema:
        """The schema that readers see, as PyArrow has it: times in microseconds, strings as utf8. Needs pyarrow."""
        import pyarrow as pa

        return pa.schema([pa.field(f.name, arrow_type(f.type), f.nullable) for f in self.fields])

    to_pyarrow = to_arrow

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self.fields == other.fields

    def __repr__(self) -> str:
        columns = ", ".join(f"{f.name}: {f.type if isinstance(f.type, str) else f.type['type']}" for f in self.fields)
        return f"Schema({columns})"


def arrow_type(delta_type: str | dict[str, Any]) -> pa.DataType:
    """What a type of a log is in PyArrow. A type that Levee does not know is refused by name."""
    import pyarrow as pa

    from .exceptions import error_of

    if isinstance(delta_type, dict):
        kind = delta_type["type"]
        if kind == "struct":
            return pa.struct([pa.field(m["name"], arrow_type(m["type"]), m["nullable"]) for m in delta_type["fields"]])
        if kind == "array":
            return pa.list_(pa.field("element", arrow_type(delta_type["elementType"]), delta_type["containsNull"]))
        if kind == "map":
            value = pa.field("value", arrow_type(delta_type["valueType"]), delta_type["valueContainsNull"])
            return pa.map_(arrow_type(delta_type["keyType"]), value)
        delta_type = str(kind)
    simple = {
        "string": pa.string(),
        "long": pa.int64(),
        "integer": pa.int32(),
        "short": pa.int16(),
        "byte": pa.int8(),
        "float": pa.float32(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "binary": pa.binary(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", "UTC"),
        "timestamp_ntz": pa.timestamp("us"),
        "void": pa.null(),
    }
    if delta_type in simple:
        return simple[delta_type]
    if delta_type.startswith("decimal("):
        precision, scale = delta_type[8:-1].split(",")
        return pa.decimal128(int(precision), int(scale))
    raise error_of("unsupported", f"type {delta_type}", "it has no counterpart in Arrow", "leave the column out")
