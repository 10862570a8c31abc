#!/usr/bin/env python3
"""Tells whether an operation became slower: each is timed as a ratio to a reference loop run right beside it, and held
against benchmarks/baseline.json. A ratio more than 10 % above its baseline is measured anew, twice and longer; what
stays above is a regression: it is named, with both figures, and the exit code is 1. What became faster is told too.

  benchmarks/bench_check.py [--only TEXT] [--rounds 7] [--update]

--update writes the baselines, of the chosen operations only when --only is given.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from judge import CROWDED, Ratios, changes, confirmed, factor, faster
from measure import Failed, json_and_cpu, machine, once
from operations import Bench, Sample, all_operations

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)
FILES = 50_000
LOOPS = 40


class Reference:
    """The yardsticks: a loop within a process, and a whole process that does one loop."""

    def __init__(self, program):
        self.program, self.loop_ns, self.crowding = program, [], []

    def loop(self):
        out, _ = json_and_cpu([self.program, str(LOOPS)])
        self.loop_ns.append(out["loop_ns"])
        self.crowding.append(out["crowding"])
        return Sample(out["loop_ns"] / 1e9, out["cpu_loop_ns"] / 1e9)

    def process(self):
        runs = [once([self.program]) for _ in range(9)]
        wall, cpu = (statistics.median(getattr(r, name) for r in runs) for name in ("seconds", "cpu_seconds"))
        self.crowding.append(sum(r.seconds for r in runs) / sum(r.cpu_seconds for r in runs))
        return Sample(wall, cpu)

    def crowded(self):
        return statistics.mean(self.crowding) > CROWDED


def mean(first, second):
    cpu = None if first.cpu is None else (first.cpu + second.cpu) / 2
    return Sample((first.wall + second.wall) / 2, cpu)


def measure(operations, reference, rounds):
    """{name: Ratios} of so many rounds; the yardstick is taken before and after each sample."""
    ratios = {operation.name: Ratios() for operation in operations}
    for at in range(rounds):
        before, kind = None, None
        for operation in operations:
            yardstick = getattr(reference, operation.reference)
            if kind != operation.reference:
                before, kind = yardstick(), operation.reference
            sample = operation.take()
            after = yardstick()
            ratios[operation.name].add(sample, mean(before, after))
            before = after
        print(f"  round {at + 1} of {rounds}", file=sys.stderr, flush=True)
    return ratios


def read_baselines(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)["operations"]


def write_baselines(path, ratios):
    operations = read_baselines(path)
    for name, own in ratios.items():
        operations[name] = {figure: float(f"{value:.3g}") for figure, value in own.figures().items()}
    text = json.dumps({"machine": machine().split(", load")[0], "operations": dict(sorted(operations.items()))},
                      indent=1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def told(change):
    return (f"{change.name}: {change.figure} {change.ratio:.3g} reference loops, baseline {change.baseline:.3g} "
            f"({(factor(change) - 1) * 100:+.0f} %)")


def table_of(work):
    folder = os.path.join(work, "table")
    if not os.path.exists(os.path.join(folder, "query.json")):
        subprocess.run([sys.executable, os.path.join(HERE, "make_table.py"), "--out", folder, "--shuffle", "--files",
                        str(FILES), "--partitions", "30"], check=True)
    with open(os.path.join(folder, "query.json"), encoding="utf-8") as file:
        return folder, json.load(file)


def check(options, bench, reference):
    operations = [o for o in all_operations(bench) if options.only in o.name]
    if not operations:
        sys.exit(f"bench-check: no operation is called like '{options.only}'")
    baselines = read_baselines(options.baseline)
    ratios = measure(operations, reference, options.rounds)
    if options.update:
        write_baselines(options.baseline, ratios)
        print(f"bench-check: wrote {len(ratios)} baselines to {os.path.relpath(options.baseline)}")
        return 0

    def measure_again(names):
        print(f"bench-check: again: {', '.join(names)}", file=sys.stderr)
        chosen = [o for o in operations if o.name in names]
        return changes(measure(chosen, reference, options.rounds * 2), baselines, reference.crowded())

    found = changes(ratios, baselines, reference.crowded())
    regressions = confirmed(found, measure_again)
    for change in sorted(found, key=factor, reverse=True) if options.verbose else []:
        print(f"  {told(change)}")
    for change in faster(found):
        print(f"faster: {told(change)}")
    for name in sorted(set(ratios) - set(baselines)):
        print(f"new: {name} has no baseline; --update writes one")
    for change in regressions:
        print(f"REGRESSION: {told(change)}")
    note = "; the cores were taken, so that processes were judged by CPU time alone" if reference.crowded() else ""
    print(f"bench-check: {len(ratios)} operations, {len(regressions)} regressions, loop "
          f"{statistics.median(reference.loop_ns or [0]) / 1e6:.2f} ms{note}")
    return 1 if regressions else 0


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/release/bin/levee"))
    p.add_argument("--tools", help="folder of reference_loop, land_commits and cache_gets; default beside --levee")
    p.add_argument("--baseline", default=os.path.join(HERE, "baseline.json"))
    p.add_argument("--rounds", type=int, default=7)
    p.add_argument("--only", default="", help="operations whose name has this text")
    p.add_argument("--update", action="store_true", help="write the baselines instead of judging")
    p.add_argument("--verbose", action="store_true", help="every figure")
    options = p.parse_args()
    tools = options.tools or os.path.dirname(os.path.abspath(options.levee))
    began = time.monotonic()
    # In memory where that is possible: a disk's moods are no operation of Levee.
    home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="levee-bench-", dir=home) as work:
        bench = Bench(os.path.abspath(options.levee), tools, work, *table_of(work))
        try:
            bench.prepare()
            code = check(options, bench, Reference(os.path.join(tools, "reference_loop")))
        except (Failed, OSError) as error:
            sys.exit(f"bench-check: {error}")
    print(f"bench-check: took {time.monotonic() - began:.0f} s", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
