#!/usr/bin/env python3
"""Compares the program with the expected content of every version of the golden tables.

Three passes a table: a new store, versions in order, `files` and `show`; another new store asked for the
latest version first, so that older ones are filled in; that store again with --freshness cached.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from multiprocessing.pool import ThreadPool

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
NOT_TABLES = ["golden/log-store-listFrom", "golden/log-store-read", "golden/no-delta-log-folder"]
ERROR_LINE = re.compile(r"^levee: .*\S: .*\S", re.M)  # levee: WHAT: WHY
TIMEOUT_S = 120

Answer = namedtuple("Answer", "code out err")
Case = namedtuple("Case", "key root versions")  # key: SET/NAME


# --- the program ----------------------------------------------------------------------------------------
class Program:
    def __init__(self, path, store):
        self.path, self.store = path, store

    def ask(self, *arguments, freshness="fresh"):
        command = [self.path, "--store", self.store, "--freshness", freshness, *arguments]
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return Answer(128, "", f"no answer in {TIMEOUT_S} s")
        code = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return Answer(code, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def files(self, root, version, freshness="fresh"):
        return self.ask("files", root, "--version", str(version), "--format", "ndjson", freshness=freshness)

    def show(self, root, version):
        return self.ask("show", root, "--version", str(version), "--format", "json")


# --- comparing ------------------------------------------------------------------------------------------
def dv_id(dv):
    """The deletion vector's unique id, as the protocol forms it."""
    if not dv:
        return None
    offset = dv.get("offset")
    return dv["storageType"] + dv["pathOrInlineDv"] + ("" if offset is None else f"@{offset}")


def file_row(f):
    dv = f.get("deletionVector") or {}
    return {"path": f["path"], "size": f["size"], "partitionValues": f["partitionValues"],
            "numRecords": f.get("numRecords"), "dv": dv_id(dv), "dvCardinality": dv.get("cardinality"),
            "baseRowId": f.get("baseRowId"), "defaultRowCommitVersion": f.get("defaultRowCommitVersion")}


def expected_row(f):
    fields = ("path", "size", "partitionValues", "numRecords", "dv", "dvCardinality", "baseRowId",
              "defaultRowCommitVersion")
    return {name: f.get(name) for name in fields}


def by_text(rows):
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def compare_files(expected, text):
    """The first difference of a list of files, or None."""
    want = by_text(expected_row(f) for f in expected["files"])
    got = by_text(file_row(json.loads(line)) for line in text.splitlines() if line)
    if want == got:
        return None
    for a, b in zip(want, got):
        if a != b:
            fields = [name for name in a if a[name] != b[name]]
            return "file differs in " + "; ".join(f"{n}: expected {a[n]!r}, got {b[n]!r}" for n in fields)
    return f"expected {len(want)} files, got {len(got)}"


def protocol_of(protocol):
    return {k: sorted(v) if isinstance(v, list) else v for k, v in protocol.items() if v is not None}


def compare_show(expected, text):
    got = json.loads(text)
    pairs = [("version", expected["version"], got["version"]),
             ("protocol", protocol_of(expected["protocol"]), protocol_of(got["protocol"])),
             ("partitionColumns", expected["partitionColumns"], got["partitionColumns"]),
             ("numFiles", expected["numFiles"], got["numFiles"]),
             ("sizeInBytes", expected["totalSize"], got["sizeInBytes"]),
             ("numRecords", expected["numRecords"], got["numRecords"])]
    pairs += [(name, expected[name], got[name]) for name in ("id", "configuration", "txns")]
    by_domain = lambda rows: sorted((d["domain"], d["configuration"]) for d in rows)
    pairs.append(("domains", by_domain(expected["domains"]), by_domain(got["domains"])))
    if expected.get("schemaString"):
        pairs.append(("schema", json.loads(expected["schemaString"]), got["schema"]))
    for name, want, have in pairs:
        if want != have:
            return f"{name}: expected {want!r}, got {have!r}"
    return None


def judge(expected, answer, compare):
    """What is wrong with one answer, or None."""
    if answer.code >= 128:
        return f"crashed with {answer.code}: {answer.err.strip()[-300:]}"
    verdict = expected["verdict"]
    if answer.code == 0 and verdict in ("read", "either"):
        try:
            return compare(expected, answer.out)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return f"answer of another shape: {error!r}: {answer.out[:200]}"
    if answer.code == 0:
        return f"answered, where the verdict is {verdict}"
    if verdict == "read":
        return f"exit {answer.code}: {answer.err.strip()[-300:]}"
    if answer.code != 1:
        return f"a refusal exits with 1, not {answer.code}: {answer.err.strip()[-300:]}"
    return None if ERROR_LINE.search(answer.err) else f"refused without a reason: {answer.err.strip()!r}"


