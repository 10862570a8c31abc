"""Runs a comparison over the project's own tables and the given ones, for the tests beside golden_test.py."""
import argparse
import os
from multiprocessing.pool import ThreadPool

from golden_test import HERE, SOURCE, load_cases


def run_all(name, description, run_table):
    """run_table(case, program) -> ([problem], how many were compared), of every table, several at once.

    Prints what is wrong; returns (tables, compared, problems).
    """
    p = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/check/bin/levee"))
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="", help="tables whose SET/NAME holds this text")
    args = p.parse_args()
    given = os.path.realpath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TABLES") or "../shared/tables"))
    cases = load_cases(HERE)
    if os.path.isdir(os.path.join(given, "expected")):
        own = {case.key for case in cases}
        cases += [case for case in load_cases(given) if case.key not in own]
    else:
        print(f"{name}: skipped the tables of LEVEE_TEST_TABLES: no {given}/expected")
    cases = [case for case in cases if args.only in case.key]
    wrong, compared = [], 0
    with ThreadPool(args.jobs) as pool:
        for problems, count in pool.imap_unordered(lambda case: run_table(case, args.levee), cases):
            wrong += problems
            compared += count
    for problem in sorted(wrong)[:40]:
        print("FAIL", problem[:500])
    return len(cases), compared, len(wrong)
