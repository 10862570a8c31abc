#!/usr/bin/env python3
"""A file system without room: what was told is there, of what was refused nothing is, and later the bank goes on.

Needs the right to mount; without it the tests say so and are skipped (tests/memory_faults/full_disk_test.cc needs none).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import unittest

LEVEE = None


class FullDisk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder, self.small = folder.name, os.path.join(folder.name, "small")
        os.mkdir(self.small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "levee-test", self.small], capture_output=True)
        if mounted.returncode:
            self.skipTest("a file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.small], capture_output=True)
        self.store = os.path.join(self.small, "memory.db")
        self.options = []

    def make_room(self):
        subprocess.run(["mount", "-o", "remount,size=64m", self.small], check=True)

    def run_levee(self, *arguments, items=(), expect=0):
        text = "".join(json.dumps({"id": f"i{n:06}", "category": "note", "content": f"all word{n} " + "x" * 900}) + "\n" for n in items)
        done = subprocess.run([LEVEE, "--store", self.store, *self.options, "memory", *arguments], input=text.encode(),
                              capture_output=True, timeout=120, cwd=self.folder)
        self.assertEqual(done.returncode, expect, done.stderr.decode())
        return done.stdout.decode().split(), done.stderr.decode()

    def put_until_full(self):
        """The ids that were acknowledged."""
        told, complaint = self.run_levee("put", "--format", "ndjson", "-", items=range(20_000), expect=1)
        self.assertRegex(complaint, "(no room on the disk|No space left on device)")
        self.assertGreater(len(told), 0)
        self.assertEqual(len(told) % 1000, 0, "batches land whole or not at all")
        return told

    def expect_there(self, told):
        there = sorted(json.loads(line)["id"] for line in self.lines("find", "--limit", "10000", "--format", "ndjson"))
        self.assertEqual(there, sorted(told))
        self.run_levee("verify")
        self.assertEqual(len(self.lines("find", "all", "--limit", "10000", "--format", "ndjson")), len(told))

    def lines(self, *arguments):
        done = subprocess.run([LEVEE, "--store", self.store, *self.options, "memory", *arguments], capture_output=True,
                              timeout=120, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.splitlines()

    def goes_on(self, told):
        self.make_room()
        self.expect_there(told)
        more, _ = self.run_levee("put", "--format", "ndjson", "-", items=range(50_000, 51_000))
        self.expect_there(told + more)
        self.run_levee("maintain")
        self.expect_there(told + more)

    def test_the_store(self):
        self.goes_on(self.put_until_full())

    def test_the_store_that_merges_in_the_background(self):
        subprocess.run(["mount", "-o", "remount,size=9m", self.small], check=True)
        self.goes_on(self.put_until_full())

    def test_the_folder_of_markdown_files(self):
        self.store = os.path.join(self.folder, "index.db")
        self.options = ["--memory-markdown", os.path.join(self.small, "notes")]
        subprocess.run(["mount", "-o", "remount,size=12m", self.small], check=True)
        self.goes_on(self.put_until_full())

    def test_the_index_of_markdown_files(self):
        self.options = ["--memory-markdown", os.path.join(self.folder, "notes")]
        self.goes_on(self.put_until_full())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levee", required=True)
    options, rest = parser.parse_known_args()
    LEVEE = os.path.abspath(options.levee)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
