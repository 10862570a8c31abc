#!/usr/bin/env python3
"""Answers under a small --memory-limit: the same as without, and the process's anonymous memory within a tenth of it.

    limit_test.py --levee PATH [--files N]
"""
import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COLUMNS = ("path,size,partitionValues,modificationTime,numRecords,min.id,max.id,nulls.id,min.ts,max.ts,nulls.ts,"
           "min.value,max.value,nulls.value,min.name,max.name,nulls.name")
# What is asked; T is the table.
QUESTIONS = {
    "csv": ["files", "T", "--columns", COLUMNS, "--format", "csv"],
    "arrow": ["files", "T", "--columns", COLUMNS, "--format", "arrow"],
    "half of it": ["files", "T", "--columns", COLUMNS, "--where", "value > 0.5 OR id < 0", "--format", "csv"],
    "count": ["files", "T", "--count", "--where", "value > 0.5"],
    "summary": ["show", "T"],
    "changes": ["changes", "T", "--from", "1000", "--to", "1100", "--format", "ndjson"],
}


class Anonymous:
    """The most anonymous memory that a process was seen to have, in bytes."""

    def __init__(self, pid):
        self.path, self.peak = f"/proc/{pid}/status", 0

    def look(self):
        try:
            with open(self.path, encoding="ascii") as file:
                for line in file:
                    if line.startswith("RssAnon:"):
                        self.peak = max(self.peak, int(line.split()[1]) * 1024)
        except OSError:
            pass


def run(levee, store, arguments, table):
    """(digest of what is printed, exit code, peak, error text)"""
    command = [levee, "--store", store, *[table if word == "T" else word for word in arguments]]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = subprocess.Popen(command, stdout=out, stderr=error)
        memory = Anonymous(process.pid)
        while process.poll() is None:
            memory.look()
            time.sleep(0.001)
        out.seek(0)
        error.seek(0)
        return canonical(arguments, out.read()), process.returncode, memory.peak, error.read().decode()


def canonical(arguments, data):
    """Batches of Arrow streams differ in size by the memory there is; their rows do not."""
    if "arrow" in arguments:
        import pyarrow as pa
        table = pa.ipc.open_stream(data).read_all().combine_chunks()
        return hashlib.sha256(str(table.schema).encode() + "".join(
            str(hash_of(column)) for column in table.columns).encode()).hexdigest()
    return hashlib.sha256(data).hexdigest()


def hash_of(column):
    digest = hashlib.sha256()
    for value in column.to_pylist():
        digest.update(repr(value).encode())
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--levee", required=True)
    parser.add_argument("--files", type=int, default=150_000)
    options = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        table, store = f"{folder}/table", f"{folder}/store.db"
        subprocess.run([sys.executable, f"{ROOT}/benchmarks/make_table.py", "--out", table, "--files",
                        str(options.files), "--shuffle"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([options.levee, "--store", store, "--memory-limit", "64MB", "sync", table], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name, arguments in QUESTIONS.items():
            expected, code, _, error = run(options.levee, store, arguments, table)
            if code != 0:
                failures.append(f"{name}: exit {code} without a limit: {error}")
            for limit_mb, threads in ((64, 2), (32, 2), (32, 1)):
                got, code, peak, error = run(options.levee, store, ["--memory-limit", f"{limit_mb}MB", "--threads",
                                                                    str(threads), *arguments], table)
                what = f"{name}, {limit_mb} MB, {threads} threads: {peak / 2**20:.0f} MB"
                print(what)
                if code != 0:
                    failures.append(f"{what}: exit {code}: {error}")
                elif got != expected:
                    failures.append(f"{what}: another answer")
                if peak > limit_mb * 1.1 * 2**20:
                    failures.append(f"{what}: above the limit")
    print("\n".join(failures) or "memory limit: kept")
    return 1 if failures else 0


sys.exit(main())
