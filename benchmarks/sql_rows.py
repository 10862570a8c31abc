"""Peers that keep one typed row a file, with an index made for the question: SQLite and PostgreSQL.

They are told what changed instead of reading it from the log: `land` applies commits that are parsed before.
"""
import os
import sqlite3
import tempfile
import time

import pyarrow as pa

from log_sql import last_commits, typed_files

ABOVE = 0.999


class TypedRows:
    """What is the same in every SQL store; a subclass gives `ask(sql) -> rows`, `load` and the parts of `land`."""
    INDEX = "CREATE INDEX by_question ON files(date, id_min, id_max)"

    def count(self):
        return self.ask(f"SELECT count(*) FROM files WHERE value_max > {ABOVE}")[0][0]

    def paths(self):
        return len(self.ask(f"SELECT path FROM files WHERE value_max > {ABOVE}"))

    def list(self):
        return len(self.ask("SELECT path, size, date, region FROM files"))

    def land(self, commits):
        """The answer, and the seconds of each commit: one durable transaction and the filtered list after it.

        A bare fsync right after each is taken off: the disk's own pace changes while it is measured. The last commits are undone first, so that the rows end where they began.
        """
        changes, before = last_commits(self.table, commits)
        added = self.rows_of([path for adds, _ in changes for path in adds], None)
        removed = self.rows_of([path for _, removes in changes for path in removes], before)
        self.prepare_landing()
        self.apply(list(added), list(removed.values()))
        seconds, answer = [], 0
        with tempfile.TemporaryFile(dir=self.work) as bare:
            for adds, removes in changes:
                began = time.perf_counter()
                self.apply(removes, [added[path] for path in adds])
                answer = self.filtered()
                taken = time.perf_counter() - began
                seconds.append(taken - fsync_seconds(bare))
        if self.ask("SELECT count(*) FROM files")[0][0] != self.q["active"]:
            raise ValueError("the landed commits do not leave the newest version's files")
        return answer, seconds

    def rows_of(self, paths, up_to):
        """The typed rows of `paths` as they are at version `up_to`, by path."""
        import duckdb
        sql = f"SELECT * FROM ({typed_files(self.table, up_to)}) WHERE path IN (SELECT unnest(?))"
        rows = {row[0]: row for row in self.as_rows(duckdb.connect().sql(sql, params=[paths]))}
        if len(rows) != len(paths):
            raise ValueError(f"{len(rows)} of {len(paths)} landed files are live at {up_to or 'the newest version'}")
        return rows


class SqliteRows(TypedRows):
    FILTER = "SELECT path FROM files WHERE date = ? AND id_min <= ? AND id_max >= ?"

    def __init__(self, options, question):
        self.db, self.q, self.table = sqlite3.connect(options.store, isolation_level=None), question, options.table
        self.work = options.work

    def ask(self, sql):
        return self.db.execute(sql).fetchall()

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
        self.db.executescript(self.INDEX + "; ANALYZE;")
        return self.ask("SELECT count(*) FROM files")[0][0]

    def filtered(self):
        return len(self.db.execute(self.FILTER, [self.q["date"], self.q["id_hi"], self.q["id_lo"]]).fetchall())

    def as_rows(self, relation):
        return zip(*(plain(c).to_pylist() for c in relation.to_arrow_table().columns))

    def prepare_landing(self):
        self.db.executescript("PRAGMA journal_mode = wal; PRAGMA synchronous = full; "
                              "CREATE UNIQUE INDEX IF NOT EXISTS by_path ON files(path);")

    def apply(self, removes, rows):
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in removes])
        self.db.executemany(f"INSERT INTO files VALUES ({', '.join('?' * len(rows[0]))})", rows)
        self.db.execute("COMMIT")


class PostgresRows(TypedRows):
    """`options.store` says how to connect; the benchmark starts the server (postgres_server.py)."""
    FILTER = "EXECUTE filtered (%s, %s, %s)"
    KINDS = {"BIGINT": "bigint", "DOUBLE": "double precision", "VARCHAR": "text"}

    def __init__(self, options, question):
        import psycopg2
        self.db, self.q, self.table = psycopg2.connect(options.store), question, options.table
        self.work = options.work
        self.db.autocommit = True
        self.at = self.db.cursor()
        if options.job != "load":
            self.at.execute("PREPARE filtered (date, bigint, bigint) AS "
                            "SELECT path FROM files WHERE date = $1 AND id_min <= $2 AND id_max >= $3")

    def ask(self, sql):
        self.at.execute(sql)
        return self.at.fetchall()

    def load(self):
        import duckdb
        files = duckdb.connect().sql(typed_files(self.table))
        columns = ", ".join(f"{name} {self.KINDS.get(str(kind), str(kind))}"
                            for name, kind in zip(files.columns, files.types))
        with tempfile.NamedTemporaryFile(suffix=".csv") as rows:
            files.write_csv(rows.name, header=False)
            # A table made in the transaction that fills it needs no log of its rows, and is durable all the same.
            self.at.execute(f"DROP TABLE IF EXISTS files; BEGIN; CREATE TABLE files ({columns})")
            with open(rows.name, "rb") as text:
                self.at.copy_expert("COPY files FROM STDIN (FORMAT csv)", text)
            self.at.execute("COMMIT")
        self.at.execute(self.INDEX)
        self.at.execute("VACUUM (ANALYZE) files")
        return self.ask("SELECT count(*) FROM files")[0][0]

    def size(self):
        return self.ask("SELECT pg_total_relation_size('files')")[0][0]

    def filtered(self):
        self.at.execute(self.FILTER, [self.q["date"], self.q["id_hi"], self.q["id_lo"]])
        return len(self.at.fetchall())

    def as_rows(self, relation):
        return relation.fetchall()

    def prepare_landing(self):
        self.at.execute("CREATE UNIQUE INDEX IF NOT EXISTS by_path ON files(path)")

    def apply(self, removes, rows):
        from psycopg2.extras import execute_values
        self.at.execute("BEGIN")
        self.at.execute("DELETE FROM files WHERE path = ANY(%s)", [removes])
        execute_values(self.at, "INSERT INTO files VALUES %s", rows, page_size=len(rows))
        self.at.execute("COMMIT")


def plain(column):
    """A column in types that SQLite keeps: times as microseconds, dates as text."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.int64())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


def fsync_seconds(file):
    """A write of 16 KB with fdatasync: what no durable commit can go below."""
    began = time.perf_counter()
    os.write(file.fileno(), b"x" * 16384)
    os.fdatasync(file.fileno())
    return time.perf_counter() - began
