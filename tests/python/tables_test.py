"""The given tables through PyArrow, Polars and DuckDB: the same rows as `deltalake` reads, or a refusal by name.

Rows are compared as sets of texts. With a predicate, the rows of the chosen files that match are those of the whole table.
"""
import collections
import glob
import os
import random
import tempfile
import unittest
import unittest.mock

import deltalake
import duckdb
import levee
import pyarrow as pa

ROOT = os.environ.get(
    "LEVEE_TEST_TABLES", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/tables")
)


def text_of(value):
    """A value as text that does not depend on the library: a map is a list of pairs, as Polars has it."""
    if isinstance(value, dict) and set(value) == {"key", "value"}:
        return text_of((value["key"], value["value"]))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {text_of(member)}" for key, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text_of, value)) + "]"
    return repr(value)


def rows_of(table):
    return sorted(text_of(tuple(row.values())) for row in table.to_pylist())


def rows_with(table, column, value):
    return sorted(text_of(tuple(row.values())) for row in table.to_pylist() if row[column] == value)


def by_duckdb(table, where=None):
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    return table.duckdb(con, where).to_arrow_table()


def by_duckdb_at_once(table, where=None):
    """The way of tables of many partitions, for all of them."""
    with unittest.mock.patch("levee.scan_duckdb._GROUPS_MAX", 0):
        return by_duckdb(table, where)


def by_polars_at_once(table, where=None):
    with unittest.mock.patch("levee.scan_polars._GROUPS_MAX", 0):
        return table.scan_polars(where).collect().to_arrow()


READERS = {
    "to_pyarrow_table": lambda t, where=None: t.to_pyarrow_table(where=where),
    "to_pyarrow_dataset": lambda t, where=None: t.to_pyarrow_dataset(where).to_table(),
    "scan_polars": lambda t, where=None: t.scan_polars(where).collect().to_arrow(),
    "scan_polars at once": by_polars_at_once,
    "duckdb": by_duckdb,
    "duckdb at once": by_duckdb_at_once,
}
# What each reader may refuse, by a part of the message.
REFUSALS = {
    "to_pyarrow_table": ["type variant"],
    "to_pyarrow_dataset": ["type variant", "has deletion vectors", "has column mapping"],
    "scan_polars": ["type variant", "has column mapping by id", "(column mapping)"],
    "scan_polars at once": ["type variant", "has column mapping by id", "(column mapping)"],
    "duckdb": ["type variant", "(column mapping)"],
    "duckdb at once": ["type variant", "(column mapping)"],
}


def literal_of(value):
    """SQL of a value that predicates are made of; None where it makes none."""
    import datetime
    import decimal

    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, decimal.Decimal)):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if type(value) is datetime.date:
        return f"DATE '{value}'"
    return None


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.path.isdir(ROOT):
            raise unittest.SkipTest(f"{ROOT} is not there")
        cls.folder = tempfile.TemporaryDirectory()
        cls.store = levee.open(os.path.join(cls.folder.name, "levee.db"))
        cls.readable = {}
        for log in sorted(glob.glob(os.path.join(ROOT, "*", "**", "_delta_log"), recursive=True)):
            path = os.path.dirname(log)
            try:
                expected = pa.table(deltalake.DeltaTable(path).scan())
            except BaseException:  # noqa: BLE001: whatever the oracle cannot read, panics among it
                continue
            table = cls.store.table(path)
            cls.readable[os.path.relpath(path, ROOT)] = (table, expected.select(table.schema().names))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_rows_are_the_oracles(self):
        self.assertGreater(len(self.readable), 120)
        equal = collections.Counter()
        for name, (table, expected) in self.readable.items():
            wanted = rows_of(expected)
            for reader, read in READERS.items():
                with self.subTest(table=name, reader=reader):
                    try:
                        got = read(table)
                    except levee.exceptions.UnsupportedError as refusal:
                        self.assertTrue(any(part in str(refusal) for part in REFUSALS[reader]), str(refusal))
                        continue
                    self.assertEqual(rows_of(got), wanted)
                    equal[reader] += 1
        self.assertGreater(equal["to_pyarrow_table"], 120)
        self.assertGreater(equal["duckdb"], 120)
        self.assertEqual(equal["duckdb at once"], equal["duckdb"])
        self.assertGreater(equal["scan_polars"], 115)
        self.assertEqual(equal["scan_polars at once"], equal["scan_polars"])
        self.assertGreater(equal["to_pyarrow_dataset"], 100)

    def test_predicates_lose_no_row(self):
        rng = random.Random(5)
        asked, fewer = 0, 0
        for name, (table, whole) in self.readable.items():
            if whole.num_rows == 0 or len(table.file_uris()) < 2:
                continue
            for _ in range(3):
                column = rng.choice(whole.column_names)
                value = whole.column(column)[rng.randrange(whole.num_rows)].as_py()
                literal = literal_of(value)
                if literal is None:
                    continue
                where = '"' + column.replace('"', '""') + f'" = {literal}'
                with self.subTest(table=name, where=where):
                    chosen = table.to_pyarrow_table(where=where)
                    self.assertEqual(rows_with(chosen, column, value), rows_with(whole, column, value))
                    asked += 1
                    fewer += chosen.num_rows < whole.num_rows
        self.assertGreater(asked, 50)
        self.assertGreater(fewer, 20)

    def test_file_uris_are_the_oracles(self):
        compared = 0
        for name, (table, _) in self.readable.items():
            with self.subTest(table=name):
                try:
                    wanted = sorted(levee.paths.local(uri) for uri in deltalake.DeltaTable(os.path.join(ROOT, name)).file_uris())
                except Exception:  # noqa: BLE001
                    continue
                self.assertEqual(sorted(table.file_uris()), wanted)
                compared += 1
        self.assertGreater(compared, 100)

    def test_folders_that_do_not_say_what_the_log_says(self):
        """Partition values that a folder's name cannot hold, or that libraries take for something else."""
        texts = ["a", "null", "NULL", None, "a b", "a=b", "50%", "ä", "x/y", "007", "true", "2024-01-01", "-1", "1e3"]
        numbers = [0, 7, -7, None, 2**31 - 1]
        rows = [{"s": text, "n": number, "id": i * 10 + j} for i, text in enumerate(texts)
                for j, number in enumerate(numbers)]
        schema = pa.schema([("s", pa.string()), ("n", pa.int32()), ("id", pa.int64())])
        for name in ("plain", "below=7"):
            with self.subTest(folder=name):
                path = os.path.join(self.folder.name, name, "texts")
                deltalake.write_deltalake(path, pa.Table.from_pylist(rows, schema), partition_by=["s", "n"])
                later = pa.table({"s": ["later"], "n": pa.array([1], pa.int32()), "id": [1000], "more": [0.5]})
                deltalake.write_deltalake(path, later, mode="append", schema_mode="merge", partition_by=["s", "n"])
                table = self.store.table(path)
                wanted = rows_of(pa.table(deltalake.DeltaTable(path).scan()).select(table.schema().names))
                self.assertEqual(len(wanted), len(rows) + 1)
                for reader, read in READERS.items():
                    self.assertEqual(rows_of(read(table)), wanted, reader)


if __name__ == "__main__":
    unittest.main()
