"""The other readers of one benchmark run: what each needs, the jobs it does, and whether its answers are right.

A peer that this machine does not have is skipped with a line; a number of files that is not the expected one is
a WrongAnswer, which fails the run.
"""
import json
import os
import shutil
import subprocess
import sys

from measure import Failed, Skipped, WrongAnswer, json_of, many, text_of
from postgres_server import postgres_server

HERE = os.path.dirname(os.path.abspath(__file__))
# Extensions are packed for a DuckDB of their own version: `tools/setup --bench` gives them a venv.
RIVALS_PYTHON = os.path.join(os.path.dirname(HERE), "build/_deps/rivals/bin/python")

RIVALS_MODULES = {"ducklake": "duckdb_extension_ducklake", "duckdelta": "duckdb_extension_delta", "postgres": "psycopg2"}

# (job, repeats) of each reader, in order; `load` comes first and `land` last, because it adds an index.
JOBS = {
    "ducklog": [("filtered", 3), ("older", 0)],
    "polars": [("filtered", 1)],
    "duckdelta": [("load", 0), ("filtered", 2)],
    "deltars": [("filtered", 1), ("older", 0), ("all", 3), ("land", 2)],
    "duckfile": [("load", 0), ("filtered", 200), ("count", 100), ("paths", 20), ("list", 5), ("all", 3)],
    "sqlite": [("load", 0), ("filtered", 2000), ("count", 5), ("paths", 5), ("list", 3), ("land", 40)],
    "ducklake": [("load", 0), ("filtered", 10), ("list", 3)],
    "postgres": [("load", 0), ("size", 0), ("filtered", 2000), ("count", 20), ("paths", 10), ("list", 3),
                 ("land", 40)],
    "kernel": [("filtered", 2), ("list", 2), ("older", 0), ("land", 3)],
}
MANY_COMMITS = ("ducklog", "deltars", "kernel")  # those that read Tmany's log


def expected(question, older_files):
    """The number of files that each job must answer; older_files is Levee's, which the others must agree with."""
    above = question["value_above_0_999"]
    return {"filtered": question["files"], "land": question["files"], "count": above, "paths": above,
            "list": question["active"], "all": question["active"], "load": question["active"], "older": older_files}


class Rivals:
    def __init__(self, options, table, question, results):
        self.work, self.table, self.q, self.r = options.work, table, question, results
        self.commands = {}  # of the readers that can run here
        self.want = expected(question, results.number("levee older files"))
        self.without = options.without
        self.stores = {name: os.path.join(self.work, f"peer.{name}") for name in ("duckfile", "sqlite", "ducklake")}

    def python_of(self, reader):
        if reader not in RIVALS_MODULES:
            return sys.executable
        module = RIVALS_MODULES[reader]
        if not os.path.exists(RIVALS_PYTHON) or subprocess.run(
                [RIVALS_PYTHON, "-c", f"import duckdb, {module}"], capture_output=True).returncode:
            raise Skipped(f"no Python module {module} (tools/setup --bench fetches it)")
        return RIVALS_PYTHON

    def kernel_program(self):
        """Built when a source is newer than it, which takes half an hour; the crates are as Cargo.lock pins them."""
        crate, target = os.path.join(HERE, "kernel_rs"), os.path.join(self.work, "cargo")
        program = os.path.join(target, "release/kernel_reader")
        sources = [os.path.join(folder, name) for folder, _, names in os.walk(crate) for name in names]
        if os.path.exists(program) and os.path.getmtime(program) > max(map(os.path.getmtime, sources)):
            return program
        cargo = shutil.which("cargo") or os.path.expanduser("~/.cargo/bin/cargo")
        if not os.access(cargo, os.X_OK):
            raise Skipped("no cargo to build benchmarks/kernel_rs")
        print("bench: building benchmarks/kernel_rs (minutes, the first time)", file=sys.stderr)
        done = subprocess.run([cargo, "build", "--quiet", "--release", "--locked", "--manifest-path",
                               os.path.join(crate, "Cargo.toml"), "--target-dir", target],
                              capture_output=True, text=True)
        if done.returncode:
            raise Skipped("cargo could not build benchmarks/kernel_rs: " + last_line(done.stderr))
        return program

    # --- one job
    def check(self, got, want):
        if want is None:
            raise Failed("nothing to compare with: Levee's own answer failed")
        if got != want:
            raise WrongAnswer(f"answered {got} files, expected {want}")

    def ask(self, command, want):
        """(seconds from opening to answer, median of the next ones, MiB)."""
        out = json_of(command)
        self.check(out["answer"], want)
        warm = sorted(out["warm_s"])
        median = warm[len(warm) // 2] if warm else None
        if median is not None and median <= 0:
            raise Failed("less than a bare fsync: the disk is too busy to tell")
        return out["cold_s"], median, out.get("peak_mib")

    def reader_of(self, name):
        """What makes the command line of a job of this reader; raises Skipped when it cannot run here."""
        if name == "kernel":
            program = self.kernel_program()
            return lambda job, table, repeat=0: [program, job, table, str(repeat)]
        python = self.python_of(name)
        return lambda job, table, repeat=0: [
            python, os.path.join(HERE, "peers.py"), name, job, table, "--store", self.stores.get(name, ""),
            "--work", self.work, "--repeat", str(repeat)]

    def run_jobs(self, name, command):
        store = self.stores.get(name, "")
        for job, repeat in JOBS[name]:
            if job == "size":
                self.r.take(f"{name} size MB", lambda: json_of(command(job, self.table))["answer"] / 1e6)
                continue
            self.r.take(f"{name} {job}", lambda: self.ask(command(job, self.table, repeat), self.want[job]))
            if job == "load" and os.path.exists(store):
                self.r.values[f"{name} size MB"] = os.path.getsize(store) / 1e6

    def run(self, name, many_table):
        try:
            command = self.commands[name] = self.reader_of(name)
            if name != "postgres":
                self.run_jobs(name, command)
            else:
                with postgres_server(self.work) as self.stores[name]:
                    self.run_jobs(name, command)
        except Skipped as reason:
            self.r.skip(name, str(reason))
            return
        if name in MANY_COMMITS:
            with open(os.path.join(many_table, "query.json"), encoding="utf-8") as file:
                files = json.load(file)["files"]
            self.r.take(f"{name} Tmany", lambda: self.ask(command("filtered", many_table), files))

    def all(self, many_table, parsed_table):
        for store in self.stores.values():
            if os.path.exists(store):
                os.remove(store)
        for name in JOBS:
            if name in self.without:
                self.r.skip(name, "left out of this run")
            else:
                self.run(name, many_table)
        if "kernel" in self.commands:
            command = self.commands["kernel"]("filtered", parsed_table, 2)
            self.r.take("kernel parsed", lambda: self.ask(command, self.want["filtered"]))
        self.sqlite_program()
        self.r.take("empty process", lambda: many(["/bin/true"], 40))

    def sqlite_program(self):
        program = shutil.which("sqlite3")
        if program is None:
            self.r.skip("sqlite3", "no sqlite3 program")
            return
        sql = (f"SELECT path FROM files WHERE date = '{self.q['date']}' AND id_min <= {self.q['id_hi']} "
               f"AND id_max >= {self.q['id_lo']}")

        def measure():
            self.check(len(text_of([program, self.stores["sqlite"], sql]).splitlines()), self.q["files"])
            return many([program, self.stores["sqlite"], sql], 40)

        self.r.take("sqlite filtered process", measure)


def last_line(text):
    return (text.strip().splitlines() or ["no message"])[-1][:300]
