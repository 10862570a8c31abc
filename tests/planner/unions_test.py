#!/usr/bin/env python3
"""`files` of several of the given tables in one question: each table's own list, put together, ordered and cut here, says
what it must answer, under each set of rules that may change how it is done.
"""
import json
import os
import sys
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("sweep", "predicates")]

from columns import family, leaves  # noqa: E402
from each_table import outcome, run  # noqa: E402
from sweep_test import table_roots  # noqa: E402

FIELDS = "path,size,numRecords,partitionValues,deletionVector,stats,tags,addedVersion"
RULES = [[], ["union_pushdown"], ["limit_pushdown"], ["top_k"], ["projection_pruning"], ["predicate_pushdown"],
         ["answer_from_summary"], ["union_pushdown", "projection_pruning", "predicate_pushdown"]]
ORDERS = [("size", False), ("size", True), ("modificationTime", True), ("addedVersion", False), ("path", False)]


def ask(levee, *arguments):
    code, out, err = levee.ask(*arguments)
    if code:
        raise RuntimeError(f"exit {code} from {arguments}: {err[-300:]}")
    return [json.loads(line, parse_float=Decimal) for line in out.splitlines()]


def columns_of(levee, root):
    """{name: family} of a readable table's columns, else None."""
    code, out, _ = levee.ask("show", root, "--format", "json", freshness="fresh")
    if code or not json.loads(out)["schema"]:
        return None
    shown = json.loads(out)
    mode = shown["configuration"].get("delta.columnMapping.mode", "none")
    return {c.name: family(c.type) for c in leaves(shown["schema"], shown["partitionColumns"], mode)
            if not c.partition and not set(c.name) & set(' ,"`')}


def plain(entries):
    return sorted(json.dumps(entry, sort_keys=True, default=str) for entry in entries)


def ordered(entries, key, descending):
    known = [e for e in entries if e[key] is not None]
    return sorted(known, key=lambda e: e[key], reverse=descending) + [e for e in entries if e[key] is None]


def check_order(levee, roots, where, every, order, limit):
    key, descending = order
    right = [e[key] for e in ordered(every, key, descending)][:limit]
    text = key + (" desc" if descending else "")
    cut = ["--limit", str(limit)] if limit is not None else []
    for disabled in RULES:
        flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
        base = [*flags, "files", *roots, *where, *cut]
        got = ask(levee, *base, "--format", "ndjson", "--columns", f"{FIELDS},modificationTime", "--order-by", text)
        if [e[key] for e in got] != right:
            return f"--order-by {text} {cut} without {disabled}: another order"
        if not set(plain(got)) <= set(plain(every)) or len(set(plain(got))) != len(got):
            return f"--order-by {text} {cut} without {disabled}: other files"
        for more in ([], ["--order-by", text]):
            count = ask(levee, *base, *more, "--count")
            if count != [len(right)]:
                return f"--count {cut} {more} without {disabled}: {count}, not {len(right)}"
        some = ask(levee, *base, "--format", "ndjson", "--columns", f"{FIELDS},modificationTime")
        if len(some) != len(right) or not set(plain(some)) <= set(plain(every)):
            return f"{cut} without {disabled}: {len(some)} files"
    return None


def check(levee, roots, where, bounds, order, limit):
    every = []
    for root in roots:
        one = ask(levee, "files", root, *where, "--format", "ndjson", "--columns", f"{FIELDS},modificationTime")
        every += [{"table": root, **e} for e in one]
    wrong = check_order(levee, roots, where, every, order, limit)
    if wrong or not bounds:
        return wrong
    # Bounds of a column that the tables may have under several names in the log, and of several types.
    fields = ",".join(f"{bound}.{name}" for name in bounds for bound in ("min", "max", "nulls"))
    right = [{"table": root, **e} for root in roots
             for e in ask(levee, "files", root, *where, "--format", "ndjson", "--columns", "path," + fields)]
    for disabled in RULES:
        flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
        code, out, err = levee.ask(*flags, "files", *roots, *where, "--format", "ndjson", "--columns", "path," + fields)
        if code:
            # The only error there may be.
            return None if "it is a " in err else err
        got = [json.loads(line, parse_float=Decimal) for line in out.splitlines()]
        if plain(got) != plain(right):
            return f"{fields} without {disabled}: other values"
    return None


def ask_table(levee, root, _, rng, args):
    own = columns_of(levee, root)
    if own is None:
        return
    others = [other for _, other in table_roots() if other != root]
    rng.shuffle(others)
    # Tables with a column in common first.
    known = [(other, columns) for other in others[:args.others] if (columns := columns_of(levee, other))]
    known.sort(key=lambda pair: -len(set(own) & set(pair[1])))
    for size in (1, 2):
        chosen = known[:size]
        shared = sorted(set(own).intersection(*(columns for _, columns in chosen)))
        numbers = [n for n in shared if all(columns[n] == "integer" for columns in (own, *(c for _, c in chosen)))]
        where = rng.choice([[], ["--where", "1 = 1"]])
        if numbers and rng.random() < 0.7:
            where = ["--where", f"{rng.choice(numbers)} {rng.choice(['>', '<', '='])} {rng.choice([0, 1, 5, 100])}"]
        limit = rng.choice([None, 0, 1, 3, 1000])
        roots = [root, *(other for other, _ in chosen)]
        yield f" and {roots[1:]} {where}", outcome(check, levee, roots, where, rng.sample(shared, min(2, len(shared))),
                                                   rng.choice(ORDERS), limit)


if __name__ == "__main__":
    sys.exit(run("unions", "questions to", __doc__, ask_table, [("--others", 5, "tables to choose companions from")]))
