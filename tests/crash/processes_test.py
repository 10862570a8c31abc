#!/usr/bin/env python3
"""Two processes sync and seven read one store while commits land every 50 ms.

No error may reach any of them. Each reader's answer must be a version of the log, whole, and never older than
the one before; a fresh one must also be as new as the log was when it was asked. Commits add more files than they remove, so that
the number of files tells the version. In the end the store must be equal to the log.
Before that, several processes at a time make a new store and import the same table, one of them now and then killed.
"""
import argparse
import collections
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import time

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from crash_table import Broken, Log, Store, make_template, seeded  # noqa: E402

COMMIT_EVERY_S = 0.05


class Crowd:
    def __init__(self, log, store, seconds):
        self.log, self.store = log, store
        self.end = time.monotonic() + seconds
        self.lock, self.failures, self.counts = threading.Lock(), [], collections.Counter()
        self.version_of = {log.totals[log.base][0]: log.base}  # by number of files
        self.landed = log.base

    def running(self):
        return not self.failures and time.monotonic() < self.end

    def spawn(self, name, step):
        def loop():
            try:
                state = {"version": self.log.base}
                while self.running():
                    step(state)
                    with self.lock:
                        self.counts[name] += 1
            except Exception as error:
                self.failures.append(f"{name}: {error!r}" if not isinstance(error, Broken) else f"{name}: {error}")
        thread = threading.Thread(target=loop)
        thread.start()
        return thread

    # --- what they do --------------------------------------------------------------------------
    def write(self, state):
        removes = self.log.rng.choice([0, 1, 3, 20])
        more = self.log.rng.randint(1, 5)
        # Known before it lands: a reader may be very quick.
        self.version_of[self.log.totals[self.landed][0] + more] = self.landed + 1
        self.landed = self.log.commit(removes + more, removes, revive=False)
        time.sleep(COMMIT_EVERY_S)

    def sync(self, state):
        _, out, _ = self.store.run("sync", self.store.table, "--format", "json")
        self.forward(state, json.loads(out)["toVersion"], 0)

    def list_files(self, freshness, state):
        newest = self.landed if freshness == "fresh" else 0
        _, out, _ = self.store.run("--freshness", freshness, "files", self.store.table, "--columns", "size",
                                   "--format", "arrow")
        sizes = ipc.open_stream(pa.BufferReader(out)).read_all()["size"]
        version = self.forward(state, self.version_of.get(len(sizes)), newest)
        total = pc.sum(sizes).as_py()
        if total != self.log.totals[version][1]:
            raise Broken(f"version {version}: {total} bytes, must be {self.log.totals[version][1]}")

    def count_files(self, freshness, state):
        newest = self.landed if freshness == "fresh" else 0
        _, out, _ = self.store.run("--freshness", freshness, "files", self.store.table, "--count")
        self.forward(state, self.version_of.get(int(out)), newest)

    def ask_often(self, state):
        """A process that lives through commits and compactions of others."""
        self.store.run("--freshness", "cached", "bench", self.store.table, "--where", "id >= 0", "--repeat", "40")

    @staticmethod
    def forward(state, version, at_least):
        if version is None or version < max(state["version"], at_least):
            raise Broken(f"version {version} after {state['version']}, the log was at {at_least}")
        state["version"] = version
        return version


def import_together(options, template, folder):
    rng = seeded(options.seed, "import")
    for number in range(options.imports):
        place = folder / f"import{number}"
        log = Log(template, place / "t", rng)
        store = Store(options.levee, place / "t", place / "s.db")
        processes = [store.start(*command) for command in
                     (["add", store.table], ["add", store.table], ["sync", store.table],
                      ["files", store.table, "--count"])]
        victim = rng.choice(processes) if number % 2 else None
        if victim:
            time.sleep(rng.random() * 0.1)
            victim.kill()
        for process in processes:
            _, err = process.communicate(timeout=120)
            if process.returncode != 0 and process is not victim:
                raise Broken(f"import {number}, {process.args[3]}: exit {process.returncode}: {err.decode()}")
        store.run("sync", store.table)
        store.expect_whole(log, log.newest)
        store.check(expect=(0,))
        store.expect_sound()
        shutil.rmtree(place)


def run(options, folder):
    template = make_template(folder / "template", options.files)
    import_together(options, template, folder)
    log = Log(template, folder / "t", seeded(options.seed))
    store = Store(options.levee, folder / "t", folder / "s.db")
    store.run("add", store.table)
    crowd = Crowd(log, store, options.seconds)
    threads = [crowd.spawn("commits", crowd.write)]
    threads += [crowd.spawn("syncs", crowd.sync) for _ in range(2)]
    for freshness in ("fresh", "cached", "bounded:1s"):
        threads.append(crowd.spawn(f"lists {freshness}", lambda state, f=freshness: crowd.list_files(f, state)))
        threads.append(crowd.spawn(f"counts {freshness}", lambda state, f=freshness: crowd.count_files(f, state)))
    threads.append(crowd.spawn("long readers", crowd.ask_often))
    for thread in threads:
        thread.join()
    print(dict(crowd.counts), flush=True)
    if crowd.failures:
        return crowd.failures
    try:
        store.run("sync", store.table)
        store.check(expect=(0,))
        store.expect_whole(log, log.newest)
        store.expect_sound()
    except Broken as broken:
        return [f"at the end: {broken}"]
    return []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--levee", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--imports", type=int, default=20)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    options.levee = str(pathlib.Path(options.levee).resolve())
    print(f"seed {options.seed}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="levee-crowd-"))
    try:
        failures = run(options, folder)
    except Broken as broken:
        failures = [str(broken)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if failures:
        sys.exit(f"FAILED (seed {options.seed}):\n" + "\n".join(failures))


if __name__ == "__main__":
    main()