# --- the passes -----------------------------------------------------------------------------------------
def run_table(case, program_path):
    """{SET/NAME@V: [(pass, what is wrong)]} of the versions that fail."""
    work = tempfile.mkdtemp(prefix="levee-golden-")
    wrong = {}

    def note(version, name, problem):
        if problem:
            wrong.setdefault(f"{case.key}@{version}", []).append((name, problem))

    try:
        program = Program(program_path, os.path.join(work, "ascending.db"))
        for expected in case.versions:
            v = expected["version"]
            note(v, "files", judge(expected, program.files(case.root, v), compare_files))
            note(v, "show", judge(expected, program.show(case.root, v), compare_show))
        program = Program(program_path, os.path.join(work, "descending.db"))
        for expected in reversed(case.versions):
            answer = program.files(case.root, expected["version"])
            note(expected["version"], "files, latest first", judge(expected, answer, compare_files))
        for expected in case.versions:
            answer = program.files(case.root, expected["version"], freshness="cached")
            note(expected["version"], "files, cached", judge(expected, answer, compare_files))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return wrong


def run_not_table(key, root, program_path):
    work = tempfile.mkdtemp(prefix="levee-golden-")
    try:
        answer = Program(program_path, os.path.join(work, "s.db")).ask("files", root)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    problem = judge({"verdict": "refuse"}, answer, None)
    return {f"{key}@-": [("files", problem)]} if problem else {}


def load_cases(tables, sets=None):
    cases, base = [], os.path.join(tables, "expected")
    for name in sorted(os.listdir(base)):
        if sets is not None and name not in sets or not os.path.isdir(os.path.join(base, name)):
            continue
        for file in sorted(os.listdir(os.path.join(base, name))):
            with open(os.path.join(base, name, file), encoding="utf-8") as text:
                table = json.load(text)
            cases.append(Case(f"{name}/{file[:-5]}", os.path.join(tables, table["root"]), table["versions"]))
    return cases


def read_known(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.split("#")[0].strip() for line in file]
    return {line for line in lines if line}


def report(wrong, known, ran):
    """Prints what is unexpected; returns how many of them."""
    failing = set(wrong)
    crashes = {key for key in failing & known if any(p.startswith("crashed") for _, p in wrong[key])}
    unexpected = sorted((failing - known) | crashes)
    for key in unexpected[:40]:
        for where, problem in wrong[key][:3]:
            print(f"FAIL {key} ({where}): {problem[:600]}")
    if len(unexpected) > 40:
        print(f"... and {len(unexpected) - 40} more versions")
    passing = sorted(key for key in known - failing if key in ran)
    for key in passing:
        print(f"PASS {key}: take it out of known_failures.txt")
    return len(unexpected) + len(passing)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/check/bin/levee"))
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="", help="tables whose SET/NAME holds this text")
    p.add_argument("--write-known", action="store_true", help="write the failures of this run as the known ones")
    args = p.parse_args()
    given = os.path.realpath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TABLES") or "../shared/tables"))

    cases, not_tables, skipped = load_cases(HERE), [], 0
    if os.path.isdir(os.path.join(given, "expected")):
        own = {case.key for case in cases}
        others = load_cases(given, {d for d in os.listdir(os.path.join(given, "expected")) if d != "made"})
        cases += [case for case in others if case.key not in own]
        not_tables = [(key, os.path.join(given, key)) for key in NOT_TABLES if os.path.isdir(os.path.join(given, key))]
    else:
        skipped = 159
        print(f"golden: skipped the {skipped} tables of LEVEE_TEST_TABLES: no {given}/expected")
    cases = [case for case in cases if args.only in case.key]

    wrong = {}
    with ThreadPool(args.jobs) as pool:
        for part in pool.imap_unordered(lambda case: run_table(case, args.levee), cases):
            wrong.update(part)
        if not args.only:
            for part in pool.imap_unordered(lambda pair: run_not_table(*pair, args.levee), not_tables):
                wrong.update(part)

    ran = {f"{case.key}@{v['version']}" for case in cases for v in case.versions}
    ran |= {f"{key}@-" for key, _ in not_tables}
    known_path = os.path.join(HERE, "known_failures.txt")
    if args.write_known:
        with open(known_path, "w", encoding="utf-8") as file:
            file.write("# SET/NAME@VERSION of what fails; the list only shrinks.\n")
            file.writelines(key + "\n" for key in sorted(wrong))
    known = read_known(known_path)
    bad = report(wrong, known, ran)
    print(f"golden: {len(ran)} versions compared, {len(set(wrong) & known)} known failures, {skipped} skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
