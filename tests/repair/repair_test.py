#!/usr/bin/env python3
"""`repair` after damage of every kind: right answers at every version that is left, and what is lost named."""
import json
import os
import pathlib
import shutil
import signal
import sys
import threading
import uuid

import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "crash")]
from crash_table import Log, PAUSED, Store, seeded  # noqa: E402
from damage import ACTIVE, HISTORY, KEYS, REMOVALS, STATISTICS, TAIL, Damage  # noqa: E402
from log_case import LogCase, run  # noqa: E402

BAD_STATE = bytes.fromhex("4c56736a") + bytes(20)  # an envelope whose checksum does not match


def active(damage):
    return damage.segments(ACTIVE, form=1)[0]


# What is damaged -> how. Every one of these can be made right while the log is whole.
KINDS = {
    "a column": lambda d: d.flip_piece(active(d), zone_map=False),
    "a zone map": lambda d: d.flip_piece(active(d), zone_map=True),
    "a key index": lambda d: d.flip_chunk(active(d), KEYS),
    "statistics": lambda d: d.flip_chunk(active(d), STATISTICS),
    "a directory": lambda d: d.flip_body(active(d)),
    "history": lambda d: d.flip_body(d.segments(HISTORY)[0]),
    "the tail": lambda d: d.flip_body(d.segments(TAIL)[-1]),
    "removals": lambda d: d.flip_body(d.segments(REMOVALS)[-1]),
    "a chunk that is gone": lambda d: d.sql("DELETE FROM chunks WHERE chunk_id=?", list(d.pieces(active(d)))[0][1]),
    "an active segment that is gone": lambda d: d.sql("DELETE FROM segments WHERE segment_id=?", active(d)),
    "history that is gone": lambda d: d.sql("DELETE FROM segments WHERE segment_id=?", d.segments(HISTORY)[0]),
    "removals that are gone": lambda d: d.sql("DELETE FROM segments WHERE segment_id=?", d.segments(REMOVALS)[-1]),
    "state": lambda d: d.sql("UPDATE state_actions SET json=? WHERE kind=2", BAD_STATE),
    "state that is gone": lambda d: d.sql("DELETE FROM state_actions WHERE kind=1"),
    "sums by partition": lambda d: d.flip("partition_runs", "run_id", "body",
                                          d.sql("SELECT max(run_id) FROM partition_runs")[0][0], -3),
    "the dictionary": lambda d: d.flip("dictionary", "first_column", "keys", 0, -3),
    "commits that are gone": lambda d: d.sql("DELETE FROM commits WHERE version IN (SELECT max(version)-2 FROM commits)"),
    "the newest commit that is gone": lambda d: d.sql("DELETE FROM commits WHERE version=(SELECT max(version) FROM commits)"),
    "a commit's totals": lambda d: d.sql("UPDATE commits SET num_files=num_files+1 WHERE version=(SELECT max(version) FROM commits)"),
    "a head too high": lambda d: d.sql("UPDATE tables SET head_version=head_version+5"),
    "a head too low": lambda d: d.sql("UPDATE tables SET head_version=head_version-2"),
    "the head's fingerprint": lambda d: d.sql("UPDATE tables SET head_etag='x', head_hash=7"),
    "the first version": lambda d: d.sql("UPDATE tables SET floor_version=-3"),
    "another main range": lambda d: d.sql("UPDATE tables SET main_range=9999"),
    "the main range's row": lambda d: d.sql("DELETE FROM ranges WHERE is_main=1"),
}


