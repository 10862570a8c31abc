#!/usr/bin/env python3
"""An acknowledged write has been synced: the system calls of each front show it; and where surviving a killed process is enough, none is made."""

import argparse
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from traced import available, is_sync, trace  # noqa: E402

OPTIONS = argparse.Namespace()


def lines(count, first=0):
    return "".join(json.dumps({"id": f"i{n}", "category": "note", "content": f"word {n}"}) + "\n"
                   for n in range(first, first + count)).encode()


def is_told(call):
    """An acknowledgement: something is written to standard output."""
    return call.name == "write" and call.text.startswith("1<")


class Synced(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        self.store = os.path.join(self.folder, "memory.db")

    def acknowledgements(self, calls):
        """For each, whether its thread has written to the log since the one before, and whether all of that was synced."""
        told, written, unsynced, syncs = [], 0, 0, 0
        main = calls[0].thread
        for call in calls:
            if call.thread != main:
                continue  # merging: nobody is told of that
            if call.name == "pwrite64" and call.file == self.store + "-wal":
                written, unsynced = written + 1, unsynced + 1
            elif is_sync(call) and call.file == self.store + "-wal":
                unsynced, syncs = 0, syncs + 1
            elif is_told(call):
                told.append((written > 0, unsynced == 0, syncs))
                written, syncs = 0, 0
        return told

    def cli(self, *options, items=2500):
        calls, out = trace([OPTIONS.levee, "--store", self.store, *options, "memory", "put", "--format", "ndjson", "-"],
                           self.folder, stdin=lines(items))
        self.assertEqual(len(out.split()), items)
        return calls

    def drive(self, items, *settings):
        calls, out = trace([OPTIONS.drive, "write", self.store, "a-", "0.5", items, *settings], self.folder)
        self.assertGreater(out.count(b"put "), 0)
        return calls

    def expect_synced(self, calls, least):
        told = self.acknowledgements(calls)
        self.assertGreaterEqual(len(told), least)
        for number, (written, synced, _) in enumerate(told):
            self.assertTrue(synced, f"acknowledgement {number}: its log was not synced")
        # "going" lines are told before a removal: they acknowledge nothing.
        self.assertGreaterEqual(sum(written for written, _, _ in told), least)

    def expect_unsynced(self, calls, least):
        # The first transactions make the store, which is done with care whatever is asked.
        told = self.acknowledgements(calls)[1:]
        self.assertGreaterEqual(len(told), least)
        self.assertEqual([syncs for _, _, syncs in told if syncs], [])

    def test_each_batch_of_the_program(self):
        self.expect_synced(self.cli(), 3)

    def test_each_single_write_of_the_program(self):
        for number in range(3):
            calls, _ = trace([OPTIONS.levee, "--store", self.store, "memory", "put", f"content {number}"], self.folder)
            self.expect_synced(calls, 1)

    def test_update_and_delete_of_the_program(self):
        trace([OPTIONS.levee, "--store", self.store, "memory", "put", "--id", "a", "content"], self.folder)
        for arguments in (["update", "a", "other"], ["delete", "a"]):
            calls, _ = trace([OPTIONS.levee, "--store", self.store, "memory", *arguments], self.folder)
            self.expect_synced(calls, 1)

    def test_each_write_of_the_library(self):
        self.expect_synced(self.drive(1), 5)

    def test_each_batch_of_the_library_while_it_merges(self):
        self.expect_synced(self.drive(1500), 5)

    def test_none_where_surviving_a_killed_process_is_enough(self):
        self.expect_unsynced(self.cli("--memory-durability", "process"), 2)
        os.unlink(self.store)
        self.expect_unsynced(self.drive(1, "memory_durability=process"), 5)

    def put_in_markdown(self, *options):
        """The folder of the notes, and the calls."""
        notes = os.path.join(self.folder, "notes")
        calls, _ = trace([OPTIONS.levee, "--store", self.store, "--memory-markdown", notes, *options, "memory", "put", "--id", "a",
                          "content"], self.folder)
        return notes, calls

    def test_the_index_of_markdown_files(self):
        self.expect_synced(self.put_in_markdown()[1], 1)

    def test_nothing_of_markdown_where_surviving_a_killed_process_is_enough(self):
        notes, calls = self.put_in_markdown("--memory-durability", "process")
        self.assertEqual([call for call in calls if is_sync(call) and (call.file.startswith(notes) or call.name == "syncfs")], [])

    def test_markdown_files_and_their_folders(self):
        notes, calls = self.put_in_markdown("--memory-markdown-sync", "each")
        written, moved_from, moved = set(), set(), False
        told = 0
        for call in calls:
            if call.name == "write" and call.file.startswith(notes) and "/.levee/" not in call.file:
                written.add(call.file)
                self.assertFalse(moved, "a file is written after it was moved into place")
            elif call.name == "syncfs":
                written.clear()
            elif is_sync(call):
                written.discard(call.file)
                if moved:
                    moved_from.discard(call.file)
            elif call.name.startswith("rename") and notes in call.text and ".md" in call.text:
                self.assertEqual(written, set(), "moved into place before it was synced")
                folder = os.path.dirname(call.text.split("<", 1)[1].split(">", 1)[0] + "/x")
                moved_from.add(folder)
                moved = True
            elif is_told(call):
                told += 1
                self.assertTrue(moved)
                self.assertEqual((written, moved_from), (set(), set()))
        self.assertEqual(told, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levee", required=True)
    parser.add_argument("--drive", required=True)
    OPTIONS, rest = parser.parse_known_args()
    if not available():
        print("skipped: no strace here, or it may not trace")
        sys.exit(0)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
