"""Expressions of Polars and PyArrow: the SQL they become, what is refused, and that no file with a matching row is lost.

The oracle of the last is the library itself: the expression over the rows of the chosen files gives what it gives over all rows.
"""
import datetime as dt
import decimal
import glob
import os
import random
import tempfile
import unittest

import deltalake
import levee
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from levee.expressions import to_sql

ROOT = os.environ.get(
    "LEVEE_TEST_TABLES", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/tables")
)
D, UTC = decimal.Decimal, dt.timezone.utc
MARCH = dt.datetime(2024, 3, 1, 12, 0, 0, 5, UTC)
BERLIN = dt.timezone(dt.timedelta(hours=1))
SCHEMA = pa.schema([
    ("i", pa.int64()), ("small", pa.int8()), ("s", pa.string()), ("f", pa.float64()), ("g", pa.float32()),
    ("m", pa.decimal128(20, 3)), ("b", pa.bool_()), ("d", pa.date32()), ("t", pa.timestamp("us", "UTC")),
    ("n", pa.timestamp("us")), ("by", pa.binary()), ("o\"k.x", pa.int32()), ("st", pa.struct([("x", pa.int64())])),
])
c, f = pl.col, pc.field

EQUAL_SQL = [  # an expression of Polars, the same of PyArrow, the SQL of both
    (c("i") > 3, f("i") > 3, '"i" > 3'),
    (pl.lit(3) >= c("i"), pc.scalar(3) >= f("i"), '"i" <= 3'),
    (c("i") == -(2**62) - 1, f("i") == -(2**62) - 1, '"i" = -4611686018427387905'),
    (c("i") != 3, f("i") != 3, '"i" <> 3'),
    (c("s") == "it's", f("s") == "it's", "\"s\" = 'it''s'"),
    (c("d") < dt.date(2024, 3, 1), f("d") < dt.date(2024, 3, 1), "\"d\" < DATE '2024-03-01'"),
    (c("t") >= MARCH, f("t") >= MARCH, "\"t\" >= TIMESTAMP '2024-03-01 12:00:00.000005+00:00'"),
    (c("t") >= MARCH.astimezone(BERLIN), f("t") >= MARCH.astimezone(BERLIN),
     "\"t\" >= TIMESTAMP '2024-03-01 12:00:00.000005+00:00'"),
    (c("n") == dt.datetime(2024, 3, 1), f("n") == dt.datetime(2024, 3, 1),
     "\"n\" = TIMESTAMP_NTZ '2024-03-01 00:00:00.000000'"),
    (c("m") <= D("-1.50"), f("m") <= D("-1.50"), '"m" <= -1.500'),
    (c("f") < 1.5, f("f") < 1.5, "\"f\" < CAST('1.5' AS DOUBLE)"),
    (c("b"), f("b"), '"b" = TRUE'),
    (~c("b"), ~f("b"), '"b" <> TRUE'),
    (c("b") == False, f("b") == False, '"b" = FALSE'),  # noqa: E712: an expression
    (c("i").is_null(), f("i").is_null(), '"i" IS NULL'),
    (c("i").is_not_null(), f("i").is_valid(), '"i" IS NOT NULL'),
    (c("i").is_in([1, 2]), f("i").isin([1, 2]), '"i" IN (1, 2)'),
    (c("s").is_in(["a'", None]), f("s").isin(["a'", None]), "(\"s\" IN ('a''') OR \"s\" IS NULL)"),
    (~c("i").is_in([1, None]), ~f("i").isin([1, None]), '("i" NOT IN (1) OR "i" IS NULL)'),
    (c("i").is_in([]), f("i").isin(pa.array([], pa.int64())), "FALSE"),
    ((c("i") > 1) & (c("i") < 9) & c("b"), (f("i") > 1) & (f("i") < 9) & f("b"), '("i" > 1 AND "i" < 9 AND "b" = TRUE)'),
    (~((c("i") > 1) | c("s").is_null()), ~((f("i") > 1) | f("s").is_null()), '("i" <= 1 AND "s" IS NOT NULL)'),
    (c('o"k.x') == 1, f('o"k.x') == 1, '"o""k.x" = 1'),
    (c("st").struct.field("x") > 3, f("st", "x") > 3, '"st"."x" > 3'),
    (c("i") > pl.lit(3).cast(pl.Int8), f("i") > pc.scalar(3).cast(pa.int8()), '"i" > 3'),
    (c("d") == pl.lit("2024-03-01").cast(pl.String), f("d") == pc.scalar("2024-03-01").cast(pa.date32()), None),
    (c("i") == pl.lit(None), f("i") == pc.scalar(pa.scalar(None, pa.int64())), "FALSE"),
    (pl.lit(True), pc.scalar(True), "TRUE"),
    (c("i") > 2.5, f("i") > 2.5, '"i" >= 2'),
    ((c("i") > 3) & c("by").is_in([b"x"]), (f("i") > 3) & (f("by") == b"x"), '"i" > 3'),
    (c("m") >= 1.5, f("m") >= 1.5, '"m" >= 1.499'),
]
POLARS_SQL = [
    (c("i").is_between(1, 5), '("i" >= 1 AND "i" <= 5)'),
    (~c("i").is_between(1, 5, closed="left"), '("i" < 1 OR "i" >= 5)'),
    (c("i").eq_missing(3), '"i" IN (3)'),
    (c("i").ne_missing(3), '("i" NOT IN (3) OR "i" IS NULL)'),
    (c("i").is_in(pl.Series([7])), '"i" IN (7)'),
    ((c("i") > 3).alias("x"), '"i" > 3'),
    (pl.all_horizontal(c("i") > 3, c("b")), '("i" > 3 AND "b" = TRUE)'),
    (c("i") == -pl.lit(3), '"i" = -3'),
    (c("i") > pl.lit(2**62, dtype=pl.UInt64), f'"i" >= {2**62 - 2**62 // 10**6 - 1}'),
    (c("t") > pl.lit(dt.datetime(2024, 3, 1, tzinfo=UTC)).cast(pl.Datetime("ms", "UTC")),
     "\"t\" >= TIMESTAMP '2024-02-29 23:59:59.999000+00:00'"),
]
PYARROW_SQL = [
    (~f("f").is_null(nan_is_null=True), '"f" IS NOT NULL'),
    (f("f") > 1.5, "\"f\" > CAST('1.5' AS DOUBLE)"),
    (f("t") > pa.scalar(1_500, pa.timestamp("ns", "UTC")), "\"t\" >= TIMESTAMP '1970-01-01 00:00:00.000000+00:00'"),
    (f("t") > pa.scalar(1, pa.timestamp("s", "Asia/Tokyo")), "\"t\" > TIMESTAMP '1970-01-01 00:00:01.000000+00:00'"),
    (f("t") >= pc.scalar("2024-03-01T00:00:00Z").cast(pa.timestamp("us", "UTC")),
     "\"t\" >= TIMESTAMP '2024-03-01 00:00:00.000000+00:00'"),
]
REFUSED = [
    (c("f") > 1.5, "f may be NaN"),
    (~(f("f") < 1.5), "f may be NaN"),
    (f("f").is_null(nan_is_null=True), "f may be NaN"),
    (c("f") == float("nan"), "does not read its literal"),
    (c("s").str.starts_with("x"), "StringExpr.StartsWith"),
    (pc.starts_with(f("s"), "x"), "starts_with of s"),
    ((c("i") > 3) | c("s").str.starts_with("x"), "StringExpr.StartsWith"),
    ((c("i") > 1) ^ (c("i") > 3), "operator Xor"),
    (c("i").cast(pl.Float64) > 2.5, "left side of Gt is no column"),
    (f("i").cast("float64") > 2.5, r"greater of cast\(...\)"),
    (c("i") > c("small"), "Column stands where a value is wanted"),
    (f("i") > f("small"), "small stands where a value is wanted"),
    (c("i") & 3, "i is a long"),
    (c("d") == dt.datetime(2024, 3, 1), "d is a date, and is compared with the timestamp_ntz"),
    (f("s") == 3, "s is a string"),
    (c("by") == b"x", "type Binary has no counterpart"),
    (c("i").sum() > 3, "is no column"),
    (c("b") > False, "b is a boolean"),
    (object(), "a builtins.object is none"),
]


