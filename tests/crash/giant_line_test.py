#!/usr/bin/env python3
"""Commits with one line of 100 MB, right and wrong: a right answer or one line that says what is wrong, in
bounded time and memory."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

GIANT = 100_000_000
# What a process may hold at its peak, by what the line is made of: text is held some four times, as line,
# parsed value, column and blob; a value of two characters costs the JSON parser 12 bytes of index and tape.
TEXT_RESIDENT_MAX, SMALL_RESIDENT_MAX = 700 << 20, 1400 << 20
SECONDS_MAX = 20  # some five times what is usual on two busy cores
# A process inherits the peak of the one that starts it: a small one stands in between.
LAUNCH = """import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
open(sys.argv[1], "w").write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}")"""
LEVEE, FOLDER = None, None

SCHEMA = {"type": "struct", "fields": [{"name": "name", "type": "string", "nullable": True, "metadata": {}}]}
START = [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
         {"metaData": {"id": "t", "format": {"provider": "parquet", "options": {}},
                       "schemaString": json.dumps(SCHEMA), "partitionColumns": [], "configuration": {},
                       "createdTime": 1}}]


def add(path="f", **fields):
    action = {"path": path, "partitionValues": {}, "size": 1, "modificationTime": 1, "dataChange": True}
    return json.dumps({"add": action | fields}, separators=(",", ":"))


class GiantLineTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.log = self.folder / "t" / "_delta_log"
        self.log.mkdir(parents=True)
        self.commit(0, "".join(json.dumps(action) + "\n" for action in START) + add("small"))
        self.levee("sync", self.folder / "t")

    def commit(self, version, text):
        data = text.encode() if isinstance(text, str) else text
        (self.log / f"{version:020d}.json").write_bytes(data)

    def levee(self, *arguments, expect=0, resident_max=TEXT_RESIDENT_MAX):
        """Standard output and error; the process is held to its time and memory."""
        usage, out, err = (self.folder / name for name in ("usage", "out", "err"))
        began = time.monotonic()
        with open(out, "wb") as out_file, open(err, "wb") as err_file:
            subprocess.run([sys.executable, "-IS", "-c", LAUNCH, usage, LEVEE, "--store",
                            self.folder / "s.db", *arguments], check=True, cwd=self.folder, stdout=out_file,
                           stderr=err_file)
        seconds = time.monotonic() - began
        code, resident_kib = map(int, usage.read_text().split())
        self.assertEqual(code, expect, err.read_bytes()[-1000:])
        if os.environ.get("VERBOSE"):
            print(f"  {arguments[0]}: {resident_kib >> 10} MiB, {seconds:.2f} s", file=sys.stderr)
        self.assertLess(resident_kib << 10, resident_max)
        self.assertLess(seconds, SECONDS_MAX)
        return out.read_bytes(), err.read_bytes()

    def refuses(self, text, words, **limits):
        """The next commit is named and refused in one short line; what is before still answers, and a sound
        commit in its place goes in."""
        version = len(list(self.log.iterdir()))
        self.commit(version, text)
        _, err = self.levee("sync", self.folder / "t", expect=1, **limits)
        self.assertLess(len(err), 1000)
        self.assertEqual(err.count(b"\n"), 1)
        self.assertRegex(err, rb"^levee: .*%020d\.json: line 1: .*" % version + words)
        out, _ = self.levee("files", self.folder / "t", "--version", str(version - 1), "--count")
        self.assertEqual(out, b"%d\n" % version)
        self.commit(version, add(f"sound{version}"))
        out, _ = self.levee("files", self.folder / "t", "--count")
        self.assertEqual(out, b"%d\n" % (version + 1))

    def holds(self, *columns):
        """The one file whose path is not small, with `columns`, and a check that finds the store equal."""
        out, _ = self.levee("files", self.folder / "t", "--format", "ndjson",
                            "--columns", ",".join(["path", *columns]))
        files = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(files), 2)
        return next(file for file in files if file["path"] != "small")

    # --- right ones ------------------------------------------------------------------------------
    def test_statistics(self):
        stats = {"numRecords": 3, "minValues": {"name": "a" * GIANT}}
        self.commit(1, add(stats=json.dumps(stats)))
        self.assertEqual(self.holds("stats")["stats"], stats)

    def test_statistics_that_are_no_json(self):
        self.commit(1, add(stats="x" * (GIANT // 10)))
        self.assertEqual(self.holds("numRecords")["numRecords"], None)
        self.levee("check", self.folder / "t")

    def test_tags(self):
        tags = {f"tag{i:07d}": "v" * 84 for i in range(GIANT // 100)}
        self.commit(1, add(tags=tags))
        self.assertEqual(self.holds("tags")["tags"], tags)

    # --- wrong ones ------------------------------------------------------------------------------
    def test_truncated(self):
        self.refuses(add(stats="a" * GIANT)[:-10], b"string")

    def test_deep_nesting(self):
        deep = "[" * 100_000 + "]" * 100_000
        self.refuses('{"add":{"path":"f","tags":' + deep + ',"x":"' + "a" * GIANT + '"}}', b"too deep")
        self.refuses('{"x":' + "[" * GIANT, b"", resident_max=SMALL_RESIDENT_MAX)

    def test_invalid_utf8(self):
        self.refuses(b'{"add":{"path":"f","stats":"' + b"a" * GIANT + b'\xff"}}', b"UTF-8")

    def test_numbers_out_of_range(self):
        for number in (b"1e999", b"18446744073709551616", b"-9223372036854775809", b"1.5"):
            with self.subTest(number=number):
                text = add(stats="a" * (GIANT if number == b"1e999" else 10)).encode()
                self.refuses(text.replace(b'"size":1', b'"size":' + number), b"")

    def test_many_numbers(self):
        self.refuses('{"add":{"path":"f","size":[' + "1," * (GIANT // 2) + "1]}}",
                     b"add.size is missing or of the wrong", resident_max=SMALL_RESIDENT_MAX)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levee", required=True)
    options, rest = parser.parse_known_args()
    LEVEE = str(pathlib.Path(options.levee).resolve())
    FOLDER = tempfile.mkdtemp(prefix="levee-giant-")
    try:
        outcome = unittest.main(argv=[sys.argv[0], *rest], exit=False, verbosity=2)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(not outcome.result.wasSuccessful())
