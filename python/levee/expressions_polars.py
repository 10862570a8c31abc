"""Expressions of Polars, read from the tree that Polars writes of them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from .conditions import And, Condition, Constant, IsNull, Not, Or, Unknown
from .expressions import FLIPPED
from .literals import Value

if TYPE_CHECKING:
    from .expressions import Columns

_COMPARISONS = {"Eq": "=", "NotEq": "<>", "Lt": "<", "LtEq": "<=", "Gt": ">", "GtEq": ">="}
_CLOSED = {"Both": (">=", "<="), "Left": (">=", "<"), "Right": (">", "<="), "None": (">", "<")}
# What compares by way of floats beside a column of 64-bit integers.
_WIDE_INTEGERS = (pl.UInt64, pl.Int128, pl.UInt128)


def condition_of(expression: pl.Expr, columns: Columns) -> Condition:
    """The condition that an expression is."""
    try:
        tree = json.loads(expression.meta.serialize(format="json"))
    except (pl.exceptions.PolarsError, ValueError) as error:
        return Unknown(f"Polars does not write the expression down: {error}")
    return _Reader(columns).condition(tree)


class _NotALiteral(Exception):
    """A part of an expression that is no value."""


class _Reader:
    def __init__(self, columns: Columns):
        self._columns = columns

    def condition(self, node: Any) -> Condition:
        kind, body = _kind(node)
        if kind == "BinaryExpr":
            return self._binary(body)
        if kind == "Function":
            return self._function(body)
        if kind == "Alias":
            return self.condition(body[0])
        column = self._column(node)
        if column is not None:
            return self._columns.truth(column)
        if kind == "Literal":
            return self._constant(node)
        return Unknown(f"Polars' {kind} has no counterpart")

    def _binary(self, body: Any) -> Condition:
        op, left, right = body["op"], body["left"], body["right"]
        if op in ("And", "LogicalAnd"):
            return And((self.condition(left), self.condition(right)))
        if op in ("Or", "LogicalOr"):
            return Or((self.condition(left), self.condition(right)))
        missing = {"EqValidity": "=", "NotEqValidity": "<>"}.get(op)
        if op not in _COMPARISONS and missing is None:
            return Unknown(f"Polars' operator {op} has no counterpart")
        if self._column(left) is None and self._column(right) is not None:
            left, right, flip = right, left, True
        else:
            flip = False
        column = self._column(left)
        if column is None:
            return Unknown(f"the left side of {op} is no column")
        if missing:
            equal = self._equal_or_both_null(column, right)
            return Not(equal) if missing == "<>" else equal
        compared = _COMPARISONS[op]
        return self._compare(column, FLIPPED[compared] if flip else compared, right)

    def _compare(self, column: tuple[str, ...], op: str, node: Any) -> Condition:
        try:
            return self._columns.compare(column, op, _value(node), True)
        except _NotALiteral as error:
            return Unknown(str(error))

    def _equal_or_both_null(self, column: tuple[str, ...], node: Any) -> Condition:
        try:
            return self._columns.is_in(column, [_value(node)], True)
        except _NotALiteral as error:
            return Unknown(str(error))

    def _function(self, body: Any) -> Condition:
        name, options = _function_name(body["function"])
        first, *rest = body["input"] or [None]
        if name == "Boolean.Not":
            return Not(self.condition(first))
        if name in ("Boolean.AllHorizontal", "Boolean.AnyHorizontal"):
            parts = tuple(map(self.condition, body["input"]))
            return And(parts) if name.endswith("AllHorizontal") else Or(parts)
        column = self._column(first)
        if column is None:
            own = self._column({"Function": body})
            return self._columns.truth(own) if own else Unknown(f"{name} is not of a column")
        if name in ("Boolean.IsNull", "Boolean.IsNotNull"):
            self._columns.type_of(column)
            return IsNull(column) if name == "Boolean.IsNull" else Not(IsNull(column))
        if name == "Boolean.IsBetween":
            low, high = _CLOSED[options["closed"]]
            return And((self._compare(column, low, rest[0]), self._compare(column, high, rest[1])))
        if name == "Boolean.IsIn":
            return self._is_in(column, rest[0])
        own = self._column({"Function": body})
        return self._columns.truth(own) if own else Unknown(f"Polars' function {name} has no counterpart")

    def _is_in(self, column: tuple[str, ...], node: Any) -> Condition:
        try:
            series = _evaluated(node)
            if isinstance(series.dtype, (pl.List, pl.Array)):
                series = series.explode()
            return self._columns.is_in(column, _values(series), True)
        except _NotALiteral as error:
            return Unknown(str(error))

    def _column(self, node: Any) -> tuple[str, ...] | None:
        """The path of a column, or of a field of a struct."""
        kind, body = _kind(node)
        if kind == "Column" and isinstance(body, str):
            return (body,)
        if kind == "Function":
            name, field = _function_name(body["function"])
            if name == "StructExpr.FieldByName":
                outer = self._column(body["input"][0])
                return (*outer, str(field)) if outer else None
        return None

    def _constant(self, node: Any) -> Condition:
        try:
            value = _value(node)
        except _NotALiteral as error:
            return Unknown(str(error))
        if value is None:
            return Constant(None)
        is_boolean = value.kind == "boolean"
        return Constant(value.value) if is_boolean else Unknown(f"the {value.kind} {value.value} is no condition")


def _kind(node: Any) -> tuple[str, Any]:
    if isinstance(node, dict) and len(node) == 1:
        return next(iter(node.items()))
    return (str(node)[:40], None)


def _function_name(function: Any) -> tuple[str, Any]:
    """{"Boolean": {"IsBetween": options}} as ("Boolean.IsBetween", options)."""
    path: list[str] = []
    options = function
    while isinstance(options, dict) and len(options) == 1 and len(path) < 2:
        step, options = next(iter(options.items()))
        path.append(step)
    if isinstance(options, str) and len(path) < 2:
        path.append(options)
    return ".".join(path), options


def _is_literal(node: Any) -> bool:
    kind, body = _kind(node)
    if kind == "Function":
        return body["function"] == "Negate" and all(map(_is_literal, body["input"]))
    return kind == "Literal" or (kind == "Cast" and _is_literal(body["expr"]))


def _evaluated(node: Any) -> pl.Series:
    """A literal, as Polars itself reads it; casts of it are done."""
    if not _is_literal(node):
        raise _NotALiteral(f"Polars' {_kind(node)[0]} stands where a value is wanted")
    try:
        return pl.select(pl.Expr.deserialize(json.dumps(node).encode(), format="json")).to_series()
    except pl.exceptions.PolarsError as error:
        raise _NotALiteral(f"Polars does not read its literal again: {error}") from None


def _value(node: Any) -> Value | None:
    series = _evaluated(node)
    if len(series) != 1:
        raise _NotALiteral(f"{len(series)} values stand where one is wanted")
    return _values(series)[0]


def _values(series: pl.Series) -> list[Value | None]:
    dtype = series.dtype
    if dtype == pl.Null:
        return [None] * len(series)
    if isinstance(dtype, pl.Datetime):
        return [None if v is None else _time(v, dtype) for v in series.to_physical().to_list()]
    if dtype.is_decimal():
        return [None if v is None else Value("decimal", Decimal(v)) for v in series.to_list()]
    slack = 1 if dtype in _WIDE_INTEGERS else 0
    kinds = {pl.String: "string", pl.Boolean: "boolean", pl.Date: "date"}
    kind = "integer" if dtype.is_integer() else "float" if dtype.is_float() else kinds.get(dtype.base_type())
    if kind is None:
        raise _NotALiteral(f"a value of type {dtype} has no counterpart")
    try:
        values = series.to_list()
    except (OverflowError, ValueError) as error:
        raise _NotALiteral(f"a {kind} is out of range: {error}") from None
    return [None if v is None else Value(kind, v, slack if kind == "integer" else 0) for v in values]


def _time(physical: int, dtype: pl.Datetime) -> Value:
    """Polars compares times in the coarser unit: a column's microseconds lose up to a millisecond beside a millisecond."""
    kind = "timestamp" if dtype.time_zone else "timestamp_ntz"
    if dtype.time_unit == "us":
        return Value(kind, physical)
    if dtype.time_unit == "ms":
        return Value(kind, physical * 1000, 1000)
    return Value(kind, physical // 1000, 1 if physical % 1000 else 0)
