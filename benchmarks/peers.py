#!/usr/bin/env python3
"""One other reader doing one of Levee's jobs in a process of its own; prints a JSON object.

  benchmarks/peers.py READER JOB TABLE [--store FILE] [--repeat N]

Readers: deltars (delta-rs), ducklog (SQL over the log in DuckDB), duckfile (a DuckDB file of typed rows, loaded
before), sqlite (the same rows in SQLite with an index made for the question). Jobs: load, filtered, count,
paths, list (path, size, partition values), all (every column). The question stands in TABLE/query.json.
"""
import argparse
import glob
import json
import os
import resource
import sqlite3
import time

import pyarrow as pa
import pyarrow.parquet as pq

SQL_TYPES = {"long": "BIGINT", "timestamp": "TIMESTAMP", "double": "DOUBLE", "string": "VARCHAR"}
ABOVE = 0.999


# --- the log in SQL -------------------------------------------------------------------------------------
def stats_columns(table):
    """[(name, type)] of the columns that have statistics."""
    log = os.path.join(table, "_delta_log")
    checkpoint = sorted(glob.glob(log + "/*.checkpoint*.parquet"))[0]
    for batch in pq.ParquetFile(checkpoint).iter_batches(1024, columns=["metaData.schemaString"]):
        for row in batch.column(0).to_pylist():
            if row and row["schemaString"]:
                fields = json.loads(row["schemaString"])["fields"]
                return [(f["name"], f["type"]) for f in fields if f["name"] not in ("date", "region")]
    raise ValueError("no metaData in " + checkpoint)


def live_files(table):
    """SQL of the live add actions: what the tail says of a path wins over the checkpoint."""
    log = os.path.join(table, "_delta_log")
    with open(log + "/_last_checkpoint", encoding="utf-8") as hint:
        base = json.load(hint)["version"]
    commits = [f"'{log}/{v:020d}.json'" for v in sorted(int(os.path.basename(p)[:20]) for p in glob.glob(log + "/*.json"))
               if v > base]
    add = "STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, stats VARCHAR)"
    return f"""
      WITH events AS (
        FROM read_json([{', '.join(commits)}], format = 'newline_delimited', filename = true,
                       columns = {{add: '{add}', remove: 'STRUCT(path VARCHAR)'}})
        SELECT add, coalesce(add.path, remove.path) AS key, filename),
      tail AS (SELECT key, last(add ORDER BY filename) AS add FROM events WHERE key IS NOT NULL GROUP BY key),
      base AS (SELECT add FROM read_parquet('{log}/*.checkpoint*.parquet') WHERE add.path IS NOT NULL),
      live AS (SELECT add FROM tail WHERE add IS NOT NULL
               UNION ALL SELECT add FROM base WHERE add.path NOT IN (SELECT key FROM tail))
      SELECT add.path AS path, add.partitionValues['date'] AS date, add.partitionValues['region'] AS region,
             add.size AS size, add.stats AS stats FROM live"""


def typed_files(table):
    """SQL of the live files with a typed column for each bound, from one parse of the statistics."""
    columns = stats_columns(table)
    bounds = {name: SQL_TYPES[kind] for name, kind in columns}
    shape = json.dumps({"numRecords": "BIGINT", "minValues": bounds, "maxValues": bounds,
                        "nullCount": dict.fromkeys(bounds, "BIGINT")})
    picks = "".join(f", s.minValues.{n} AS {n}_min, s.maxValues.{n} AS {n}_max, s.nullCount.{n} AS {n}_nulls"
                    for n in bounds)
    return (f"SELECT path, date::DATE AS date, region, size, s.numRecords AS num_records{picks} "
            f"FROM (SELECT * EXCLUDE (stats), json_transform(stats, '{shape}') AS s FROM ({live_files(table)}))")


# --- the readers ----------------------------------------------------------------------------------------
class DeltaRs:
    def __init__(self, options, question):
        from deltalake import DeltaTable
        self.table = DeltaTable(options.table)
        self.predicate = f"date = '{question['date']}' AND id BETWEEN {question['id_lo']} AND {question['id_hi']}"

    def filtered(self):
        return len(self.table.file_uris(file_pruning_predicate=self.predicate))

    def all(self):
        return pa.table(self.table.get_add_actions(flatten=True)).num_rows


class DuckLog:
    def __init__(self, options, question):
        import duckdb
        self.db, self.q, self.table = duckdb.connect(), question, options.table

    def filtered(self):
        bound = lambda part: f"CAST(json_extract_string(stats, '$.{part}.id') AS BIGINT)"
        sql = (f"SELECT path FROM ({live_files(self.table)}) "
               f"WHERE date = ? AND {bound('minValues')} <= ? AND {bound('maxValues')} >= ?")
        return len(self.db.execute(sql, [self.q["date"], self.q["id_hi"], self.q["id_lo"]]).fetchall())


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


class SqliteRows:
    def __init__(self, options, question):
        self.db, self.q, self.table = sqlite3.connect(options.store, isolation_level=None), question, options.table

    def load(self):
        import duckdb
        reader = duckdb.connect().sql(typed_files(self.table)).to_arrow_reader(65_536)
        self.db.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off; DROP TABLE IF EXISTS files;")
        self.db.execute(f"CREATE TABLE files ({', '.join(reader.schema.names)})")
        self.db.execute("BEGIN")
        insert = f"INSERT INTO files VALUES ({', '.join('?' * len(reader.schema.names))})"
        for batch in reader:
            self.db.executemany(insert, zip(*(plain(c).to_pylist() for c in batch.columns)))
        self.db.execute("COMMIT")
        self.db.executescript("CREATE INDEX by_question ON files(date, id_min, id_max); ANALYZE;")
        return self.db.execute("SELECT count(*) FROM files").fetchone()[0]

    def filtered(self):
        return len(self.db.execute(DuckFile.FILTER, [self.q["date"], self.q["id_hi"], self.q["id_lo"]]).fetchall())

    def count(self):
        return self.db.execute(f"SELECT count(*) FROM files WHERE value_max > {ABOVE}").fetchone()[0]

    def paths(self):
        return len(self.db.execute(f"SELECT path FROM files WHERE value_max > {ABOVE}").fetchall())

    def list(self):
        return len(self.db.execute("SELECT path, size, date, region FROM files").fetchall())


def plain(column):
    """A column in types that SQLite keeps: times as microseconds, dates as text."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


READERS = {"deltars": DeltaRs, "ducklog": DuckLog, "duckfile": DuckFile, "sqlite": SqliteRows}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("reader", choices=READERS)
    p.add_argument("job")
    p.add_argument("table")
    p.add_argument("--store", default="")
    p.add_argument("--repeat", type=int, default=0)
    options = p.parse_args()
    with open(os.path.join(options.table, "query.json"), encoding="utf-8") as file:
        question = json.load(file)
    if options.reader in ("deltars",):
        import deltalake  # noqa: F401 - the import is not what is measured
    elif options.reader != "sqlite":
        import duckdb  # noqa: F401 - likewise

    began = time.perf_counter()
    job = getattr(READERS[options.reader](options, question), options.job)
    answer = job()
    cold, warm = time.perf_counter() - began, []
    for _ in range(options.repeat):
        began = time.perf_counter()
        job()
        warm.append(time.perf_counter() - began)
    print(json.dumps({"answer": answer, "cold_s": cold, "warm_s": warm,
                      "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
