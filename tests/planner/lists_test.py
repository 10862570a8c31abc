#!/usr/bin/env python3
"""`files --paths` (with a list's own columns too), `--except` and `du --by`, over the given tables at several versions: the full list, filtered and
grouped here, says what they must answer, with key look-up and sums and without."""
import csv
import json
import os
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "sweep"))

from each_table import outcome, run  # noqa: E402
from sweep_test import identity  # noqa: E402

SMALL = 32 << 20
RULES = [[], ["path_lookup"], ["answer_from_summary"], ["projection_pruning", "path_lookup"]]


def ask(levee, *arguments):
    code, out, err = levee.ask(*arguments)
    if code:
        raise RuntimeError(f"exit {code} from {arguments}: {err[-300:]}")
    return [json.loads(line) for line in out.splitlines()]


def check_paths(levee, root, at, entries, rng, work):
    wanted = [e["path"] for e in rng.sample(entries, min(len(entries), rng.choice([0, 1, 2, 7])))] + ["no/such/file"]
    listed = os.path.join(work, "list")
    with open(listed, "w", encoding="utf-8") as out:
        out.writelines(path + "\n" for path in wanted)
    chosen = sorted(identity(e) for e in entries if e["path"] in wanted)
    others = sorted(identity(e) for e in entries if e["path"] not in wanted)
    for disabled in RULES:
        flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
        for option, expected in (("--paths", chosen), ("--except", others)):
            got = ask(levee, *flags, "files", root, *at, option, listed, "--format", "ndjson", "--columns",
                      "path,deletionVector")
            if sorted(identity(e) for e in got) != expected:
                return f"{option} of {wanted} without {disabled}: {len(got)} of {len(expected)} files"
            count = ask(levee, *flags, "files", root, *at, option, listed, "--count")
            if count != [len(expected)]:
                return f"{option} --count of {wanted} without {disabled}: {count}, not {len(expected)}"
    return None


def check_listed(levee, root, at, entries, rng, work):
    """An inner join with a list: a row for each pair of a file and a line of the list with its path."""
    lines = [(rng.choice(entries)["path"] if entries else "x", rng.choice(["", "5", "-7", "12"]), rng.choice(["a b", '"x,"', ""]))
             for _ in range(rng.choice([0, 1, 5, 40]))] + [("no/such/file", "1", "z")]
    listed = os.path.join(work, "list.csv")
    with open(listed, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerows([("n", "path", "owner"), *((n, path, owner) for path, n, owner in lines)])
    expected = [(identity(e), int(n) if n else None, owner or None)
                      for e in entries for path, n, owner in lines if path == e["path"]]
    for disabled in RULES:
        flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
        got = ask(levee, *flags, "files", root, *at, "--paths", listed, "--format", "ndjson", "--columns",
                  "path,deletionVector,list.n,list.owner", *rng.choice([[], ["--order-by", "list.n,path,list.owner"]]))
        if sorted(((identity(e), e["list.n"], e["list.owner"]) for e in got), key=str) != sorted(expected, key=str):
            return f"--paths {lines} with columns, without {disabled}: {len(got)} of {len(expected)} rows"
        count = ask(levee, *flags, "files", root, *at, "--paths", listed, "--columns", "list.n", "--count")
        if count != [len(expected)]:
            return f"--paths {lines} --count without {disabled}: {count}, not {len(expected)}"
    return None


def check_groups(levee, root, at, entries, columns):
    for by in ["addedVersion", "numRecords", "size", *columns]:
        groups = defaultdict(list)
        for entry in entries:
            key = entry["partitionValues"].get(columns[by]) if by in columns else entry[by]
            groups[key].append(entry)
        expected = {key: [len(group), sum(e["size"] for e in group),
                          None if any(e["numRecords"] is None for e in group) else sum(e["numRecords"] for e in group),
                          sum(e["size"] < SMALL for e in group)] for key, group in groups.items()}
        for disabled in RULES[:3]:
            flags = ["--disabled-rules", ",".join(disabled)] if disabled else []
            for where in ([], ["--where", "1 = 1"]):
                rows = ask(levee, *flags, "du", root, *at, "--by", by, *where, "--format", "ndjson")
                got = {r["key"]: [r["numFiles"], r["sizeInBytes"], r["numRecords"], r["smallFiles"]] for r in rows}
                if got != expected:
                    return f"du --by {by} {where} without {disabled}: {got}, not {expected}"
    return None


def partition_columns(shown):
    """{name: name in the log} of a version's partition columns."""
    mapped = shown["configuration"].get("delta.columnMapping.mode", "none") != "none"
    names = {name: name for name in shown["partitionColumns"]}
    for field in shown["schema"]["fields"] if mapped and shown["schema"] else []:
        if field["name"] in names:
            names[field["name"]] = field["metadata"]["delta.columnMapping.physicalName"]
    return names


def check(levee, root, at, entries, columns, rng, work):
    return (check_paths(levee, root, at, entries, rng, work) or check_listed(levee, root, at, entries, rng, work) or
            check_groups(levee, root, at, entries, columns))


def ask_table(levee, root, work, rng, _):
    code, out, _ = levee.ask("show", root, "--format", "json", freshness="fresh")
    if code:
        return
    newest = json.loads(out)["version"]
    for version in {newest, max(0, newest - 1)}:
        at = ["--version", str(version)]
        code, out, _ = levee.ask("files", root, *at, "--format", "ndjson", "--columns",
                                 "path,size,numRecords,deletionVector,addedVersion,partitionValues")
        if code:
            continue
        entries = [json.loads(line) for line in out.splitlines()]
        columns = partition_columns(ask(levee, "show", root, *at, "--format", "json")[0])
        yield f" at {version}", outcome(check, levee, root, at, entries, columns, rng, work)


if __name__ == "__main__":
    sys.exit(run("lists", "versions of", __doc__, ask_table))
