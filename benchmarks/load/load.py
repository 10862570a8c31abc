#!/usr/bin/env python3
"""Load tests: many clients on one engine, in the patterns that a metadata service meets.

  read-heavy   16 clients on and on, a commit each 500 ms
  write-heavy  commits one after another, 2 clients asking
  mixed        open loop at half of the rate at which the machine is saturated, a commit and sync each 100 ms
  closed       one, two, four ... 32 clients on and on: the best throughput, and whether a client starves
  many-table   10,000 tables of 20 files: questions all over them, and new processes
  wide-table   1,000 columns, 10,000 files
  growth       the same question on tables from 100,000 to 5,000,000 files

  benchmarks/load/load.py [--only mixed,closed] [--files 1000000] [--seconds 10] [--out docs/load.md]

Each line gives throughput, percentiles in microseconds and errors; goals are told as met or missed. An open loop counts
latency from the time at which a question was due. Exit code 1: an answer was wrong or failed.
"""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

from measure import Failed, json_of, machine, many, write_page  # noqa: E402
from tables import LoadedTable, made_table, many_tables, wide  # noqa: E402

HELD = 400  # commits that wait to land


class Load:
    def __init__(self, options):
        self.o, self.rows, self.goals, self.errors = options, [], [], 0

    def run(self, name, store, plan, loop, clients=1, rate=0, seconds=None, write_every_ms=-1, freshness="fresh"):
        """One run of the driver; its row is kept under `name`."""
        path = os.path.join(self.o.work, "plan.tsv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(plan) + "\n")
        driver = os.path.join(os.path.dirname(os.path.abspath(self.o.levee)), "load_driver")
        out = json_of([driver, store, path, loop, str(clients), f"{rate:.1f}", str(seconds or self.o.seconds),
                       str(write_every_ms), freshness])
        out["name"] = name
        self.rows.append(out)
        self.errors += out["asked"]["errors"] + out["written"]["errors"]
        print(row_text(out), flush=True)
        return out

    def goal(self, name, value, limit, unit, at_least=False):
        met = value >= limit if at_least else value <= limit
        self.goals.append((name, value, limit, unit, met))
        print(f"  {name}: {value:.3g} {unit}, goal {'at least ' if at_least else ''}{limit:g}: "
              f"{'met' if met else 'MISSED'}", flush=True)

    def table(self):
        base = made_table(os.path.join(self.o.work, f"T{self.o.files}s"), "--files", str(self.o.files), "--shuffle",
                          "--commits", "500")
        loaded = LoadedTable(self.o.levee, base, os.path.join(self.o.work, "loaded"), HELD)
        loaded.reset()
        return loaded

    # --- patterns -------------------------------------------------------------------------------------------
    def read_heavy(self):
        t = self.table()
        self.run("read-heavy: 16 clients, a commit each 500 ms", t.store, t.questions(self.o.questions) + [t.writer()], "closed",
                 16, write_every_ms=500)

    def write_heavy(self):
        t = self.table()
        self.run("write-heavy: commits one after another, 2 clients", t.store, t.questions(self.o.questions) + [t.writer()],
                 "closed", 2, write_every_ms=0)

    def saturation(self, t, freshness):
        """Questions a second of as many clients as there are cores, with the same commits landing."""
        out = self.run(f"saturation: {os.cpu_count()} clients, {freshness}, a commit each 100 ms", t.store,
                       t.questions(self.o.questions) + [t.writer()], "closed", os.cpu_count(),
                       seconds=min(self.o.seconds, 5), write_every_ms=100, freshness=freshness)
        return out["asked"]["per_second"]

    def mixed(self):
        for freshness in ("cached", "fresh"):
            t = self.table()
            rate = self.saturation(t, freshness) / 2
            t.reset()
            out = self.run(f"mixed: open loop, {rate:,.0f} a second, {freshness}, a commit each 100 ms", t.store,
                           t.questions(self.o.questions) + [t.writer()], "open", 8, rate=rate, write_every_ms=100,
                           freshness=freshness)
            self.goal(f"mixed, {freshness}, 99th percentile", out["asked"]["p99_us"] / 1e3, 1, "ms")
            self.goal(f"mixed, {freshness}, slowest", out["asked"]["max_us"] / 1e3, 20, "ms")

    def closed(self):
        t, best = self.table(), 0
        plan = t.questions(1000)  # few: who asks one first would else seem to be starved
        for clients in (1, 2, 4, 8, 16, 32):
            out = self.run(f"closed loop, {clients} clients", t.store, plan, "closed", clients,
                           seconds=max(self.o.seconds / 2, 2))
            best = max(best, out["asked"]["per_second"])
        self.goal("32 clients, throughput of the best", out["asked"]["per_second"] / best, 0.9, "", at_least=True)
        self.goal("32 clients, slowest client of the median", out["slowest_client"] / out["median_client"], 0.5, "",
                  at_least=True)

    def many_table(self):
        store, folders = many_tables(self.o.levee, os.path.join(self.o.work, "many"), self.o.tables)
        plan = [f"list\t{t}\tdate = '2024-01-0{k % 9 + 1}' AND id < 15000" for k, t in enumerate(folders)]
        self.run(f"many-table: {self.o.tables:,} tables, 4 clients", store, plan, "closed", 4)
        self.goal("many-table, store size a table", os.path.getsize(store) / len(folders) / 1e3, 8, "KB")
        command = [self.o.levee, "--store", store, "files", folders[len(folders) // 2], "--format", "paths"]
        self.goal("many-table, files, new process", many(command, 40)[0] * 1e3, 3, "ms")

    def wide_table(self):
        store, table = wide(self.o.levee, os.path.join(self.o.work, "wide"), 1000, 10_000)
        plan = [f"list\t{table}\tc{k * 2 % 1000:04d} BETWEEN {k * 5000} AND {k * 5000 + 2000}" for k in range(1000)]
        out = self.run("wide-table: 1,000 columns, 1 client", store, plan, "closed", 1)
        self.goal("wide-table, filtered list, running process", out["asked"]["p50_us"] / 1e3, 3, "ms")
        command = [self.o.levee, "--store", store, "files", table, "--where", "c0500 BETWEEN 500 AND 3000", "--format",
                   "paths"]
        self.goal("wide-table, filtered list, new process", many(command, 40)[0] * 1e3, 3, "ms")

    def growth(self):
        medians = []
        for files in (100_000, 300_000, 1_000_000, 5_000_000):
            base = made_table(os.path.join(self.o.work, f"T{files}s-100"), "--files", str(files), "--shuffle")
            t = LoadedTable(self.o.levee, base, os.path.join(self.o.work, "grown"), 0)
            t.reset()
            q = t.question
            where = f"date = '{q['date']}' AND id BETWEEN {q['id_lo']} AND {q['id_hi']}"
            # An equal question again would be answered from the kept results, whatever the table's size.
            out = json_of([self.o.levee, "--store", t.store, "bench", t.folder, "--where", where, "--repeat", "20000",
                           "--format", "json"])
            print(f"growth: {files:,} files: p50 {out['p50_us']:.1f} us", flush=True)
            medians.append(out["p50_us"])
        self.goal("growth, 5,000,000 files against 100,000", medians[-1] / medians[0], 2, "times")


def row_text(out):
    a, w = out["asked"], out["written"]
    text = (f"{out['name']}\n  {a['per_second']:,.0f} a second; p50 {a['p50_us']:,.0f} us, p90 {a['p90_us']:,.0f}, "
            f"p99 {a['p99_us']:,.0f}, p99.9 {a['p99_9_us']:,.0f}, most {a['max_us']:,.0f}; {a['errors']} errors")
    if w["requests"]:
        text += (f"\n  {w['requests']} commits synced: p50 {w['p50_us']:,.0f} us, p99 {w['p99_us']:,.0f}, most "
                 f"{w['max_us']:,.0f}; {w['errors']} errors")
    return text + (f"\n  first error: {out['error']}" if out["error"] else "")


def page(load):
    """docs/load.md's tables."""
    head = ["pattern", "a second", "p50 us", "p90", "p99", "p99.9", "most", "errors", "commits: p50 us", "p99"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for out in load.rows:
        a, w = out["asked"], out["written"]
        cells = [out["name"], f"{a['per_second']:,.0f}"]
        cells += [f"{a[k]:,.0f}" for k in ("p50_us", "p90_us", "p99_us", "p99_9_us", "max_us", "errors")]
        cells += [f"{w['p50_us']:,.0f}", f"{w['p99_us']:,.0f}"] if w["requests"] else ["-", "-"]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| goal | measured | limit | outcome |", "|---|---|---|---|"]
    lines += [f"| {name} | {value:.3g} {unit} | {limit:g} {unit} | {'met' if met else 'missed'} |"
              for name, value, limit, unit, met in load.goals]
    return "\n".join(lines) + "\n"


PATTERNS = {"read-heavy": Load.read_heavy, "write-heavy": Load.write_heavy, "mixed": Load.mixed, "closed": Load.closed,
            "many-table": Load.many_table, "wide-table": Load.wide_table, "growth": Load.growth}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/release/bin/levee"))
    p.add_argument("--only", default=",".join(PATTERNS), help="patterns: NAME,NAME")
    p.add_argument("--files", type=int, default=1_000_000)
    p.add_argument("--questions", type=int, default=20_000, help="different ones")
    p.add_argument("--tables", type=int, default=10_000)
    p.add_argument("--seconds", type=float, default=10)
    p.add_argument("--work", default=os.path.join(SOURCE, "build/bench/load"))
    p.add_argument("--out", help="page whose results, between its marks, are replaced")
    options = p.parse_args()
    options.work, options.levee = os.path.abspath(options.work), os.path.abspath(options.levee)
    names = options.only.split(",")
    if unknown := [name for name in names if name not in PATTERNS]:
        sys.exit(f"load: no pattern {', '.join(unknown)}; there are {', '.join(PATTERNS)}")
    os.makedirs(options.work, exist_ok=True)
    load = Load(options)
    print(f"load: {machine()}")
    try:
        for name in names:
            PATTERNS[name](load)
    except Failed as error:
        sys.exit(f"load: {error}")
    if options.out:
        write_page(options.out, f"Machine: {machine()}.\n\n{page(load)}")
    missed = sum(not met for *_, met in load.goals)
    print(f"load: {load.errors} errors, {missed} of {len(load.goals)} goals missed")
    sys.exit(1 if load.errors else 0)


if __name__ == "__main__":
    main()
