#!/usr/bin/env python3
"""`files --format parquet` of every golden table, at its newest version: PyArrow reads back what `--format arrow` gives, types
included, and DuckDB the same rows; then a large table: several row groups in bounded memory, to a file and through a pipe."""
import io
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from golden_tables import run_all
from golden_test import SOURCE, Program

LARGE_FILES, LIMIT_MB = 300_000, 64
# Of more fields than one row group of these many files would fit into the limit with.
COLUMNS = "path,size,partitionValues,stats,min.id,max.id,min.name,max.name"


def write(program, table, *options):
    """(bytes, peak of anonymous memory, exit code, standard error) of one list."""
    command = [program.path, "--store", program.store, "--freshness", "cached", "files", table, *options]
    out = io.BytesIO()
    with tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err)
        reader = threading.Thread(target=lambda: shutil.copyfileobj(process.stdout, out))
        reader.start()
        peak = 0
        while process.poll() is None:
            peak = max(peak, anonymous_bytes(process.pid))
            time.sleep(0.002)
        reader.join()
        process.stdout.close()
        err.seek(0)
        return out.getvalue(), peak, process.returncode, err.read().decode()


def anonymous_bytes(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("RssAnon:")), 0)


def plain(rows):
    """Maps as DuckDB gives them and as PyArrow does are one."""
    return [{name: sorted(value.items()) if isinstance(value, dict) else
             sorted(value) if isinstance(value, list) else value for name, value in row.items()} for row in rows]


def read_by_duckdb(path):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection.sql("SELECT * FROM read_parquet(?)", params=[path]).to_arrow_table()


def differences(work, arrow, parquet):
    """What two readers of the Parquet file find that the Arrow stream does not say."""
    path = os.path.join(work, "files.parquet")
    pathlib.Path(path).write_bytes(parquet)
    want = pa.ipc.open_stream(arrow).read_all()
    got = pq.read_table(path)
    wrong = []
    if got.schema.names != want.schema.names:
        wrong.append(f"columns {got.schema.names} are not {want.schema.names}")
    wrong += [f"{a.name}: {b.type} is not {a.type}" for a, b in zip(want.schema, got.schema)
              if a.type != b.type and not pa.types.is_map(a.type)]
    rows = plain(want.to_pylist())
    if plain(got.to_pylist()) != rows:
        wrong.append("PyArrow reads other rows")
    if len({name.lower() for name in want.schema.names}) == len(want.schema.names):
        wrong += [f"DuckDB reads {a} where Arrow has {b}" for a, b in
                  zip(plain(read_by_duckdb(path).to_pylist()), rows) if a != b][:1]
    return wrong, len(rows)


def run_table(case, program_path):
    newest = max((v["version"] for v in case.versions if v["verdict"] == "read"), default=None)
    if newest is None:
        return [], 0
    work = tempfile.mkdtemp(prefix="levee-parquet-")
    try:
        program = Program(program_path, os.path.join(work, "store.db"))
        program.ask("sync", case.root, "--to-version", str(newest))
        formats = {}
        for name in ("arrow", "parquet"):
            formats[name], _, code, err = write(program, case.root, "--version", str(newest), "--order-by", "path",
                                                "--format", name)
            if code != 0:
                return [f"{case.key}: {name}: exit {code}: {err.strip()[-300:]}"], 0
        wrong, rows = differences(work, formats["arrow"], formats["parquet"])
        return [f"{case.key}: {problem}" for problem in wrong], rows
    finally:
        shutil.rmtree(work, ignore_errors=True)


