#!/usr/bin/env python3
"""One other reader doing one of Levee's jobs in a process of its own; prints a JSON object.

  benchmarks/peers.py READER JOB TABLE [--store FILE] [--repeat N]

Readers: deltars (delta-rs), polars (what `scan_delta` plans), duckdelta (DuckDB's delta extension), ducklog (SQL over
the log in DuckDB), duckfile (a DuckDB file of typed rows, loaded before), sqlite and postgres (the same rows with an
index made for the question), ducklake (its own catalog of the same files). Jobs: load, filtered, older (filtered, 50 versions back), count, paths, list (path, size, partition
values), all (every column), size (bytes), land (the last N commits one by one, a filtered list after each). The
question stands in TABLE/query.json.
"""
import argparse
import datetime
import importlib
import json
import os
import re
import resource
import time

import pyarrow as pa

from delta_extension import DeltaExtension
from ducklake import DuckLake
from log_sql import live_files, typed_files
from sql_rows import ABOVE, PostgresRows, SqliteRows


# --- the readers ----------------------------------------------------------------------------------------
class DeltaRs:
    def __init__(self, options, question):
        from deltalake import DeltaTable
        self.open, self.q = lambda version=None: DeltaTable(options.table, version=version), question
        self.newest = self.open() if options.job in ("filtered", "all") else None
        self.predicate = f"date = '{question['date']}' AND id BETWEEN {question['id_lo']} AND {question['id_hi']}"

    def answer(self, table):
        return len(table.file_uris(file_pruning_predicate=self.predicate))

    def filtered(self):
        return self.answer(self.newest)

    def older(self):
        return self.answer(self.open(self.q["version"] - 50))

    def all(self):
        return pa.table(self.newest.get_add_actions(flatten=True)).num_rows

    def land(self, rounds):
        """The newest commit, taken in again and again by a table that is one version behind."""
        seconds, answer = [], 0
        for _ in range(rounds):
            table = self.open(self.q["version"] - 1)
            began = time.perf_counter()
            table.update_incremental()
            answer = self.answer(table)
            seconds.append(time.perf_counter() - began)
        return answer, seconds


class PolarsPlan:
    """Says what would be read: `explain` resolves the table, and no data file is there."""
    OTHERS = re.compile(r"(\d+) other sources")

    def __init__(self, options, question):
        import polars
        from deltalake import DeltaTable
        self.newest, self.pl, self.q = DeltaTable(options.table), polars, question

    def filtered(self):
        column, day = self.pl.col, datetime.date.fromisoformat(self.q["date"])
        plan = self.pl.scan_delta(self.newest).filter(
            (column("date") == day) & column("id").is_between(self.q["id_lo"], self.q["id_hi"])).explain()
        others = self.OTHERS.search(plan)
        return 1 + int(others.group(1)) if others else plan.count(".parquet")


class DuckLog:
    def __init__(self, options, question):
        import duckdb
        self.db, self.q, self.table = duckdb.connect(), question, options.table

    def filtered(self, up_to=None):
        bound = lambda part: f"CAST(json_extract_string(stats, '$.{part}.id') AS BIGINT)"
        sql = (f"SELECT path FROM ({live_files(self.table, up_to)}) "
               f"WHERE date = ? AND {bound('minValues')} <= ? AND {bound('maxValues')} >= ?")
        return len(self.db.execute(sql, [self.q["date"], self.q["id_hi"], self.q["id_lo"]]).fetchall())

    def older(self):
        return self.filtered(self.q["version"] - 50)


class DuckFile:
    FILTER = "SELECT path FROM files WHERE date = ? AND id_min <= ? AND id_max >= ?"

    def __init__(self, options, question):
        import duckdb
        self.db, self.q, self.table = duckdb.connect(options.store), question, options.table

    def load(self):
        self.db.execute(f"CREATE OR REPLACE TABLE files AS {typed_files(self.table)}")
        self.db.execute("CHECKPOINT")
        return self.db.execute("SELECT count(*) FROM files").fetchone()[0]

    def filtered(self):
        return len(self.db.execute(self.FILTER, [self.q["date"], self.q["id_hi"], self.q["id_lo"]]).fetchall())

    def count(self):
        return self.db.execute(f"SELECT count(*) FROM files WHERE value_max > {ABOVE}").fetchone()[0]

    def paths(self):
        return len(self.db.execute(f"SELECT path FROM files WHERE value_max > {ABOVE}").fetchall())

    def list(self):
        return self.db.sql("SELECT path, size, date, region FROM files").to_arrow_table().num_rows

    def all(self):
        return self.db.sql("SELECT * FROM files").to_arrow_table().num_rows


READERS = {"deltars": DeltaRs, "polars": PolarsPlan, "duckdelta": DeltaExtension, "ducklog": DuckLog,
           "duckfile": DuckFile, "sqlite": SqliteRows, "postgres": PostgresRows, "ducklake": DuckLake}
IMPORTS = {"deltars": ["deltalake"], "polars": ["polars", "deltalake"], "duckdelta": ["duckdb"], "ducklog": ["duckdb"],
           "duckfile": ["duckdb"], "ducklake": ["duckdb"], "postgres": ["psycopg2"]}


def timed(options, question):
    """The answer, seconds from opening to answer, and the seconds of each of the repeats."""
    began = time.perf_counter()
    reader = READERS[options.reader](options, question)
    if options.job == "land":
        answer, warm = reader.land(options.repeat)
        return answer, None, warm
    job = getattr(reader, options.job)
    answer = job()
    cold, warm = time.perf_counter() - began, []
    for _ in range(options.repeat):
        began = time.perf_counter()
        job()
        warm.append(time.perf_counter() - began)
    return answer, cold, warm


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("reader", choices=READERS)
    p.add_argument("job")
    p.add_argument("table")
    p.add_argument("--store", default="", help="the peer's file; how to connect for postgres")
    p.add_argument("--work", default=".", help="the folder whose fdatasync is measured for land")
    p.add_argument("--repeat", type=int, default=0)
    options = p.parse_args()
    with open(os.path.join(options.table, "query.json"), encoding="utf-8") as file:
        question = json.load(file)
    # The import is not what is measured.
    for module in IMPORTS.get(options.reader, []):
        importlib.import_module(module)

    answer, cold, warm = timed(options, question)
    out = {"answer": answer, "cold_s": cold, "warm_s": warm,
           "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps(out))


if __name__ == "__main__":
    main()
