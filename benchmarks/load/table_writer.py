"""Writes the small tables that the load patterns need: one commit of JSON, statistics included."""
import json
import os
import random

MILLIS = 1_700_000_000_000


def line(action):
    return json.dumps(action, separators=(",", ":")) + "\n"


def opening(number, columns, partitions):
    """Protocol and metadata; columns: [(name, type)], partitions: names among them."""
    fields = [{"name": n, "type": t, "nullable": True, "metadata": {}} for n, t in columns]
    return (line({"commitInfo": {"timestamp": MILLIS, "operation": "WRITE"}})
            + line({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}})
            + line({"metaData": {"id": f"00000000-0000-4000-8000-{number:012d}",
                                 "format": {"provider": "parquet", "options": {}},
                                 "schemaString": json.dumps({"type": "struct", "fields": fields}),
                                 "partitionColumns": partitions, "configuration": {}, "createdTime": MILLIS}}))


def add(path, partition_values, low, high, number):
    stats = {"numRecords": 1000, "minValues": low, "maxValues": high, "nullCount": dict.fromkeys(low, 0)}
    return line({"add": {"path": path, "partitionValues": partition_values, "size": 1_000_000 + 37 * number,
                         "modificationTime": MILLIS + number, "dataChange": True,
                         "stats": json.dumps(stats, separators=(",", ":"))}})


def write_log(folder, text):
    log = os.path.join(folder, "_delta_log")
    os.makedirs(log, exist_ok=True)
    with open(os.path.join(log, f"{0:020d}.json"), "w", encoding="utf-8") as file:
        file.write(text)


def small_table(folder, number, files=20):
    """Files over ten days, ids ascending: a thousand a file."""
    columns = [("id", "long"), ("ts", "timestamp"), ("value", "double"), ("name", "string"), ("date", "date")]
    text = opening(number, columns, ["date"])
    for f in range(files):
        day = f"2024-01-{f % 10 + 1:02d}"
        low = {"id": f * 1000, "ts": f"{day}T00:00:00.000Z", "value": 0.01, "name": f"user-{f:07d}"}
        high = {"id": f * 1000 + 999, "ts": f"{day}T23:59:00.000Z", "value": 0.99, "name": f"user-{f + 90:07d}"}
        mark = f * 2654435761 % 2**32
        text += add(f"date={day}/part-{f:05d}-{number:08x}-{mark:08x}.c000.snappy.parquet", {"date": day}, low, high, f)
    write_log(folder, text)


def wide_table(folder, columns=1000, files=10_000):
    """Columns of which the even ones follow the files, a thousand a file, and the odd ones are random."""
    rng, names = random.Random(1), [f"c{k:04d}" for k in range(columns)]
    parts = [opening(1, [(n, "long") for n in names], [])]
    for f in range(files):
        low = {n: f * 1000 + k if k % 2 == 0 else rng.randrange(2**30) for k, n in enumerate(names)}
        parts.append(add(f"part-{f:05d}.parquet", {}, low, {n: v + 1500 for n, v in low.items()}, f))
    write_log(folder, "".join(parts))
