#!/usr/bin/env python3
"""Kills a process that writes a Markdown bank, and finds every acknowledged item after opening it again.

After some of them the power is cut, too: files that no sync has covered are gone, empty or zeros. Half of the kills are aimed:
LEVEE_TEST_PAUSE stops the writer between index and files, between writing and moving files, and between two moves. After each the folder
is opened, index and files must agree, and each item must be what the last acknowledged batch made of it, or - for the batch that was cut
off - what that batch would have. The seed is printed.
"""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

POINTS = ["markdown-indexed", "markdown-written", "markdown-moved"]


class Expected:
    """What items may be there: by id the contents that are right."""

    def __init__(self):
        self.known = {}

    def take(self, output):
        batch = None
        for line in output.splitlines():
            if line == "batch":
                batch = {}
            elif line == "acknowledged":
                for key, value in batch.items():
                    self.known[key] = {value}
                batch = None
            elif batch is not None and len(line.split()) == 2:
                key, value = line.split()
                batch[key] = value
        for key, value in (batch or {}).items():
            self.known[key] = self.known.get(key, {"gone"}) | {value}

    def check(self, there):
        for key, right in self.known.items():
            found = there.get(key, "gone")
            assert found in right, f"{key}: {found} is there, right would be {right}"
            self.known[key] = {found}
        assert not set(there) - set(self.known), set(there) - set(self.known)


def write_and_kill(program, folder, rng):
    environment = dict(os.environ)
    aimed = rng.random() < 0.5
    if aimed:
        environment["LEVEE_TEST_PAUSE"] = f"{rng.choice(POINTS)}:{rng.randint(1, 12)}"
    output, paused = [], threading.Event()
    process = subprocess.Popen([program, folder, "write", str(rng.randrange(1 << 30))], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment)
    readers = [threading.Thread(target=lambda: output.append(process.stdout.read())),
               threading.Thread(target=lambda: [paused.set() for line in process.stderr if "paused at" in line])]
    for reader in readers:
        reader.start()
    if aimed:
        assert paused.wait(30), "the writer never came to its pause"
    else:
        time.sleep(rng.uniform(0.01, 0.4))
    assert process.poll() is None, "the writer ended by itself"
    process.send_signal(signal.SIGKILL)
    process.wait()
    for reader in readers:
        reader.join()
    return output[0]


def cut_power(folder, rng):
    """Takes some of what was written since the last sync from the disk again, and starts the machine anew."""
    mark = pathlib.Path(folder) / ".levee/synced"
    if not mark.exists():
        return 0  # each write was synced
    _, synced_us = mark.read_text().split()
    taken = 0
    for file in sorted(pathlib.Path(folder).rglob("*.md")):
        if file.stat().st_mtime_ns // 1000 < int(synced_us) or rng.random() < 0.5:
            continue
        taken += 1
        if rng.random() < 0.5:
            file.unlink()
        else:
            file.write_bytes(bytes(rng.choice([0, file.stat().st_size])))
    mark.write_text(f"another-boot {synced_us}\n")
    return taken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as top:
        folder = str(pathlib.Path(top) / "memory")
        expected = Expected()
        taken = 0
        for kill in range(arguments.kills):
            expected.take(write_and_kill(arguments.program, folder, rng))
            taken += cut_power(folder, rng) if rng.random() < 0.4 else 0
            checked = subprocess.run([arguments.program, folder, "check"], capture_output=True, text=True)
            assert checked.returncode == 0, f"kill {kill}: {checked.stderr}"
            expected.check(dict(line.split() for line in checked.stdout.splitlines()))
        conflicts = list(pathlib.Path(folder).rglob("*.conflict-*"))
        assert not conflicts, conflicts
    print(f"{arguments.kills} kills, {len(expected.known)} items, {taken} files lost by power cuts")


sys.exit(main())
