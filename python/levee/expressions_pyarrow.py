"""Expressions of PyArrow, read from what they are pickled as.

That is Arrow's own serialisation: an IPC file whose schema metadata list the tree in prefix order ("call" NAME, "field_ref"
NAME, "literal" COLUMN, ..., "end" NAME) and whose only batch has a column for each literal and for the options of a call.
Substrait would do for most, but refuses casts that check, and times in other units than microseconds.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from .conditions import And, Condition, Constant, IsNull, Not, Or, Unknown
from .expressions import FLIPPED
from .literals import Value

if TYPE_CHECKING:
    from .expressions import Columns

_COMPARISONS = {
    "equal": "=",
    "not_equal": "<>",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
}
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}


class _Field(NamedTuple):
    path: tuple[str, ...]


class _Call(NamedTuple):
    name: str
    arguments: list[Any]
    options: pa.Scalar | None


def condition_of(expression: Any, columns: Columns) -> Condition:
    """The condition that an expression is."""
    if not isinstance(expression, pa.compute.Expression):
        return Unknown(f"a {type(expression).__name__} is no expression of PyArrow")
    try:
        buffer = expression.__reduce__()[1][0]
        file = pa.ipc.open_file(buffer)
        words = iter(_metadata(file.schema))
        return _Reader(columns).condition(_tree(words, next(words), file.get_batch(0)))
    except pa.ArrowException as error:
        return Unknown(f"PyArrow does not write the expression down: {error}")


class _ArrowSchema(ctypes.Structure):
    """The head of the C data interface's ArrowSchema."""

    _fields_ = [("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p)]


def _metadata(schema: pa.Schema) -> list[tuple[str, str]]:
    """Every pair of the schema's metadata, in order: `schema.metadata` keeps one of those with equal keys.

    By the C data interface: the number of pairs, then each key and value after its length; 32-bit numbers of the machine.
    """
    capsule = schema.__arrow_c_schema__()
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    at = _ArrowSchema.from_address(pointer_of(capsule, b"arrow_schema")).metadata
    count = ctypes.c_int32.from_address(at).value
    at += 4
    texts = []
    for _ in range(2 * count):
        length = ctypes.c_int32.from_address(at).value
        texts.append(ctypes.string_at(at + 4, length).decode())
        at += 4 + length
    return list(zip(texts[::2], texts[1::2], strict=True))


def _tree(words: Any, word: tuple[str, str], batch: pa.RecordBatch) -> Any:
    key, value = word
    if key == "literal":
        return batch.column(int(value))[0]
    if key == "field_ref":
        return _Field((value,))
    if key == "nested_field_ref":
        return _Field(tuple(step for _, step in (next(words) for _ in range(int(value)))))
    if key != "call":
        raise pa.ArrowInvalid(f"'{key}' is not known")
    call = _Call(value, [], None)
    for inner in words:
        if inner == ("end", value):
            return call
        if inner[0] == "options":
            call = call._replace(options=batch.column(int(inner[1]))[0])
        else:
            call.arguments.append(_tree(words, inner, batch))
    raise pa.ArrowInvalid(f"the call of {value} has no end")


class _Reader:
    def __init__(self, columns: Columns):
        self._columns = columns

    def condition(self, node: Any) -> Condition:
        if isinstance(node, _Field):
            return self._columns.truth(node.path)
        if isinstance(node, pa.Scalar):
            is_condition = pa.types.is_boolean(node.type) or pa.types.is_null(node.type)
            return Constant(node.as_py()) if is_condition else Unknown(f"a {node.type} is no condition")
        if node.name in ("and", "and_kleene"):
            return And(tuple(map(self.condition, node.arguments)))
        if node.name in ("or", "or_kleene"):
            return Or(tuple(map(self.condition, node.arguments)))
        if node.name == "invert":
            return Not(self.condition(node.arguments[0]))
        return self._leaf(node)

    def _leaf(self, call: _Call) -> Condition:
        first, *rest = call.arguments or [None]
        if call.name in _COMPARISONS and len(rest) == 1:
            op, second = _COMPARISONS[call.name], rest[0]
            if isinstance(second, _Field) and not isinstance(first, _Field):
                first, second, op = second, first, FLIPPED[op]
            if isinstance(first, _Field):
                return self._compare(first.path, op, second)
        if isinstance(first, _Field):
            if call.name == "is_valid":
                return Not(self._is_null(first.path, False))
            if call.name == "is_null":
                nan_too = call.options is not None and call.options.as_py()["nan_is_null"]
                return self._is_null(first.path, nan_too)
            if call.name == "is_in":
                return self._is_in(first.path, call.options)
        return Unknown(f"PyArrow's {call.name} of {_described(first)} has no counterpart")

    def _compare(self, column: tuple[str, ...], op: str, node: Any) -> Condition:
        try:
            return self._columns.compare(column, op, _value(_scalar(node)), False)
        except pa.ArrowException as error:
            return Unknown(str(error))

    def _is_null(self, column: tuple[str, ...], nan_too: bool) -> Condition:
        is_null = IsNull(column)
        if not (self._columns.is_floating(column) and nan_too):
            return is_null
        return Or((is_null, Unknown(f"{'.'.join(column)} may be NaN: statistics leave NaN out")))

    def _is_in(self, column: tuple[str, ...], options: pa.Scalar) -> Condition:
        try:
            return self._columns.is_in(column, map(_value, options["value_set"].values), False)
        except pa.ArrowException as error:
            return Unknown(str(error))


def _described(node: Any) -> str:
    if isinstance(node, _Field):
        return ".".join(node.path)
    return f"{node.name}(...)" if isinstance(node, _Call) else "a literal"


def _scalar(node: Any) -> pa.Scalar:
    """A literal, with a cast of it done."""
    if isinstance(node, pa.Scalar):
        return node
    if isinstance(node, _Call) and node.name == "cast" and len(node.arguments) == 1 and node.options is not None:
        to_type = node.options.type.field("to_type").type
        allowed = [v for k, v in node.options.as_py().items() if k.startswith("allow_")]
        if any(allowed) != all(allowed):
            raise pa.ArrowInvalid("a cast that checks some things only has no counterpart")
        return _scalar(node.arguments[0]).cast(to_type, safe=not all(allowed))
    raise pa.ArrowInvalid(f"{_described(node)} stands where a value is wanted")


def _value(scalar: pa.Scalar) -> Value | None:
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if pa.types.is_timestamp(kind):
        name = "timestamp" if kind.tz else "timestamp_ntz"
        if kind.unit == "ns":
            return Value(name, scalar.value // 1000, 1 if scalar.value % 1000 else 0)
        return Value(name, scalar.value * _MICROSECONDS[kind.unit])
    for holds, name in _KINDS:
        if holds(kind):
            try:
                return Value(name, scalar.as_py())
            except (OverflowError, ValueError) as error:
                raise pa.ArrowInvalid(f"a {kind} is out of range: {error}") from None
    raise pa.ArrowInvalid(f"a value of type {kind} has no counterpart")


_KINDS = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "float"),
    (pa.types.is_decimal, "decimal"),
    (pa.types.is_string, "string"),
    (pa.types.is_large_string, "string"),
    (pa.types.is_date32, "date"),
)
