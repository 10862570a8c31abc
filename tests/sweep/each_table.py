"""Asks generated questions of every given table, several tables at once, for the tests of the planner."""
import argparse
import os
import random
import shutil
import tempfile
from multiprocessing.pool import ThreadPool

from sweep_test import Levee, SOURCE, table_roots


def outcome(check, *arguments):
    """What check(*arguments) finds wrong; a RuntimeError is a finding too."""
    try:
        return check(*arguments)
    except RuntimeError as problem:
        return str(problem)


def run(name, noun, description, ask_table, options=()):
    """The exit code of a test whose ask_table(levee, root, work, rng, args) gives (label, wrong) for each question.

    `wrong` is None for a right answer; a label stands behind the table's name. `levee` has a store of its own in
    the folder `work`. `options`: (flag, default, help) of numbers beside the common ones.
    """
    p = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/check/bin/levee"))
    p.add_argument("--jobs", type=int, default=2)
    for flag, default, text in options:
        p.add_argument(flag, type=int, default=default, help=text)
    p.add_argument("--only", default="")
    p.add_argument("--seed", default="1", help="printed, so that a run can be repeated")
    args = p.parse_args()

    def ask(pair):
        key, root = pair
        work = tempfile.mkdtemp(prefix=f"levee-{name}-")
        try:
            levee = Levee(args.levee, os.path.join(work, "store.db"))
            rng = random.Random(f"{args.seed}/{key}")
            return [(f"{key}{label}", wrong) for label, wrong in ask_table(levee, root, work, rng, args)]
        finally:
            shutil.rmtree(work, ignore_errors=True)

    with ThreadPool(args.jobs) as pool:
        answers = list(pool.imap_unordered(ask, [pair for pair in table_roots() if args.only in pair[0]]))
    problems = [answer for table in answers for answer in table if answer[1]]
    for place, wrong in problems[:40]:
        print(f"FAIL {place}: {wrong}")
    asked = sum(map(len, answers))
    print(f"{name}: seed {args.seed}, {asked} {noun} {sum(map(bool, answers))} tables, {len(problems)} problems")
    return 1 if problems or not asked else 0
