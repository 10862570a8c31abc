#!/usr/bin/env python3
"""Measures Levee and the other readers on the same tables in one run, and writes docs/benchmarks.md.

Tables are made under build/bench when they are not there. Every answer is checked against query.json.

  benchmarks/run.py [--files 1000000] [--no-peers] [--without ducklake,kernel] [--out docs/benchmarks.md]
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

from extras import Extras
from measure import Failed, WrongAnswer, anonymous_mib, json_of, many, once, text_of
from report import report, write_charts
from rivals import Rivals

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)


class Results:
    """What was measured, by name, in seconds, MiB or MB; a failure is kept as its text.

    `wrong` names what answered wrongly, `skipped` the peers that are not here and why.
    """

    def __init__(self):
        self.values, self.wrong, self.skipped = {}, [], {}

    def take(self, name, measure):
        print(f"  {name} ... ", end="", file=sys.stderr, flush=True)
        try:
            self.values[name] = measure()
        except WrongAnswer as error:
            self.values[name] = f"failed: {error}"
            self.wrong.append(f"{name}: {error}")
        except (Failed, OSError, KeyError, ValueError, subprocess.CalledProcessError) as error:
            self.values[name] = f"failed: {error}"
        print(self.values[name], file=sys.stderr)
        return self.values[name]

    def skip(self, name, reason):
        print(f"  {name}: skipped, {reason}", file=sys.stderr)
        self.skipped[name] = reason

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
            raise WrongAnswer("; ".join(wrong))
        return "right"

    def land(self, commits=40):
        """Median seconds, beyond a bare fsync, in which a running process syncs one new commit and answers."""
        program = os.path.join(os.path.dirname(self.program), "land_commits")
        work = os.path.join(self.work, "land")
        os.makedirs(work, exist_ok=True)
        out = json_of([program, f"{self.table}/_delta_log", work, self.where, str(commits)])
        shutil.rmtree(work)
        if out["p50_us"] <= out["fsync_us"]:
            raise Failed("less than a bare fsync: the disk is too busy to tell")
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
        r.take("levee older files", lambda: self.count(self.where, "--version", version))
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


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/release/bin/levee"))
    p.add_argument("--files", type=int, default=1_000_000)
    p.add_argument("--work", default=os.path.join(SOURCE, "build/bench"))
    p.add_argument("--package", default=os.path.join(SOURCE, "build/release/python"), help="folder of the Python package")
    p.add_argument("--tables", default=os.path.join(os.path.dirname(SOURCE), "shared/tables"), help="small real tables")
    p.add_argument("--no-peers", action="store_true")
    p.add_argument("--without", type=lambda names: names.split(","), default=[], help="peers to leave out")
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
        # The same files with statistics as typed columns too: the kernel's best case.
        parsed_table = table + "-parsed"
        ensure_table(parsed_table, "--files", str(options.files), "--shuffle", "--struct-stats")
        Rivals(options, table, question, results).all(many_table, parsed_table)
    Extras(options, table, question, results).all(runs.store, runs.where)
    # A rival's wrong answer stands on the page, without a time; one of Levee's own stops the page.
    own = [text for text in results.wrong if text.startswith("levee ")]
    if own:
        sys.exit("bench: wrong answers, nothing written:\n  " + "\n  ".join(own))
    text = report(options, results, write_charts(os.path.splitext(options.out)[0], results))
    with open(options.out, "w", encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
