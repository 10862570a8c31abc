#!/usr/bin/env python3
"""How cost grows with the number of files: the same questions on tables from 10,000 to 10,000,000 files, as a table.

  benchmarks/scale.py [--sizes 10000,100000,1000000,10000000] [--work build/bench] [--out docs/scale.md]

Tables are made under --work when they are not there (ten million files: 3.5 GB and some minutes). Every filtered list and
count is checked against query.json; a wrong one stops the run.
"""
import argparse
import os
import shutil
import sys

from measure import Failed, WrongAnswer, json_of, machine, once, text_of, write_page
from operations import remove_store
from run import ensure_table

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)

# name, unit, goal at the largest size or None
ROWS = [("import", "s", None), ("import, peak memory", "MiB", None), ("store, bytes a file", "B", None),
        ("filtered list, running process", "us", 60), ("filtered list, new process", "ms", None),
        ("count that nothing prunes, columns decoded", "ms", 8),
        ("count that nothing prunes, not decoded", "ms", 40),
        ("changes of 50 commits, new process", "ms", None), ("a commit synced and listed", "us", None),
        ("memory of a process that lists", "MiB", None)]


class Scale:
    def __init__(self, levee, work):
        self.levee, self.work = levee, work
        self.store = os.path.join(work, "scale.db")

    def command(self, *arguments):
        return [self.levee, "--store", self.store, *arguments]

    def run(self, *arguments):
        done = once(self.command(*arguments))
        if done.code:
            raise Failed(f"exit {done.code}: {' '.join(arguments)}")
        return done

    def median(self, *arguments, times=9):
        return sorted(self.run(*arguments).seconds for _ in range(times))[times // 2]

    def check(self, table, where, want):
        got = int(text_of(self.command("files", table, "--where", where, "--count")))
        if got != want:
            raise WrongAnswer(f"{table}: {where}: {got} files, expected {want}")

    def asked(self, table, *arguments, repeat):
        return json_of(self.command("bench", table, *arguments, "--repeat", str(repeat), "--format", "json"))

    def landed_us(self, table, where):
        folder = os.path.join(self.work, "land")
        os.makedirs(folder, exist_ok=True)
        tool = os.path.join(os.path.dirname(self.levee), "land_commits")
        out = json_of([tool, f"{table}/_delta_log", folder, where, "40"])
        shutil.rmtree(folder)
        return max(out["p50_us"] - out["fsync_us"], 0)

    def measure(self, table, q):
        """{name of ROWS: value in its unit}."""
        remove_store(self.store)
        where = f"date = '{q['date']}' AND id BETWEEN {q['id_lo']} AND {q['id_hi']}"
        above, back = "value > 0.999", str(q["version"] - 50)
        loaded = self.run("add", table)
        size = sum(os.path.getsize(self.store + s) for s in ("", "-wal") if os.path.exists(self.store + s))
        self.check(table, where, q["files"])
        self.check(table, above, q["value_above_0_999"])
        # A count of a process of its own finds no column decoded; its later ones do.
        counts = [self.asked(table, "--where", above, "--count", repeat=30) for _ in range(5)]
        values = {
            "import": loaded.seconds, "import, peak memory": loaded.peak_mib, "store, bytes a file": size / q["active"],
            "filtered list, running process": self.asked(table, "--where", where, repeat=1000)["p50_us"],
            "filtered list, new process": 1e3 * self.median("files", table, "--where", where, "--format", "paths"),
            "count that nothing prunes, columns decoded": sorted(c["p50_us"] for c in counts)[2] / 1e3,
            "count that nothing prunes, not decoded": sorted(c["cold_us"] for c in counts)[2] / 1e3,
            "changes of 50 commits, new process": 1e3 * self.median("changes", table, "--from", back),
            "memory of a process that lists": once(self.command("files", table, "--where", where)).peak_mib,
        }
        remove_store(self.store)
        values["a commit synced and listed"] = self.landed_us(table, where)
        return values


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table_text(sizes, results):
    head = ["cost", *[f"{size:,} files" for size in sizes], "growth", "goal", "outcome"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, unit, goal in ROWS:
        values = [results[size][name] for size in sizes]
        outcome = "" if goal is None else ("met" if values[-1] <= goal else f"missed, {values[-1] / goal:.1f} times")
        growth = f"{values[-1] / values[0]:.3g} times" if values[0] else "-"
        lines.append("| " + " | ".join([f"{name}, {unit}", *map(number, values), growth,
                                        "-" if goal is None else f"{goal} {unit}", outcome]) + " |")
    return "\n".join(lines) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/release/bin/levee"))
    p.add_argument("--sizes", default="10000,100000,1000000,10000000")
    p.add_argument("--work", default=os.path.join(SOURCE, "build/bench"))
    p.add_argument("--out", help="page whose results, between its marks, are replaced")
    options = p.parse_args()
    work, sizes = os.path.abspath(options.work), [int(size) for size in options.sizes.split(",")]
    os.makedirs(work, exist_ok=True)
    scale, results, before = Scale(os.path.abspath(options.levee), work), {}, machine()
    try:
        for size in sizes:
            table = os.path.join(work, "T1Ms" if size == 1_000_000 else f"T{size}s")
            question = ensure_table(table, "--files", str(size), "--shuffle")
            print(f"scale: {size:,} files", file=sys.stderr)
            results[size] = scale.measure(table, question)
    except (Failed, OSError) as error:
        sys.exit(f"scale: {error}")
    text = table_text(sizes, results)
    print(text)
    if options.out:
        write_page(options.out, f"Machine: {before}.\n\n{text}")


if __name__ == "__main__":
    main()
