"""Queries of Polars, DuckDB and PyArrow on a table with data: through Levee, and as they come.

Jobs: plan (which files would be read), query (one predicate that a file answers), full (every row). Each answers with
the rows and the sum of their `value`, so that all can be compared; a plan answers with nothing.
"""
import datetime
import os

DAY, BUCKET, ABOVE = datetime.date(2024, 3, 5), 7, 0.5
SQL = f"day = DATE '{DAY}' AND bucket = {BUCKET} AND value > {ABOVE}"
DAYS, BUCKETS, ROWS = 250, 20, 500_000


def ensure_data(folder):
    """A table of 5,000 data files, one for each of 250 days and 20 buckets, as delta-rs writes it."""
    if os.path.exists(os.path.join(folder, "_delta_log")):
        return
    import deltalake
    import numpy as np
    import pyarrow as pa
    rows = np.arange(ROWS)
    first = np.datetime64("2024-01-01")
    deltalake.write_deltalake(folder, pa.table({
        "day": pa.array(first + rows % DAYS, pa.date32()),
        "bucket": pa.array(rows // DAYS % BUCKETS, pa.int32()),
        "id": pa.array(rows), "value": pa.array(np.random.default_rng(1).random(ROWS)),
        "name": pa.array([f"n{row % 1000}" for row in rows])}), partition_by=["day", "bucket"])


def answer(rows, total):
    return [rows, round(total, 6)]


class Polars:
    """`scan_delta` of a path; `kept` has the table open."""

    def __init__(self, options, kept=False):
        import polars
        self.pl, self.table = polars, options.table
        if kept:
            from deltalake import DeltaTable
            self.table = DeltaTable(options.table)
        column = polars.col
        self.condition = (column("day") == DAY) & (column("bucket") == BUCKET) & (column("value") > ABOVE)

    def frame(self, where):
        return self.pl.scan_delta(self.table)

    def plan(self):
        self.frame(SQL).filter(self.condition).explain()
        return []

    def sum(self, frame):
        return answer(*frame.select(self.pl.len(), self.pl.col("value").sum()).collect().row(0))

    def query(self):
        return self.sum(self.frame(SQL).filter(self.condition))

    def full(self):
        return self.sum(self.frame(""))


class PolarsKept(Polars):
    def __init__(self, options):
        super().__init__(options, kept=True)


class PolarsLevee(Polars):
    def __init__(self, options):
        super().__init__(options)
        self.levee = opened(options)

    def frame(self, where):
        return self.levee.scan_polars(where or None)


class DuckDb:
    """`delta_scan` of a path."""

    def __init__(self, options):
        from delta_extension import connect
        self.db, self.source = connect(), f"delta_scan('{options.table}')"

    def relation(self, where):
        return self.db.sql(f"FROM {self.source}")

    def plan(self):
        self.relation(SQL).filter(SQL).explain()
        return []

    def query(self):
        return self.sum(self.relation(SQL).filter(SQL))

    def sum(self, relation):
        return answer(*relation.aggregate("count(*), sum(value)").fetchone())

    def full(self):
        return self.sum(self.relation(""))


class DuckDbKept(DuckDb):
    """The table attached, its snapshot kept."""

    def __init__(self, options):
        super().__init__(options)
        self.db.execute(f"ATTACH '{options.table}' AS kept (TYPE delta, PIN_SNAPSHOT)")
        self.source = "kept"


class DuckDbLevee(DuckDb):
    def __init__(self, options):
        super().__init__(options)
        self.levee = opened(options)

    def relation(self, where):
        return self.levee.duckdb(self.db, where or None)


class Arrow:
    """delta-rs's own reader into an Arrow table, the table kept open."""
    PARTITIONS = [("day", "=", str(DAY)), ("bucket", "=", str(BUCKET))]

    def __init__(self, options):
        from deltalake import DeltaTable
        self.table = DeltaTable(options.table)

    def plan(self):
        self.table.file_uris(self.PARTITIONS)
        return []

    def sum(self, table):
        import pyarrow.compute as pc
        return answer(table.num_rows, pc.sum(table["value"]).as_py())

    def query(self):
        import pyarrow.dataset as ds
        dataset = self.table.to_pyarrow_dataset(partitions=self.PARTITIONS)
        return self.sum(dataset.to_table(filter=ds.field("value") > ABOVE, columns=["value"]))

    def full(self):
        return self.sum(self.table.to_pyarrow_dataset().to_table(columns=["value"]))


class ArrowLevee(Arrow):
    def __init__(self, options):
        self.table = opened(options)

    def plan(self):
        self.table.file_uris(where=SQL)
        return []

    def query(self):
        import pyarrow.dataset as ds
        dataset = self.table.to_pyarrow_dataset(SQL)
        return self.sum(dataset.to_table(filter=ds.field("value") > ABOVE, columns=["value"]))


def opened(options):
    """The table in a store that has it."""
    import levee
    table = levee.open(options.store).table(options.table)
    table.version()
    return table


READERS = {"polars": (PolarsLevee, Polars, PolarsKept), "duckdb": (DuckDbLevee, DuckDb, DuckDbKept),
           "arrow": (ArrowLevee, Arrow)}
