#!/usr/bin/env python3
"""Compares what is answered from summaries with the list of files, over every golden table.

`du` by all partition columns and by each must be what the files of `files --format ndjson` add up to, and
`files --count` with a predicate over partition columns what `files --format paths` lists. Each table is asked at
its newest version after an import, and at each version while its commits are followed.
"""
import json
import os
import shutil
import sys
import tempfile
from collections import defaultdict

from golden_tables import run_all
from golden_test import Program

SMALL_BYTES = 32 << 20
VALUES_MAX = 6  # of a column


def physical_names(shown):
    """The names of the partition columns in partitionValues, by the user's."""
    fields = {f["name"]: f["metadata"].get("delta.columnMapping.physicalName", f["name"])
              for f in (shown["schema"] or {"fields": []})["fields"]}
    return {name: fields.get(name, name) for name in shown["partitionColumns"]}


def add_up(files, names):
    groups = defaultdict(lambda: [0, 0, 0, 0])
    for file in files:
        values = tuple(file["partitionValues"].get(name) for name in names)
        group = groups[values]
        group[0] += 1
        group[1] += file["size"]
        records = file["numRecords"]
        group[2] = None if group[2] is None or records is None else group[2] + records
        group[3] += file["size"] < SMALL_BYTES
    if not names and not groups:
        groups[()] = [0, 0, 0, 0]
    return sorted(groups.values(), key=str), {values[0]: group for values, group in groups.items() if len(names) == 1}


def du(program, root, by=None):
    answer = program.ask("du", root, "--format", "ndjson", *(["--by", by] if by else []), freshness="cached")
    if answer.code != 0:
        raise ValueError(answer.err.strip()[-300:])
    rows = [json.loads(line) for line in answer.out.splitlines()]
    return {row["key"]: [row["numFiles"], row["sizeInBytes"], row["numRecords"], row["smallFiles"]] for row in rows}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def predicates(name, values):
    column = "`" + name.replace("`", "``") + "`"
    yield f"{column} IS NULL"
    yield f"{column} IS NOT NULL"
    for value in sorted(v for v in values if v)[:VALUES_MAX]:
        yield f"{column} = {quoted(value)}"
        yield f"{column} <= {quoted(value)} OR {column} IS NULL"
        yield f"NOT ({column} < {quoted(value)})"


def compare(program, root):
    """What is wrong at the head, and how many counts came from a summary."""
    wrong, from_summary = [], 0
    listed = program.ask("files", root, "--format", "ndjson", freshness="cached")
    shown = program.ask("show", root, "--format", "json", freshness="cached")
    if listed.code != 0 or shown.code != 0:
        return wrong, from_summary
    files = [json.loads(line) for line in listed.out.splitlines()]
    names = physical_names(json.loads(shown.out))
    want, got = add_up(files, list(names.values()))[0], sorted(du(program, root).values(), key=str)
    if want != got:
        wrong.append(f"du: {got[:3]} is not {want[:3]}")
    for name, physical in names.items():
        groups = add_up(files, [physical])[1]
        if du(program, root, name) != groups:
            wrong.append(f"du --by {name}: {du(program, root, name)} is not {groups}")
        for where in predicates(name, groups):
            paths = program.ask("files", root, "--where", where, "--format", "paths", freshness="cached")
            count = program.ask("files", root, "--where", where, "--count", "--explain=json", freshness="cached")
            if paths.code != 0 and count.code == paths.code:
                continue  # a text that the column's type does not have
            got = json.loads(count.out)
            from_summary += got["fromSummary"]
            if got["files"] != len(paths.out.splitlines()):
                wrong.append(f"{where}: counted {got['files']}, listed {len(paths.out.splitlines())}")
    return wrong, from_summary


def run_table(case, program_path):
    work = tempfile.mkdtemp(prefix="levee-summary-")
    wrong, counts = [], 0
    try:
        imported = Program(program_path, os.path.join(work, "imported.db"))
        if imported.ask("sync", case.root).code == 0:
            problems, counts = compare(imported, case.root)
            wrong += [f"{case.key} imported: {problem}" for problem in problems]
        followed = Program(program_path, os.path.join(work, "followed.db"))
        for version in [v["version"] for v in case.versions if v["verdict"] == "read"][-4:]:
            if followed.ask("sync", case.root, "--to-version", str(version)).code != 0:
                continue
            problems, more = compare(followed, case.root)
            wrong += [f"{case.key} at {version}: {problem}" for problem in problems]
            counts += more
    except (ValueError, KeyError) as error:
        wrong.append(f"{case.key}: {error!r}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return wrong, counts


def main():
    tables, counts, wrong = run_all("summary", __doc__, run_table)
    print(f"summary: {tables} tables, {counts} counts from summaries, {wrong} answers differ")
    return 1 if wrong or counts == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
