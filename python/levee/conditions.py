"""Conditions on rows, as other libraries' expressions are read into, and the SQL that keeps every row of theirs.

The SQL is true for each row for which the condition is true, and may be true for more: what has no counterpart is left
out where that only keeps more files. Negations are pushed to the leaves first, so that leaving out is sound below NOT.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .predicates import quoted

if TYPE_CHECKING:
    from .literals import Bounds


@dataclass(frozen=True)
class Unknown:
    """A condition that has no counterpart, and why."""

    why: str


@dataclass(frozen=True)
class Constant:
    """TRUE, FALSE or, as None, NULL."""

    value: bool | None


@dataclass(frozen=True)
class Compare:
    """column OP value. `if_nan`: for which of (as it is, negated) it is true where the column is NaN."""

    column: tuple[str, ...]
    op: str
    value: Bounds
    if_nan: tuple[bool, bool]


@dataclass(frozen=True)
class In:
    """column IN values. A NULL among them matches NULL; a NULL column may or may not fail to match the others."""

    column: tuple[str, ...]
    values: tuple[Bounds, ...]
    has_null: bool
    if_nan: tuple[bool, bool]


@dataclass(frozen=True)
class IsNull:
    """column IS NULL."""

    column: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    part: Condition


@dataclass(frozen=True)
class And:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Condition, ...]


Condition = Unknown | Constant | Compare | In | IsNull | Not | And | Or

_NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass
class Renderer:
    """Writes a condition; `reasons` says what was left out."""

    reasons: list[str] = field(default_factory=list)

    def sql(self, condition: Condition, negated: bool = False) -> str | None:
        """The SQL of a condition or of its negation; None: nothing is known, every row may match."""
        if isinstance(condition, Unknown):
            self._left_out(condition.why)
            return None
        if isinstance(condition, Not):
            return self.sql(condition.part, not negated)
        if isinstance(condition, (And, Or)):
            return self._list(condition, negated)
        if isinstance(condition, Constant):
            return "FALSE" if condition.value is None or condition.value == negated else "TRUE"
        if isinstance(condition, IsNull):
            return f"{name(condition.column)} IS {'NOT ' if negated else ''}NULL"
        if condition.if_nan[negated]:
            self._left_out(f"{'.'.join(condition.column)} may be NaN, for which it is true: statistics leave NaN out")
            return None
        if isinstance(condition, Compare):
            return self._compare(condition, _NEGATED[condition.op] if negated else condition.op)
        return self._not_in(condition) if negated else self._in(condition)

    def _left_out(self, why: str) -> None:
        self.reasons.append(why)

    def _list(self, condition: And | Or, negated: bool) -> str | None:
        parts = [self.sql(part, negated) for part in _flat(condition)]
        known = [part for part in parts if part is not None]
        if isinstance(condition, And) != negated:
            return _joined("AND", known) if known else None
        return _joined("OR", known) if len(known) == len(parts) else None

    def _compare(self, condition: Compare, op: str) -> str | None:
        column, value = name(condition.column), condition.value
        if op == "=":
            return _equals(column, value)
        if value.exact:
            return f"{column} {op} {value.low}"
        if op == "<>":
            self._left_out(f"{'.'.join(condition.column)} <> a value that the column cannot hold exactly")
            return None
        return f"{column} <= {value.high}" if op in ("<", "<=") else f"{column} >= {value.low}"

    def _in(self, condition: In) -> str:
        column = name(condition.column)
        exact = [v.low for v in condition.values if v.exact]
        parts = [f"{column} IN ({', '.join(exact)})"] if exact else []
        parts += [_equals(column, v) for v in condition.values if not v.exact]
        parts += [f"{column} IS NULL"] if condition.has_null else []
        return _joined("OR", parts) if parts else "FALSE"

    def _not_in(self, condition: In) -> str:
        column = name(condition.column)
        exact = [v.low for v in condition.values if v.exact]
        return f"({column} NOT IN ({', '.join(exact)}) OR {column} IS NULL)" if exact else "TRUE"


def name(column: tuple[str, ...]) -> str:
    """A column, or a field of a struct, in SQL."""
    return ".".join(map(quoted, column))


def _flat(condition: And | Or) -> list[Condition]:
    """The parts of a list, with those of lists of its own kind in it: a long chain is no deep tree to Levee's SQL."""
    flat: list[Condition] = []
    waiting: list[Condition] = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, type(condition)):
            waiting.extend(reversed(part.parts))
        else:
            flat.append(part)
    return flat


def _equals(column: str, value: Bounds) -> str:
    return f"{column} = {value.low}" if value.exact else f"({column} >= {value.low} AND {column} <= {value.high})"


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {word} ".join(parts) + ")"
