#!/usr/bin/env python3
"""One program of data frames doing its jobs on a table with data, through Levee and as it comes; prints a JSON object.

  benchmarks/ask_frames.py polars|duckdb|arrow TABLE --store FILE [--repeat N]

All readers are asked in turn within one process, so that the machine is the same for all: {job: {reader: [seconds]}}.
"""
import argparse
import json
import sys
import time

import frames


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("program", choices=frames.READERS)
    p.add_argument("table")
    p.add_argument("--store", required=True)
    p.add_argument("--repeat", type=int, default=15)
    options = p.parse_args()
    readers = [kind(options) for kind in frames.READERS[options.program]]
    seconds = {}
    for job in ("plan", "query", "full"):
        took = seconds[job] = {type(reader).__name__: [] for reader in readers}
        answers = {json.dumps(getattr(reader, job)()) for reader in readers}
        if len(answers) != 1:
            sys.exit(f"{options.program} {job}: the readers do not agree: {sorted(answers)}")
        for _ in range(options.repeat if job != "full" else 3):
            for reader in readers:
                began = time.perf_counter()
                getattr(reader, job)()
                took[type(reader).__name__].append(time.perf_counter() - began)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
