#!/usr/bin/env python3
"""Kills imports, syncs and compactions, and finds the store whole each time.

After each kill the store must show one version of the log, whole and not older than before; `levee check` must find it
equal or lagging; SQLite must find its file sound; and the next sync must complete and be equal. A kill counts only
when the process was still at work. Two fifths are aimed: LEVEE_TEST_PAUSE stops the process inside a publish or
a compaction, and there it is killed; the others come at random moments.

Several workers run, each on a log and a store of its own. The seed is printed; moments depend on the machine too.
"""
import argparse
import collections
import concurrent.futures
import pathlib
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from crash_table import Broken, Log, PAUSED, Store, killed, make_template, seeded, template_files  # noqa: E402

IMPORT_POINTS = ["publish:1", "publish:2"]
SYNC_POINTS = ["publish:1", "publish:2"]
COMPACTION_POINTS = ["compaction:1", "compaction:2", "compaction:3", "clean-up:1"]


class Tally:
    """What all workers did. Thread-safe."""

    def __init__(self, goal):
        self.goal, self.lock = goal, threading.Lock()
        self.kills, self.missed, self.failure = collections.Counter(), collections.Counter(), None

    def add(self, step, point):
        with self.lock:
            self.kills[(step, point.split(":")[0] if point else None)] += 1
            if self.total % 50 == 0:
                print(f"{self.total} kills", flush=True)

    def miss(self, step, point):
        with self.lock:
            self.missed[f"{step} {point or 'at random'}"] += 1

    @property
    def total(self):
        return sum(self.kills.values())

    def count(self, *points):
        return sum(number for (_, point), number in self.kills.items() if point in points)

    def done(self):
        return self.failure is not None or self.total >= self.goal


