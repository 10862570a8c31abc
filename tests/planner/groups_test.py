#!/usr/bin/env python3
"""`du` by more groups than memory holds: sums and order as a plain loop has them, with little memory and with much.

That groups are spilled with little memory shows where there is no folder to spill to: the question fails, and says so.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import defaultdict

SMALL = 32 << 20
FILES = 60_000
METADATA = {"id": "groups", "format": {"provider": "parquet"}, "partitionColumns": ["customer"], "configuration": {},
            "schemaString": json.dumps({"type": "struct", "fields": [
                {"name": "customer", "type": "string", "nullable": True, "metadata": {}}]})}


def write_table(root, rng):
    """The files: (path, customer, size, records)."""
    files = [(f"f{i}", rng.choice([None, f"customer {rng.randrange(FILES // 2)}"]) if i % 3 else f"c{i}",
              rng.choice([rng.randrange(FILES), SMALL + rng.randrange(9)]), rng.choice([None, 1, 7]))
             for i in range(FILES)]
    os.makedirs(os.path.join(root, "_delta_log"))
    with open(os.path.join(root, "_delta_log", f"{0:020}.json"), "w", encoding="utf-8") as log:
        log.write(json.dumps({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}) + "\n")
        log.write(json.dumps({"metaData": METADATA}) + "\n")
        for path, customer, size, records in files:
            add = {"path": path, "partitionValues": {"customer": customer}, "size": size, "modificationTime": 1,
                   "dataChange": True}
            if records is not None:
                add["stats"] = json.dumps({"numRecords": records})
            log.write(json.dumps({"add": add}) + "\n")
    return files


def expected_rows(files, by):
    groups = defaultdict(list)
    for file in files:
        groups[file[by]].append(file)
    known = sorted(key for key in groups if key is not None)
    # Partition values put null first, fields last.
    nulls = [None] * (None in groups)
    keys = nulls + known if by == 1 else known + nulls
    for key in keys:
        group = groups[key]
        records = None if any(f[3] is None for f in group) else sum(f[3] for f in group)
        yield {"key": key, "numFiles": len(group), "sizeInBytes": sum(f[2] for f in group), "numRecords": records,
               "smallFiles": sum(f[2] < SMALL for f in group)}


def expected_hint(files):
    """What compaction to 128 MiB leaves at most, from each partition's files."""
    partitions = defaultdict(list)
    for _, customer, size, _ in files:
        partitions[customer].append(size)
    left = 0
    for sizes in partitions.values():
        large = sum(size >= SMALL for size in sizes)
        left += large
        if large < len(sizes):
            # Sums do not say how the bytes are shared out: the large ones have 32 MiB each at least.
            left += min(max(-(-(sum(sizes) - large * SMALL) // (4 * SMALL)), 1), len(sizes) - large)
    return (f"levee: {sum(f[2] < SMALL for f in files):,} of {len(files):,} files are below 32 MiB; compacted to 128 MiB, each "
            f"partition by itself, at most {left:,} files would be left")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", required=True)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="levee-groups-") as work:
        root = os.path.join(work, "table")
        files = write_table(root, random.Random(args.seed))

        def ask(*arguments):
            return subprocess.run([args.levee, "--store", os.path.join(work, "store.db"), *arguments],
                                  capture_output=True, timeout=300, check=False)
        problems = 0
        little, much = ["--memory-limit", "64MB"], []
        for name, by in (("path", 0), ("customer", 1), ("size", 2), ("numRecords", 3)):
            right = list(expected_rows(files, by))
            for memory in (much, little):
                for rules in ([], ["--disabled-rules", "answer_from_summary"]):
                    done = ask(*memory, *rules, "du", root, "--by", name, "--format", "ndjson")
                    if done.returncode or [json.loads(line) for line in done.stdout.splitlines()] != right:
                        print(f"FAIL du --by {name} {memory} {rules}: {done.stderr[-300:]}")
                        problems += 1
        table = ask("du", root)
        if expected_hint(files) not in table.stderr.decode().splitlines():
            print(f"FAIL the hint is not {expected_hint(files)}: {table.stderr[-400:]}")
            problems += 1
        if b"compacted" in ask("du", root, "--format", "ndjson").stderr + ask("du", root, "--by", "path").stderr:
            print("FAIL a hint where no person reads it, or of groups that are no partitions")
            problems += 1
        nowhere = ["--spill-folder", os.path.join(work, "gone"), "du", root, "--by", "path", "--format", "ndjson"]
        if ask(*much, *nowhere).returncode or not ask(*little, *nowhere).returncode:
            print("FAIL groups are not spilled where, and only where, memory is little")
            problems += 1
        print(f"groups: seed {args.seed}, {FILES} files, {problems} problems")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
