#!/usr/bin/env python3
"""Right answers, whatever is switched off: random predicates over a random table of every type.

Of each answer, whichever version it is of: files with a matching row are there, files that statistics exclude are not, by
plain Python and by DuckDB on the same typed data, which must agree with each other; counts and limits fit. Then the same
questions under each setting that switches a feature off, each word that a setting may be, and each rule of the planner
left out: the same answers. All is asked twice in a process, a commit landing in between.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "predicates")]

from plain_answers import Duck, may, must  # noqa: E402
from predicates import nested, sql  # noqa: E402
from random_table import RandomTable, columns  # noqa: E402

# Rules that may leave out more files than the leaves alone tell. Without them, or a rule that prepares their work, an
# answer may be larger, within `may`; among answers without them any rule must change nothing.
SHARPENING = ["contradiction", "partition_pruning"]
BLUNT = "without " + ",".join(SHARPENING)
# Not features: where things are, how long to wait. `profile` has variants of its own.
NOT_SWITCHED = {"store", "spill_folder", "timezone", "busy_timeout", "freshness"}


class Question:
    def __init__(self, rng, cols, values, versions):
        self.p = nested(rng, cols, values, rng.randint(0, 3))
        self.where = sql(self.p, rng.random() < 0.3)
        self.version = rng.choice([-1, -1, rng.randrange(versions - 1)])
        self.limit = rng.choice([-1, -1, -1, 3])

    def line(self):
        return f"{self.version}\t{self.limit}\t{self.where}\n"


# --- what the program can be told to do without ---------------------------------------------------------
def json_of(levee, *arguments):
    return json.loads(subprocess.run([levee, *arguments, "--format", "json"], capture_output=True, check=True).stdout)


def rule_names(levee):
    """The program lists them when it is told one that is not there."""
    done = subprocess.run([levee, "--disabled-rules", "?", "tables"], capture_output=True, text=True)
    return re.search(r"one of ([a-z_, ]+)\)", done.stderr)[1].split(", ")


# environment: {variable: value}; base: the name of the variant whose answers must be the same; grows: they may be larger.
Variant = namedtuple("Variant", "name environment base grows", defaults=("everything on", False))


def without(rules, **more):
    return Variant("without " + ",".join(rules), {"LEVEE_DISABLED_RULES": ",".join(rules)}, **more)


def variants(levee):
    """Everything on, then every way to do without something; a base comes before those that name it."""
    rules = rule_names(levee)
    out = [Variant("everything on", {}), without(SHARPENING, grows=True)]
    out += [without([rule], grows=True) for rule in rules]
    out += [without([*SHARPENING, rule], base=BLUNT) for rule in rules if rule not in SHARPENING]
    for setting in json_of(levee, "config", "show")["settings"]:
        key = setting["key"]
        told = json_of(levee, "config", "explain", key)
        values = [told["switchedOff"]] if told.get("switchedOff") is not None else []
        values += told.get("words") or []
        if key == "profile":
            values = ["development", "production", "constrained"]
        out += [Variant(f"{key} = {value}", {told["environment"]: value}) for value in values if key not in NOT_SWITCHED]
    # A cache that must give things up all the time, under each policy that there is.
    policies = [v for v in out if v.name.startswith("cache_policy")]
    out += [Variant(f"{v.name}, small", {**v.environment, "LEVEE_CACHE_SIZE": "64KB"}) for v in policies]
    out.append(Variant("view_refresh = commit", {"LEVEE_VIEW_REFRESH": "commit"}))
    return out + [Variant("cache_size = 64KB", {"LEVEE_CACHE_SIZE": "64KB"})]


# --- asking ---------------------------------------------------------------------------------------------
class Asker:
    def __init__(self, program, table, questions, work):
        self.program, self.table, self.questions, self.work = program, table, questions, work
        self.file = os.path.join(work, "questions.tsv")
        with open(self.file, "w", encoding="utf-8") as file:
            file.writelines(q.line() for q in questions)

    def ask(self, environment):
        """[(count, paths) or text of an error] of the first time, and of the second; in a store of its own."""
        folder = tempfile.mkdtemp(dir=self.work)
        try:
            copy = os.path.join(folder, "table")
            shutil.copytree(os.path.dirname(self.table.log), copy)
            staged = os.path.join(copy, os.path.basename(self.table.staged))
            done = subprocess.run([self.program, os.path.join(folder, "store.db"), copy, self.file, staged,
                                   os.path.join(copy, "_delta_log")], capture_output=True, text=True, timeout=300,
                                  env={**os.environ, "XDG_CONFIG_HOME": folder, **environment})
        finally:
            shutil.rmtree(folder)
        lines = done.stdout.splitlines()
        if done.returncode or len(lines) != 2 * len(self.questions):
            raise RuntimeError(f"exit {done.returncode}, {len(lines)} answers: {done.stderr[-500:]}")
        answers = [parse(line) for line in lines]
        return answers[:len(self.questions)], answers[len(self.questions):]


def parse(line):
    if line.startswith("error:"):
        return line
    count, *paths = line.split("\t")
    return int(count), paths


# --- checking -------------------------------------------------------------------------------------------
class Checker:
    def __init__(self, table, cols):
        self.table, self.problems = table, []
        files = {id(f): f for state in table.states for f in state.values()}
        self.files, self.number = list(files.values()), {key: n for n, key in enumerate(files)}
        self.duck, self.known = Duck(cols, self.files), {}

    def report(self, name, question, text):
        self.problems.append(f"{name}: version {question.version}: {question.where}: {text}")

    def sets(self, question):
        """(must, may) as numbers of files, agreed on by both ways."""
        if question.where not in self.known:
            own = [{n for n, f in enumerate(self.files) if ask(question.p, f)} for ask in (must, may)]
            ducks = [self.duck.must(question.p), self.duck.may(question.p)]
            for label, mine, theirs in zip(("rows", "bounds"), own, ducks):
                if mine != theirs:
                    self.report("the oracles", question, f"{label}: Python {len(mine)} files, DuckDB {len(theirs)}")
            if not own[0] <= own[1]:
                self.report("the oracles", question, "a file with a matching row is excluded by its bounds")
            self.known[question.where] = own
        return self.known[question.where]

    def check(self, name, question, answer, newest):
        if isinstance(answer, str):
            return self.report(name, question, answer)
        count, paths = answer
        state = self.table.states[newest if question.version < 0 else question.version]
        if count != len(paths) or len(set(paths)) != len(paths):
            return self.report(name, question, f"counted {count}, listed {len(paths)}, {len(set(paths))} different")
        if unknown := set(paths) - set(state):
            return self.report(name, question, f"{sorted(unknown)[0]} is not in that version")
        needed, allowed = ({path for path, f in state.items() if self.number[id(f)] in numbers}
                           for numbers in self.sets(question))
        if extra := set(paths) - allowed:
            return self.report(name, question, f"{sorted(extra)[0]} is excluded by its statistics")
        if question.limit >= 0:
            if len(paths) > question.limit or len(paths) < min(question.limit, len(needed)):
                self.report(name, question, f"{len(paths)} files of limit {question.limit}, {len(needed)} needed")
        elif missing := needed - set(paths):
            self.report(name, question, f"{sorted(missing)[0]} has a matching row and is missing")

    def compare(self, variant, question, answer, base):
        """An answer under a variant against the one under its base."""
        name, may_be_larger = variant.name, variant.grows
        if isinstance(answer, str) or isinstance(base, str):
            if answer != base:
                self.report(name, question, f"{answer} instead of {base}")
        elif question.limit < 0 and not may_be_larger and set(answer[1]) != set(base[1]):
            self.report(name, question, f"{answer[0]} files instead of {base[0]}")
        elif question.limit < 0 and not set(answer[1]) >= set(base[1]):
            self.report(name, question, "a file is missing")
        elif question.limit >= 0 and not may_be_larger and answer[0] != base[0]:
            self.report(name, question, f"{answer[0]} files of limit {question.limit} instead of {base[0]}")


def check_seed(options, seed, switched, work):
    """(answers that were checked, problems) of one random table."""
    rng, cols = random.Random(seed), columns()
    folder = os.path.join(work, f"table-{seed}")
    table = RandomTable(rng, folder)
    checker = Checker(table, cols)
    values = {c.name: sorted({v for f in checker.files for v in ([f.partition[c.name]] if c.partition
                              else f.rows[c.name]) if v is not None and v == v}, key=str) for c in cols}
    questions = [Question(rng, cols, values, len(table.states)) for _ in range(options.each)]
    asker, newest, answered = Asker(options.answer, table, questions, work), len(table.states) - 1, 0
    known = {}
    for variant in switched:
        both = known[variant.name] = asker.ask(variant.environment)
        for turn, answers in enumerate(both):
            for at, (question, answer) in enumerate(zip(questions, answers)):
                checker.check(variant.name, question, answer, newest - 1 + turn)
                checker.compare(variant, question, answer, known[variant.base][turn][at])
                answered += 1
    shutil.rmtree(folder)
    return answered, [f"seed {seed}: {text}" for text in checker.problems]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", default=os.path.join(SOURCE, "build/check/bin/levee"))
    p.add_argument("--answer", help="the program answer_questions; default beside --levee")
    p.add_argument("--each", type=int, default=120, help="questions a table")
    p.add_argument("--tables", type=int, default=2)
    p.add_argument("--seed", type=int, default=1, help="of the first table; printed, so that a run can be repeated")
    options = p.parse_args()
    options.answer = options.answer or os.path.join(os.path.dirname(os.path.abspath(options.levee)), "answer_questions")
    switched = variants(options.levee)
    answered, problems = 0, []
    with tempfile.TemporaryDirectory(prefix="levee-answers-") as work:
        for seed in range(options.seed, options.seed + options.tables):
            own, wrong = check_seed(options, seed, switched, work)
            answered, problems = answered + own, problems + wrong
    for text in problems[:40]:
        print(f"FAIL {text[:600]}")
    print(f"answers: seeds {options.seed} to {options.seed + options.tables - 1}, {answered} answers under "
          f"{len(switched)} variants, {len(problems)} problems")
    sys.exit(1 if problems or not answered else 0)


if __name__ == "__main__":
    main()
