"""Several processes on one memory, and killed ones: nothing refused, nothing lost, each write seen at once.

processes_test.py MEMORY_DRIVE [--seconds S] [--kills N]   the issue's measure is --seconds 60 --kills 200
"""

import argparse
import os
import random
import selectors
import subprocess
import tempfile
import threading
import time
import unittest

OPTIONS = argparse.Namespace()
# Where a process can be stopped: base/test_pause.h.
POINTS = ["memory-appended", "memory-merge-staging", "memory-merge-staged", "memory-merge-published",
          "memory-index-noted", "memory-index-staged", "memory-index-published"]


def start(*arguments, **pipes):
    return subprocess.Popen([OPTIONS.drive, *map(str, arguments)], stderr=subprocess.PIPE, **pipes)


def whole_lines(text):
    """What was told in whole: a killed process may leave a line by half."""
    return text[: text.rfind(b"\n") + 1]


class Processes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.store = os.path.join(folder.name, "memory.db")

    def check(self, lines):
        """How many items are there of those that were told."""
        checked = subprocess.run([OPTIONS.drive, "check", self.store], input=lines, capture_output=True, timeout=600)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))
        return int(checked.stdout.split()[0])

    def test_two_write_and_a_third_sees_each_write(self):
        follower = start("follow", self.store, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        writers = [
            start("write", self.store, "one-", OPTIONS.seconds, 1, stdout=subprocess.PIPE),
            start("write", self.store, "two-", OPTIONS.seconds, 40, stdout=subprocess.PIPE),
        ]
        told = []
        waiting = selectors.DefaultSelector()
        rests = {}
        for writer in writers:
            waiting.register(writer.stdout, selectors.EVENT_READ)
            rests[writer.stdout] = b""
        while waiting.get_map():
            for key, _ in waiting.select():
                text = os.read(key.fileobj.fileno(), 1 << 16)
                if not text:
                    waiting.unregister(key.fileobj)
                    continue
                lines = rests[key.fileobj] + text
                whole = whole_lines(lines)
                rests[key.fileobj] = lines[len(whole) :]
                told.append(whole)
                follower.stdin.write(whole)
                follower.stdin.flush()
        for writer in writers:
            _, complaints = writer.communicate(timeout=60)
            self.assertEqual((writer.returncode, complaints), (0, b""), "nothing is refused")
        seen, complaints = follower.communicate(timeout=600)
        self.assertEqual((follower.returncode, complaints), (0, b""), "what one wrote another sees at once")
        lines = b"".join(told)
        self.assertEqual(int(seen), lines.count(b"\n"))
        self.assertGreater(lines.count(b"put one-"), 10)
        self.assertGreater(lines.count(b"put two-"), 10)
        there = self.check(lines)
        print(
            f"\n{lines.count(b'put one-')} and {lines.count(b'put two-')} writes in {OPTIONS.seconds} s, {there} items there"
        )

    def test_killed_at_any_time(self):
        dice = random.Random(7)
        told = b""
        for kill in range(OPTIONS.kills):
            items = dice.choice([1, 10, 500])  # 500 a batch fill the tail, so that it is merged
            writer = start("write", self.store, f"k{kill}-", 60, items, stdout=subprocess.PIPE)
            time.sleep(dice.uniform(0.02, 0.5))
            writer.kill()
            lines, complaints = writer.communicate(timeout=60)
            self.assertEqual(complaints, b"")
            told += whole_lines(lines)
            if kill % 10 == 9:
                self.check(told)
        there = self.check(told)
        self.assertGreater(there, 100)
        print(f"\n{OPTIONS.kills} kills, {there} acknowledged items there")

    def test_killed_while_it_merges(self):
        """Half of the kills are aimed at the steps of merging and of single writes."""
        dice = random.Random(11)
        told = b""
        for kill in range(OPTIONS.kills):
            items, rows = dice.choice([(1, 3), (1, 20), (10, 50), (40, 200)])
            environment = dict(os.environ)
            aimed = dice.random() < 0.5
            if aimed:
                environment["LEVEE_TEST_PAUSE"] = f"{dice.choice(POINTS)}:{dice.randint(1, 12)}"
            writer = start("merge", self.store, f"m{kill}-", 60, items, rows, stdout=subprocess.PIPE, env=environment)
            lines = []
            reader = threading.Thread(target=lambda: lines.append(writer.stdout.read()))
            reader.start()
            if aimed:
                self.assertIn(b"paused at", writer.stderr.readline())
            time.sleep(dice.uniform(0.02, 0.3))
            writer.kill()
            reader.join(60)
            complaints = writer.stderr.read()
            writer.wait()
            writer.stdout.close()
            writer.stderr.close()
            self.assertEqual(complaints, b"")
            told += whole_lines(lines[0])
            self.check(whole_lines(lines[0]))
            if kill % 10 == 9:
                self.check(told)
        there = self.check(told)
        self.assertGreater(there, 100)
        print(f"\n{OPTIONS.kills} kills, {there} acknowledged items there")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("drive")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--kills", type=int, default=20)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=["processes_test.py", *rest])
