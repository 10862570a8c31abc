"""Expressions of Polars and PyArrow as the SQL that Levee takes.

Files are chosen by the SQL, so it must be true for each row for which the expression is true; docs/python.md says what is
translated. Under AND, what is not translated is left out: that keeps more files, never fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conditions import Compare, Condition, Constant, In, Renderer, Unknown
from .exceptions import error_of
from .literals import Value, bounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .schema import Schema

FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def to_sql(expression: Any, schema: Schema) -> str:
    """The SQL of an expression about a table's rows.

    Raises:
        levee.exceptions.UnsupportedError: it is no expression of Polars or PyArrow, or no part of it can be translated.
        levee.exceptions.InvalidArgumentError: it names a column that the table has not.
    """
    library = type(expression).__module__.partition(".")[0]
    if library == "polars":
        from .expressions_polars import condition_of
    elif library == "pyarrow":
        from .expressions_pyarrow import condition_of
    else:
        kind = f"{type(expression).__module__}.{type(expression).__qualname__}"
        raise error_of("unsupported", "predicate", f"a {kind} is none", "give SQL, or an expression of Polars or PyArrow")
    renderer = Renderer()
    try:
        sql = renderer.sql(condition_of(expression, Columns(schema)))
    except RecursionError:
        why = "the expression is nested too deeply"
        raise error_of("unsupported", "predicate", why, "name many values by is_in, or give it as SQL") from None
    if sql is None:
        raise error_of("unsupported", "predicate", renderer.reasons[0], "give it as SQL")
    return sql


class Columns:
    """The columns of a table, as leaves of conditions are made of them."""

    def __init__(self, schema: Schema):
        self._types = {f.name: f.type for f in schema.fields}

    def type_of(self, column: tuple[str, ...]) -> Any:
        """The Delta type of a column, or of a field of a struct."""
        members: dict[str, Any] = self._types
        found: Any = None
        for step in column:
            if step not in members:
                raise error_of("invalid-argument", "predicate", f"there is no column {'.'.join(column)}", ", ".join(members))
            found = members[step]
            is_struct = isinstance(found, dict) and found["type"] == "struct"
            members = {m["name"]: m["type"] for m in found["fields"]} if is_struct else {}
        return found

    def is_floating(self, column: tuple[str, ...]) -> bool:
        return self.type_of(column) in ("float", "double")

    def compare(self, column: tuple[str, ...], op: str, value: Value | None, nan_is_greatest: bool) -> Condition:
        """column OP value; a value of None is NULL."""
        delta_type = self.type_of(column)
        if value is None:
            return Constant(None)
        found = bounds(value, delta_type)
        if found is None or (value.kind == "boolean" and op not in ("=", "<>")):
            return self._unlike(column, [value])
        return Compare(column, op, found, self._if_nan(column, op, nan_is_greatest))

    def is_in(self, column: tuple[str, ...], values: Iterable[Value | None], nan_is_greatest: bool) -> Condition:
        """column IN values, NULL as None."""
        delta_type, given = self.type_of(column), list(values)
        known = [value for value in given if value is not None]
        found = [bounds(value, delta_type) for value in known]
        if None in found:
            return self._unlike(column, [v for v, b in zip(known, found, strict=True) if b is None])
        both = tuple(b for b in found if b is not None)
        return In(column, both, len(known) < len(given), self._if_nan(column, "=", nan_is_greatest))

    def truth(self, column: tuple[str, ...]) -> Condition:
        """A column that is a condition by itself."""
        return self.compare(column, "=", Value("boolean", True), False)

    def _if_nan(self, column: tuple[str, ...], op: str, nan_is_greatest: bool) -> tuple[bool, bool]:
        """Whether `column OP value`, and its negation, are true where the column is NaN."""
        if not self.is_floating(column):
            return (False, False)
        as_it_is = op in (("<>", ">", ">=") if nan_is_greatest else ("<>",))
        return (as_it_is, not as_it_is)

    def _unlike(self, column: tuple[str, ...], values: list[Value]) -> Unknown:
        delta_type = self.type_of(column)
        kind = delta_type if isinstance(delta_type, str) else delta_type["type"]
        return Unknown(f"{'.'.join(column)} is a {kind}, and is compared with the {values[0].kind} {values[0].value}")
