#!/usr/bin/env python3
"""From the store alone an equivalent checkpoint can be written.

For each table at its newest readable version, imported at once and again synced from version 0: the actions
that the store holds are compared with the log's own replay, then written as a Parquet checkpoint that another
reader (the package deltalake) must read as the state of the table.
"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
from multiprocessing.pool import ThreadPool

from checkpoint_writer import compare_with_deltalake
from log_replay import NotReplayable, State, replay

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
GOLDEN = os.path.join(os.path.dirname(HERE), "golden")
TIMEOUT_S = 120


def run(*command):
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def stored_state(dump, store):
    code, out, err = run(dump, store)
    if code != 0:
        raise RuntimeError(f"dump_state: {err.strip()[-300:]}")
    state = State()
    actions = [item for line in out.split("\n") if line for item in json.loads(line).items()]
    # Tombstones beside live files of equal path must not remove them.
    state.apply([(name, action) for name, action in actions if name != "add"])
    state.apply([(name, action) for name, action in actions if name == "add"])
    return state


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def normal(kind, action):
    """An action such that equal ones are equal: JSON texts parsed, members without a value left out."""
    row = {k: v for k, v in action.items() if v is not None}
    if "stats" in row:
        row["stats"] = parsed(row["stats"])
    if "schemaString" in row:
        row["schemaString"] = parsed(row["schemaString"])
    if kind in ("add", "remove"):
        row["partitionValues"] = {k: v for k, v in (row.get("partitionValues") or {}).items() if v is not None}
        if "deletionVector" in row:
            row["deletionVector"] = {k: v for k, v in row["deletionVector"].items() if v is not None}
    if kind == "remove":
        row["extendedFileMetadata"] = bool(row.get("extendedFileMetadata"))
    return row


def same_stats(want, got):
    """Statistics may be respelt where the value is the same: a timestamp in UTC, 1.0 for 1."""
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(same_stats(want[k], got[k]) for k in want)
    if isinstance(want, str) and isinstance(got, str) and want[:4].isdigit() and "T" in want:
        return moment(want) == moment(got)
    return want == got


def moment(text):
    from datetime import datetime, timezone
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    return time if time.tzinfo is None else time.astimezone(timezone.utc)


def difference(want, got, struct_stats):
    for field in sorted(want.keys() | got.keys()):
        if field == "stats" and struct_stats:
            continue
        a, b = want.get(field), got.get(field)
        if not (same_stats(a, b) if field == "stats" else a == b):
            return f"{field}: the log has {a!r}, the store {b!r}"[:400]
    return None


def compare(log, store):
    """What differs, as lines."""
    want, got = log.rows(), store.rows()
    wrong = [f"missing {key}" for key in want.keys() - got.keys()]
    wrong += [f"unexpected {key}" for key in got.keys() - want.keys()]
    for key in want.keys() & got.keys():
        kind = key[0]
        struct_stats = "stats" in want[key] and want[key]["stats"] is None
        problem = difference(normal(kind, want[key]), normal(kind, got[key]), struct_stats)
        if problem:
            wrong.append(f"{key}: {problem}")
    return wrong


def check_table(case, args):
    """(steps done, what is wrong) of one table."""
    key, root, version = case
    work = tempfile.mkdtemp(prefix="levee-rebuild-")
    wrong, done = [], []
    try:
        for how in ("import", "sync"):
            store = os.path.join(work, how + ".db")
            levee = [args.levee, "--store", store]
            if how == "sync" and run(*levee, "add", root, "--to-version", "0")[0] != 0:
                continue
            code, _, err = run(*levee, "add" if how == "import" else "sync", root, "--to-version", str(version))
            if code != 0:
                wrong.append(f"{key} ({how}): exit {code}: {err.strip()[-300:]}")
                continue
            try:
                log = replay(root, version, base_max=version if how == "import" else 0)
            except (NotReplayable, ValueError) as error:
                done.append(f"skipped {how}: {error}")
                continue
            state = stored_state(args.dump, store)
            done.append(how)
            problems = compare(log, state)
            if how == "import":
                outcome, more = compare_with_deltalake(root, version, state, os.path.join(work, "copy"))
                done.append(outcome)
                problems += more
            wrong += [f"{key} ({how}): {problem}" for problem in problems[:5]]
    except Exception as error:  # one table must not hide the others
        wrong.append(f"{key}: {error!r}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return key, done, wrong


def load_cases(tables, sets):
    for path in sorted(glob.glob(os.path.join(tables, "expected", "*", "*.json"))):
        name = os.path.basename(os.path.dirname(path))
        if sets and name not in sets:
            continue
        with open(path, encoding="utf-8") as file:
            table = json.load(file)
        readable = [v["version"] for v in table["versions"] if v["verdict"] == "read"]
        if readable:
            yield f"{name}/{os.path.basename(path)[:-5]}", os.path.join(tables, table["root"]), readable[-1]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", required=True)
    p.add_argument("--dump", required=True)
    p.add_argument("--only", default="", help="tables whose SET/NAME holds this text")
    p.add_argument("--verbose", action="store_true")
    args = p.parse_args()
    given = os.path.realpath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TABLES") or "../shared/tables"))
    cases = list(load_cases(GOLDEN, None))
    if os.path.isdir(os.path.join(given, "expected")):
        own = {key for key, _, _ in cases}
        cases += [case for case in load_cases(given, None) if case[0] not in own]
    else:
        print(f"rebuild: skipped the tables of LEVEE_TEST_TABLES: no {given}/expected")
    cases = [case for case in cases if args.only in case[0]]
    counts, failed = {}, 0
    with ThreadPool(2) as pool:
        for key, done, wrong in pool.imap_unordered(lambda case: check_table(case, args), cases):
            for step in done:
                step = step.split(":")[0]
                counts[step] = counts.get(step, 0) + 1
            if args.verbose:
                print(key, done)
            failed += bool(wrong)
            for line in wrong[:6]:
                print("FAIL", line)
    print(f"rebuild: {len(cases)} tables, {failed} failed; " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    return 1 if failed or not counts.get("import") or not counts.get("deltalake") else 0


if __name__ == "__main__":
    sys.exit(main())
