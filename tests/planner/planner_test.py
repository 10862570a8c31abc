#!/usr/bin/env python3
"""Every rule of the planner on and off: generated predicates over the given tables must name the same files.

Exact rules keep the list as it is, whichever other rules run. Sharpening rules may leave out more files: of those none
may hold a matching row, as far as the table's data files are there to be read. Counts must be the lists' lengths.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile
from multiprocessing.pool import ThreadPool

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("predicates", "sweep")]

from columns import family, leaves  # noqa: E402
from predicates import Predicate, generate, simple, sql  # noqa: E402
from sweep_test import Levee, SOURCE, identity, matches, read_rows, table_roots  # noqa: E402
import json  # noqa: E402

SHARPENING = ["contradiction", "partition_pruning"]
EXACT = ["constant_folding", "simplification", "common_subexpressions", "predicate_pushdown", "empty_result",
         "limit_pushdown", "projection_pruning", "answer_from_summary"]


def ask(levee, root, where, disabled, *more):
    flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
    code, out, err = levee.ask(*flags, "files", root, "--where", where, *more)
    if code:
        raise RuntimeError(f"exit {code} without {disabled}: {err[-300:]}")
    return out


def files(levee, root, where, disabled):
    lines = ask(levee, root, where, disabled, "--format", "ndjson", "--columns", "path,deletionVector").splitlines()
    return sorted(identity(json.loads(line)) for line in lines)


def entangled(rng, columns, values, each):
    """Predicates that give the rules something to do: repeats, ranges that meet or miss, shared parts, constants."""
    def one():
        column = rng.choice(columns)
        return simple(rng, column, values[column.name])
    for _ in range(each):
        a, b, c = one(), one(), one()
        same = [simple(rng, a.column, values[a.column.name]) for _ in range(2)]
        shape = rng.randrange(6)
        if shape == 0:
            yield Predicate("and", parts=(a, *same))
        elif shape == 1:
            yield Predicate("or", parts=(a, *same))
        elif shape == 2:
            yield Predicate("or", parts=(Predicate("and", parts=(a, b)), Predicate("and", parts=(c, a))))
        elif shape == 3:
            yield Predicate("and", parts=(Predicate("and", parts=(a, b)), Predicate("or", parts=(a, c)), same[0]))
        elif shape == 4:
            yield Predicate("not", parts=(Predicate("or", parts=(a, Predicate("and", parts=(b, *same)))),))
        else:
            yield Predicate("or", parts=(a, Predicate("not", parts=(Predicate("and", parts=(same[0], c)),)), a))


def with_constant(rng, where):
    """A constant beside the predicate that changes nothing."""
    return rng.choice(["{}", "({}) AND 1 = 1", "({}) OR NULL", "({}) OR 1 = 2", "TRUE AND ({})"]).format(where)


def check(levee, root, where, p, entries, rows):
    """What is wrong with one predicate, or None; and whether rules left out more files."""
    base = files(levee, root, where, SHARPENING)
    for rule in EXACT:
        if files(levee, root, where, SHARPENING + [rule]) != base:
            return f"{rule} changes the list of files"
    if files(levee, root, where, SHARPENING + EXACT) != base:
        return "all rules together change the list of files"
    for disabled in ([], ["contradiction"], ["partition_pruning"]):
        sharp = files(levee, root, where, disabled)
        if not set(sharp) <= set(base):
            return f"without {disabled}: files that no rule was to add"
        for own in set(base) - set(sharp):
            if own in rows and matches(p, rows[own]):
                return f"without {disabled}: dropped {own[0]}, which has a matching row"
        for more in ([], ["answer_from_summary"], ["predicate_pushdown"], ["limit_pushdown"]):
            count = int(ask(levee, root, where, disabled + more, "--count"))
            if count != len(sharp):
                return f"without {disabled + more}: counted {count} of {len(sharp)} files"
            least = int(ask(levee, root, where, disabled + more, "--count", "--limit", "2"))
            if least != min(2, len(sharp)):
                return f"without {disabled + more}: --limit 2 counts {least} of {len(sharp)} files"
    return None


def check_table(key, root, args):
    """(predicates asked, problems)."""
    work, problems, asked = tempfile.mkdtemp(prefix="levee-planner-"), [], 0
    rng = random.Random(f"{args.seed}/{key}")
    try:
        levee = Levee(args.levee, os.path.join(work, "store.db"))
        code, out, _ = levee.ask("show", root, "--format", "json", freshness="fresh")
        if code or not json.loads(out)["schema"]:
            return 0, []
        shown = json.loads(out)
        mode = shown["configuration"].get("delta.columnMapping.mode", "none")
        columns = [c for c in leaves(shown["schema"], shown["partitionColumns"], mode) if family(c.type)][:args.columns]
        entries, error = levee.files(root)
        if error or not columns or len(entries) < 2:
            return 0, [(key, "(all files)", error)] if error else []
        rows = read_rows(root, entries, columns)
        values = {c.name: sorted({v for r in rows.values() for v in r.get(c.name, []) if v is not None}, key=str)
                  for c in columns}
        predicates = rng.sample(list(generate(rng, columns, values, 1)), 1)
        predicates += entangled(rng, columns, values, args.each)
        for p in predicates:
            where = with_constant(rng, sql(p, rng.random() < 0.5))
            asked += 1
            try:
                wrong = check(levee, root, where, p, entries, rows)
            except RuntimeError as problem:
                wrong = str(problem)
            if wrong:
                problems.append((key, where, wrong))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return asked, problems


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/check/bin/levee"))
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--each", type=int, default=5, help="entangled predicates a table")
    p.add_argument("--columns", type=int, default=6, help="columns a table")
    p.add_argument("--only", default="")
    p.add_argument("--seed", default="1", help="printed, so that a run can be repeated")
    args = p.parse_args()
    roots = [(key, root) for key, root in table_roots() if args.only in key]
    with ThreadPool(args.jobs) as pool:
        outcomes = list(pool.imap_unordered(lambda pair: check_table(*pair, args), roots))
    asked, problems = sum(o[0] for o in outcomes), [problem for o in outcomes for problem in o[1]]
    for key, where, text in problems[:40]:
        print(f"FAIL {key}: WHERE {where}: {text}")
    print(f"planner: seed {args.seed}, {asked} predicates over {sum(o[0] > 0 for o in outcomes)} tables, "
          f"{len(problems)} problems")
    return 1 if problems or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
