"""Predicates as trees: generated from the values that a table holds, evaluated with SQL's three-valued logic.

The sweep, the planner's test and the test of right answers all draw theirs here.
"""
import datetime
import math
import re
from collections import namedtuple
from decimal import Decimal

from columns import family

# op: = <> < <= > >= <=> in between null notnull prefix like and or not; column: a Column; values: literals, None for
# NULL; parts: subtrees. `prefix` holds the text before its %, `like` the whole pattern.
Predicate = namedtuple("Predicate", "op column values parts", defaults=(None, (), ()))

NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


# --- SQL text -------------------------------------------------------------------------------------------
def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def literal(kind, value, plain):
    """SQL of a value; `plain` asks for a bare string where the type also has a typed literal."""
    if value is None:
        return "NULL"
    sort = family(kind)
    if sort == "string":
        return quoted(value)
    if sort == "boolean":
        return "TRUE" if value else "FALSE"
    if sort == "date":
        text = (datetime.date(1970, 1, 1) + datetime.timedelta(days=value)).isoformat()
        return quoted(text) if plain else f"DATE {quoted(text)}"
    if sort in ("timestamp", "timestamp_ntz"):
        at = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=value)
        text = at.isoformat(sep=" ", timespec="microseconds")
        typed = "TIMESTAMP" if sort == "timestamp" else "TIMESTAMP_NTZ"
        return quoted(text) if plain else f"{typed} {quoted(text)}"
    if sort == "decimal":
        return f"{value:f}"
    return repr(value)


def name(column):
    return ".".join("`" + part.replace("`", "``") + "`" for part in column.logical)


# How a dialect writes a column, a literal (kind, value, plain) and `<=>`.
Dialect = namedtuple("Dialect", "name literal same")
SPARK = Dialect(name, literal, "<=>")


def sql(p, plain=False, dialect=SPARK):
    if p.op in ("and", "or"):
        return f" {p.op.upper()} ".join(f"({sql(part, plain, dialect)})" for part in p.parts)
    if p.op == "not":
        return f"NOT ({sql(p.parts[0], plain, dialect)})"
    left = dialect.name(p.column)
    if p.op == "null":
        return f"{left} IS NULL"
    if p.op == "notnull":
        return f"{left} IS NOT NULL"
    if p.op in ("prefix", "like"):
        return f"{left} LIKE {quoted(p.values[0] + ('%' if p.op == 'prefix' else ''))}"
    texts = [dialect.literal(p.column.type, v, plain) for v in p.values]
    if p.op == "in":
        return f"{left} IN ({', '.join(texts)})"
    if p.op == "between":
        return f"{left} BETWEEN {texts[0]} AND {texts[1]}"
    return f"{left} {dialect.same if p.op == '<=>' else p.op} {texts[0]}"


# --- evaluation -----------------------------------------------------------------------------------------
def key(value):
    """Orders NaN above every number and makes -0.0 and 0.0 one, as Spark does."""
    if isinstance(value, float):
        return (1, 0.0) if math.isnan(value) else (0, value + 0.0)
    return (0, value)


def compare(op, a, b):
    a, b = key(a), key(b)
    return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]


def like(text, pattern):
    """LIKE without an escape."""
    parts = {"%": ".*", "_": "."}
    return re.fullmatch("".join(parts.get(c) or re.escape(c) for c in pattern), text, re.DOTALL) is not None


def leaf(p, value):
    if p.op == "null":
        return value is None
    if p.op == "notnull":
        return value is not None
    if p.op == "<=>":
        other = p.values[0]
        return (value is None) == (other is None) and (value is None or compare("=", value, other))
    if value is None:
        return None
    if p.op == "prefix":
        return value.startswith(p.values[0])
    if p.op == "like":
        return like(value, p.values[0])
    if p.op == "in":
        found = any(v is not None and compare("=", value, v) for v in p.values)
        return found or (None if None in p.values else False)
    if None in p.values:
        return None
    if p.op == "between":
        return compare(">=", value, p.values[0]) and compare("<=", value, p.values[1])
    return compare(p.op, value, p.values[0])


def truth(p, row):
    """TRUE, FALSE or None (unknown) for a row given as a function from column to value."""
    if p.op == "not":
        inner = truth(p.parts[0], row)
        return None if inner is None else not inner
    if p.op in ("and", "or"):
        decided, answers = p.op == "or", [truth(part, row) for part in p.parts]
        if decided in answers:
            return decided
        return None if None in answers else not decided
    return leaf(p, row(p.column))


