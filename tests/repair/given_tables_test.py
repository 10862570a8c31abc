#!/usr/bin/env python3
"""Repair of stores of the given tables: every version of each, after damage to what the store has of it.

  given_tables_test.py --levee PROGRAM [--only TEXT] [--seed N]
"""
import argparse
import json
import os
import random
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "golden")]
from damage import Damage  # noqa: E402
from golden_test import Program, SOURCE, compare_files, judge, load_cases  # noqa: E402

TABLES_MAX = 24


def damages(damage, rng):
    """Some of the ways; each is a name and a function, for what the store of a small table has."""
    segments = [row[0] for row in damage.sql("SELECT segment_id FROM segments WHERE state=1")]
    runs = [row[0] for row in damage.sql("SELECT run_id FROM partition_runs")]
    yield "a segment's body", lambda: damage.flip_body(rng.choice(segments))
    yield "a segment that is gone", lambda: damage.sql("DELETE FROM segments WHERE segment_id=?", rng.choice(segments))
    yield "every segment", lambda: [damage.flip_body(segment) for segment in segments]
    yield "the dictionary", lambda: damage.flip("dictionary", "first_column", "keys", 0, -3)
    yield "state", lambda: damage.sql("DELETE FROM state_actions WHERE kind=?", rng.choice((1, 2)))
    yield "commits", lambda: damage.sql("DELETE FROM commits WHERE version=(SELECT max(version) FROM commits)")
    yield "the head", lambda: damage.sql("UPDATE tables SET head_version=head_version+3, head_hash=1")
    if runs:
        yield "sums", lambda: damage.flip("partition_runs", "run_id", "body", rng.choice(runs), -3)


def check_versions(case, program):
    for expected in case.versions:
        problem = judge(expected, program.files(case.root, expected["version"]), compare_files)
        if problem:
            return f"version {expected['version']}: {problem}"
    return None


def run_table(case, levee, rng, work):
    store = os.path.join(work, "s.db")
    program = Program(levee, store)
    # Older versions become ranges of their own.
    for expected in reversed(case.versions):
        program.files(case.root, expected["version"])
    if not os.path.exists(store) or not Damage(store).sql("SELECT 1 FROM tables WHERE head_version>=0"):
        return 0, []
    Damage(store).sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sound = store + ".sound"
    shutil.copy(store, sound)
    wrong, made = [], 0
    for number in range(len(list(damages(Damage(store), rng)))):
        for suffix in ("-wal", "-shm"):
            if os.path.exists(store + suffix):
                os.remove(store + suffix)
        shutil.copy(sound, store)
        name, make = list(damages(Damage(store), rng))[number]
        make()
        made += 1
        answer = program.ask("repair", case.root, "--format", "json")
        if answer.code != 0:
            wrong.append(f"{case.key}, {name}: exit {answer.code}: {answer.err.strip()[-300:]}{answer.out[-300:]}")
            continue
        status = json.loads(answer.out)["status"]
        again = program.ask("repair", case.root, "--format", "json")
        problem = check_versions(case, program)
        if problem or again.code != 0 or json.loads(again.out)["status"] != "sound":
            wrong.append(f"{case.key}, {name} ({status}): {problem or again.out or again.err}")
    return made, wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--levee", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    given = os.path.realpath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TABLES") or "../shared/tables"))
    if not os.path.isdir(os.path.join(given, "expected")):
        print(f"repair_given: skipped: no {given}/expected")
        return
    cases = [case for case in load_cases(given) if arguments.only in case.key]
    # Tables that can be read, those of many versions first.
    cases = [case for case in cases if all(v["verdict"] == "read" for v in case.versions)]
    cases = sorted(cases, key=lambda case: (-len(case.versions), case.key))[:TABLES_MAX]
    made, wrong = 0, []
    for case in cases:
        work = tempfile.mkdtemp(prefix="levee-repair-")
        try:
            count, problems = run_table(case, arguments.levee, random.Random(f"{arguments.seed}/{case.key}"), work)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        made += count
        wrong += problems
    for problem in wrong[:40]:
        print("FAIL", problem[:600])
    print(f"repair_given: {len(cases)} tables, {made} damages, {len(wrong)} wrong (seed {arguments.seed})")
    sys.exit(1 if wrong or not made else 0)


if __name__ == "__main__":
    main()
