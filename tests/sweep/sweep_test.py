#!/usr/bin/env python3
"""Skipping against the rows: for generated predicates over every column of every table with data files,
no file that holds a matching row is dropped, and none is kept that its own bounds exclude.

Rows that a deletion vector hides count as rows: their bounds are in the file's statistics too, so this
asks a little more of the program than the protocol does.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from decimal import Decimal
from multiprocessing.pool import ThreadPool
from urllib.parse import unquote

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "predicates"))

from columns import family, leaves, rows_of, single, value_of_json, value_of_text  # noqa: E402
from predicates import columns_of, compare, generate, leaf, sql, truth  # noqa: E402

SOURCE = os.path.dirname(os.path.dirname(HERE))
Problem = namedtuple("Problem", "table where text")
Outcome = namedtuple("Outcome", "asked dropped decided problems", defaults=(0, 0, 0, []))


class Levee:
    def __init__(self, path, store):
        self.path, self.store = path, store

    def ask(self, *arguments, freshness="cached"):
        done = subprocess.run([self.path, "--store", self.store, "--freshness", freshness, *arguments],
                              capture_output=True, timeout=120)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace").strip()

    def files(self, root, where=None):
        """(entries or None, error)."""
        code, out, err = self.ask("files", root, "--format", "ndjson", *(["--where", where] if where else []))
        if code:
            return None, f"exit {code}: {err[-300:]}"
        return [json.loads(line, parse_float=Decimal) for line in out.splitlines() if line], None


def identity(entry):
    return (entry["path"], json.dumps(entry.get("deletionVector"), sort_keys=True, default=str))


# --- what a file's own bounds exclude -------------------------------------------------------------------
def bound(stats, part, column):
    at = (stats or {}).get(part)
    for step in column.physical:
        at = at.get(step) if isinstance(at, dict) else None
    return at


def excluded_by_bounds(p, entry):
    """Whether the file's statistics prove, beyond what writers round, that no row matches a one-column predicate."""
    column, stats = p.column, entry.get("stats")
    if not isinstance(stats, dict):
        return False
    nulls, rows = bound(stats, "nullCount", column), stats.get("numRecords")
    if p.op == "null":
        return nulls == 0 and entry.get("deletionVector") is None
    if p.op == "notnull":
        return rows is not None and nulls == rows and entry.get("deletionVector") is None
    try:
        low, high = (value_of_json(column.type, bound(stats, part, column)) for part in ("minValues", "maxValues"))
    except (ValueError, KeyError, ArithmeticError):
        return False
    if low is None or high is None or p.op in ("<>", "prefix"):
        return False
    if column.was_float:  # 3.4 may stand for the float, 3.4000000953674316
        low, high = min(low, single(low)), max(high, single(high))
    sort = family(column.type)
    if sort in ("timestamp", "timestamp_ntz"):
        high += 1000
    if sort == "string" and len(high) >= 32:  # writers cut long maxima
        return False
    if sort in ("float", "double"):
        if high != high or low != low or p.op in (">", ">="):  # NaN is above every bound and in none
            return False
    if p.op in ("=", "<=>", "in"):
        return all(compare("<", v, low) or compare(">", v, high) for v in p.values)
    if p.op == "between":
        return sort not in ("float", "double") and (
            compare(">", low, p.values[1]) or compare("<", high, p.values[0]))
    return {"<": compare(">=", low, p.values[0]), "<=": compare(">", low, p.values[0]),
            ">": compare("<=", high, p.values[0]), ">=": compare("<", high, p.values[0])}[p.op]


def excluded(p, entry):
    if p.column is None:
        return False
    if not p.column.partition:
        return excluded_by_bounds(p, entry)
    try:
        value = value_of_text(p.column.type, entry["partitionValues"].get(p.column.physical[0]))
    except (ValueError, KeyError, ArithmeticError):
        return False
    if isinstance(value, float):
        return False
    return leaf(p, value) is not True


# --- one table ------------------------------------------------------------------------------------------
def matches(p, rows):
    names = columns_of(p)
    if any(c.name not in rows for c in names):
        return False
    count = len(next(iter(rows.values())))
    return any(truth(p, lambda c: rows[c.name][k]) is True for k in range(count))


