#!/usr/bin/env python3
"""Runs the contract of the command line: *.test files beside this one, each test in a folder of its own.

    contract_test.py --levee PATH [--only TEXT] [FILE...]

A test file is made of lines:
    == NAME                    begins a test: a new folder, a new store, HOME inside it
    table NAME = SET/TABLE     copies a given table (LEVEE_TEST_TABLES; the test is skipped without it)
    table NAME = ./TABLE       copies tables/TABLE from beside this file
    commit TABLE JSON...       appends a commit to a copied table, an action for each JSON text after a tab
    delete PATH                deletes a file of the folder
    $ COMMAND                  runs it: `levee` is the program, `python` this interpreter, which has pyarrow;
                               VARIABLE=value may stand before it; with | or > in it, it runs in a shell
    | LINE                     the next line of standard output; <*> is any text, a line <...> any lines
    ~ JSON                     the next line of standard output as JSON, with at least these members
    ! PATTERN                  standard error matches the regular expression; without it, it must be empty
    !! LINE                    standard error ends with this line, "levee: " in front; <*> is any text
    exit N                     the exit code; 0 without it
    unordered                  the lines of standard output may come in any order
    # comment
Commit files get times a day apart, version 0 at 2024-01-01T00:00:00Z.
"""
import argparse
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
GIVEN = os.path.abspath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TABLES") or "../shared/tables"))
FIRST_COMMIT_S, DAY_S = 1704067200, 86400
TIMEOUT_S = 60


class Skip(Exception):
    pass


class Wrong(Exception):
    pass


class Run:
    """One command with what is expected of it."""
    def __init__(self, command, line):
        self.command, self.line = command, line
        self.out, self.err, self.exit, self.unordered = [], None, 0, False


def read_tests(path):
    """[(name, [step])]; a step is a Run, or (kind, text)."""
    tests, run = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            kind, _, rest = line.partition(" ")
            if not line.strip() or kind.startswith("#"):
                continue
            if kind == "==":
                tests.append((rest, []))
            elif kind == "$":
                run = Run(rest, number)
                tests[-1][1].append(run)
            elif kind in ("table", "commit", "delete"):
                tests[-1][1].append((kind, rest))
            elif kind in ("|", "~"):
                run.out.append((kind, rest))
            elif kind == "!":
                run.err = rest
            elif kind == "!!":
                run.err = r"(?:^|\n)levee: " + line_pattern(rest) + r"\n?\Z"
            elif kind == "exit":
                run.exit = int(rest)
            elif kind == "unordered":
                run.unordered = True
            else:
                raise SystemExit(f"{path}:{number}: '{kind}' begins no line of a test")
    return tests


def copy_table(folder, text):
    name, _, source = (part.strip() for part in text.partition("="))
    path = os.path.join(HERE, "tables", source[2:]) if source.startswith("./") else os.path.join(GIVEN, source)
    if not os.path.isdir(path):
        raise Skip(f"no {path}")
    target = os.path.join(folder, name)
    shutil.copytree(path, target)
    log = os.path.join(target, "_delta_log")
    for file in os.listdir(log) if os.path.isdir(log) else []:
        if re.fullmatch(r"\d{20}\.json", file):
            set_time(os.path.join(log, file))


def set_time(path):
    at = FIRST_COMMIT_S + int(os.path.basename(path)[:20]) * DAY_S
    os.utime(path, (at, at))


def append_commit(folder, text):
    table, *actions = text.split("\t")
    log = os.path.join(folder, table.strip(), "_delta_log")
    last = max(int(file[:20]) for file in os.listdir(log) if re.fullmatch(r"\d{20}\.json", file))
    path = os.path.join(log, f"{last + 1:020}.json")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(action + "\n" for action in actions)
    set_time(path)


def line_pattern(text):
    return ".*".join(re.escape(part) for part in text.split("<*>"))


