"""A table's log in DuckDB's SQL: what the peers that hold rows are loaded from."""
import glob
import json
import os

import pyarrow.parquet as pq

SQL_TYPES = {"long": "BIGINT", "timestamp": "TIMESTAMP", "double": "DOUBLE", "string": "VARCHAR"}


def version_of(path):
    return int(os.path.basename(path)[:20])


def commit_files(table):
    return sorted(glob.glob(os.path.join(table, "_delta_log", "*.json")))


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


def live_files(table, up_to=None):
    """SQL of the add actions live at version `up_to`: what the tail says of a path wins over the checkpoint."""
    log = os.path.join(table, "_delta_log")
    with open(log + "/_last_checkpoint", encoding="utf-8") as hint:
        base = json.load(hint)["version"]
    commits = [f"'{path}'" for path in commit_files(table)
               if version_of(path) > base and (up_to is None or version_of(path) <= up_to)]
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


def typed_files(table, up_to=None):
    """SQL of the live files with a typed column for each bound, from one parse of the statistics."""
    columns = stats_columns(table)
    bounds = {name: SQL_TYPES[kind] for name, kind in columns}
    shape = json.dumps({"numRecords": "BIGINT", "minValues": bounds, "maxValues": bounds,
                        "nullCount": dict.fromkeys(bounds, "BIGINT")})
    picks = "".join(f", s.minValues.{n} AS {n}_min, s.maxValues.{n} AS {n}_max, s.nullCount.{n} AS {n}_nulls"
                    for n in bounds)
    return (f"SELECT path, date::DATE AS date, region, size, s.numRecords AS num_records{picks} "
            f"FROM (SELECT * EXCLUDE (stats), json_transform(stats, '{shape}') AS s FROM ({live_files(table, up_to)}))")


def last_commits(table, count):
    """[(paths added, paths removed)] of the last `count` commits, oldest first, and the version before them."""
    changes, files = [], commit_files(table)[-count:]
    for path in files:
        with open(path, encoding="utf-8") as lines:
            actions = [json.loads(line) for line in lines]
        changes.append(tuple([a[kind]["path"] for a in actions if kind in a] for kind in ("add", "remove")))
    return changes, version_of(files[0]) - 1