class RepairTest(LogCase):
    SEED = 31
    MADE = None  # a folder with a log and the store of it, made once

    def setUp(self):
        self.folder = pathlib.Path(LogCase.PLACE, self.id().rsplit(".", 1)[1])
        if RepairTest.MADE is None:
            RepairTest.MADE = self.make()
        source, log = RepairTest.MADE
        # The log stays where it is: the store knows it by its path.
        self.log, self.folder = log, source
        self.store = Store(LogCase.LEVEE, source / "t", pathlib.Path(LogCase.PLACE, self.id().rsplit(".", 1)[1] + ".db"))
        self.addCleanup(self.store.remove)
        self.restore()

    def make(self):
        """Segments of columns, history, a tail and removals: what a table in use has."""
        folder = pathlib.Path(LogCase.PLACE, "made")
        folder.mkdir()
        log = Log(LogCase.TEMPLATE, folder / "t", seeded(self.SEED))
        store = Store(LogCase.LEVEE, folder / "t", folder / "s.db")
        store.run("add", store.table)
        log.commit(400, 700)
        store.run("sync", store.table)
        for _ in range(70):
            log.commit(3, 2)
        store.run("sync", store.table)
        for _ in range(4):
            log.commit(6, 5)
            store.run("sync", store.table)
        damage = Damage(store.path)
        for kind in (ACTIVE, HISTORY, TAIL, REMOVALS):
            self.assertTrue(damage.segments(kind), f"the table has no segments of kind {kind}")
        damage.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return folder, log

    def restore(self):
        self.store.remove()
        shutil.copy(RepairTest.MADE[0] / "s.db", self.store.path)

    def repair(self, *options, expect=(0,), table=None):
        _, out, _ = self.store.run("repair", table or self.store.table, "--format", "json", *options, expect=expect)
        return json.loads(out)

    def files_at(self, version, freshness="fresh"):
        _, out, _ = self.store.run("--freshness", freshness, "files", self.store.table, "--version", str(version),
                                   "--columns", "path,size", "--format", "ndjson")
        rows = [json.loads(line) for line in out.splitlines()]
        files = {row["path"]: row["size"] for row in rows}
        self.assertEqual(len(files), len(rows), "a file is listed twice")
        return files

    def versions(self):
        newest = self.log.newest
        return [self.log.base, self.log.base + 1, self.log.base + 40, newest - 3, newest - 1, newest]

    def expect_right(self, versions=None, freshness="fresh"):
        for version in versions or self.versions():
            self.assertEqual(self.files_at(version, freshness), self.log.files_at(version), f"version {version}")

    def expect_sound(self):
        self.store.check(expect=(0,))
        report = self.repair()
        self.assertEqual((report["status"], report["found"], report["lost"]), ("sound", [], []))
        self.store.expect_sound()

    def test_nothing_to_do(self):
        self.expect_right()
        self.expect_sound()

    def test_every_kind(self):
        for name, make in KINDS.items():
            with self.subTest(name):
                self.restore()
                make(Damage(self.store.path))
                before = Damage(self.store.path).sql("SELECT * FROM tables")
                planned = self.repair("--dry-run")
                self.assertEqual((planned["status"], planned["lost"]), ("damaged", []), planned)
                self.assertTrue(planned["found"] and planned["done"], planned)
                self.assertEqual(Damage(self.store.path).sql("SELECT * FROM tables"), before, "a dry run changed the store")
                report = self.repair()
                self.assertEqual((report["status"], report["version"], report["lost"]), ("repaired", self.log.newest, []), report)
                self.assertTrue(report["found"] and report["done"], report)
                self.expect_right()
                self.expect_sound()

    def test_what_follows_from_entries_is_made_without_the_log(self):
        """Zone maps, key indexes, statistics and sums come from the store's own data, with all of its versions."""
        for name in ("a zone map", "a key index", "statistics", "sums by partition"):
            with self.subTest(name):
                self.restore()
                KINDS[name](Damage(self.store.path))
                report = self.repair()
                self.assertFalse([text for text in report["done"] if "log" in text], report)
                self.expect_right(freshness="cached")

    def test_reports_as_text(self):
        KINDS["a directory"](Damage(self.store.path))
        _, out, _ = self.store.run("repair", self.store.table, "--dry-run")
        self.assertIn(b"damaged: the store is at version", out)
        self.assertIn(b"to be done:", out)
        _, out, _ = self.store.run("repair", self.store.table)
        self.assertRegex(out.decode(), r"repaired: .*\ndamaged:\n  segment \d+.*checksum")

    def test_check_points_to_it(self):
        KINDS["a column"](Damage(self.store.path))
        _, _, err = self.store.run("check", self.store.table, expect=(2,))
        self.assertIn("(levee repair ", err)

    def test_refuses_what_it_does_not_know(self):
        _, out, err = self.store.run("repair", str(self.folder / "elsewhere"), expect=(1,))
        self.assertEqual(out, b"")
        self.assertIn("it is not in the store", err)

    def test_a_file_that_is_no_database(self):
        pathlib.Path(self.store.path).write_bytes(b"no database" * 1000)
        _, out, err = self.store.run("repair", self.store.table, expect=(1,))
        self.assertEqual(out, b"")
        self.assertRegex(err, r"^levee: .*: .*\S")

    # --- a log that was rewritten, or cleaned up ---------------------------------------------------------
    def own_log(self):
        """A copy of log and store that a test may change."""
        folder = pathlib.Path(LogCase.PLACE, self.id().rsplit(".", 1)[1])
        shutil.copytree(RepairTest.MADE[0], folder)
        self.addCleanup(shutil.rmtree, folder)
        self.store = Store(LogCase.LEVEE, folder / "t", folder / "s.db")
        Damage(self.store.path).sql("UPDATE tables SET uri=?", "file://" + str((folder / "t").resolve()))
        return folder / "t" / "_delta_log"

    def test_a_rewritten_log_is_refused(self):
        log = self.own_log()
        self.store.run("sync", self.store.table)
        newest = log / f"{self.log.newest:020d}.json"
        newest.write_text(newest.read_text() + '{"commitInfo":{}}\n')
        _, out, err = self.store.run("repair", self.store.table, expect=(1,))
        self.assertEqual(out, b"")
        self.assertIn("rewritten", err)
        self.assertIn("levee forget", err)

    def clean_up(self, log, version):
        """The log without its commits up to `version`, which a checkpoint stands for."""
        first = next(log.glob("*.checkpoint.parquet"))
        adds, state = {}, {}
        for row in pq.read_table(first).to_pylist():
            add = row.get("add")
            if add:
                adds[add["path"]] = {"path": add["path"], "partitionValues": dict(add["partitionValues"]), "size": add["size"],
                                     "modificationTime": add["modificationTime"], "dataChange": add["dataChange"],
                                     "stats": add["stats"]}
        for commit in sorted(log.glob("*.json")):
            number = int(commit.stem)
            if number > version:
                continue
            actions = [json.loads(line) for line in commit.read_text().splitlines()]
            for action in actions:
                for kind in ("protocol", "metaData"):
                    if kind in action:
                        state[kind] = action[kind]
                if number > int(first.name[:20]) and "remove" in action:
                    adds.pop(action["remove"]["path"], None)
            if number > int(first.name[:20]):
                adds.update((a["add"]["path"], a["add"]) for a in actions if "add" in a)
        if len(state) < 2:
            for row in pq.read_table(first, columns=["protocol", "metaData"]).to_pylist():
                for kind in ("protocol", "metaData"):
                    if row[kind] and kind not in state:
                        state[kind] = {k: dict(v) if k == "configuration" else v for k, v in row[kind].items() if v is not None}
                        if kind == "metaData":
                            state[kind].setdefault("format", {"provider": "parquet", "options": {}})
                            state[kind]["format"]["options"] = {}
        self.assertEqual(set(adds), set(self.log.files_at(version)))
        lines = [{"checkpointMetadata": {"version": version}}, {"protocol": state["protocol"]}, {"metaData": state["metaData"]}]
        lines += [{"add": add} for add in adds.values()]
        target = log / f"{version:020d}.checkpoint.{uuid.UUID(int=7)}.json"
        target.write_text("".join(json.dumps(line) + "\n" for line in lines))
        first.unlink()
        for commit in log.glob("*.json"):
            if commit != target and int(commit.name[:20]) <= version:
                commit.unlink()
        (log / "_last_checkpoint").unlink(missing_ok=True)

    def cleaned(self):
        version = self.log.newest - 6
        self.clean_up(self.own_log(), version)
        self.expect_right(freshness="cached")
        return version

    def expect_lost(self, report, below):
        """Each version is right, or refused and named as lost."""
        lost = {version for first, last in report["lost"] for version in range(first, last + 1)}
        self.assertTrue(lost and max(lost) < below, report)
        for version in range(self.log.base, self.log.newest + 1):
            if version in lost:
                code, out, err = self.store.run("files", self.store.table, "--version", str(version), expect=(1,))
                self.assertEqual((code, out), (1, b""))
            else:
                self.assertEqual(self.files_at(version), self.log.files_at(version), f"version {version}")
        self.store.check(expect=(0,))
        return lost

    def test_history_that_only_the_store_has_is_kept(self):
        self.cleaned()
        for name in ("a zone map", "a key index", "statistics", "sums by partition", "a head too low", "the head's fingerprint"):
            with self.subTest(name):
                KINDS[name](Damage(self.store.path))
                report = self.repair()
                self.assertEqual((report["status"], report["lost"]), ("repaired", []), report)
                self.expect_right(range(self.log.base, self.log.newest + 1, 7))
        self.expect_sound()

    def test_damage_at_the_head_keeps_older_versions(self):
        """The tail is of the newest versions alone, which the log still has."""
        version = self.cleaned()
        KINDS["the tail"](Damage(self.store.path))
        report = self.repair()
        self.assertEqual((report["status"], report["lost"]), ("repaired", []), report)
        self.assertTrue(any("kept, which the log no longer has" in text for text in report["done"]), report)
        self.expect_right(range(self.log.base, self.log.newest + 1))
        self.assertGreater(version, self.log.base)
        self.expect_sound()

    def test_damaged_history_is_named(self):
        version = self.cleaned()
        KINDS["history"](Damage(self.store.path))
        planned = self.repair("--dry-run", expect=(2,))
        self.assertEqual(planned["status"], "would-lose")
        report = self.repair(expect=(2,))
        self.assertEqual((report["status"], report["lost"]), ("lost", planned["lost"]))
        self.expect_lost(report, below=version)
        self.expect_sound()

    def test_history_that_is_gone_is_noticed(self):
        version = self.cleaned()
        KINDS["history that is gone"](Damage(self.store.path))
        report = self.repair(expect=(2,))
        self.expect_lost(report, below=version)
        self.expect_sound()

    def test_damaged_entries_lose_what_the_log_no_longer_has(self):
        version = self.cleaned()
        KINDS["a column"](Damage(self.store.path))
        report = self.repair(expect=(2,))
        self.assertEqual(report["lost"][-1][1], version - 1)
        self.expect_lost(report, below=version)
        self.expect_sound()

    # --- beside others -----------------------------------------------------------------------------------
    def test_killed_anywhere_it_goes_on(self):
        for kind, point in (("a column", "publish:1"), ("a column", "publish:2"), ("a column", "clean-up:1"),
                            ("a zone map", "compaction:1"), ("a zone map", "compaction:2"), ("a zone map", "compaction:3"),
                            ("the dictionary", "clean-up:1"), ("the dictionary", "publish:1"), ("the dictionary", "publish:2")):
            with self.subTest(f"{kind}, killed at {point}"):
                self.restore()
                KINDS[kind](Damage(self.store.path))
                process = self.store.start("repair", self.store.table, pause=point)
                for line in process.stderr:
                    if line.decode().startswith(PAUSED):
                        break
                process.send_signal(signal.SIGKILL)
                process.communicate()
                self.store.expect_sound()
                self.repair()
                self.expect_right([self.log.newest, self.log.base])
                self.expect_sound()

    def test_two_at_once(self):
        for kind in ("a column", "a zone map", "a head too low", "removals"):
            with self.subTest(kind):
                self.restore()
                KINDS[kind](Damage(self.store.path))
                both = [self.store.start("repair", self.store.table, "--format", "json") for _ in range(2)]
                for process in both:
                    out, err = process.communicate(timeout=120)
                    self.assertEqual(process.returncode, 0, err.decode())
                    self.assertEqual(json.loads(out)["lost"], [])
                self.expect_right()
                self.expect_sound()

    def test_readers_see_before_or_after(self):
        """A reader is refused, or answered right; never half."""
        KINDS["a column"](Damage(self.store.path))
        right, stop, wrong, answered = self.log.files_at(self.log.newest), threading.Event(), [], [0]

        def read():
            while not stop.is_set():
                code, out, _ = self.store.run("files", self.store.table, "--columns", "path,size", "--format", "ndjson", expect=(0, 1))
                if code == 0:
                    answered[0] += 1
                    rows = [json.loads(line) for line in out.splitlines()]
                    if {row["path"]: row["size"] for row in rows} != right:
                        wrong.append(len(rows))

        reader = threading.Thread(target=read)
        reader.start()
        self.repair()
        code, _, _ = self.store.run("files", self.store.table, "--count")
        stop.set()
        reader.join()
        self.assertEqual((code, wrong), (0, []))

    def test_killed_and_then_a_commit_lands(self):
        """What a killed repair left behind is in nobody's way."""
        log = self.own_log()
        KINDS["a column"](Damage(self.store.path))
        process = self.store.start("repair", self.store.table, "--format", "json", pause="publish:1")
        for line in process.stderr:
            if line.decode().startswith(PAUSED):
                break
        process.kill()
        process.communicate()
        version = self.log.newest + 1
        (log / f"{version:020d}.json").write_text('{"commitInfo":{"timestamp":1700000000000}}\n')
        report = self.repair()
        self.assertEqual((report["status"], report["lost"]), ("repaired", []))
        self.store.run("sync", self.store.table)
        self.assertEqual(self.files_at(version), self.log.files_at(self.log.newest))
        self.expect_sound()


if __name__ == "__main__":
    os.environ.pop("LEVEE_TEST_PAUSE", None)
    run("repair", __doc__)