class Sql(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        path = os.path.join(cls.folder.name, "t")
        deltalake.write_deltalake(path, SCHEMA.empty_table())
        cls.table = levee.open(os.path.join(cls.folder.name, "levee.db")).table(path)
        cls.schema = cls.table.schema()

    def test_what_expressions_become(self):
        both = [(e, sql) for of_polars, of_pyarrow, sql in EQUAL_SQL for e in (of_polars, of_pyarrow) if sql]
        for expression, sql in both + POLARS_SQL + PYARROW_SQL:
            with self.subTest(expression=str(expression)):
                self.assertEqual(to_sql(expression, self.schema), sql)
                self.table.count(expression)  # Levee takes it

    def test_what_is_refused(self):
        for expression, why in REFUSED:
            with self.subTest(expression=str(expression)):
                with self.assertRaisesRegex(levee.exceptions.UnsupportedError, why):
                    self.table.files(expression)
        for expression in (c("nights") > 3, f("nights") > 3, f("st", "y") > 3, c("s").is_null() & c("x").is_null()):
            with self.assertRaisesRegex(levee.exceptions.InvalidArgumentError, "there is no column"):
                self.table.files(expression)

    def test_long_chains(self):
        for column in (c, f):
            chain, nested = column("i") > 0, column("i") > 0
            for n in range(150):
                chain, nested = chain | (column("i") == n), ~(nested & (column("i") == n))
            self.assertEqual(to_sql(chain, self.schema).count("("), 1)
            self.table.count(chain)
            for n in range(3000):
                nested = ~(nested & (column("i") == n))
            with self.assertRaisesRegex(levee.exceptions.UnsupportedError, "nested too deeply|does not write"):
                self.table.count(nested)

    def test_every_question_takes_them(self):
        for expression in (c("i") > 3, f("i") > 3):
            self.assertEqual(self.table.count(expression), self.table.count("i > 3"))
            self.assertEqual(self.table.file_uris(where=expression), [])
            self.assertIn("i > 3", self.table.explain(expression))
            self.assertEqual(self.table.to_pyarrow_table(where=expression).num_rows, 0)
            self.assertEqual(self.table.scan_polars(expression).collect().height, 0)


def hard_rows():
    """Values at which comparisons of unlike types round, one file each, nulls and NaN among them."""
    big = [2**53, 2**53 + 1, -(2**53) - 1, 2**24, 2**24 + 1, 0, 1, 3, 2**62, None]
    return [{
        "i": value, "small": None if value is None else value % 100, "s": None if value is None else chr(65 + n) + "'é",
        "f": [float("nan"), 1.5, 0.1, -0.0, None][n % 5], "g": [0.1, float("nan"), 16777217.0, 1.5, None][n % 5],
        "m": None if value is None else D(n) / 8 * 10**(n % 3), "b": [True, False, None][n % 3],
        "d": dt.date(2024, 3, 1 + n), "t": dt.datetime(2024, 3, 1, 0, 0, n, 999 * n, UTC),
        "n": dt.datetime(1969, 12, 31, 23, 59, 59, 999 - n), "by": b"x", "o\"k.x": n, "st": {"x": n},
    } for n, value in enumerate(big)]


def polars_leaf(rng, column, value):
    """A random condition on a column, that may be true for a value of it."""
    column, literals = c(column), [pl.lit(value)]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        literals += [pl.lit(value + 0.5), pl.lit(float(value)), pl.lit(value, dtype=pl.Float32)]
    if isinstance(value, dt.datetime):
        literals += [pl.lit(value).dt.cast_time_unit(unit) if unit == "us" else
                     pl.lit(value).cast(pl.Datetime(unit, "UTC" if value.tzinfo else None)) for unit in ("ms", "ns", "us")]
    if isinstance(value, D):
        literals += [pl.lit(float(value)), pl.lit(int(value))]
    literal = rng.choice(literals)
    return rng.choice([
        lambda: column == literal, lambda: column != literal, lambda: column < literal, lambda: column <= literal,
        lambda: column > literal, lambda: column >= literal, lambda: literal < column, lambda: column.is_null(),
        lambda: column.is_not_null(), lambda: column.is_in([value]), lambda: column.is_in([value, None]),
        lambda: column.is_between(literal, literal), lambda: column.eq_missing(literal), lambda: column.ne_missing(literal),
        lambda: column.cast(pl.String).str.len_bytes() > 3,
    ])()


def pyarrow_leaf(rng, column, value, kind):
    column, literals = f(column), [pa.scalar(value, kind)]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        literals += [pa.scalar(value + 0.5), pa.scalar(float(value)), pa.scalar(float(value), pa.float32())]
    if isinstance(value, dt.datetime):
        whole = value.replace(microsecond=0)
        literals += [pa.scalar(whole, pa.timestamp(unit, kind.tz)) for unit in ("s", "ms", "ns")]
    if isinstance(value, D):
        literals += [pa.scalar(float(value)), pa.scalar(int(value))]
    literal = rng.choice(literals)
    return rng.choice([
        lambda: column == literal, lambda: column != literal, lambda: column < literal, lambda: column <= literal,
        lambda: column > literal, lambda: column >= literal, lambda: pc.scalar(literal) < column, lambda: column.is_null(),
        lambda: column.is_valid(), lambda: column.is_null(nan_is_null=True), lambda: column.isin(pa.array([value], kind)),
        lambda: column.isin(pa.array([value, None], kind)), lambda: pc.is_in(column, pa.array([value], kind), skip_nulls=True),
        lambda: pc.utf8_length(column.cast("string")) > 3,
    ])()


def tree(rng, leaf):
    """A random expression over leaves."""
    shape = rng.randrange(6)
    if shape < 3:
        return leaf()
    if shape == 3:
        return ~tree(rng, leaf)
    left, right = tree(rng, leaf), tree(rng, leaf)
    return left & right if shape == 4 else left | right


class NoRowIsLost(unittest.TestCase):
    """`asked` expressions were translated, `fewer` of them left files out."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.store = levee.open(os.path.join(self.folder.name, "levee.db"))
        self.asked = self.fewer = 0

    def compare(self, table, whole, expression, rows):
        """The rows that `rows` finds in a table by the expression, in the chosen files and in all."""
        try:
            wanted = rows(whole, expression)
        except (pl.exceptions.PolarsError, pa.ArrowException):
            return  # the library does not evaluate it
        try:
            chosen = table.to_pyarrow_table(where=expression)
        except levee.exceptions.UnsupportedError:
            return
        got = rows(chosen, expression)
        self.assertEqual(sorted(map(repr, got)), sorted(map(repr, wanted)), to_sql(expression, table.schema()))
        self.asked += 1
        self.fewer += chosen.num_rows < whole.num_rows

    def ask(self, table, whole, rng):
        columns = [n for n in whole.column_names if not pa.types.is_nested(whole.schema.field(n).type)]

        def value_of(column):
            values = [v for v in whole.column(column).to_pylist() if v is not None]
            return rng.choice(values) if values else None

        def of_polars():
            column = rng.choice(columns)
            return polars_leaf(rng, column, value_of(column))

        def of_pyarrow():
            column = rng.choice(columns)
            return pyarrow_leaf(rng, column, value_of(column), whole.schema.field(column).type)

        for leaf, rows in (
            (of_polars, lambda t, e: pl.from_arrow(t.select(columns)).filter(e).rows()),
            (of_pyarrow, lambda t, e: list(zip(*(x.to_pylist() for x in t.filter(e).select(columns).columns)))),
        ):
            try:
                expression = tree(rng, leaf)
            except (pl.exceptions.PolarsError, pa.ArrowException, TypeError, OverflowError, ValueError):
                continue  # the library has no such literal
            with self.subTest(expression=str(expression)):
                self.compare(table, whole, expression, rows)

    def test_at_values_that_round(self):
        path = os.path.join(self.folder.name, "hard")
        for row in hard_rows():
            beside = {**row, "f": -2.5, "g": -2.5}  # a NaN alone leaves its file without statistics
            deltalake.write_deltalake(path, pa.Table.from_pylist([row, beside], SCHEMA), mode="append")
        table = self.store.table(path)
        whole = table.to_pyarrow_table()
        rng = random.Random(11)
        for _ in range(600):
            self.ask(table, whole, rng)
        self.assertGreater(self.asked, 400)
        self.assertGreater(self.fewer, 150)

    def test_on_the_given_tables(self):
        if not os.path.isdir(ROOT):
            self.skipTest(f"{ROOT} is not there")
        rng = random.Random(12)
        for log in sorted(glob.glob(os.path.join(ROOT, "*", "**", "_delta_log"), recursive=True)):
            table = self.store.table(os.path.dirname(log))
            try:
                whole = table.to_pyarrow_table()
                several = table.count() > 1
            except (levee.LeveeError, OSError):
                continue  # refused by name, or without data files
            if whole.num_rows and several and not all(map(pa.types.is_nested, whole.schema.types)):
                with self.subTest(table=os.path.relpath(os.path.dirname(log), ROOT)):
                    for _ in range(6):
                        self.ask(table, whole, rng)
        self.assertGreater(self.asked, 200)
        self.assertGreater(self.fewer, 60)


if __name__ == "__main__":
    unittest.main()
