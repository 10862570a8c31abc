"""Levee from Python in twenty lines: python examples/quickstart.py (needs levee[arrow], polars and duckdb)."""
import datetime
import tempfile

import duckdb
import levee
import polars as pl

store = levee.open(tempfile.mkdtemp() + "/levee.db")  # levee.open() is the store in your data folder
trips = store.table("examples/trips")
third = "date = '2024-03-03' AND trip_id BETWEEN 1800 AND 2200"

print(f"version {trips.version()}: {trips.count()} files, of which a query must read {trips.count(third)}")
print(pl.DataFrame(trips.files(third, columns=["path", "size", "numRecords"])))

short = (pl.col("date") == datetime.date(2024, 3, 3)) & (pl.col("minutes") < 5)  # an expression does as well
print(trips.scan_polars(short).filter(short).select(pl.len(), pl.col("distance_km").mean()).collect())

con = duckdb.connect()
relation = trips.duckdb(con, third).filter(third)
print(relation.aggregate("member, count(*) AS trips", "member").order("member"))
