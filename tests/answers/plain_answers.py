"""What must be and what may be in an answer, two ways: plain Python over entries and rows, and DuckDB's SQL.

must: the files that hold a row for which the predicate is TRUE. may: the files that partition values and statistics do
not exclude, leaf by leaf. An answer lies between the two.
"""
import os
import sys

import duckdb
import pyarrow as pa

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "predicates"))

from columns import family  # noqa: E402
from predicates import NEGATED, Dialect, compare, leaf, literal, sql, truth  # noqa: E402

CUT_CHARACTERS = 32  # a maximum of so many may have been cut by its writer


# --- in Python ------------------------------------------------------------------------------------------
def must(p, file):
    def row(k):
        return lambda c: file.partition[c.name] if c.partition else file.rows[c.name][k]
    return any(truth(p, row(k)) is True for k in range(len(file.rows["i"])))


def may(p, file, negated=False):
    if p.op == "not":
        return may(p.parts[0], file, not negated)
    if p.op in ("and", "or"):
        return (all if (p.op == "and") != negated else any)(may(part, file, negated) for part in p.parts)
    if p.column.partition:
        return leaf(p, file.partition[p.column.name]) is (not negated)
    return may_leaf(p, file, negated)


def bounds(p, file):
    """(least, greatest) that a value may be; None: not known."""
    low, high = file.low.get(p.column.name), file.high.get(p.column.name)
    sort = family(p.column.type)
    if sort in ("timestamp", "timestamp_ntz"):  # the log holds milliseconds
        low, high = (None if low is None else low // 1000 * 1000), (None if high is None else high // 1000 * 1000 + 999)
    if sort in ("float", "double"):
        low, high = (low if low == low else None), None  # NaN is above every number, and as a bound tells nothing
    if sort == "string" and high is not None and len(high) >= CUT_CHARACTERS:
        high = None
    return low, high


def may_leaf(p, file, negated):
    nulls = file.nulls.get(p.column.name)
    if p.op in ("null", "notnull"):
        wanted_null = (p.op == "null") != negated
        return nulls is None or (nulls > 0 if wanted_null else nulls != file.records)
    if p.op == "<=>":
        return True if negated or p.values[0] is None else not_all_null(nulls, file) and may_compare("=", p, file)
    if not not_all_null(nulls, file):
        return False
    if p.op in ("like", "prefix"):
        return True
    if p.op == "in":
        return True if negated else any(in_bounds(v, p, file) for v in p.values if v is not None)
    if None in p.values:
        return p.op == "between"  # one side may still decide; either way no row has to be kept
    if p.op == "between":
        ends = (("<", 0), (">", 1)) if negated else ((">=", 0), ("<=", 1))
        return (any if negated else all)(may_compare(op, p, file, at) for op, at in ends)
    return may_compare(NEGATED[p.op] if negated else p.op, p, file)


def not_all_null(nulls, file):
    return nulls is None or nulls != file.records


def in_bounds(v, p, file):
    low, high = bounds(p, file)
    return (low is None or compare("<=", low, v)) and (high is None or compare(">=", high, v))


def may_compare(op, p, file, at=0):
    v, (low, high) = p.values[at], bounds(p, file)
    if op == "=":
        return in_bounds(v, p, file)
    if op == "<>":
        return True
    return (low is None or compare(op, low, v)) if op in ("<", "<=") else (high is None or compare(op, high, v))


# --- in DuckDB ------------------------------------------------------------------------------------------
DUCK_TYPES = {"byte": pa.int8(), "integer": pa.int32(), "long": pa.int64(), "float": pa.float32(), "double": pa.float64(),
              "decimal(20,4)": pa.decimal128(20, 4), "string": pa.string(), "date": pa.date32(),
              "timestamp": pa.timestamp("us"), "timestamp_ntz": pa.timestamp("us"), "boolean": pa.bool_()}


def duck_name(column):
    return '"' + column.name + '"'


def duck_literal(kind, v, plain):
    """Times without a zone: the columns hold UTC without one too."""
    sort = family(kind)
    if v is not None and sort in ("float", "double"):
        return f"CAST('{v!r}' AS {sort.upper()})"
    return literal("timestamp" if sort == "timestamp_ntz" else kind, v, plain)


DUCK = Dialect(duck_name, duck_literal, "IS NOT DISTINCT FROM")


class Duck:
    """Rows and statistics of some versions as typed tables."""

    def __init__(self, columns, files):
        """files: the distinct File objects; an answer is a set of their numbers."""
        self.connection = duckdb.connect(config={"threads": 1})
        # Held as attributes: DuckDB reads the Arrow tables in place.
        self.rows, self.entries = self.row_table(columns, files), self.entry_table(columns, files)
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.register("rows_arrow", self.rows)
        self.connection.register("entries_arrow", self.entries)
        self.connection.execute("CREATE TABLE rows AS FROM rows_arrow")
        self.connection.execute("CREATE TABLE entries AS FROM entries_arrow")

    @staticmethod
    def row_table(columns, files):
        counts = [len(f.rows["i"]) for f in files]
        data = {"file": pa.array([n for n, count in enumerate(counts) for _ in range(count)])}
        for c in columns:
            values = [f.partition[c.name] if c.partition else f.rows[c.name][k]
                      for f, count in zip(files, counts) for k in range(count)]
            data[c.name] = pa.array(values, DUCK_TYPES[c.type])
        return pa.table(data)

    @staticmethod
    def entry_table(columns, files):
        data = {"file": pa.array(range(len(files))), "records": pa.array([f.records for f in files], pa.int64())}
        for c in columns:
            kind = DUCK_TYPES[c.type]
            if c.partition:
                data[c.name] = pa.array([f.partition[c.name] for f in files], kind)
                continue
            ends = [(f.low.get(c.name), f.high.get(c.name)) for f in files]
            data["min." + c.name] = pa.array([low for low, _ in ends], kind)
            data["max." + c.name] = pa.array([high for _, high in ends], kind)
            data["nulls." + c.name] = pa.array([f.nulls.get(c.name) for f in files], pa.int64())
        return pa.table(data)

    def numbers(self, query):
        return {number for number, in self.connection.execute(query).fetchall()}

    def must(self, p):
        return self.numbers(f"SELECT DISTINCT file FROM rows WHERE {sql(p, dialect=DUCK)}")

    def may(self, p):
        return self.numbers(f"SELECT file FROM entries WHERE {skipping(p)}")


def skipping(p, negated=False):
    """The predicate over partition values and bounds that is TRUE for every file that may hold a row."""
    if p.op == "not":
        return skipping(p.parts[0], not negated)
    if p.op in ("and", "or"):
        word = " AND " if (p.op == "and") != negated else " OR "
        return "(" + word.join(skipping(part, negated) for part in p.parts) + ")"
    if p.column.partition:
        return f"coalesce({'NOT ' if negated else ''}({sql(p, dialect=DUCK)}), FALSE)"
    return skipping_leaf(p, negated)


def skipping_leaf(p, negated):
    nulls, rows = f'"nulls.{p.column.name}"', f'coalesce("nulls.{p.column.name}" <> records, TRUE)'
    if p.op in ("null", "notnull"):
        return f"coalesce({nulls} > 0, TRUE)" if (p.op == "null") != negated else rows
    if p.op == "<=>":
        return "TRUE" if negated or p.values[0] is None else f"({rows} AND {side('=', p, p.values[0])})"
    if p.op in ("like", "prefix"):
        return rows
    if p.op == "in":
        sides = [side("=", p, v) for v in p.values if v is not None]
        return rows if negated else f"({rows} AND ({' OR '.join(sides) or 'FALSE'}))"
    if None in p.values:
        return rows if p.op == "between" else "FALSE"
    if p.op == "between":
        ends = (("<", 0), (">", 1)) if negated else ((">=", 0), ("<=", 1))
        return f"({rows} AND ({(' OR ' if negated else ' AND ').join(side(op, p, p.values[at]) for op, at in ends)}))"
    return f"({rows} AND {side(NEGATED[p.op] if negated else p.op, p, p.values[0])})"


def side(op, p, v):
    """What the bounds say of a comparison."""
    low, high, text = f'"min.{p.column.name}"', f'"max.{p.column.name}"', duck_literal(p.column.type, v, False)
    sort = family(p.column.type)
    if sort in ("timestamp", "timestamp_ntz"):
        low, high = f"date_trunc('millisecond', {low})", f"date_trunc('millisecond', {high}) + INTERVAL 999 MICROSECOND"
    if sort == "string":
        high = f"CASE WHEN length({high}) < {CUT_CHARACTERS} THEN {high} END"
    lower, upper = (lambda o: f"coalesce({low} {o} {text}, TRUE)"), (lambda o: f"coalesce({high} {o} {text}, TRUE)")
    if sort in ("float", "double"):
        low = f"CASE WHEN NOT isnan({low}) THEN {low} END"
        upper = lambda o: "TRUE"  # noqa: E731
    if op == "=":
        return f"({lower('<=')} AND {upper('>=')})"
    if op == "<>":
        return "TRUE"
    return lower(op) if op in ("<", "<=") else upper(op)