class Worker:
    def __init__(self, options, template, number, tally):
        self.rng, self.template, self.tally = seeded(options.seed, number), template, tally
        self.folder = pathlib.Path(template).parent / f"worker{number}"
        self.levee, self.rounds = options.levee, 0
        self.seconds = {"import": 1.0, "sync": 0.05, "compaction": 0.3}  # how long each takes, as seen

    def run(self):
        while not self.tally.done():
            self.begin()
            self.import_kills()
            for _ in range(6):
                if not self.tally.done():
                    self.rng.choice([self.sync_kill, self.sync_kill, self.sync_kill, self.compaction_kills])()

    def begin(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.log = Log(self.template, self.folder / "t", self.rng)
        self.store = Store(self.levee, self.folder / "t", self.folder / "s.db")
        self.at_least = None  # the version that the store has shown

    # --- kills -----------------------------------------------------------------------------
    def import_kills(self):
        for _ in range(self.rng.randint(1, 3)):
            self.kill("import", self.rng.choice([None, *IMPORT_POINTS]))
            if self.at_least is not None:
                break
        self.complete("import")

    def sync_kill(self):
        kind = self.rng.random()
        if kind < 0.5:
            for _ in range(self.rng.randint(1, 20)):
                self.log.commit(self.rng.randint(0, 12), self.rng.randint(0, 8))
        elif kind < 0.8:
            self.log.commit(self.rng.randint(0, 300), self.rng.randint(2000, 5000))
        else:
            self.log.commit(self.rng.randint(1000, 4000), 0)
        self.kill("sync", self.rng.choice([None, None, *SYNC_POINTS]))
        self.complete("sync")

    def compaction_kills(self):
        """The same store just before a compaction is due, several times."""
        self.rng.choice([self.many_tails, self.many_entries, self.many_ends])()
        copy = self.folder / "before.db"
        shutil.copyfile(self.store.path, copy)
        before = self.at_least
        for _ in range(4):
            self.store.remove()
            shutil.copyfile(copy, self.store.path)
            self.at_least = before
            self.store.age_garbage()
            self.log.commit(self.rng.randint(1, 5), self.rng.randint(1, 5))
            self.kill("compaction", self.rng.choice([None, *COMPACTION_POINTS]))
            if self.rng.random() < 0.3:
                self.log.commit(self.rng.randint(1, 5), self.rng.randint(0, 5))
                self.kill("compaction", self.rng.choice([None, *COMPACTION_POINTS]))
            self.complete("compaction")

    def many_tails(self):
        while self.store.tail()[0] < 64:
            self.log.commit(self.rng.randint(1, 3), self.rng.randint(0, 3))
            self.at_least = self.log.newest
            self.store.run("sync", self.store.table)

    def many_entries(self):
        self.log.commit(max(1, 4_000 - self.store.tail()[1]), 0)
        self.complete("sync", verify=False)
        self.log.commit(2_000, 1_000)

    def many_ends(self):
        self.log.commit(10, len(self.log.live) // 3)

    def kill(self, step, point):
        """Runs a step and kills it, at `point` or at a random moment; then looks at the store."""
        process = self.store.start("add" if step == "import" else "sync", self.store.table, pause=point)
        if point is None:
            time.sleep(self.rng.random() * 0.9 * self.seconds[step])
        else:
            while (line := process.stderr.readline().decode()) and not line.startswith(PAUSED):
                pass
        if not killed(process):
            self.tally.miss(step, point)
            self.at_least = self.store.expect_whole(self.log, self.at_least, every_file=False)
            return
        self.tally.add(step, point)
        self.look(f"killed in {step} at {point or 'a random moment'}", every_file=self.rng.random() < 0.3, check=True)

    # --- what must hold ------------------------------------------------------------------------
    # After a kill `check` compares with the log; after that every file is compared with the oracle, which is cheaper.
    def look(self, after, every_file, check):
        try:
            # The first program to open the store is Levee: the log of the killed one is still there.
            self.at_least = self.store.expect_whole(self.log, self.at_least, every_file)
            if check and self.at_least is not None:
                self.store.check(expect=(0,) if self.at_least == self.log.newest else (3,))
            if check and pathlib.Path(self.store.path).exists():
                self.store.expect_sound()
        except Broken as broken:
            raise Broken(f"{after}: {broken}") from None

    def complete(self, step, verify=True):
        start = time.monotonic()
        self.store.run("add" if step == "import" else "sync", self.store.table)
        took = time.monotonic() - start
        self.seconds[step] = 0.7 * self.seconds[step] + 0.3 * took
        if verify:
            self.look(f"after a complete {step}", every_file=True, check=self.rng.random() < 0.2)
        else:
            self.at_least = self.log.newest
        if self.at_least != self.log.newest:
            raise Broken(f"a complete {step} ended at version {self.at_least} of {self.log.newest}")


def work(options, template, number, tally):
    worker = Worker(options, template, number, tally)
    try:
        worker.run()
    except Exception as error:  # every worker ends at the first failure
        tally.failure = tally.failure or error
        if options.keep:
            print(f"kept: {worker.folder}")
        raise


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--levee", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the folder of a failure")
    options = parser.parse_args()
    options.levee = str(pathlib.Path(options.levee).resolve())
    print(f"seed {options.seed}", flush=True)
    start, tally = time.monotonic(), Tally(options.kills)
    folder = tempfile.mkdtemp(prefix="levee-kill-")
    try:
        template = make_template(pathlib.Path(folder, "template"), options.files)
        template_files(str(template))
        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            for future in [pool.submit(work, options, template, n, tally) for n in range(options.workers)]:
                future.exception()
    finally:
        if not (options.keep and tally.failure):
            shutil.rmtree(folder, ignore_errors=True)
    publish, compaction = tally.count("publish"), tally.count("compaction", "clean-up")
    print(f"kills: {tally.total} ({publish} in publish, {compaction} in compaction)")
    print("by step:", dict(collections.Counter(step for step, _ in tally.kills.elements())),
          f"not counted: {dict(tally.missed)}, {time.monotonic() - start:.0f} s")
    if tally.failure:
        sys.exit(f"FAILED (seed {options.seed}): {tally.failure}")
    if 3 * (publish + compaction) < tally.total:
        sys.exit("FAILED: less than a third of the kills came inside a publish or a compaction")


if __name__ == "__main__":
    main()
