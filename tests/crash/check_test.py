#!/usr/bin/env python3
"""`check` by its exit code and words: equal, lagging, diverged, and drift made on purpose in the database."""
import json
import os
import pathlib
import shutil
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from log_case import LogCase, run  # noqa: E402

ACTIVE, TAIL, REMOVALS = 1, 3, 5  # kinds of segments


class CheckTest(LogCase):
    SEED = 23

    def setUp(self):
        super().setUp()
        self.store.run("add", self.store.table)
        self.log.commit(30, 0)
        self.log.commit(0, 20)
        self.store.run("sync", self.store.table)

    def check(self, expect):
        """The report as JSON, and standard error."""
        _, out, err = self.store.run("check", self.store.table, "--format", "json", expect=(expect,))
        return json.loads(out), err

    def sql(self, statement, *values):
        with sqlite3.connect(self.store.path) as database:
            rows = database.execute(statement, values).fetchall()
        database.close()
        return rows

    def drop_newest(self, kind):
        """The store loses its newest segment of a kind, as through a defect."""
        (segment,), = self.sql("SELECT max(segment_id) FROM segments WHERE state=1 AND kind=?", kind)
        self.sql("UPDATE segments SET state=2 WHERE segment_id=?", segment)

    def expect_drift(self, missing=(), unexpected=(), differing=()):
        report, _ = self.check(expect=2)
        self.assertEqual(report["status"], "drift")
        for name, paths in (("missing", missing), ("unexpected", unexpected), ("differing", differing)):
            self.assertEqual(report[name], sorted(paths)[:100], name)
            self.assertEqual(report[name + "Count"], len(paths), name)

    def test_equal(self):
        report, err = self.check(expect=0)
        self.assertEqual((report["status"], report["storeVersion"], report["logVersion"], err),
                         ("equal", self.log.newest, self.log.newest, ""))

    def test_lagging(self):
        self.log.commit(1, 1)
        report, err = self.check(expect=3)
        self.assertEqual((report["status"], report["storeVersion"], report["logVersion"]),
                         ("lagging", self.log.newest - 1, self.log.newest))
        self.assertRegex(err, r"the store is behind the log \(levee sync ")

    def test_diverged(self):
        head = self.log.log / f"{self.log.newest:020d}.json"
        head.write_text(head.read_text().replace('"remove"', '"Remove"', 1))
        report, err = self.check(expect=2)
        self.assertEqual(report["status"], "diverged")
        self.assertRegex(err, r"the log was rewritten \(levee forget .*, then levee add ")

    def test_diverged_from_a_shorter_log(self):
        for version in range(self.log.newest - 1, self.log.newest + 1):
            os.unlink(self.log.log / f"{version:020d}.json")
        report, _ = self.check(expect=2)
        self.assertEqual((report["status"], report["logVersion"]), ("diverged", self.log.newest - 2))

    def test_a_log_that_is_gone(self):
        shutil.rmtree(self.log.log)
        _, out, err = self.store.run("check", self.store.table, expect=(1,))
        self.assertEqual(out, b"")
        self.assertRegex(err, "its log is gone")

    def test_missing(self):
        self.drop_newest(TAIL)
        self.expect_drift(missing=self.log.undo[self.log.newest - 1][0])

    def test_unexpected(self):
        self.drop_newest(REMOVALS)
        self.expect_drift(unexpected=self.log.undo[self.log.newest][1])

    def test_differing(self):
        # Later adds of live keys take their place; the store forgets that they did.
        paths = self.log.rng.sample(sorted(self.log.live), 130)
        lines = [json.dumps({"add": {**self.log.new_add(), "path": path}}) for path in paths]
        (self.log.log / f"{self.log.newest + 1:020d}.json").write_text("\n".join(lines))
        self.store.run("sync", self.store.table)
        self.check(expect=0)
        self.drop_newest(TAIL)
        self.drop_newest(REMOVALS)
        self.expect_drift(differing=paths)

    def test_all_at_once(self):
        paths = sorted(self.log.live)[:3]
        lines = [json.dumps({"add": {**self.log.new_add(), "path": path}}) for path in paths]
        (self.log.log / f"{self.log.newest + 1:020d}.json").write_text("\n".join(lines))
        self.store.run("sync", self.store.table)
        self.sql("UPDATE segments SET state=2 WHERE kind IN (?, ?)", TAIL, REMOVALS)
        # Whatever the sample says, it is sorted, and each kind is counted for itself.
        report, _ = self.check(expect=2)
        gone = set(self.log.undo[self.log.newest - 1][0])
        self.assertLessEqual(gone - self.log.undo[self.log.newest][1].keys(), set(report["missing"]))
        self.assertLessEqual(set(paths) - gone, set(report["differing"]))
        self.assertGreater(report["unexpectedCount"], 0)

    def test_state(self):
        self.sql("UPDATE state_actions SET json=replace(json, '\"id\":\"', '\"id\":\"x') WHERE kind=2")
        report, err = self.check(expect=2)
        self.assertEqual(report["status"], "drift")
        self.assertRegex(err, "metaData")

    def expect_damage(self, statement, blob, key, segment):
        """Flips a byte in the middle of the blob that `statement` writes: `check` names its segment."""
        flipped = bytearray(blob)
        flipped[len(blob) // 2] ^= 0x10
        try:
            self.sql(statement, bytes(flipped), key)
            report, err = self.check(expect=2)
        finally:
            self.sql(statement, blob, key)
        self.assertEqual(report["status"], "drift")
        named = [note for note in report["notes"] if note.startswith(f"damaged: segment {segment}")]
        self.assertNotEqual(named, [], report["notes"])
        self.assertRegex(err, rf"(?m)^levee: damaged: segment {segment}\b.*: .*checksum")
        self.assertRegex(err, r"\(levee repair ")

    def test_a_flipped_byte_in_a_chunk_is_named(self):
        chunks = self.sql("SELECT chunk_id, data FROM chunks ORDER BY chunk_id")
        self.assertGreater(len(chunks), 1)
        for chunk, data in chunks:
            with self.subTest(chunk=chunk):
                self.expect_damage("UPDATE chunks SET data=? WHERE chunk_id=?", data, chunk, chunk >> 20)
        self.check(expect=0)

    def test_a_flipped_byte_in_a_segment_is_named(self):
        for kind in (ACTIVE, TAIL, REMOVALS):
            with self.subTest(kind=kind):
                (segment, body), = self.sql("SELECT segment_id, body FROM segments WHERE state=1 AND kind=?"
                                            " ORDER BY segment_id LIMIT 1", kind)
                self.expect_damage("UPDATE segments SET body=? WHERE segment_id=?", body, segment, segment)
        self.check(expect=0)


if __name__ == "__main__":
    run("check", __doc__)
