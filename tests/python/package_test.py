"""The package `levee`: what it answers, in which shapes, and what it refuses."""
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import deltalake
import duckdb
import levee
import polars as pl
import pyarrow as pa

TRIPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/trips")


class Package(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "levee.db")
        self.store = levee.open(self.path)
        self.table = self.store.table(TRIPS)
        self.oracle = deltalake.DeltaTable(TRIPS)

    def test_what_the_table_is(self):
        self.assertEqual(self.table.version(), self.oracle.version())
        self.assertEqual(self.table.protocol(), tuple(self.oracle.protocol()))
        self.assertEqual(self.table.metadata().id, self.oracle.metadata().id)
        self.assertEqual(self.table.metadata().partition_columns, self.oracle.metadata().partition_columns)
        self.assertEqual(self.table.metadata().configuration, self.oracle.metadata().configuration)
        self.assertEqual(self.table.schema().names, [f.name for f in self.oracle.schema().fields])
        self.assertEqual([f.type for f in self.table.schema().fields], [f.type.type for f in self.oracle.schema().fields])
        self.assertEqual(self.table.table_uri, os.path.realpath(TRIPS))
        self.assertIs(levee.DeltaTable, levee.Table)
        self.assertTrue(levee.DeltaTable.is_deltatable(TRIPS))
        self.assertFalse(levee.DeltaTable.is_deltatable(self.folder.name))

    def test_history_is_the_logs(self):
        wanted = self.oracle.history()
        got = self.table.history()
        self.assertEqual([c["version"] for c in got], [c["version"] for c in wanted])
        self.assertEqual([c["operation"] for c in got], [c["operation"] for c in wanted])
        self.assertEqual([c["timestamp"] for c in got], [c["timestamp"] for c in wanted])
        self.assertEqual(len(self.table.history(3)), 3)

    def test_files_go_anywhere(self):
        wanted = sorted(self.oracle.file_uris())
        self.assertEqual(sorted(self.table.file_uris()), wanted)
        self.assertEqual(self.table.count(), len(wanted))
        arrow = pa.table(self.table.files())
        self.assertEqual(arrow.schema.names, ["path", "size", "modificationTime", "numRecords", "partitionValues"])
        self.assertEqual(pl.DataFrame(self.table.files(columns=["path", "size"])).height, len(wanted))
        listed = pa.table(self.table.files(columns=["size"]))  # named in the SQL below
        self.assertEqual(duckdb.sql("SELECT sum(size) FROM listed").fetchall()[0][0], sum(arrow["size"].to_pylist()))
        rows = self.table.files(columns=["path", "partitionValues"]).rows()
        self.assertEqual({value["date"] for _, value in rows}, {p["date"] for p in self.oracle.partitions()})

    def test_statistics_are_typed(self):
        files = pa.table(self.table.files(columns=None))
        self.assertEqual(files.schema.field("min.trip_id").type, pa.int64())
        self.assertEqual(files.schema.field("max.started_at").type, pa.timestamp("us", "UTC"))
        wanted = pa.table(self.oracle.get_add_actions(flatten=True))
        self.assertEqual(sorted(files["max.trip_id"].to_pylist()), sorted(wanted["max.trip_id"].to_pylist()))

    def test_predicates_leave_files_out(self):
        where = "date = DATE '2024-03-05' AND minutes > 1"
        chosen = set(self.table.file_uris(where=where))
        self.assertTrue(chosen < set(self.table.file_uris()))
        by_filters = self.table.file_uris([("date", "=", "2024-03-05")])
        self.assertEqual(sorted(by_filters), sorted(self.oracle.file_uris([("date", "=", "2024-03-05")])))
        for filters in ([("date", "in", ["2024-03-05", "2024-03-07"])], [("date", "!=", "2024-03-05")],
                        [("date", "not in", ["2024-03-05"])], [("date", ">", "2024-03-10"), ("date", "<=", "2024-03-12")]):
            with self.subTest(filters=filters):
                self.assertEqual(sorted(self.table.file_uris(filters)), sorted(self.oracle.file_uris(filters)))
        self.assertIn("date = DATE '2024-03-05'", self.table.explain(where))
        self.assertTrue(self.table.explain(where, format="json").startswith("{"))
        self.assertTrue(self.table.explain(where, format="svg", analyze=True).startswith("<svg"))

    def test_older_versions(self):
        old = self.store.table(TRIPS, 7)
        self.assertEqual(old.version(), 7)
        at7 = deltalake.DeltaTable(TRIPS, version=7)
        self.assertEqual(sorted(old.file_uris()), sorted(at7.file_uris()))
        self.assertEqual(pa.table(self.table.files(version=7)).num_rows, len(at7.file_uris()))
        old.update_incremental()
        self.assertEqual(old.version(), self.oracle.version())
        old.load_as_version(3)
        self.assertEqual(old.version(), 3)
        changed = pa.table(self.table.changes(5, 7, columns=["path"])).to_pylist()
        now, before = set(at7.file_uris()), set(deltalake.DeltaTable(TRIPS, version=5).file_uris())
        self.assertEqual(sum(row["change"] == "add" for row in changed) - sum(row["change"] == "remove" for row in changed),
                         len(now) - len(before))
        with self.assertRaises(levee.exceptions.OutOfRangeError):
            self.store.table(TRIPS, 1_000)

    def test_a_commit_is_seen_at_once(self):
        path = os.path.join(self.folder.name, "t")
        deltalake.write_deltalake(path, pa.table({"id": [1, 2]}))
        table = self.store.table(path)
        self.assertEqual(table.count(), 1)
        deltalake.write_deltalake(path, pa.table({"id": [3]}), mode="append")
        self.assertEqual(table.version(), 1)
        self.assertEqual(table.count(), 2)
        kept = self.store.table(path, 0)
        self.assertEqual(kept.count(), 1)
        self.assertEqual(table.check()["status"], "equal")
        self.assertEqual(table.repair(dry_run=True), {"status": "sound", "version": table.version(), "found": [], "done": [], "lost": []})
        self.assertEqual(table.sync()["to_version"], 1)

    def test_errors_are_classes(self):
        with self.assertRaises(ValueError) as wrong:
            self.table.files("nights > 3")
        self.assertIsInstance(wrong.exception, levee.LeveeError)
        self.assertEqual(wrong.exception.code, "invalid-argument")
        self.assertEqual(str(wrong.exception), "predicate: position 1: no column 'nights'")
        with self.assertRaises(levee.exceptions.TableNotFoundError):
            self.store.table(self.folder.name).version()
        with self.assertRaisesRegex(ValueError, "there is none of that name"):
            levee.open(self.path, colour="blue")
        with self.assertRaisesRegex(ValueError, "there is no field 'pth'"):
            self.table.files(columns=["pth"])
        with self.assertRaisesRegex(NotImplementedError, "not built in"):
            levee.open("duckdb:x.duckdb")
        stream = self.table.files()
        stream.rows()
        with self.assertRaisesRegex(ValueError, "read already"):
            pa.table(stream)

    def test_uris(self):
        os.environ["LEVEE_TEST_FOLDER"] = self.folder.name
        self.addCleanup(os.environ.pop, "LEVEE_TEST_FOLDER")
        self.store.add(TRIPS, "trips")
        uri = "deltasql://sqlite/${LEVEE_TEST_FOLDER}/levee.db"
        self.assertEqual([t["name"] for t in levee.open(uri).tables()], ["trips"])
        self.assertEqual(levee.Table(uri + "#trips").version(), self.oracle.version())
        with self.assertRaisesRegex(ValueError, "the environment has no LEVEE_NOT_SET"):
            levee.open("deltasql://sqlite/${LEVEE_NOT_SET}/x.db")
        os.environ["LEVEE_TEST_FOLDER"] = "hunter2"
        for secret in ("deltasql://postgresql/user:${LEVEE_TEST_FOLDER}@host/db", "deltasql://oracle/user:hunter2@host/db"):
            with self.assertRaises(levee.LeveeError) as refused:
                levee.open(secret)
            self.assertNotIn("hunter2", str(refused.exception))

    def test_streams_outlive_their_store(self):
        store = levee.open(os.path.join(self.folder.name, "other.db"))
        stream = store.table(TRIPS).files()
        del store
        gc.collect()
        self.assertEqual(len(stream.rows()), len(self.oracle.file_uris()))

    def test_threads_ask_together(self):
        wanted, answers = self.table.count(), []

        def ask():
            answers.extend(self.table.count() for _ in range(50))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [wanted] * 200)

    def test_notebooks_show_the_table(self):
        html = self.table._repr_html_()
        self.assertIn("<td>42</td>", html)
        self.assertIn("trip_id", html)
        self.assertIn("version=42", repr(self.table))

    def test_nothing_else_is_needed(self):
        """A process without site-packages: neither PyArrow nor any other library is there."""
        log = os.path.join(self.folder.name, "plain", "_delta_log")
        os.makedirs(log)
        for name in sorted(os.listdir(os.path.join(TRIPS, "_delta_log")))[:9]:
            if name.endswith(".json"):
                shutil.copy(os.path.join(TRIPS, "_delta_log", name), log)
        script = f"import levee; print(levee.open({self.path!r}).table({os.path.dirname(log)!r}).file_uris()[0])"
        done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        self.assertIn("part-00000", done.stdout)


if __name__ == "__main__":
    unittest.main()
