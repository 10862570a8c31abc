"""Predicates of other libraries as the SQL that Levee takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .exceptions import error_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .schema import Schema

_NUMBERS = ("long", "integer", "short", "byte", "float", "double", "decimal")


def quoted(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string in SQL."""
    return "'" + value.replace("'", "''") + "'"


def from_partition_filters(filters: Sequence[tuple[str, str, Any]], schema: Schema) -> str:
    """SQL of `deltalake`'s partition filters: tuples (column, operator, value) that all must hold.

    Operators are =, !=, <, <=, >, >=, in and not in; values are texts as in the log, "" is NULL.
    """
    types = {f.name: f.type for f in schema.fields}
    return " AND ".join(_partition_filter(name, op, value, types) for name, op, value in filters)


def _partition_filter(name: str, op: str, value: Any, types: dict[str, Any]) -> str:
    if name not in types:
        raise error_of("invalid-argument", "partition filter", f"there is no column {name}", ", ".join(types))
    column = quoted(name)

    def literal(one: Any) -> str:
        is_number = str(types[name]).startswith(_NUMBERS)
        return str(one) if is_number else text(str(one))

    op = op.lower()
    if op in ("in", "not in"):
        values = [v for v in value if v not in ("", None)]
        with_null = len(values) < len(value)
        parts = [f"{column} IN ({', '.join(map(literal, values))})"] if values else []
        parts += [f"{column} IS NULL"] if with_null else []
        either = " OR ".join(parts) or "FALSE"
        if op == "in":
            return f"({either})"
        nots = [f"{column} NOT IN ({', '.join(map(literal, values))})"] if values else []
        if with_null:
            return "(" + " AND ".join([*nots, f"{column} IS NOT NULL"]) + ")"
        return f"({' AND '.join(nots)} OR {column} IS NULL)" if nots else "TRUE"
    if op in ("=", "!="):
        if value in ("", None):
            return f"{column} IS {'' if op == '=' else 'NOT '}NULL"
        if op == "=":
            return f"{column} = {literal(value)}"
        return f"({column} <> {literal(value)} OR {column} IS NULL)"
    if op in ("<", "<=", ">", ">="):
        return f"{column} {op} {literal(value)}"
    raise error_of("invalid-argument", "partition filter", f"'{op}' is no operator", "=, !=, <, <=, >, >=, in, not in")
