#!/usr/bin/env python3
"""Every rule of the planner on and off: generated predicates over the given tables must name the same files.

Exact rules keep the list as it is, whichever other rules run: of one table and of two, in any order, cut, and narrowed by
a list of paths. Sharpening rules may leave out more files: of those none may hold a matching row, as far as the table's
data files are there to be read. Counts must be the lists' lengths. Every rule must be in one of the two lists.
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
EXACT = ["constant_folding", "simplification", "common_subexpressions", "needless_order", "union_pushdown",
         "predicate_pushdown", "empty_result", "limit_pushdown", "top_k", "top_k_bounds", "path_lookup",
         "projection_pruning", "answer_from_summary"]
# Of the memory bank, whose own tests hold them to it (WaysTest).
OF_ITEMS = ["item_tag_lists", "item_newest_first", "item_index", "item_index_only", "item_index_order",
            "item_column_order", "item_filter_first"]


def unlisted_rules(levee):
    """Rules that the program has and this test does not know, or the other way round."""
    _, _, err = levee.ask("--disabled-rules", "no_such_rule", "tables")
    named = err.split("one of ")[1].split(")")[0].split(", ")
    return set(named) ^ set(SHARPENING + EXACT + OF_ITEMS)


def ask(levee, root, where, disabled, *more):
    flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
    code, out, err = levee.ask(*flags, "files", root, "--where", where, *more)
    if code:
        raise RuntimeError(f"exit {code} without {disabled}: {err[-300:]}")
    return out


def files(levee, root, where, disabled):
    lines = ask(levee, root, where, disabled, "--format", "ndjson", "--columns", "path,deletionVector").splitlines()
    return sorted(identity(json.loads(line)) for line in lines)


def variations(rng, root, columns, entries):
    """Questions that the rules on plans change: [arguments]. All of them have one right answer: ties go by path."""
    typed = [c.name for c in columns if not c.partition and family(c.type) not in ("binary", "boolean")
             and not set(c.name) & set(' ,"`')]
    keys = ["size desc", "modificationTime", *(f"max.{name} desc" for name in typed), *(f"min.{name}" for name in typed)]
    order = ["--order-by", f"{rng.choice(keys)},path"]
    limit = ["--limit", str(rng.choice([0, 1, 3, 1000]))]
    paths = [part for entry in rng.sample(entries, min(len(entries), 3)) for part in ("--path", entry["path"])]
    yield [*order, *limit]
    yield [*order, *rng.choice([[], paths])]
    yield [*paths, *rng.choice([[], [*order, *limit]])]
    yield [root, "--order-by", rng.choice(["table,path", f"{rng.choice(keys)},path"]), *rng.choice([[], limit])]


def answers(levee, root, where, disabled, question):
    """The list of a question and its count, comparable."""
    ordered = "--order-by" in question
    lines = ask(levee, root, where, disabled, *question, "--format", "ndjson", "--columns", "path,size").splitlines()
    return lines if ordered else sorted(lines), int(ask(levee, root, where, disabled, *question, "--count"))


def check_variations(levee, root, where, questions):
    for question in questions:
        base = answers(levee, root, where, SHARPENING, question)
        if len(base[0]) != base[1]:
            return f"{question}: counted {base[1]} of {len(base[0])} files"
        for disabled in [[rule] for rule in EXACT] + [EXACT]:
            if answers(levee, root, where, SHARPENING + disabled, question) != base:
                return f"{question}: without {disabled} another answer"
    return None


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


def check(levee, root, where, p, entries, rows, questions):
    """What is wrong with one predicate, or None; and whether rules left out more files."""
    if unlisted_rules(levee):
        return f"rules of another kind: {unlisted_rules(levee)}"
    wrong = check_variations(levee, root, where, questions)
    if wrong:
        return wrong
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
        questions = rng.sample(list(variations(rng, root, columns, entries)), args.variations)
        yield f": WHERE {where}", outcome(check, levee, root, where, p, entries, rows, questions)


if __name__ == "__main__":
    sys.exit(run("planner", "predicates over", __doc__, ask_table,
                 [("--each", 5, "entangled predicates a table"), ("--columns", 6, "columns a table"),
                  ("--variations", 1, "orders, lists and unions a predicate")]))