def contains(whole, part):
    """Every member of `part` is in `whole` with an equal value, nested objects likewise."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and contains(whole[key], value) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(contains(w, p) for w, p in zip(whole, part))
    if isinstance(whole, bool) or isinstance(part, bool):
        return whole is part
    return whole == part


def matches(kind, expected, line):
    if kind == "|":
        return re.fullmatch(line_pattern(expected), line) is not None
    try:
        return contains(json.loads(line), json.loads(expected))
    except ValueError:
        return False


def check_ordered(expected, lines):
    """Lines that match one by one, <...> taking any number of them."""
    if not expected:
        return not lines
    if expected[0] == ("|", "<...>"):
        return any(check_ordered(expected[1:], lines[i:]) for i in range(len(lines) + 1))
    return bool(lines) and matches(*expected[0], lines[0]) and check_ordered(expected[1:], lines[1:])


def check_unordered(expected, lines):
    left = list(lines)
    for kind, text in expected:
        found = next((line for line in left if matches(kind, text, line)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def execute(run, folder, levee):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LEVEE_", "XDG_"))}
    environment.update(HOME=folder, LEVEE_STORE=os.path.join(folder, "store.db"), LC_ALL="C.UTF-8")
    if "LEVEE_ARROW_MODULE" in os.environ:
        environment["LEVEE_ARROW_MODULE"] = os.environ["LEVEE_ARROW_MODULE"]
    words = shlex.split(run.command)
    shell = any(word in ("|", ">", "&&") for word in words)
    assigned = list(itertools.takewhile(lambda word: re.match(r"[A-Z_]+=", word), words))
    if not shell:
        environment.update(word.split("=", 1) for word in assigned)
        programs = {"levee": levee, "python": sys.executable}
        words = [programs.get(words[len(assigned)], words[len(assigned)]), *words[len(assigned) + 1:]]
    command = re.sub(r"\blevee\b(?=\s)", lambda _: shlex.quote(levee), run.command) if shell else words
    done = subprocess.run(["bash", "-c", "set -o pipefail; " + command] if shell else command, cwd=folder,
                          env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def check(run, folder, levee):
    code, out, err = execute(run, folder, levee)
    said = f"\n--- standard output\n{out[:3000]}--- standard error\n{err[:2000]}--- exit {code}"
    if code != run.exit:
        raise Wrong(f"exit {code}, not {run.exit}{said}")
    lines = out.split("\n")[:-1] if out.endswith("\n") else out.split("\n") if out else []
    lines = [line[:-1] if line.endswith("\r") else line for line in lines]
    check_lines = check_unordered if run.unordered else check_ordered
    if not check_lines(run.out, lines):
        wanted = "\n".join(f"{kind} {text}" for kind, text in run.out)
        raise Wrong(f"standard output is not\n{wanted}{said}")
    if run.err is None and err:
        raise Wrong(f"standard error is not empty{said}")
    if run.err is not None and not re.search(run.err, err, re.M):
        raise Wrong(f"standard error does not match {run.err}{said}")


def run_test(steps, levee):
    with tempfile.TemporaryDirectory(prefix="levee-contract-") as folder:
        for step in steps:
            if isinstance(step, Run):
                try:
                    check(step, folder, levee)
                except Wrong as wrong:
                    raise Wrong(f"line {step.line}: $ {step.command}\n{wrong}") from None
                except subprocess.TimeoutExpired:
                    raise Wrong(f"line {step.line}: $ {step.command}\nno answer in {TIMEOUT_S} s") from None
            elif step[0] == "table":
                copy_table(folder, step[1])
            elif step[0] == "commit":
                append_commit(folder, step[1])
            else:
                os.remove(os.path.join(folder, step[1]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--levee", required=True)
    p.add_argument("--only", default="", help="tests whose name holds this text")
    p.add_argument("files", nargs="*")
    args = p.parse_args()
    files = args.files or sorted(os.path.join(HERE, name) for name in os.listdir(HERE) if name.endswith(".test"))
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for path in files:
        for name, steps in read_tests(path):
            shown = f"{os.path.basename(path)}: {name}"
            if args.only not in shown:
                continue
            try:
                run_test(steps, os.path.abspath(args.levee))
                counts["passed"] += 1
            except Skip as skip:
                counts["skipped"] += 1
                print(f"SKIP {shown}: {skip}")
            except Wrong as wrong:
                counts["failed"] += 1
                print(f"FAIL {shown}: {wrong}\n")
    print("contract: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
