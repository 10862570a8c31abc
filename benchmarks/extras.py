"""What a run measures beside the great table: data frames on data files, small real tables, the Python package."""
import json
import os
import re
import statistics
import subprocess
import sys

import frames
import small_tables
from measure import WrongAnswer, json_of
from rivals import RIVALS_PYTHON

HERE = os.path.dirname(os.path.abspath(__file__))
START = "import time; began = time.perf_counter(); import levee; print(time.perf_counter() - began)"
ASK = """
import json, statistics, sys, time
import levee, pyarrow as pa
table, where = levee.open(sys.argv[1]).table(sys.argv[2]), sys.argv[3]
rows, seconds = 0, []
for _ in range(2000):
    began = time.perf_counter()
    rows = pa.table(table.files(where)).num_rows
    seconds.append(time.perf_counter() - began)
print(json.dumps({"answer": rows, "seconds": statistics.median(seconds)}))
"""


class Extras:
    def __init__(self, options, table, question, results):
        self.options, self.table, self.q, self.r = options, table, question, results
        self.work = options.work
        if os.path.isdir(options.package):
            os.environ["PYTHONPATH"] = options.package
            self.package = None
        else:
            self.package = f"no Python package at {options.package} (make wheel builds it)"

    def python_package(self, store, where):
        """`import levee`, and a filtered list as a PyArrow table in a running process."""
        def started():
            runs = [float(subprocess.check_output([sys.executable, "-c", START])) for _ in range(15)]
            return statistics.median(runs)

        def asked():
            out = json_of([sys.executable, "-c", ASK, store, self.table, where])
            if out["answer"] != self.q["files"]:
                raise WrongAnswer(f"{out['answer']} files, expected {self.q['files']}")
            return out["seconds"]
        self.r.take("levee import", started)
        self.r.take("levee files to PyArrow", asked)

    def data_frames(self):
        """{program: {job: {reader: median seconds}}} on 5,000 data files."""
        folder = os.path.join(self.work, "T5k")
        subprocess.run([sys.executable, "-c", f"import frames; frames.ensure_data({folder!r})"], check=True, cwd=HERE)
        for program in frames.READERS:
            python = RIVALS_PYTHON if program == "duckdb" else sys.executable
            if not os.path.exists(python):
                self.r.skip(f"{program} on data files", "no Python with its extension (tools/setup --bench)")
                continue
            self.r.take(f"frames {program}", lambda: {
                job: {reader: statistics.median(seconds) for reader, seconds in readers.items()}
                for job, readers in json_of([python, os.path.join(HERE, "ask_frames.py"), program, folder, "--store",
                                             os.path.join(self.work, "frames.db")]).items()})

    def small_tables(self, folder):
        """{reader: (seconds, tables answered, tables that differ from Levee)}."""
        answers = {}
        for reader in small_tables.READERS:
            python = RIVALS_PYTHON if reader == "duckdelta" else sys.executable
            if os.path.exists(python):
                self.r.take(f"small {reader}", lambda: answers.setdefault(reader, json_of(
                    [python, os.path.join(HERE, "small_tables.py"), reader, folder, "--store",
                     os.path.join(self.work, "small.db")]))["seconds"])
        self.r.values["small tables"] = {
            reader: (out["seconds"], sum(isinstance(n, int) for n in out["files"].values()), len(out["files"]),
                     sorted(name for name, n in out["files"].items()
                            if isinstance(n, int) and n != answers.get("levee", out)["files"].get(name)))
            for reader, out in answers.items()}

    def all(self, store, where):
        if self.package:
            self.r.skip("Python package", self.package)
            return
        self.python_package(store, where)
        self.data_frames()
        if os.path.isdir(self.options.tables):
            self.small_tables(self.options.tables)
        else:
            self.r.skip("small tables", f"no folder {os.path.basename(self.options.tables)}")


def versions():
    """(name, version) of every reader that this machine has."""
    ask = ("import importlib.metadata as m, json; print(json.dumps({n: m.version(n) for n in "
           "('deltalake', 'polars', 'duckdb', 'pyarrow', 'duckdb_extension_delta', 'duckdb_extension_ducklake') "
           "if any(d.metadata['Name'].replace('-', '_') == n for d in m.distributions())}))")
    found = []
    for python, place in ((sys.executable, ""), (RIVALS_PYTHON, ", with the extensions")):
        if os.path.exists(python):
            out = json.loads(subprocess.check_output([python, "-c", ask]))
            found += [(name + (place if name == "duckdb" else ""), number) for name, number in out.items()
                      if not (place and name == "pyarrow")]
    for program in ("sqlite3", "postgres"):
        try:
            told = subprocess.check_output([program, "--version"], text=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        found.append((program, re.search(r"\d+(\.\d+)+", told).group()))
    with open(os.path.join(HERE, "kernel_rs/Cargo.lock"), encoding="utf-8") as lock:
        lines = lock.read().splitlines()
    found += [("delta_kernel", lines[at + 1].split('"')[1]) for at, line in enumerate(lines) if line == 'name = "delta_kernel"']
    return found


