"""DuckLake: its own catalog, a DuckDB file, filled with the table's live files and the bounds of six columns.

The files are registered by writing DuckLake's catalog tables, because `ducklake_add_data_files` opens each file and
the benchmark's files do not exist. DuckLake has no call that lists the files of a predicate: a scan is asked for the
file names. So the files that answer get stand-ins of one row each; a scan that kept any other file would fail on it.
"""
import importlib.util
import os
import shutil

from log_sql import typed_files

COLUMNS = {"id": "BIGINT", "ts": "TIMESTAMP", "value": "DOUBLE", "name": "VARCHAR", "date": "DATE",
           "region": "VARCHAR"}
PARTITIONS = ("date", "region")


class DuckLake:
    def __init__(self, options, question):
        import duckdb
        self.q, self.table, self.catalog = question, options.table, options.store
        self.data = options.store + ".data"
        self.where = f"date = '{question['date']}' AND id BETWEEN {question['id_lo']} AND {question['id_hi']}"
        self.db = duckdb.connect(config={"allow_unsigned_extensions": "true"})
        package = os.path.dirname(importlib.util.find_spec("duckdb_extension_ducklake").origin)
        self.db.execute(f"LOAD '{package}/extensions/v{duckdb.__version__}/ducklake.duckdb_extension'")
        if options.job != "load":
            self.db.execute(f"ATTACH 'ducklake:{self.catalog}' AS lake (READ_ONLY)")

    def filtered(self):
        return len(self.db.execute(f"SELECT filename FROM lake.files WHERE {self.where}").fetchall())

    def list(self):
        """Path and size of every file; partition values stand in the path only."""
        return self.db.sql("SELECT data_file, data_file_size_bytes FROM ducklake_list_files('lake', 'files')"
                           ).to_arrow_table().num_rows

    def load(self):
        import duckdb
        for old in (self.catalog, self.catalog + ".wal"):
            if os.path.exists(old):
                os.remove(old)
        shutil.rmtree(self.data, ignore_errors=True)
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        self.db.execute(f"ATTACH 'ducklake:{self.catalog}' AS lake "
                        f"(DATA_PATH '{self.data}', DATA_INLINING_ROW_LIMIT 0)")
        self.db.execute(f"CREATE TABLE lake.files ({columns})")
        self.db.execute(f"ALTER TABLE lake.files SET PARTITIONED BY ({', '.join(PARTITIONS)})")
        self.db.execute("DETACH lake")
        with duckdb.connect(self.catalog) as catalog:
            return fill(catalog, self.table, os.path.join(self.data, "main", "files"), self.q)


def fill(db, table, folder, question):
    """Writes the catalog's rows for every live file; returns how many there are."""
    snapshot, = db.execute("SELECT max(snapshot_id) FROM ducklake_snapshot").fetchone()
    table_id, = db.execute("SELECT table_id FROM ducklake_table WHERE table_name = 'files'").fetchone()
    partition, = db.execute("SELECT max(partition_id) FROM ducklake_partition_info").fetchone()
    columns = dict(db.execute("SELECT column_name, column_id FROM ducklake_column").fetchall())
    db.execute(f"CREATE TEMP TABLE live AS SELECT row_number() OVER () - 1 AS data_file_id, "
               f"{table_id} AS table_id, * FROM ({typed_files(table)})")
    stand_ins(db, folder, columns, question)
    db.execute(f"""
      INSERT INTO ducklake_data_file BY NAME
      SELECT data_file_id, table_id, {snapshot} AS begin_snapshot, path, true AS path_is_relative,
             {partition} AS partition_id, 'parquet' AS file_format, num_records AS record_count, size AS file_size_bytes,
             (sum(num_records) OVER (ORDER BY data_file_id))::BIGINT - num_records AS row_id_start
      FROM live""")
    for name, column_id in columns.items():
        low, high, nulls = f"{name}_min", f"{name}_max", f"{name}_nulls"
        if name in PARTITIONS:
            low, high, nulls = name, name, "0"
        db.execute(f"""
          INSERT INTO ducklake_file_column_stats BY NAME
          SELECT data_file_id, table_id, {column_id} AS column_id, num_records - {nulls} AS value_count,
                 {nulls} AS null_count, {low}::VARCHAR AS min_value, {high}::VARCHAR AS max_value FROM live""")
        db.execute(f"""
          INSERT INTO ducklake_table_column_stats BY NAME
          SELECT {table_id} AS table_id, {column_id} AS column_id, sum({nulls}) > 0 AS contains_null,
                 min({low})::VARCHAR AS min_value, max({high})::VARCHAR AS max_value FROM live""")
    for place, name in enumerate(PARTITIONS):
        db.execute("INSERT INTO ducklake_file_partition_value "
                   f"SELECT data_file_id, table_id, {place}, {name}::VARCHAR FROM live")
    db.execute(f"INSERT INTO ducklake_table_stats SELECT {table_id}, sum(num_records)::BIGINT, count(*), "
               "sum(size)::BIGINT FROM live")
    files, = db.execute("SELECT count(*) FROM live").fetchone()
    db.execute(f"UPDATE ducklake_snapshot SET next_file_id = {files} WHERE snapshot_id = {snapshot}")
    db.execute("CHECKPOINT")
    return files


def stand_ins(db, folder, columns, q):
    """Writes the files that answer, one row each that the predicate keeps, and sets their true sizes and counts."""
    no_nulls = ", ".join(f"{name}_nulls = 0" for name in columns if name not in PARTITIONS)
    ids = ", ".join(f"{name}: {column_id}" for name, column_id in columns.items())
    answer = db.execute("SELECT path, region FROM live WHERE date = ? AND id_min <= ? AND id_max >= ?",
                        [q["date"], q["id_hi"], q["id_lo"]]).fetchall()
    for path, region in answer:
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        db.execute(f"COPY (SELECT {q['id_lo']}::BIGINT AS id, TIMESTAMP '{q['date']}' AS ts, 0.5::DOUBLE AS value, "
                   f"'' AS name, DATE '{q['date']}' AS date, '{region}' AS region) "
                   f"TO '{target}' (FORMAT parquet, FIELD_IDS {{{ids}}})")
        db.execute(f"UPDATE live SET size = ?, num_records = 1, {no_nulls} WHERE path = ?", [os.path.getsize(target), path])
