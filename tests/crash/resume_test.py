#!/usr/bin/env python3
"""Imports that are killed go on where they were: row groups that were read are not read again, and the result is the same.

That they are not read again is shown by ruining their bytes in the checkpoint. A forget that is killed is finished later.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from crash_table import Broken, PAUSED, ROOT, Store, killed, seeded  # noqa: E402

FILES, PARTS, BASE, NEWEST = 240_000, 12, 10, 14
LEVEE, FOLDER, TEMPLATE, SEED = None, None, None, 0
RESUMING = re.compile(r"resuming import: (\d+) of (\d+) row groups already read")


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def kept_units(manifest):
    """The units that a manifest names, read by docs/formats/import-runs.md."""
    data, at, units = manifest.read_bytes(), 32, []
    while at + 8 <= len(data):
        size, _ = struct.unpack_from("<II", data, at)
        payload = data[at + 8:at + 8 + size]
        if len(payload) < size:
            break
        if payload[0] == 2:
            count, place = varint(payload, 1)
            for _ in range(count):
                unit, place = varint(payload, place)
                units.append(unit)
        at += 8 + size
    return units


def row_groups(log):
    """(file, row group) of each unit of the base checkpoint."""
    files = sorted(log.glob(f"{BASE:020d}.checkpoint.*.parquet"))
    return [(file, group) for file in files for group in range(pq.ParquetFile(file).metadata.num_row_groups)]


def ruin(log, units):
    """Overwrites what is said of adds in these row groups; size and time of the files stay."""
    groups = row_groups(log)
    for unit in units:
        file, number = groups[unit]
        before = file.stat()
        group = pq.ParquetFile(file).metadata.row_group(number)
        with open(file, "r+b") as out:
            for i in range(group.num_columns):
                column = group.column(i)
                if not column.path_in_schema.startswith("add."):
                    continue
                start = column.dictionary_page_offset or column.data_page_offset
                out.seek(start)
                out.write(b"\xff" * column.total_compressed_size)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def remove_line(path):
    return json.dumps({"remove": {"path": path, "dataChange": True, "deletionTimestamp": 1_577_836_800_000}}) + "\n"


def add_line(path):
    return json.dumps({"add": {"path": path, "partitionValues": {"date": "2020-01-01", "region": "eu"}, "size": 5,
                               "modificationTime": 1, "dataChange": True}}) + "\n"


def make_template(folder):
    """A checkpoint of several parts, commits that remove files of it, and a checkpoint at the newest of them."""
    subprocess.run([sys.executable, ROOT / "benchmarks" / "make_table.py", "--out", folder, "--files", str(FILES),
                    "--stats-columns", "4", "--commits", "1", "--parts", str(PARTS), "--shuffle",
                    "--checkpoint-version", str(BASE)], check=True, stdout=subprocess.DEVNULL)
    log = pathlib.Path(folder, "_delta_log")
    parts = sorted(log.glob("*.checkpoint.*.parquet"))
    table = pa.concat_tables([pq.read_table(part) for part in parts])
    paths = table["add"].combine_chunks().field("path").to_pylist()
    live = [path for path in paths if path is not None]
    gone = seeded(SEED, "template").sample(live, 4 * 500)
    for version in range(BASE + 1, NEWEST + 1):
        lines = [remove_line(path) for path in gone[(version - BASE - 1) * 500:(version - BASE) * 500]]
        (log / f"{version:020d}.json").write_text("".join(lines))
    dead = set(gone)
    return live, dead, table.filter(pa.array([path not in dead for path in paths]))


class ResumeTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        shutil.copytree(TEMPLATE / "_delta_log", self.folder / "t" / "_delta_log")
        self.log = self.folder / "t" / "_delta_log"
        (self.folder / "s").mkdir()
        (self.folder / "f").mkdir()
        self.store = Store(LEVEE, self.folder / "t", self.folder / "s" / "s.db")
        self.fresh = Store(LEVEE, self.folder / "t", self.folder / "f" / "s.db")
        self.rng = seeded(SEED, self.id())
        self.units = len(row_groups(self.log))

    # --- steps -----------------------------------------------------------------------------------
    def import_until(self, *arguments, point=None, seconds=None, store=None):
        """Starts an import and kills it at a point or after a time; returns how many row groups it took over."""
        process = (store or self.store).start(*arguments, pause=point)
        notes = ""
        if point:
            for line in iter(process.stderr.readline, b""):
                notes += line.decode()
                if line.decode().startswith(PAUSED):
                    break
            else:
                raise Broken(f"it never came to {point}: {notes}")
        else:
            time.sleep(seconds)
        process.kill()
        out, err = process.communicate()
        notes += err.decode()
        return self.resumed(notes)

    @staticmethod
    def resumed(notes):
        found = RESUMING.search(notes)
        return (int(found[1]), int(found[2])) if found else None

    def kept(self):
        """The units that are kept now; none when there are no files."""
        manifests = list(pathlib.Path(self.store.path).parent.glob("s.db.import-*.manifest"))
        self.assertLessEqual(len(manifests), 1)
        units = kept_units(manifests[0]) if manifests else []
        self.assertEqual(len(units), len(set(units)), "a row group was read twice")
        return units

    def leaves_no_files(self, store=None):
        folder = pathlib.Path((store or self.store).path).parent
        self.assertEqual([f.name for f in folder.iterdir() if "import" in f.name], [])

    def listing(self, store, *arguments):
        _, out, _ = store.run("--freshness", "cached", "files", store.table, "--format", "ndjson", *arguments)
        return sorted(out.splitlines())

    def equals_a_fresh_import(self):
        self.fresh.run("add", self.fresh.table)
        expected = self.listing(self.fresh)
        found = self.listing(self.store)
        self.assertEqual(len(found), len(expected))
        self.assertTrue(found == expected, "the files differ from those of a fresh import")
        self.assertEqual(self.store.head(), self.fresh.head())
        return expected

    def paths_of(self, unit):
        file, number = row_groups(self.log)[unit]
        return pq.ParquetFile(file).read_row_group(number)["add"].combine_chunks().field("path").drop_null().to_pylist()

    # --- imports ---------------------------------------------------------------------------------
    def test_killed_again_and_again(self):
        seconds = time.monotonic()
        self.fresh.run("add", self.fresh.table)
        seconds = time.monotonic() - seconds
        self.fresh.remove()
        went_on = 0
        for number in range(8):
            before = self.kept()
            point = f"import-units:{self.rng.randint(1, 2)}" if number % 2 == 0 and len(before) < 6 else None
            resumed = self.import_until("add", self.store.table, point=point,
                                        seconds=self.rng.random() * 0.6 * seconds)
            if resumed:
                self.assertEqual(resumed, (len(before), self.units))
                went_on += 1
            if pathlib.Path(self.store.path).exists() and self.store.head() is not None:
                break  # it had come to its end
            self.assertGreaterEqual(len(self.kept()), len(before), "what was kept is lost")
        self.assertGreater(went_on, 0)
        if self.store.head() is None:
            before = self.kept()
            _, _, err = self.store.run("add", self.store.table)
            self.assertEqual(self.resumed(err), (len(before), self.units))
            self.leaves_no_files()
        expected = self.equals_a_fresh_import()
        self.assertEqual({json.loads(line)["path"] for line in expected}, set(LIVE) - DEAD)
        self.store.check(expect=(0,))
        self.store.expect_sound()

    def test_reads_the_missing_row_groups_only(self):
        self.fresh.run("add", self.fresh.table)
        expected = self.listing(self.fresh)
        self.import_until("--threads", "1", "add", self.store.table, point="import-units:3")
        units = self.kept()
        self.assertGreaterEqual(len(units), 3)
        self.assertLess(len(units), self.units)
        ruin(self.log, units)
        _, _, err = self.store.run("add", self.store.table)
        self.assertEqual(self.resumed(err), (len(units), self.units))
        self.assertTrue(self.listing(self.store) == expected)
        # What is ruined cannot be read: an import that starts anew fails.
        self.fresh.remove()
        self.fresh.run("add", self.fresh.table, expect=(1,))

    def test_killed_while_publishing(self):
        self.import_until("add", self.store.table, point="publish:1")
        _, _, err = self.store.run("add", self.store.table)
        self.assertEqual(self.resumed(err), (self.units, self.units))
        self.leaves_no_files()
        self.equals_a_fresh_import()
        self.store.check(expect=(0,))

    def test_commits_that_land_in_between(self):
        self.import_until("--threads", "1", "add", self.store.table, point="import-units:3")
        kept = len(self.kept())
        (self.log / f"{NEWEST + 1:020d}.json").write_text(add_line("new-1.parquet") + add_line("new-2.parquet"))
        self.assertEqual(self.import_until("--threads", "1", "add", self.store.table, point="import-units:1")[0], kept)
        # A row group whose file is removed since has that file alive in its run, and is of no use any more.
        units = self.kept()
        path = next(path for unit in units for path in self.paths_of(unit) if path not in DEAD)
        (self.log / f"{NEWEST + 2:020d}.json").write_text(remove_line(path))
        _, _, err = self.store.run("add", self.store.table)
        self.assertRegex(err, r"commits that landed since end entries of \d+ row groups: read again")
        self.assertLess(self.resumed(err)[0], len(units))
        self.assertGreater(self.resumed(err)[0], 0)
        self.leaves_no_files()
        listed = {json.loads(line)["path"] for line in self.equals_a_fresh_import()}
        self.assertEqual(listed, (set(LIVE) - DEAD - {path}) | {"new-1.parquet", "new-2.parquet"})
        self.store.check(expect=(0,))

    def test_another_checkpoint(self):
        self.import_until("--threads", "1", "add", self.store.table, point="import-units:2")
        self.assertGreater(len(self.kept()), 0)
        pq.write_table(NEWER, self.log / f"{NEWEST:020d}.checkpoint.parquet", row_group_size=100_000)
        _, _, err = self.store.run("add", self.store.table)
        self.assertIn("another state of the log", err)
        self.assertIsNone(self.resumed(err))
        self.leaves_no_files()
        self.equals_a_fresh_import()

    def test_damaged_files(self):
        self.import_until("--threads", "1", "add", self.store.table, point="import-units:3")
        kept = self.kept()
        runs = next((self.folder / "s").glob("*.runs"))
        with open(runs, "r+b") as file:
            file.seek(runs.stat().st_size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 4]))
        _, _, err = self.store.run("add", self.store.table)
        self.assertRegex(err, r"damaged: \d+ row groups are read again")
        self.assertLess(self.resumed(err)[0], len(kept))
        self.equals_a_fresh_import()

    def test_two_imports_at_once(self):
        first = self.store.start("--threads", "1", "add", self.store.table, pause="import-units:2")
        while (line := first.stderr.readline().decode()) and not line.startswith(PAUSED):
            pass
        _, _, err = self.store.run("add", self.store.table)
        self.assertIsNone(self.resumed(err))
        self.equals_a_fresh_import()
        killed(first)
        # What the first one kept goes with the next import of any table, or with its own table.
        self.assertGreater(len(self.kept()), 0)
        self.store.run("forget", self.store.table)
        self.leaves_no_files()

    def test_a_small_table_leaves_nothing(self):
        small = self.folder / "small"
        subprocess.run([sys.executable, ROOT / "benchmarks" / "make_table.py", "--out", small, "--files", "20000",
                        "--commits", "3"], check=True, stdout=subprocess.DEVNULL)
        process = self.store.start("--threads", "1", "add", str(small), pause="publish:1")
        while (line := process.stderr.readline().decode()) and not line.startswith(PAUSED):
            pass
        self.leaves_no_files()
        killed(process)

    def test_a_spill_folder_of_its_own(self):
        spill = self.folder / "spill"
        spill.mkdir()
        arguments = ("--spill-folder", str(spill), "--threads", "1", "add", self.store.table)
        self.import_until(*arguments, point="import-units:2")
        self.leaves_no_files()
        self.assertEqual(len(list(spill.iterdir())), 2)
        _, _, err = self.store.run(*arguments)
        self.assertGreaterEqual(self.resumed(err)[0], 2)
        self.assertEqual(list(spill.iterdir()), [])

    # --- older versions --------------------------------------------------------------------------
    def test_killed_while_an_older_version_is_filled_in(self):
        pq.write_table(NEWER, self.log / f"{NEWEST:020d}.checkpoint.parquet", row_group_size=100_000)
        older = ("--threads", "1", "files", self.store.table, "--version", str(BASE + 1), "--format", "ndjson")
        for store in (self.store, self.fresh):
            store.run("add", store.table)
        _, expected, _ = self.fresh.run(*older)
        expected = sorted(expected.splitlines())
        self.assertEqual(len(expected), len(LIVE) - 500)
        kept = 0
        for point in ("import-units:2", "import-units:1", "publish:1"):
            resumed = self.import_until(*older, point=point)
            if kept:
                self.assertEqual(resumed, (kept, self.units))
            self.assertEqual(self.store.head()[0], NEWEST)
            kept = len(self.kept())
        _, found, err = self.store.run(*older)
        self.assertEqual(self.resumed(err), (self.units, self.units))
        self.assertTrue(sorted(found.splitlines()) == expected)
        self.leaves_no_files()
        self.store.check(expect=(0,))

    # --- forget ----------------------------------------------------------------------------------
    def rows(self):
        with sqlite3.connect(self.store.path) as database:
            counts = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in
                      ("tables", "ranges", "segments", "chunks", "commits", "state_actions", "dictionary")}
        database.close()
        return counts

    def test_killed_while_forgetting(self):
        other = self.folder / "other"
        shutil.copytree(self.log, other / "_delta_log")
        whole = None
        for point in ("forget:1", "forget:2", "forget:3", "clean-up:1"):
            with self.subTest(point=point):
                self.store.remove()
                self.store.run("add", self.store.table)
                whole = whole or self.rows()
                process = self.store.start("forget", self.store.table, pause=point)
                while (line := process.stderr.readline().decode()) and not line.startswith(PAUSED):
                    pass
                self.assertTrue(killed(process))
                if point == "forget:1":  # before it is decided
                    self.assertEqual(self.store.head()[0], NEWEST)
                    self.store.check(expect=(0,))
                    self.store.run("forget", self.store.table)
                    self.assertEqual(set(self.rows().values()), {0})
                    continue
                self.assertIsNone(self.store.head())
                self.assertEqual(self.rows()["tables"], 0)
                self.assertGreater(self.rows()["ranges"], 0, "nothing was left to be done")
                self.store.run("files", self.store.table, "--count")  # imports it again
                self.assertEqual(self.rows(), whole, "rows of the forgotten table are left")
                self.store.check(expect=(0,))
                self.store.expect_sound()
        # Any other table's forget finishes it as well.
        self.store.run("add", str(other))
        process = self.store.start("forget", self.store.table, pause="forget:2")
        while (line := process.stderr.readline().decode()) and not line.startswith(PAUSED):
            pass
        self.assertTrue(killed(process))
        self.assertEqual(self.rows()["ranges"], 2)
        self.store.run("forget", str(other))
        self.assertEqual(set(self.rows().values()), {0})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levee", required=True)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options, rest = parser.parse_known_args()
    LEVEE, SEED = str(pathlib.Path(options.levee).resolve()), options.seed
    print(f"seed {SEED}", flush=True)
    FOLDER = tempfile.mkdtemp(prefix="levee-resume-")
    try:
        TEMPLATE = pathlib.Path(FOLDER, "template")
        LIVE, DEAD, NEWER = make_template(TEMPLATE)
        outcome = unittest.main(argv=[sys.argv[0], *rest], exit=False, verbosity=2)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(not outcome.result.wasSuccessful())
