#!/usr/bin/env python3
"""Writes examples/trips with the PyPI package deltalake: bike trips, partitioned by date, as a small team would.

Twelve days of appends, corrections (delete), a day loaded again (overwrite), a schema that grows, compaction,
and a checkpoint every fifteen commits. Deterministic but for the names of the data files and the times.

  build/_deps/venv/bin/python examples/make_trips.py [FOLDER]
"""
import datetime
import os
import shutil
import sys

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST_DAY = datetime.date(2024, 3, 1)
DAYS, BATCHES_A_DAY, ROWS = 12, 3, 64
STATIONS = ["Central", "Harbour", "Market", "Museum", "North", "Park", "Quay", "Station", "Tower", "University"]
CONFIGURATION = {"delta.logRetentionDuration": "interval 3650 days", "delta.checkpointInterval": "1000"}


def trips(rng, day, first_id, rows, with_fare):
    """Rows of one batch: ids and start times follow each other, the rest is scattered."""
    at = np.sort(rng.integers(0, 24 * 3600, rows))
    start = [datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=int(s))
             for s in at]
    minutes = rng.gamma(2.0, 9.0, rows).round(1)
    stations = np.array(STATIONS)
    columns = {
        "date": pa.array([day] * rows, pa.date32()),
        "trip_id": pa.array(np.arange(first_id, first_id + rows), pa.int64()),
        "started_at": pa.array(start, pa.timestamp("us", tz="UTC")),
        "minutes": pa.array(minutes, pa.float64()),
        "from_station": pa.array(stations[rng.integers(0, len(STATIONS), rows)]),
        "to_station": pa.array([None if r < 0.02 else stations[int(r * 1000) % len(STATIONS)] for r in rng.random(rows)],
                               pa.string()),
        "distance_km": pa.array((minutes * rng.uniform(0.1, 0.35, rows)).round(2), pa.float64()),
        "member": pa.array(rng.random(rows) < 0.7),
    }
    if with_fare:
        columns["fare"] = pa.array([int(m * 15 + 100) for m in minutes], pa.int64())
    return pa.table(columns)


def append(folder, rng, day, state, with_fare):
    """One commit: trips of the day, and the late ones of up to two days before; a file a day."""
    parts = []
    for back in range(min(3, (day - FIRST_DAY).days + 1)):
        count = ROWS >> (2 * back)
        parts.append(trips(rng, day - datetime.timedelta(days=back), state["next_id"], count, with_fare))
        state["next_id"] += count
    rows = pa.concat_tables(parts)
    write_deltalake(folder, rows, mode="append", partition_by=["date"], configuration=CONFIGURATION,
                    schema_mode="merge", name="trips", description="Bike trips of one city")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "trips")
    shutil.rmtree(folder, ignore_errors=True)
    rng, state, commits = np.random.default_rng(7), {"next_id": 1000}, 0

    def committed():
        nonlocal commits
        commits = DeltaTable(folder).version()
        if commits % 15 == 0 and commits:
            DeltaTable(folder).create_checkpoint()

    for k in range(DAYS):
        day = FIRST_DAY + datetime.timedelta(days=k)
        for _ in range(BATCHES_A_DAY):
            append(folder, rng, day, state, with_fare=k >= 6)
            committed()
        if k % 4 == 1:  # corrections: trips that are too short to be real
            DeltaTable(folder).delete(f"date = '{day}' AND minutes < 3")
            committed()
        if k == 8:  # the second day came in again, whole
            again = FIRST_DAY + datetime.timedelta(days=1)
            rows = trips(rng, again, state["next_id"], ROWS * 2, True)
            state["next_id"] += ROWS * 2
            write_deltalake(folder, rows, mode="overwrite", predicate=f"date = '{again}'", schema_mode="merge")
            committed()
        if k == 9:  # small files of the first days become one a day
            DeltaTable(folder).optimize.compact(partition_filters=[("date", "in", [str(FIRST_DAY), "2024-03-03"])])
            committed()
    for k in range(2):  # after the last checkpoint
        append(folder, rng, FIRST_DAY + datetime.timedelta(days=DAYS + k), state, with_fare=True)
        committed()
    print(f"{folder}: version {commits}, {len(DeltaTable(folder).file_uris())} files")


if __name__ == "__main__":
    main()
