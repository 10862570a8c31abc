#!/usr/bin/env python3
"""`files --order-by` over the given tables: the full list, sorted here, says which keys must stand at each place.

With a limit and without, under each set of rules that may change how it is done, and in little memory.
"""
import json
import math
import os
import sys
from decimal import Decimal
from functools import cmp_to_key

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("sweep", "predicates")]

from columns import family, leaves, value_of_json, value_of_text  # noqa: E402
from each_table import outcome, run  # noqa: E402
from sweep_test import identity  # noqa: E402

PLAIN = ["path", "size", "modificationTime", "numRecords", "addedVersion"]
RULES = [[], ["top_k"], ["top_k_bounds"], ["limit_pushdown"], ["projection_pruning"], ["predicate_pushdown"],
         ["top_k", "projection_pruning", "predicate_pushdown"]]


class Key:
    """One part of an order: its name for levee, and a file's value in the JSON that levee prints."""
    def __init__(self, name, value, field=None):
        self.name, self.value, self.field = name, value, field or name


def keys_of(shown, columns):
    yield from (Key(name, lambda entry, name=name: entry[name]) for name in PLAIN)
    for column in columns:
        # Arrays, maps and structs are left out by leaves().
        if column.partition:
            text = family(column.type) in ("string", "timestamp")
            yield Key(column.name, lambda entry, c=column, text=text: partition_value(entry, c, text), "partitionValues")
        elif family(column.type) != "binary":
            for bound in ("min", "max"):
                name = f"{bound}.{column.name}"
                yield Key(name, lambda entry, name=name, c=column: value_of_json(c.type, entry[name]))


def partition_value(entry, column, text):
    value = entry["partitionValues"].get(column.physical[0])
    return value or None if text else value_of_text(column.type, value)


def compare(a, b, descending):
    if a is None or b is None:
        return (a is None) - (b is None)
    nan_a, nan_b = (isinstance(v, float) and math.isnan(v) for v in (a, b))
    order = nan_a - nan_b if nan_a or nan_b else (a > b) - (a < b)
    return -order if descending else order


def keys_in_order(entries, order):
    keys = [tuple(key.value(entry) for key, _ in order) for entry in entries]

    def by(a, b):
        for x, y, (_, descending) in zip(a, b, order):
            if compare(x, y, descending):
                return compare(x, y, descending)
        return 0
    return keys, sorted(keys, key=cmp_to_key(by))


def ask(levee, root, flags, *more):
    code, out, err = levee.ask(*flags, "files", root, "--format", "ndjson", *more)
    if code:
        raise RuntimeError(f"exit {code}: {err[-300:]}")
    return [json.loads(line, parse_float=Decimal) for line in out.splitlines()]


def check(levee, root, order, where, limit):
    fields = list(dict.fromkeys(["path", "deletionVector", *(key.field for key, _ in order)]))
    base = ["--columns", ",".join(fields), *(["--where", where] if where else [])]
    every = ask(levee, root, [], *base)
    _, expected = keys_in_order(every, order)
    text = ",".join(key.name + (" desc" if descending else "") for key, descending in order)
    more = [*base, "--order-by", text, *(["--limit", str(limit)] if limit is not None else [])]
    known = {identity(entry): entry for entry in every}
    for disabled in RULES:
        for memory in ([], ["--memory-limit", "64MB"]):
            flags = memory + (["--disabled-rules", ",".join(disabled)] if disabled else [])
            got = ask(levee, root, flags, *more)
            keys, _ = keys_in_order(got, order)
            if str(keys) != str(expected[:limit]):
                return f"--order-by {text!r} --limit {limit} {flags}: another order"
            if len({identity(entry) for entry in got}) != len(got) or any(known.get(identity(e)) != e for e in got):
                return f"--order-by {text!r} --limit {limit} {flags}: other files"
    return None


def ask_table(levee, root, _, rng, args):
    code, out, _ = levee.ask("show", root, "--format", "json", freshness="fresh")
    if code or not json.loads(out)["schema"]:
        return
    shown = json.loads(out)
    mode = shown["configuration"].get("delta.columnMapping.mode", "none")
    columns = [c for c in leaves(shown["schema"], shown["partitionColumns"], mode) if family(c.type)]
    columns = [c for c in columns if not set(c.name) & set(' ,"`')]
    keys = list(keys_of(shown, columns))
    for _ in range(args.each):
        order = [(rng.choice(keys), rng.random() < 0.5) for _ in range(rng.randrange(1, 4))]
        # The first key decides whether bounds can be used: each kind of it is tried.
        where = rng.choice([None, None, "1 = 1"])
        yield "", outcome(check, levee, root, order, where, rng.choice([None, 0, 1, 2, 5, 100_000]))


if __name__ == "__main__":
    sys.exit(run("order", "orders over", __doc__, ask_table, [("--each", 4, "orders a table")]))
