"""Values of other libraries beside a column of a table, as SQL.

Libraries compare unlike types by casting, with a rounding of their own. There a value becomes two bounds, between which
everything lies that may be equal to it after any such rounding.
"""

from __future__ import annotations

import math
import struct
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from .predicates import text

# float32 holds integers exactly to here; the relative step between two of its values is less than SLACK.
EXACT_INTEGER = 1 << 24
SLACK = Fraction(1, 1_000_000)
TINY = Fraction(1, 10**37)
_WIDE = Context(prec=400)


class Value(NamedTuple):
    """A value: `kind` is "integer", "float", "decimal", "string", "boolean", "date", "timestamp" or "timestamp_ntz". Times
    are microseconds since 1970. `slack`: the library may compare as if it were up to that much more or less."""

    kind: str
    value: Any
    slack: int | Fraction = 0


class Bounds(NamedTuple):
    """SQL of the least and the greatest value that may equal a value."""

    low: str
    high: str

    @property
    def exact(self) -> bool:
        return self.low == self.high


def bounds(value: Value, column_type: Any) -> Bounds | None:
    """The bounds of a value beside a column of a Delta type; None where the two are not compared soundly."""
    if not isinstance(column_type, str):
        return None
    if value.kind in ("integer", "float", "decimal"):
        return _number(value, column_type)
    if value.kind != column_type:
        return None
    if value.kind == "string":
        return None if "\0" in value.value else _same(text(value.value))
    if value.kind == "boolean":
        return _same("TRUE" if value.value else "FALSE")
    if value.kind == "date":
        assert isinstance(value.value, date)
        return _same(f"DATE '{value.value.isoformat()}'")
    try:
        return Bounds(_time(value.kind, value.value - value.slack), _time(value.kind, value.value + value.slack))
    except OverflowError:
        return None


def _same(sql: str) -> Bounds:
    return Bounds(sql, sql)


def _time(kind: str, microseconds: Fraction | int) -> str:
    """A whole number of microseconds; a slack has made it whole."""
    moment = datetime(1970, 1, 1) + timedelta(microseconds=int(microseconds))
    stated = moment.isoformat(sep=" ", timespec="microseconds")
    return f"TIMESTAMP '{stated}+00:00'" if kind == "timestamp" else f"TIMESTAMP_NTZ '{stated}'"


def _number(value: Value, column_type: str) -> Bounds | None:
    if value.kind == "float" and not math.isfinite(value.value):
        return None
    number = Fraction(value.value)
    slack = Fraction(0) if _is_exact(value, number, column_type) else abs(number) * SLACK + TINY
    low, high = number - slack, number + slack
    if column_type in ("long", "integer", "short", "byte"):
        return Bounds(str(math.floor(low)), str(math.ceil(high)))
    if column_type in ("float", "double"):
        try:
            return Bounds(_double(float(low)), _double(float(high)))
        except OverflowError:
            return None
    if column_type.startswith("decimal("):
        precision_and_scale = column_type[len("decimal(") : -1].split(",")
        scale = int(value.value.as_tuple().exponent) * -1 if value.kind == "decimal" and not slack else 0
        return _decimals(low, high, max(scale, int(precision_and_scale[1])))
    return None


def _is_exact(value: Value, number: Fraction, column_type: str) -> bool:
    """Whether every library compares the value with the column's values as they are."""
    if value.slack:
        return False
    if column_type in ("float", "double"):
        if value.kind == "integer":
            return abs(number) <= EXACT_INTEGER
        return value.kind == "float" and (column_type == "double" or _as_float(value.value) == value.value)
    if column_type.startswith("decimal("):
        return value.kind == "decimal"
    # An integer that is rounded stays on its side of a number below 2^24.
    return value.kind == "integer" or (value.kind == "float" and abs(number) < EXACT_INTEGER and number.denominator == 1)


def _as_float(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf


def _double(value: float) -> str:
    return f"CAST('{value!r}' AS DOUBLE)"


def _decimals(low: Fraction, high: Fraction, scale: int) -> Bounds | None:
    """Two decimal numbers around the bounds, with as many digits as Levee's SQL takes."""
    unit = Decimal(1).scaleb(-scale)
    edges = []
    for edge, rounding in ((low, ROUND_FLOOR), (high, ROUND_CEILING)):
        quotient = _WIDE.divide(Decimal(edge.numerator), Decimal(edge.denominator))
        rounded = quotient.quantize(unit, rounding=rounding, context=_WIDE)
        if len(rounded.as_tuple().digits) > 38 or scale > 38:
            return None
        edges.append(format(rounded, "f"))
    return Bounds(*edges)