def check_large(levee, work):
    table, program = os.path.join(work, "table"), Program(levee, os.path.join(work, "store.db"))
    subprocess.run([sys.executable, os.path.join(SOURCE, "benchmarks/make_table.py"), "--out", table, "--files",
                    str(LARGE_FILES), "--shuffle"], check=True, stdout=subprocess.DEVNULL)
    if (answer := program.ask("sync", table)).code != 0:
        return [answer.err]
    options = ["--columns", COLUMNS, "--order-by", "path"]
    arrow, _, _, _ = write(program, table, *options, "--format", "arrow")
    piped, _, code, err = write(program, table, *options, "--format", "parquet")
    if code != 0:
        return [f"exit {code}: {err}"]
    path = os.path.join(work, "direct.parquet")
    with open(path, "wb") as file:
        subprocess.run([levee, "--store", program.store, "--freshness", "cached", "files", table, *options, "--format",
                        "parquet"], stdout=file, stderr=subprocess.DEVNULL, check=True)
    wrong = [] if pathlib.Path(path).read_bytes() == piped else ["a file and a pipe get different bytes"]
    groups = pq.ParquetFile(path).metadata.num_row_groups
    if groups < 2:
        wrong.append(f"{groups} row group of {LARGE_FILES} files")
    want, got = pa.ipc.open_stream(arrow).read_all(), pq.read_table(path)
    if want.num_rows < LARGE_FILES or any(want[name].to_pylist() != got[name].to_pylist() for name in want.schema.names):
        wrong.append("PyArrow reads other rows of the large table")
    sums = [f"{side}(\"{name}\")" for name in ("size", "min.id", "max.name") for side in ("min", "max", "count")]
    query = f"SELECT count(*), {', '.join(sums)} FROM "
    if duckdb.sql(query + f"'{path}'").fetchall() != duckdb.sql(query + "want").fetchall():
        wrong.append("DuckDB reads other rows of the large table")
    limited, peak, code, err = write(program, table, "--columns", COLUMNS, "--format", "parquet", *limit_options())
    print(f"parquet: {LARGE_FILES} files, {groups} row groups, {peak / 2**20:.0f} MB of {LIMIT_MB} MB")
    if code != 0 or pq.read_table(io.BytesIO(limited)).num_rows != want.num_rows:
        wrong.append(f"under a limit: exit {code}: {err}")
    if peak > LIMIT_MB * 1.1 * 2**20:
        wrong.append(f"{peak / 2**20:.0f} MB of memory where {LIMIT_MB} MB is the limit")
    return wrong + check_refusals(program, table)


def limit_options():
    return ["--memory-limit", f"{LIMIT_MB}MB"]


def check_refusals(program, table):
    """What cannot be written is an error of one line, and standard output stays empty."""
    command = [program.path, "--store", program.store, "--freshness", "cached", "files", table, "--format", "parquet"]
    wrong = []
    without = subprocess.run(command, capture_output=True, env={**os.environ, "LEVEE_ARROW_MODULE": "/nowhere"}, check=False)
    if without.returncode != 1 or without.stdout or b"levee: Parquet: " not in without.stderr or b"LEVEE_ARROW" not in without.stderr:
        wrong.append(f"without Arrow: {without}")
    with open("/dev/full", "wb") as full:
        filled = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    if filled.returncode != 1 or b"No space left" not in filled.stderr:
        wrong.append(f"to a full disk: {filled}")
    for name in ("arrow", "parquet"):
        ours, theirs = pty.openpty()
        shown = subprocess.run([*command[:-1], name], stdout=theirs, stderr=subprocess.PIPE, check=False)
        os.close(theirs)
        os.close(ours)
        if shown.returncode != 64 or b"standard output is a terminal" not in shown.stderr:
            wrong.append(f"{name} to a terminal: {shown}")
    return wrong


def main():
    tables, rows, wrong = run_all("parquet", __doc__, run_table)
    print(f"parquet: {rows} files of {tables} tables compared, {wrong} problems")
    levee = sys.argv[sys.argv.index("--levee") + 1]
    with tempfile.TemporaryDirectory() as work:
        large = check_large(levee, work)
    print("\n".join(f"FAIL {problem}"[:800] for problem in large), end="\n" if large else "")
    return 1 if wrong or large or rows == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
