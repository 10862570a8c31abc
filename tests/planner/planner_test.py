#!/usr/bin/env python3
"""Every rule of the planner on and off: generated predicates over the given tables must name the same files.

Exact rules keep the list as it is, whichever other rules run. Sharpening rules may leave out more files: of those none
may hold a matching row, as far as the table's data files are there to be read. Counts must be the lists' lengths.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("predicates", "sweep")]

from columns import family, leaves  # noqa: E402
from each_table import outcome, run  # noqa: E402
from predicates import Predicate, generate, simple, sql  # noqa: E402
from sweep_test import identity, matches, read_rows  # noqa: E402

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


def ask_table(levee, root, _, rng, args):
    code, out, _ = levee.ask("show", root, "--format", "json", freshness="fresh")
    if code or not json.loads(out)["schema"]:
        return
    shown = json.loads(out)
    mode = shown["configuration"].get("delta.columnMapping.mode", "none")
    columns = [c for c in leaves(shown["schema"], shown["partitionColumns"], mode) if family(c.type)][:args.columns]
    entries, error = levee.files(root)
    if error:
        yield " (all files)", error
    if error or not columns or len(entries) < 2:
        return
    rows = read_rows(root, entries, columns)
    values = {c.name: sorted({v for r in rows.values() for v in r.get(c.name, []) if v is not None}, key=str)
              for c in columns}
    predicates = rng.sample(list(generate(rng, columns, values, 1)), 1)
    predicates += entangled(rng, columns, values, args.each)
    for p in predicates:
        where = with_constant(rng, sql(p, rng.random() < 0.5))
        yield f": WHERE {where}", outcome(check, levee, root, where, p, entries, rows)


if __name__ == "__main__":
    sys.exit(run("planner", "predicates over", __doc__, ask_table,
                 [("--each", 5, "entangled predicates a table"), ("--columns", 6, "columns a table")]))