def read_rows(root, entries, columns):
    """{identity: rows} of the files that are there, the first 40 of them."""
    out = {}
    for entry in entries[:40]:
        path = unquote(entry["path"])
        path = path if path.startswith("/") else os.path.join(root, path)
        if ":" not in entry["path"].split("/")[0] and os.path.isfile(path):
            out[identity(entry)] = rows_of(path, columns, entry["partitionValues"])
    return out


def check_predicate(levee, root, p, plain, entries, rows):
    """(files dropped, what is wrong with the answer to one predicate or None)."""
    where = sql(p, plain)
    kept, error = levee.files(root, where)
    if error:
        return 0, (where, error)
    return len(entries) - len(kept), check_answer(where, p, kept, entries, rows)


def check_answer(where, p, kept, entries, rows):
    kept_ids = {identity(e) for e in kept}
    for entry in entries:
        own = identity(entry)
        if own in rows and own not in kept_ids and matches(p, rows[own]):
            return where, f"dropped {entry['path']}, which has a matching row"
    for entry in kept:
        if excluded(p, entry):
            return where, f"kept {entry['path']}, which its own bounds exclude"
    return None


def sweep_table(key, root, args):
    """The Outcome of a table; nothing is asked when it cannot be read or holds no data files."""
    work, problems, asked, dropped, decided = tempfile.mkdtemp(prefix="levee-sweep-"), [], 0, 0, 0
    rng = random.Random(f"{args.seed}/{key}")
    try:
        levee = Levee(args.levee, os.path.join(work, "store.db"))
        code, out, _ = levee.ask("show", root, "--format", "json", freshness="fresh")
        if code:
            return Outcome()
        shown = json.loads(out)
        if not shown["schema"]:  # metaData without a schema, which some old logs have
            return Outcome()
        mode = shown["configuration"].get("delta.columnMapping.mode", "none")
        columns = leaves(shown["schema"], shown["partitionColumns"], mode)[:args.columns]
        entries, error = levee.files(root)
        if error:
            return Outcome(problems=[Problem(key, "(all files)", error)])
        rows = read_rows(root, entries, columns)
        if not rows or not columns:
            return Outcome()
        values = {c.name: sorted({v for r in rows.values() for v in r.get(c.name, []) if v is not None}, key=str)
                  for c in columns}
        for p in generate(rng, columns, values, args.each):
            gone, wrong = check_predicate(levee, root, p, rng.random() < 0.5, entries, rows)
            asked, dropped, decided = asked + 1, dropped + gone, decided + len(entries)
            if wrong:
                problems.append(Problem(key, *wrong))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Outcome(asked, dropped, decided, problems)


def table_roots():
    """[(name, folder)] of every Delta table of examples/ and of the given tables."""
    given = os.path.realpath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TABLES") or "../shared/tables"))
    out, places = [], [(os.path.join(SOURCE, "examples"), "examples")]
    if os.path.isdir(given):
        places += [(os.path.join(given, name), name) for name in ("dat", "golden", "kernel", "spark", "made")]
    else:
        print(f"sweep: skipped the tables of LEVEE_TEST_TABLES: no {given}")
    for top, label in places:
        for where, folders, _ in os.walk(top):
            if "_delta_log" in folders:
                out.append((os.path.join(label, os.path.relpath(where, top)), where))
                folders[:] = []
    return sorted(out)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/check/bin/levee"))
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--each", type=int, default=8, help="predicates a column")
    p.add_argument("--columns", type=int, default=40, help="columns a table")
    p.add_argument("--only", default="")
    p.add_argument("--seed", default="1", help="printed, so that a run can be repeated")
    args = p.parse_args()
    roots = [(key, root) for key, root in table_roots() if args.only in key]

    with ThreadPool(args.jobs) as pool:
        outcomes = list(pool.imap_unordered(lambda pair: sweep_table(*pair, args), roots))
    asked, dropped, decided = (sum(getattr(o, name) for o in outcomes) for name in ("asked", "dropped", "decided"))
    tables, problems = sum(o.asked > 0 for o in outcomes), [p for o in outcomes for p in o.problems]
    for problem in problems[:40]:
        print(f"FAIL {problem.table}: WHERE {problem.where}: {problem.text}")
    print(f"sweep: seed {args.seed}, {asked} predicates over {tables} tables with data files, "
          f"{dropped} of {decided} file decisions dropped, {len(problems)} problems")
    if not asked:
        print("sweep: nothing was asked: the program could not read one table")
    return 1 if problems or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
