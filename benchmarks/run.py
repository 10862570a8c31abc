#!/usr/bin/env python3
"""Measures Levee and the other readers on the same tables in one run, and writes docs/benchmarks.md.

Tables are made under build/bench when they are not there. Every answer is checked against query.json.

  benchmarks/run.py [--files 1000000] [--no-peers] [--out docs/benchmarks.md]
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

from measure import Failed, anonymous_mib, json_of, machine, many, once, text_of

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)


class Results:
    """What was measured, by name, in seconds, MiB or MB; a failure is kept as its text."""

    def __init__(self):
        self.values = {}

    def take(self, name, measure):
        print(f"  {name} ... ", end="", file=sys.stderr, flush=True)
        try:
            self.values[name] = measure()
        except (Failed, OSError, KeyError, ValueError) as error:
            self.values[name] = f"failed: {error}"
        print(self.values[name], file=sys.stderr)
        return self.values[name]

    def number(self, name, at=None):
        value = self.values.get(name)
        if at is not None and isinstance(value, (tuple, list)):
            value = value[at]
        return value if isinstance(value, (int, float)) else None


def ensure_table(folder, *options):
    if not os.path.exists(os.path.join(folder, "query.json")):
        print(f"bench: making {folder}", file=sys.stderr)
        # In a process of its own: a child's peak memory counts what its parent held when it was started.
        subprocess.run([sys.executable, os.path.join(HERE, "make_table.py"), "--out", folder, *options], check=True)
    with open(os.path.join(folder, "query.json"), encoding="utf-8") as file:
        return json.load(file)


# --- Levee ----------------------------------------------------------------------------------------------
class LeveeRuns:
    def __init__(self, options, table, question, results):
        self.program, self.table, self.q, self.r = options.levee, table, question, results
        self.work = options.work
        self.store = os.path.join(self.work, "levee.db")
        self.where = f"date = '{question['date']}' AND id BETWEEN {question['id_lo']} AND {question['id_hi']}"

    def command(self, *arguments, store=None):
        return [self.program, "--store", store or self.store, *arguments]

    def remove_store(self, store):
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(store + suffix):
                os.remove(store + suffix)

    def load(self):
        """Imports three times into a new store; (median seconds, most MiB)."""
        runs = []
        for _ in range(3):
            self.remove_store(self.store)
            runs.append(once(self.command("add", self.table)))
            if runs[-1].code:
                raise Failed(f"exit {runs[-1].code} of add")
        return sorted(r.seconds for r in runs)[1], max(r.peak_mib for r in runs)

    def size_mb(self):
        if not os.path.exists(self.store):
            raise Failed("no store")
        return sum(os.path.getsize(self.store + s) for s in ("", "-wal") if os.path.exists(self.store + s)) / 1e6

    def count(self, where, *more):
        return int(text_of(self.command("files", self.table, "--where", where, "--count", *more)).strip())

    def process(self, *arguments, times=40):
        return many(self.command("files", self.table, *arguments), times)

    def bench(self, *arguments, repeat=2000, freshness="fresh"):
        """(p50, p99, cold) in seconds of the same question in one process."""
        out = json_of(self.command("--freshness", freshness, "bench", self.table, *arguments,
                                   "--repeat", str(repeat), "--format", "json"))
        return tuple(out[k] / 1e6 for k in ("p50_us", "p99_us", "cold_us"))

    def check_answers(self):
        wrong = []
        above = self.q["value_above_0_999"]
        for where, want in ((self.where, self.q["files"]), ("value > 0.999", above)):
            got = self.count(where)
            if got != want:
                wrong.append(f"{where}: {got} files, expected {want}")
        if wrong:
            raise Failed("; ".join(wrong))
        return "right"

    def land(self, commits=40):
        """Median seconds, beyond a bare fsync, in which a running process syncs one new commit and answers."""
        program = os.path.join(os.path.dirname(self.program), "land_commits")
        work = os.path.join(self.work, "land")
        os.makedirs(work, exist_ok=True)
        out = json_of([program, f"{self.table}/_delta_log", work, self.where, str(commits)])
        shutil.rmtree(work)
        return (out["p50_us"] - out["fsync_us"]) / 1e6

    def all(self):
        r, version = self.r, str(self.q["version"] - 50)
        r.take("levee load", self.load)
        r.take("levee answers", self.check_answers)
        r.take("levee size MB", self.size_mb)
        r.take("levee filtered process", lambda: self.process("--where", self.where, "--format", "paths"))
        r.take("levee filtered fresh", lambda: self.bench("--where", self.where))
        r.take("levee filtered cached", lambda: self.bench("--where", self.where, freshness="cached"))
        r.take("levee count", lambda: self.bench("--where", "value > 0.999", "--count", repeat=300))
        r.take("levee count process", lambda: self.process("--where", "value > 0.999", "--count"))
        r.take("levee paths", lambda: self.bench("--where", "value > 0.999", repeat=300))
        few = ("--columns", "path,size,partitionValues")
        r.take("levee list process", lambda: self.process(*few, "--format", "arrow", times=7))
        r.take("levee list", lambda: self.bench(*few, "--output", "arrow", repeat=15))
        r.take("levee all process", lambda: self.process("--format", "arrow", times=7))
        r.take("levee all", lambda: self.bench("--output", "arrow", repeat=9))
        r.take("levee older process", lambda: self.process("--where", self.where, "--version", version,
                                                           "--format", "paths"))
        r.take("levee older", lambda: self.bench("--where", self.where, "--version", version))
        r.take("levee memory MiB", lambda: anonymous_mib(self.command(
            "bench", self.table, "--where", self.where, "--repeat", "20000")))
        r.take("levee land", self.land)

    def many_commits(self, table):
        def load():
            store, runs = os.path.join(self.work, "many.db"), []
            for _ in range(3):
                self.remove_store(store)
                runs.append(once(self.command("add", table, store=store)))
                if runs[-1].code:
                    raise Failed(f"exit {runs[-1].code} of add")
            self.remove_store(store)
            return sorted(r.seconds for r in runs)[1]
        self.r.take("levee Tmany load", load)


# --- the others -----------------------------------------------------------------------------------------
PEER_JOBS = [("ducklog", "filtered", 3), ("deltars", "filtered", 1), ("deltars", "all", 3),
             ("duckfile", "load", 0), ("duckfile", "filtered", 200), ("duckfile", "count", 100),
             ("duckfile", "paths", 20), ("duckfile", "list", 5), ("duckfile", "all", 3),
             ("sqlite", "load", 0), ("sqlite", "filtered", 2000), ("sqlite", "count", 5), ("sqlite", "paths", 5),
             ("sqlite", "list", 3)]


def peers(options, table, question, results):
    stores = {name: os.path.join(options.work, f"peer.{name}") for name in ("duckfile", "sqlite")}
    want = {"filtered": question["files"], "count": question["value_above_0_999"],
            "paths": question["value_above_0_999"], "list": question["active"], "all": question["active"],
            "load": question["active"]}

    def ask(reader, job, repeat):
        out = json_of([sys.executable, os.path.join(HERE, "peers.py"), reader, job, table,
                       "--store", stores.get(reader, ""), "--repeat", str(repeat)])
        if out["answer"] != want[job]:
            raise Failed(f"answered {out['answer']}, expected {want[job]}")
        warm = sorted(out["warm_s"])
        return out["cold_s"], warm[len(warm) // 2] if warm else None, out["peak_mib"]

    for store in stores.values():
        if os.path.exists(store):
            os.remove(store)
    for reader, job, repeat in PEER_JOBS:
        results.take(f"{reader} {job}", lambda: ask(reader, job, repeat))
    for reader, store in stores.items():
        if os.path.exists(store):
            results.values[f"{reader} size MB"] = os.path.getsize(store) / 1e6
    cli = shutil.which("sqlite3")
    if cli:
        sql = (f"SELECT path FROM files WHERE date = '{question['date']}' AND id_min <= {question['id_hi']} "
               f"AND id_max >= {question['id_lo']}")
        results.take("sqlite filtered process", lambda: many([cli, stores["sqlite"], sql], 40))
    results.take("empty process", lambda: many(["/bin/true"], 40))


# --- the report -----------------------------------------------------------------------------------------
def time_text(seconds):
    if seconds is None:
        return "-"
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} us"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def amount_text(value, unit):
    return "-" if value is None else time_text(value) if unit == "s" else f"{value:.0f} {unit}"


def report_rows(n):
    """(work, Levee's value, goal, unit, [(rival, value)]) by kind of work; n reads a number by name and place."""
    new = [("SQLite rows with an index, sqlite3 CLI", n("sqlite filtered process", 0)),
           ("DuckDB typed file", n("duckfile filtered", 0)), ("DuckDB over the log", n("ducklog filtered", 0)),
           ("delta-rs", n("deltars filtered", 0))]
    warm = [("SQLite", n("sqlite filtered", 1)), ("DuckDB typed file", n("duckfile filtered", 1)),
            ("DuckDB over the log", n("ducklog filtered", 1)), ("delta-rs", n("deltars filtered", 1))]
    older = n("levee older process", 0), n("levee filtered process", 0)
    return [
        ("filtered list, new process, `fresh`", n("levee filtered process", 0), 3e-3, "s", new),
        ("filtered list, running process, `fresh`, median", n("levee filtered fresh", 0), 25e-6, "s", warm),
        ("- 99th percentile", n("levee filtered fresh", 1), 100e-6, "s", []),
        ("- `cached`, median", n("levee filtered cached", 0), 25e-6, "s", []),
        ("`value > 0.999` (nothing prunes), count", n("levee count", 0), 1e-3, "s",
         [("DuckDB typed file", n("duckfile count", 1)), ("SQLite", n("sqlite count", 1))]),
        ("- its paths", n("levee paths", 0), 5e-3, "s",
         [("DuckDB typed file", n("duckfile paths", 1)), ("SQLite", n("sqlite paths", 1))]),
        ("full list as Arrow (path, size, partition values), new process", n("levee list process", 0), 0.1, "s",
         [("DuckDB typed file", n("duckfile list", 0)), ("SQLite, tuples", n("sqlite list", 0))]),
        ("- running process", n("levee list", 0), 0.04, "s",
         [("DuckDB typed file", n("duckfile list", 1)), ("SQLite, tuples", n("sqlite list", 1))]),
        ("full list as Arrow with all statistics, new process", n("levee all process", 0), 0.25, "s",
         [("DuckDB typed file", n("duckfile all", 0)), ("delta-rs", n("deltars all", 0))]),
        ("- running process", n("levee all", 0), 0.12, "s",
         [("DuckDB typed file", n("duckfile all", 1)), ("delta-rs, from memory", n("deltars all", 1))]),
        ("import into the durable store, sorted", n("levee load", 0), 2.5, "s",
         [("DuckDB typed file", n("duckfile load", 0)), ("SQLite, durability off", n("sqlite load", 0))]),
        ("- peak resident memory", n("levee load", 1), 350, "MiB",
         [("DuckDB typed file", n("duckfile load", 2)), ("SQLite", n("sqlite load", 2))]),
        ("a commit lands, running process: sync and filtered list, beyond the fsync", n("levee land"), 0.0005, "s", []),
        ("filtered list 50 versions back, against the latest", older[0] / older[1] if all(older) else None, 2, "x", []),
        ("size of the store", n("levee size MB"), 130, "MB",
         [("DuckDB typed file", n("duckfile size MB")), ("SQLite rows and index", n("sqlite size MB"))]),
        ("anonymous memory of a process that answers", n("levee memory MiB"), 30, "MiB", []),
        ("Tmany: 10,000 commits, first sync", n("levee Tmany load"), 0.25, "s", []),
    ]


MISSED = """What stands behind a goal that is missed, or nearly:

- *A commit lands.* One fsync, five pages of 16 KB written; the rest is looking the removes up among the keys of every
  segment, reading the layout anew, and SQLite mapping its file again after each write of another connection.
- *Import.* On the edge: 2.4 to 2.7 s from run to run on two shared cores. A sixth is decompressing the checkpoint, a
  tenth copying pages for the spill file, the write-ahead log and its truncation.
- *All statistics as Arrow, running process.* Two copies of 0.5 GB: out of the pages of the store, and into the IPC stream;
  a third of the time is moving memory. Handing the arrays over without the IPC stream would save one.
"""


def verdict(value, goal):
    if value is None:
        return "not measured"
    return "" if goal is None else "met" if value <= goal else f"missed, {value / goal:.1f} times the goal"


def report(options, results):
    n = results.number
    lines = ["# Benchmarks", "",
             f"`make bench` makes the tables, measures Levee and the other readers in the same run and writes this page. "
             f"Machine: {machine()}.", "",
             f"The table: {options.files:,} files in random log order, ten columns with statistics, one checkpoint, 100 "
             "commits (`benchmarks/make_table.py --shuffle`). New processes: median of 40 (lists: 7), page cache warm. "
             "Warm numbers are medians within one process. A rival's new process is timed from opening to answer, without "
             "its imports, but for the sqlite3 CLI, which is timed whole as Levee is. Rows already loaded are no log readers: their load time stands "
             f"below. An empty process takes {time_text(n('empty process', 0))} here.", "",
             "| work | Levee | goal | outcome | others in this run, strongest first |", "|---|---|---|---|---|"]
    for work, value, goal, unit, rivals in report_rows(n):
        seen = sorted((v, name) for name, v in rivals if v is not None)
        others = "; ".join(f"{name} {amount_text(v, unit)}" + (f" ({v / value:.2g}x)" if value else "") for v, name in seen)
        lines.append(f"| {work} | {amount_text(value, unit)} | {'-' if goal is None else amount_text(goal, unit)} "
                     f"| {verdict(value, goal)} | {others or '-'} |")
    lines += ["", "Load before the warm numbers: " + "; ".join(
        f"{name} {time_text(n(key, 0))}" for name, key in (("Levee", "levee load"), ("DuckDB typed file", "duckfile load"),
                                                          ("SQLite rows with index", "sqlite load"))) + ".", ""]
    failed = [f"- {name}: {value}" for name, value in results.values.items()
              if isinstance(value, str) and value.startswith("failed")]
    if failed:
        lines += ["Not measured:", ""] + failed + [""]
    lines += [MISSED, "delta-kernel-rs, PostgreSQL and DuckLake are not run here.", ""]
    return "\n".join(lines)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/release/bin/levee"))
    p.add_argument("--files", type=int, default=1_000_000)
    p.add_argument("--work", default=os.path.join(SOURCE, "build/bench"))
    p.add_argument("--no-peers", action="store_true")
    p.add_argument("--out", default=os.path.join(SOURCE, "docs/benchmarks.md"))
    options = p.parse_args()
    options.work = os.path.abspath(options.work)
    os.makedirs(options.work, exist_ok=True)

    name = "T1Ms" if options.files == 1_000_000 else f"T{options.files}s"
    table, many_table = os.path.join(options.work, name), os.path.join(options.work, "Tmany")
    question = ensure_table(table, "--files", str(options.files), "--shuffle")
    ensure_table(many_table, "--files", "1000", "--checkpoint-version", "0", "--commits", "10000", "--adds", "1",
                 "--removes", "0")
    results = Results()
    runs = LeveeRuns(options, table, question, results)
    runs.all()
    runs.many_commits(many_table)
    if not options.no_peers:
        peers(options, table, question, results)
    text = report(options, results)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
