"""liblevee as an embedder has it: a C program opens a table of JSON commits under a memory limit, importing it first.

LEVEE_ASK is the program (ask_embedded.c), LEVEE_LIBRARY the full library. Its answers are held to the commits themselves, its
resident memory to the limit. With LEVEE_EMBEDDED_LIBRARY, as `make embedded-test` has it, the same of the small library, which
must also be small, answer alike, and refuse Parquet by name.
"""
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ASK, FULL = os.environ["LEVEE_ASK"], os.environ["LEVEE_LIBRARY"]
EMBEDDED = os.environ.get("LEVEE_EMBEDDED_LIBRARY", "")
TRIPS = pathlib.Path(__file__).resolve().parents[2] / "examples/trips"
COMMITS, FILES_A_COMMIT = 100, 1000
LIMIT_MB = 64
SIZE_MAX_BYTES = 4_000_000
WHERE, LEAST = "value > 9000 AND region = 'eu'", 9000
REGIONS = ["af", "eu", "na"]
SCHEMA = {"type": "struct", "fields": [
    {"name": name, "type": kind, "nullable": True, "metadata": {}}
    for name, kind in (("region", "string"), ("id", "long"), ("value", "double"), ("name", "string"))]}


def write_log(table):
    """A table of a hundred commits; returns {path: (size, region, greatest value)} of the files that are there at the end."""
    rng = random.Random(3)
    log = table / "_delta_log"
    log.mkdir(parents=True)
    files, number = {}, 0
    for version in range(COMMITS):
        actions = []
        if version == 0:
            actions += [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
                        {"metaData": {"id": "embedded", "format": {"provider": "parquet"}, "schemaString": json.dumps(SCHEMA),
                                      "partitionColumns": ["region"], "configuration": {}}}]
        gone = rng.sample(sorted(files), 20) if files else []
        actions += [{"remove": {"path": path, "dataChange": True, "deletionTimestamp": version}} for path in gone]
        for path in gone:
            del files[path]
        for _ in range(FILES_A_COMMIT):
            number += 1
            region, size, top = rng.choice(REGIONS), rng.randrange(1 << 27), rng.random() * 10_000
            path = f"region={region}/part-{number:07d}-{rng.randrange(1 << 64):016x}.snappy.parquet"
            stats = {"numRecords": 1000, "minValues": {"id": number * 1000, "value": top / 2, "name": f"name {number}"},
                     "maxValues": {"id": number * 1000 + 999, "value": top, "name": f"name {number} z"},
                     "nullCount": {"id": 0, "value": 0, "name": 0}}
            actions.append({"add": {"path": path, "partitionValues": {"region": region}, "size": size, "dataChange": True,
                                    "modificationTime": 1_700_000_000_000 + number, "stats": json.dumps(stats)}})
            files[path] = (size, region, top)
        (log / f"{version:020d}.json").write_text("".join(json.dumps(action) + "\n" for action in actions))
    return files


class Embedded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="levee-embedded-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.table = cls.folder / "table"
        cls.files = write_log(cls.table)

    def ask(self, library, table, where, limit=f"{LIMIT_MB}MB", store=None):
        """(lines, peak in MB) of a process with that library; a new store unless one is given."""
        store = store or self.folder / f"{len(os.listdir(self.folder))}.db"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LEVEE")}
        environment.update(LD_LIBRARY_PATH=os.path.dirname(library), HOME=str(self.folder))
        return subprocess.run([ASK, store, table, limit, where], text=True, capture_output=True, env=environment, check=False)

    def libraries(self):
        return [("full", FULL)] + ([("embedded", EMBEDDED)] if EMBEDDED else [])

    def test_answers_are_those_of_the_log_within_the_limit(self):
        chosen = {path for path, (_, region, top) in self.files.items() if region == "eu" and top > LEAST}
        rows = sorted(f"{path},{size}" for path, (size, _, _) in self.files.items())
        for name, library in self.libraries():
            store = self.folder / f"{name}.db"
            for time in ("import", "again"):
                with self.subTest(library=name, time=time):
                    answer = self.ask(library, self.table, WHERE, store=store)
                    self.assertEqual(answer.returncode, 0, answer.stderr)
                    head, *lines = answer.stdout.splitlines()
                    self.assertEqual(head, f"{len(chosen)} of {len(self.files)} files")
                    self.assertEqual({line.split(",")[0] for line in lines[:len(chosen)]}, chosen)
                    self.assertEqual(sorted(lines[len(chosen):]), rows)
                    peak_mb = int(re.search(r"peak (\d+) KB", answer.stderr)[1]) / 1024
                    print(f"{name}, {time}: {peak_mb:.1f} MB of {LIMIT_MB} MB")
                    if not os.environ.get("LEVEE_SANITIZE"):  # sanitizers take memory of their own
                        self.assertLessEqual(peak_mb, LIMIT_MB)

    def test_too_small_a_limit_is_an_error_and_no_crash(self):
        for name, library in self.libraries():
            with self.subTest(library=name):
                answer = self.ask(library, self.table, WHERE, limit="1KB")
                self.assertEqual((answer.returncode, answer.stdout), (1, ""))
                self.assertRegex(answer.stderr, "^ask_embedded: invalid-argument: ")

    @unittest.skipUnless(EMBEDDED, "make embedded-test builds the small library")
    def test_parquet_is_refused_by_name(self):
        answer = self.ask(EMBEDDED, TRIPS, "trip_id > 0")
        self.assertEqual((answer.returncode, answer.stdout), (1, ""))
        self.assertRegex(answer.stderr, "^ask_embedded: unsupported: .*embedded build of Levee.* \\(install the full library")

    @unittest.skipUnless(EMBEDDED, "make embedded-test builds the small library")
    def test_it_is_small_and_needs_the_system_only(self):
        stripped = self.folder / "stripped.so"
        subprocess.run(["strip", "-o", stripped, EMBEDDED], check=True)
        print(f"embedded: {stripped.stat().st_size:,} bytes of {SIZE_MAX_BYTES:,}, {hashlib.sha256(stripped.read_bytes()).hexdigest()[:8]}")
        self.assertLessEqual(stripped.stat().st_size, SIZE_MAX_BYTES)
        needed = subprocess.run(["readelf", "-d", stripped], text=True, capture_output=True, check=True).stdout
        self.assertLessEqual(set(re.findall(r"\(NEEDED\).*\[(.*)\]", needed)),
                             {"libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6", "ld-linux-x86-64.so.2"})
        shown = [subprocess.run(["nm", "-D", "--defined-only", "--format=just-symbols", library], text=True,
                                capture_output=True, check=True).stdout.split() for library in (EMBEDDED, FULL)]
        # The memory bank is the full library's alone.
        full = [name for name in shown[1] if not re.search("OpenMemory|CompareClocks|OutcomeName|MemoryBank", name)]
        self.assertEqual(sorted(shown[0]), sorted(full))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
