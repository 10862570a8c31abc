"""DuckDB's delta extension: `delta_scan`, planned by delta-kernel-rs inside of DuckDB.

It has a call that lists every file, which takes 17 KB of memory for each and is left out, and none that lists those of a
predicate: a scan is asked for its rows. So the files that answer get stand-ins of one row each in the table's folder, which
nobody else reads; a scan that kept any other file would fail on it.
"""
import importlib.util
import os

from log_sql import SQL_TYPES, stats_columns, typed_files


def connect():
    """A connection with the extension, which is packed for a DuckDB of its own version."""
    import duckdb
    db = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    package = os.path.dirname(importlib.util.find_spec("duckdb_extension_delta").origin)
    db.execute(f"LOAD '{package}/extensions/v{duckdb.__version__}/delta.duckdb_extension'")
    return db


class DeltaExtension:
    def __init__(self, options, question):
        self.db, self.q, self.table = connect(), question, options.table
        self.where = f"date = '{question['date']}' AND id BETWEEN {question['id_lo']} AND {question['id_hi']}"
        if options.job == "load":
            return
        self.db.execute(f"ATTACH '{self.table}' AS lake (TYPE delta, PIN_SNAPSHOT)")

    def load(self):
        """Writes the stand-ins; nothing is loaded."""
        columns = stats_columns(self.table)
        live = typed_files(self.table)
        answer = self.db.execute(f"SELECT path FROM ({live}) WHERE date = ? AND id_min <= ? AND id_max >= ?",
                                 [self.q["date"], self.q["id_hi"], self.q["id_lo"]]).fetchall()
        values = ", ".join(f"{self.q['id_lo'] if name == 'id' else 'NULL'}::{SQL_TYPES[kind]} AS {name}"
                           for name, kind in columns)
        for path, in answer:
            target = os.path.join(self.table, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            self.db.execute(f"COPY (SELECT {values}) TO '{target}' (FORMAT parquet)")
        return self.q["active"]

    def filtered(self):
        return len(self.db.execute(f"SELECT id FROM lake WHERE {self.where}").fetchall())
