#!/usr/bin/env python3
"""`sync --watch` from start to end: commits are told as they land, failures are shown and tried again more
and more rarely, a signal ends it within a second, and what cannot pass ends it too."""
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from log_case import LogCase, run  # noqa: E402

WAIT_S = 20


class Watcher:
    """A running `sync --watch`, its lines with the time they came."""

    def __init__(self, store, pause=None):
        self.process = store.start("sync", store.table, "--watch", pause=pause)
        self.out, self.err = [], []
        self.threads = [threading.Thread(target=self.read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def read(stream, lines):
        for line in stream:
            lines.append((time.monotonic(), line.decode().rstrip("\n")))

    def await_lines(self, lines, count):
        end = time.monotonic() + WAIT_S
        while len(lines) < count and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.01)
        if len(lines) < count:
            raise AssertionError(f"{count} lines were awaited: out {self.out}, err {self.err}")
        return [line for _, line in lines]

    def end(self):
        """Its exit code, once it ended by itself."""
        code = self.process.wait(timeout=WAIT_S)
        for thread in self.threads:
            thread.join()
        return code

    def stop(self, number):
        """Its exit code and how long it took after the signal."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.end()
        return code, time.monotonic() - began


class WatchTest(LogCase):
    SEED = 11

    def watch(self, pause=None):
        watcher = Watcher(self.store, pause)
        self.addCleanup(lambda: (watcher.process.kill(), watcher.process.wait()))
        return watcher

    def expect_whole(self):
        self.assertEqual(self.store.expect_whole(self.log, self.log.newest), self.log.newest)
        self.store.check(expect=(0,))

    def test_tells_what_lands_until_a_signal_comes(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                watcher = self.watch()
                watcher.await_lines(watcher.out, 1)
                for told in (2, 3):
                    version = self.log.commit(5, 3)
                    self.assertIn(f"to {version}, 1 commit,", watcher.await_lines(watcher.out, told)[-1])
                time.sleep(1.5)  # looks that find nothing say nothing
                self.assertEqual(len(watcher.out), 3)
                code, seconds = watcher.stop(number)
                self.assertEqual((code, watcher.err), (0, []))
                self.assertLess(seconds, 1)
                self.expect_whole()

    def test_a_signal_cuts_a_long_step_off(self):
        watcher = self.watch(pause="publish")
        watcher.await_lines(watcher.err, 1)
        code, seconds = watcher.stop(signal.SIGTERM)
        self.assertEqual(code, 0)
        self.assertLess(seconds, 1)
        self.assertRegex(watcher.err[-1][1], "^levee: sync: interrupted before its step was done")
        self.store.run("sync", self.store.table)
        self.expect_whole()

    def test_a_torn_commit_is_tried_again_more_and_more_rarely(self):
        watcher = self.watch()
        watcher.await_lines(watcher.out, 1)
        version = self.log.commit(5, 3)
        # What a writer that does not rename shows for a while.
        path = self.log.log / f"{version + 1:020d}.json"
        whole = path.with_name(f"{version:020d}.json").read_text()
        watcher.await_lines(watcher.out, 2)
        path.write_text(whole[:len(whole) // 2])
        errors = watcher.await_lines(watcher.err, 3)
        for line, seconds in zip(errors, (1, 2, 4)):
            self.assertRegex(line, rf"^levee: .*{path.name}: line \d+: .*trying again in {seconds} s\)$")
        times = [moment for moment, _ in watcher.err]
        self.assertGreater(times[2] - times[1], 1.9)
        self.assertGreater(times[1] - times[0], 0.9)
        path.unlink()
        version = self.log.commit(4, 1)
        lines = watcher.await_lines(watcher.out, 3)
        self.assertRegex(lines[-1], rf"\b{version}\b")
        self.log.commit(1, 1)
        began = time.monotonic()
        watcher.await_lines(watcher.out, 4)
        self.assertLess(time.monotonic() - began, 2)  # the pause is short again
        self.assertEqual(watcher.stop(signal.SIGINT)[0], 0)
        self.expect_whole()

    def test_a_signal_ends_a_long_pause(self):
        watcher = self.watch()
        watcher.await_lines(watcher.out, 1)
        (self.log.log / f"{self.log.newest + 1:020d}.json").write_text("{")
        watcher.await_lines(watcher.err, 3)
        code, seconds = watcher.stop(signal.SIGINT)
        self.assertEqual(code, 0)
        self.assertLess(seconds, 1)

    def test_a_deleted_log_says_so(self):
        watcher = self.watch()
        watcher.await_lines(watcher.out, 1)
        shutil.rmtree(self.log.log)
        self.assertEqual(watcher.end(), 1)
        self.assertRegex(watcher.err[-1][1],
                         r"^levee: .*: its log is gone: there is no _delta_log at .* any more")
        # What was synced still answers.
        self.assertEqual(len(self.store.files()), self.log.totals[self.log.newest][0])

    def test_what_cannot_pass_ends_it(self):
        self.store.table = str(self.folder / "nowhere")
        watcher = self.watch()
        self.assertEqual(watcher.end(), 1)
        self.assertRegex(watcher.err[-1][1], "no Delta log is there")
        self.store.table = str(self.folder / "t")
        watcher = self.watch()
        watcher.await_lines(watcher.out, 1)
        head = self.log.log / f"{self.log.newest:020d}.json"
        head.write_text(re.sub(r'"size":\d+', '"size":1', head.read_text()))
        self.assertEqual(watcher.end(), 1)
        self.assertRegex(watcher.err[-1][1], "the log was rewritten")

    def test_a_reader_that_has_seen_enough_ends_it(self):
        command = [self.LEVEE, "--store", self.store.path, "sync", self.store.table, "--watch"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=self.folder) as process:
            process.stdout.readline()
            process.stdout.close()
            self.log.commit(1, 0)
            self.assertEqual(process.wait(timeout=WAIT_S), 0)
            self.assertEqual(process.stderr.read(), b"")


if __name__ == "__main__":
    run("watch", __doc__)
