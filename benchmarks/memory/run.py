#!/usr/bin/env python3
"""Measures the memory bank and other embedded stores on the same items in one run, and writes docs/benchmarks-memory.md.

  benchmarks/memory/run.py [--build build/release] [--items 100000] [--more 1000000] [--rounds 3] [--out docs/benchmarks-memory.md]

Items are made under build/bench when they are not there. Answers are compared before anything is timed.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from report import report

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
RIVALS = ("sqlite-fts5", "tantivy", "lancedb")
LEVEE = "levee"


class Bench:
    def __init__(self, options):
        self.options = options
        self.bin = os.path.join(options.build, "bin")
        self.python = os.path.join(SOURCE, "build/_deps/memory-rivals/bin/python")
        self.work = os.path.join(SOURCE, "build/bench/memory-stores")
        self.values, self.skipped = {}, {}
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)

    def data(self, items):
        folder = os.path.join(SOURCE, f"build/bench/memory-{items}")
        if not os.path.exists(os.path.join(folder, "queries.json")):
            print(f"making {items:,} items", file=sys.stderr)
            subprocess.run([self.python, os.path.join(HERE, "make_items.py"), folder, str(items)], check=True)
        return folder

    def store(self, name):
        return os.path.join(self.work, name + (".db" if name.startswith((LEVEE, "sqlite")) else ""))

    def remove(self, name):
        for suffix in ("", "-wal", "-shm"):
            path = self.store(name) + suffix
            shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)

    def disk_mb(self, name):
        path = self.store(name)
        files = [path, path + "-wal"] if os.path.isfile(path) else [os.path.join(root, file) for root, _, names in os.walk(path) for file in names]
        return sum(os.path.getsize(file) for file in files if os.path.exists(file)) / 1e6

    def ask(self, name, what, items, store=None, content_bytes=None, **environment):
        """What one process measures, by the names that it gives."""
        data, store = self.data(items), self.store(store or name)
        if name == LEVEE:
            command = [os.path.join(self.bin, "memory_bank"), data, store, what, str(items)]
        else:
            command = [self.python, os.path.join(HERE, "rivals.py"), name, data, store, what, str(items)]
        command += [str(content_bytes)] if content_bytes else []
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
        if done.returncode != 0:
            raise RuntimeError(f"{name} {what}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}")
        return json.loads(done.stdout)

    def take(self, key, measured):
        """Keeps each round's figures; those of a round that failed are its error."""
        print(f"  {key}: {json.dumps(measured)[:150]}", file=sys.stderr)
        self.values.setdefault(key, []).append(measured)

    def median(self, key, *path):
        found = []
        for measured in self.values.get(key, []):
            for name in path:
                measured = measured.get(name) if isinstance(measured, dict) else None
            if measured is not None:
                found.append(measured)
        return statistics.median(found) if found else None

    def available(self):
        there = []
        for name in RIVALS:
            module = {"sqlite-fts5": "sqlite3"}.get(name, name)
            if subprocess.run([self.python, "-c", f"import {module}"], capture_output=True).returncode == 0:
                there.append(name)
            else:
                self.skipped[name] = "its package is not here (tools/setup --bench)"
        return there

    def run(self):
        rivals, n = self.available(), self.options.items
        for _ in range(self.options.rounds):
            for name in (LEVEE, *rivals, "sqlite-rows"):
                self.remove(name)
                self.take(f"{name} load", self.ask(name, "load", n))
                self.values[f"{name} load"][-1]["disk_mb"] = self.disk_mb(name)
            for name, what in ((LEVEE, "load"), ("sqlite-rows", "load")):
                self.remove(f"{name}-small")
                self.take(f"{name} small", self.ask(name, what, n, store=f"{name}-small", content_bytes=200))
            self.remove("levee-once")
            self.take("levee once", self.ask(LEVEE, "once", n, store="levee-once"))
        self.compare(rivals)
        for _ in range(self.options.rounds):
            for name in (LEVEE, *rivals):
                self.take(f"{name} query", self.ask(name, "query", n))
            self.take("levee limited", self.ask(LEVEE, "query", n, LEVEE_MEMORY_LIMIT="64MB"))
            self.take("levee first", self.first_answer())
            self.take("sync", self.bare_sync())
            for name in (LEVEE, *rivals):
                self.take(f"{name} single", self.ask(name, "single", n))
            self.take("levee writers", self.ask(LEVEE, "writers", n, store="levee-writers"))
            self.remove("levee-writers")
            self.markdown()
        if self.options.more:
            self.take("levee more load", self.ask(LEVEE, "load", self.options.more, store="levee-more"))
            self.values["levee more load"][-1]["disk_mb"] = self.disk_mb("levee-more")
            for _ in range(self.options.rounds):
                self.take("levee more query", self.ask(LEVEE, "query", self.options.more, store="levee-more"))
        return self

    def compare(self, rivals):
        """The same ids, the same times of a filter's rows, as many rows with all words."""
        right = self.ask(LEVEE, "answers", self.options.items)["answers"]
        for name in rivals:
            theirs = self.ask(name, "answers", self.options.items)["answers"]
            for ours, other in zip(right, theirs, strict=True):
                for part in ("get", "filter", "and", "or"):
                    if other[part] is not None and ours[part] != other[part]:
                        raise SystemExit(f"{part}: levee and {name} do not agree: {ours[part]} and {other[part]}")

    def first_answer(self):
        """Start of the program to its end, one question of words."""
        with open(os.path.join(self.data(self.options.items), "queries.json")) as file:
            words = json.load(file)[0]["text"]
        command = [os.path.join(self.bin, "levee"), "--store", self.store(LEVEE), "memory", "find", " ".join(words), "--limit", "10"]
        times = []
        for _ in range(9):
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            times.append((time.perf_counter() - began) * 1e3)
        return {"ms": statistics.median(times)}

    def bare_sync(self):
        """A page of 16 KB appended to a file and synced: what no durable write can do without."""
        path, times = os.path.join(self.work, "sync"), []
        file = os.open(path, os.O_WRONLY | os.O_CREAT)
        for _ in range(300):
            began = time.perf_counter()
            os.write(file, b"x" * 16_384)
            os.fdatasync(file)
            times.append((time.perf_counter() - began) * 1e3)
        os.close(file)
        os.remove(path)
        times.sort()
        return {"p50": times[150], "p99": times[297]}

    def markdown(self):
        driver = os.path.join(self.bin, "memory_markdown_driver")
        for key, words in (("markdown", ["later"]), ("markdown each", ["each"]), ("markdown git", ["later", "git"])):
            folder = os.path.join(self.work, "notes")
            done = subprocess.run([driver, folder, "bench", "10000", "1000", *words], capture_output=True, text=True, check=True)
            figures = {line.split("  ")[0].rsplit(" ", 1)[0]: line for line in done.stdout.splitlines()}
            stored = 10_000 / float(figures["store"].split()[-1].removesuffix("/s"))
            closed = float(done.stdout.strip().splitlines()[-1].split()[-2])  # until git has the rest
            self.take(key, {"stores_per_s": 10_000 / (stored + (closed if "git" in words else 0)),
                            "read_per_s": float(next(line.split()[2] for line in done.stdout.splitlines() if line.startswith("read")).removesuffix("/s"))})
            shutil.rmtree(folder)
            self.remove("notes")
            if os.path.exists(folder + ".db"):
                for suffix in ("", "-wal", "-shm"):
                    os.path.exists(folder + ".db" + suffix) and os.remove(folder + ".db" + suffix)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(SOURCE, "build/release"))
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--more", type=int, default=1_000_000, help="and Levee alone with that many; 0: not")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", default=os.path.join(SOURCE, "docs/benchmarks-memory.md"))
    bench = Bench(parser.parse_args()).run()
    with open(bench.options.out, "w") as out:
        out.write(report(bench))
    shutil.rmtree(bench.work)


if __name__ == "__main__":
    main()
