#!/usr/bin/env python3
"""Compares `changes` with the adds and removes of the JSON commits themselves, over every golden table.

Two stores a table: one that imported the newest version first, so that older ranges are filled in and
checkpoints are the base; one that took each commit by itself. Of each pair of versions whose commits are all
there, the rows must be the actions of those commits, as sets: the last of equal adds counts, a remove that is
said twice counts once, and a remove counts whether it met a file or not.
"""
import json
import os
import re
import shutil
import sys
import tempfile
from urllib.parse import unquote_to_bytes

from golden_tables import run_all
from golden_test import Program, dv_id

COMMIT = re.compile(r"^\d{20}\.json$")
PAIRS_MAX = 60  # of one table and store


def canonical(path):
    """One spelling for the paths of one file."""
    match = re.match(r"(?i)file:(//localhost(?=/)|//(?=/))?(?=/)", path)
    return unquote_to_bytes(path[match.end():] if match else path)


def commit_changes(path):
    """The rows of one commit: {(change, path, dv)} -> dataChange."""
    rows = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                continue
            for name, action in json.loads(line).items():
                if name in ("add", "remove") and action is not None:
                    key = (name, canonical(action["path"]), dv_id(action.get("deletionVector")))
                    if name == "add" or key not in rows:
                        size = action["size"] if name == "add" else None
                        rows[key] = (bool(action.get("dataChange")), size)
    return rows


def brute_force(log, after, to):
    rows = {}
    for version in range(after + 1, to + 1):
        for key, value in commit_changes(os.path.join(log, f"{version:020}.json")).items():
            rows[(version, *key)] = value
    return rows


def answered(text):
    rows, order = {}, []
    for line in text.splitlines():
        row = json.loads(line)
        key = (row["version"], row["change"], canonical(row["path"]), dv_id(row.get("deletionVector")))
        if key in rows:
            raise ValueError(f"twice: {key}")
        rows[key] = (row["dataChange"], row["size"] if row["change"] == "add" else None)
        order.append((row["version"], row["change"] == "add"))
    if order != sorted(order):
        raise ValueError("not in the order in which they happened")
    return rows


def pairs_of(case, log):
    """Pairs of readable versions with every commit after the first one there."""
    present = {int(name[:20]) for name in os.listdir(log) if COMMIT.match(name)}
    readable = sorted(v["version"] for v in case.versions if v["verdict"] == "read")
    pairs = [(a, b) for a in readable for b in readable
             if a < b and all(v in present and v in readable for v in range(a + 1, b + 1))]
    if len(pairs) > PAIRS_MAX:  # the short ones, the longest, and some between
        pairs.sort(key=lambda pair: pair[1] - pair[0])
        half = PAIRS_MAX // 2
        pairs = pairs[:half] + pairs[half::max(1, (len(pairs) - half) // half)] + pairs[-1:]
    return pairs


def compare(want, got):
    if want == got:
        return None
    missing, extra = sorted(set(want) - set(got)), sorted(set(got) - set(want))
    if missing or extra:
        return f"missing {missing[:3]}, unexpected {extra[:3]}"
    return "differs: " + "; ".join(f"{k}: {want[k]} is {got[k]}" for k in want if want[k] != got[k])[:400]


def run_table(case, program_path):
    log = os.path.join(case.root, "_delta_log")
    pairs = pairs_of(case, log) if os.path.isdir(log) else []
    if not pairs:
        return [], 0
    work = tempfile.mkdtemp(prefix="levee-changes-")
    wrong, rows = [], 0
    try:
        stores = [Program(program_path, os.path.join(work, name)) for name in ("imported.db", "followed.db")]
        for version in sorted({v for pair in pairs for v in pair}):
            stores[1].ask("sync", case.root, "--to-version", str(version))
        for name, program in zip(("imported", "followed"), stores):
            for after, to in pairs:
                answer = program.ask("changes", case.root, "--from", str(after), "--to", str(to), "--format", "ndjson")
                where = f"{case.key} {after}..{to} ({name})"
                if answer.code != 0:
                    wrong.append(f"{where}: exit {answer.code}: {answer.err.strip()[-300:]}")
                    continue
                want = brute_force(log, after, to)
                rows += len(want)
                try:
                    problem = compare(want, answered(answer.out))
                except (ValueError, KeyError) as error:
                    problem = repr(error)
                if problem:
                    wrong.append(f"{where}: {problem}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return wrong, rows


def main():
    tables, rows, wrong = run_all("changes", __doc__, run_table)
    print(f"changes: {rows} actions of {tables} tables compared, {wrong} windows differ")
    return 1 if wrong or rows == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
