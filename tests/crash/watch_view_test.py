#!/usr/bin/env python3
"""`sync --watch` on a terminal: a pseudo-terminal of a small emulator shows the latest commits, in one place, as they land."""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from log_case import LogCase, run  # noqa: E402

WAIT_S = 20
LAG = re.compile(r"\d (ns|ms|s)$")
SEQUENCE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])")


class Screen:
    """As much of a terminal as the program uses: lines, cursor up, wiping, and whether long lines wrap."""

    def __init__(self, columns):
        self.columns, self.lines, self.row, self.column, self.wraps = columns, [""], 0, 0, True

    def feed(self, text):
        place = 0
        while place < len(text):
            sequence = SEQUENCE.match(text, place)
            if sequence:
                self.control(sequence[1], sequence[2])
                place = sequence.end()
            else:
                self.put(text[place])
                place += 1

    def control(self, number, letter):
        if letter == "A":
            self.row -= int(number or 1)
            if self.row < 0:
                raise AssertionError("the cursor left the screen")
        elif letter == "J":
            del self.lines[self.row + 1:]
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif letter == "K":
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif letter in "hl":
            self.wraps = letter == "h"
        elif letter != "m":
            raise AssertionError(f"unknown sequence {number}{letter}")

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.down()
        else:
            if self.column == self.columns:
                if not self.wraps:
                    return
                self.down()
                self.column = 0
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
            self.column += 1

    def down(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")


class Terminal:
    def __init__(self, command, columns, height, cwd, term):
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, columns, 0, 0))
        self.screen, self.raw = Screen(columns), ""
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd,
                                        env={**os.environ, "TERM": term, "NO_COLOR": ""}, start_new_session=True)
        os.close(theirs)

    def read(self, seconds):
        if not select.select([self.ours], [], [], seconds)[0]:
            return
        try:
            text = os.read(self.ours, 1 << 16).decode()
        except OSError:
            return
        self.raw += text
        self.screen.feed(text)

    def await_screen(self, wanted):
        """The lines, once `wanted` finds them as it wants."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            self.read(0.1)
            if wanted(self.screen.lines):
                return self.screen.lines
        raise AssertionError("\n".join(["the screen was:", *self.screen.lines]))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=WAIT_S)
        os.close(self.ours)
        return code


class WatchViewTest(LogCase):
    SEED = 12

    def watch(self, columns=100, height=12, term="xterm", options=()):
        command = [self.LEVEE, "--store", self.store.path, "sync", self.store.table, "--watch", *options]
        terminal = Terminal(command, columns, height, self.folder, term)
        self.addCleanup(lambda: (terminal.process.kill(), terminal.process.wait()))
        return terminal

    def shows(self, version, rows):
        """The table at `version` with the latest commits below it."""
        def wanted(lines):
            shown = [line.split()[0] for line in lines[2:] if line]
            return (f"at version {version}," in lines[0] and lines[1].split()[:2] == ["version", "timestamp"] and
                    shown == [str(version - i) for i in range(rows)])
        return wanted

    def test_commits_appear_in_one_place(self):
        for _ in range(12):
            self.log.commit(2, 1)
        self.store.run("sync", self.store.table)
        newest = self.log.newest
        terminal = self.watch()
        lines = terminal.await_screen(self.shows(newest, 9))
        self.assertFalse([line for line in lines[2:] if LAG.search(line)])  # what was there before has no lag
        for _ in range(3):
            newest = self.log.commit(5, 3)
            lines = terminal.await_screen(self.shows(newest, 9))
        files = self.log.totals[newest][0]
        self.assertIn(f", {files:,} file", lines[0])
        self.assertRegex(lines[2], rf"^ *{newest}  \S+T\S+Z .* 5 +3 .*\d m?s$")
        self.assertEqual([bool(LAG.search(line)) for line in lines[2:11]], [True] * 3 + [False] * 6)
        self.assertLessEqual(len(lines), 12)
        self.assertEqual(terminal.stop(), 0)
        self.store.check(expect=(0,))

    def test_an_error_stays_above_and_the_view_goes_on_below(self):
        terminal = self.watch()
        terminal.await_screen(lambda lines: "at version" in lines[0])
        path = self.log.log / f"{self.log.newest + 1:020d}.json"
        path.write_text("{")
        terminal.await_screen(lambda lines: any("trying again in 1 s" in line for line in lines))
        path.unlink()
        version = self.log.commit(1, 0)
        lines = terminal.await_screen(lambda lines: any(f"at version {version}," in line for line in lines))
        self.assertTrue(any(line.startswith("levee: ") for line in lines))
        self.assertEqual(sum(f"at version {version}," in line for line in lines), 1)
        self.assertEqual(terminal.stop(), 0)

    def test_a_narrow_terminal_is_not_overrun(self):
        self.log.commit(1, 0)
        terminal = self.watch(columns=30, height=6)
        lines = terminal.await_screen(lambda lines: len(lines) >= 4)
        for _ in range(2):
            version = self.log.commit(1, 0)
            lines = terminal.await_screen(
                lambda lines, version=version: any(line.split()[:1] == [str(version)] for line in lines[2:3]))
        self.assertLessEqual(len(lines), 6)
        self.assertTrue(all(len(line) <= 30 for line in lines))
        self.assertEqual(terminal.stop(), 0)

    def test_lines_where_nothing_can_be_drawn_over(self):
        for term, options in (("dumb", ()), ("xterm", ("--format", "json"))):
            with self.subTest(term=term):
                terminal = self.watch(term=term, options=options)
                terminal.await_screen(lambda lines: len(lines) > 1)
                version = self.log.commit(1, 0)
                terminal.await_screen(lambda lines, version=version: any(str(version) in line for line in lines))
                self.assertNotRegex(terminal.raw.replace("\x1b[K", ""), "\x1b")
                self.assertEqual(terminal.stop(), 0)


if __name__ == "__main__":
    run("watch-view", __doc__)