def columns_of(p):
    return {p.column} if p.column else set().union(*(columns_of(part) for part in p.parts))


# --- generation -----------------------------------------------------------------------------------------
def writable(kind, value):
    """Whether the value has a literal: finite numbers, and times within the years 1 to 9999."""
    sort = family(kind)
    if sort in ("float", "double"):
        return math.isfinite(value)
    if sort == "date":
        return -719_162 <= value <= 2_932_896
    if sort in ("timestamp", "timestamp_ntz"):
        return -62_135_596_800_000_000 <= value <= 253_402_300_799_999_999
    return sort != "string" or ("\0" not in value and "\\" not in value)


def near(kind, value, rng):
    """The value, or one just beside it that may not occur."""
    sort, step = family(kind), rng.choice([-1, 0, 0, 1])
    if sort in ("integer", "date", "timestamp", "timestamp_ntz"):
        low, high = {"byte": (-128, 127), "short": (-2**15, 2**15 - 1), "integer": (-2**31, 2**31 - 1)}.get(
            kind, (-2**62, 2**62))
        moved = value + step
        return moved if low <= moved <= high and writable(kind, moved) else value
    if sort == "decimal" and step:
        scale = int(kind.split(",")[1].rstrip(") ")) if "," in kind else 0
        return value + step * Decimal(1).scaleb(-scale)
    return value


def simple(rng, column, values):
    """One predicate over one column; `values` are the ones that occur, without NULL."""
    pool = [v for v in values if writable(column.type, v)]
    if not pool:
        return Predicate(rng.choice(["null", "notnull"]), column)
    pick = lambda: near(column.type, rng.choice(pool), rng)
    ops = ["=", "<", "<=", ">", ">=", "<>", "<=>", "in", "between", "null", "notnull"]
    if family(column.type) == "string":
        ops.append("prefix")
    op = rng.choice(ops)
    if op in ("null", "notnull"):
        return Predicate(op, column)
    if op == "in":
        return Predicate(op, column, tuple(pick() for _ in range(rng.randint(1, 4))))
    if op == "between":
        return Predicate(op, column, tuple(sorted((pick(), pick()), key=key)))
    if op == "prefix":
        text = rng.choice(pool)[:rng.randint(1, 4)]
        return Predicate(op, column, (text,)) if text and not set("%_") & set(text) else Predicate("=", column, (pick(),))
    return Predicate(op, column, (pick(),))


def generate(rng, columns, values, each):
    """`each` predicates for every column, and half as many that join columns."""
    out = [simple(rng, c, values[c.name]) for c in columns for _ in range(each)]
    for _ in range(len(out) // 2):
        a, b = (simple(rng, c, values[c.name]) for c in (rng.choice(columns), rng.choice(columns)))
        joined = Predicate(rng.choice(["and", "or"]), parts=(a, b))
        out.append(Predicate("not", parts=(joined,)) if rng.random() < 0.3 else joined)
    return out


def unusual(rng, column, values):
    """Leaves that `simple` does not draw: patterns in the middle of a text, NULL as a literal, one value as a range."""
    pool = [v for v in values if writable(column.type, v)]
    if family(column.type) == "string" and pool and rng.random() < 0.7:
        text = rng.choice(pool)[:12]
        at = rng.randint(0, len(text))
        return Predicate("like", column, (rng.choice([f"%{text[at:]}", f"{text[:at]}%{text[at + 1:]}", f"{text[:at]}_%",
                                                      text]),))
    if not pool or rng.random() < 0.3:
        return Predicate(rng.choice(["=", "<", "<=>", ">="]), column, (None,))
    value = near(column.type, rng.choice(pool), rng)
    if rng.random() < 0.5:
        return Predicate("in", column, (value, None))
    return Predicate("between", column, (value, value))


def nested(rng, columns, values, depth):
    """A tree of at most `depth` levels of AND, OR and NOT over leaves of every kind."""
    if depth == 0 or rng.random() < 0.25:
        column = rng.choice(columns)
        return (unusual if rng.random() < 0.25 else simple)(rng, column, values[column.name])
    if rng.random() < 0.2:
        return Predicate("not", parts=(nested(rng, columns, values, depth - 1),))
    parts = tuple(nested(rng, columns, values, depth - 1) for _ in range(rng.randint(2, 3)))
    return Predicate(rng.choice(["and", "or"]), parts=parts)
