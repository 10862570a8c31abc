#!/usr/bin/env python3
"""Makes a Delta table of metadata only, as large as asked: a checkpoint and a tail of commits, no data files.

The table looks like one that is loaded day by day. File number i belongs to date i * dates / files and
covers about 10,000 ids from i * 10,000 on, so `id` and `ts` follow the files; `value` is the same everywhere
and prunes nothing; names share a prefix. Of further columns the even ones follow the files. With --key a last column
`key` covers a few ids that have nothing to do with the order of files: only an index finds one of them.

The order of random draws in `Draw` is fixed: the same seed gives the same bounds, whatever the text around them.
query.json beside the log says what the benchmark asks and how many files must answer.

  benchmarks/make_table.py --out build/bench/T1Ms --files 1000000 --shuffle
"""
import argparse
import json
import os
import pathlib
import shutil
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

IDS_A_FILE = 10_000
FILES_A_BATCH = 1 << 17
DAY = 24 * 3600 * 1000
START = int(np.datetime64("2020-01-01", "ms").astype(np.int64))
REGIONS = np.array(["af", "ap", "ca", "eu", "me", "na", "sa", "uk"])
CYCLE = ("long", "timestamp", "double", "string")
FIRST_NAMES = ("id", "ts", "value", "name")


@dataclass
class Column:
    name: str
    kind: str
    follows_files: bool

    @staticmethod
    def all(count, key):
        for k in range(count + key):
            named = k < len(FIRST_NAMES)
            if k == count:
                yield Column("key", "long", False)
            else:
                yield Column(FIRST_NAMES[k] if named else f"c{k}", CYCLE[k % 4], k < 2 if named else k % 2 == 0)


class Draw:
    """The random parts of one batch of files, drawn in a fixed order."""

    def __init__(self, rng, files, dates, columns):
        n = len(files)
        self.count, self.files, self.dates = n, files, dates
        self.uuids = np.frombuffer(rng.bytes(16 * n), np.uint8).reshape(n, 16)
        self.records = rng.integers(IDS_A_FILE // 2, IDS_A_FILE, n)
        self.low, self.high, self.nulls = {}, {}, {}
        for column in columns:
            bounds = getattr(self, "_" + column.kind)
            self.low[column.name], self.high[column.name] = bounds(rng, column.follows_files)
            rare = rng.random(n) >= 0.8
            self.nulls[column.name] = rng.integers(0, IDS_A_FILE, n) * rare
        self.sizes = rng.integers(2**20, 2**28, n)
        self.modified = START + dates * DAY + rng.integers(0, DAY, n)

    def _long(self, rng, follows):
        if follows:
            low = self.files * IDS_A_FILE + rng.integers(-5 * IDS_A_FILE, 5 * IDS_A_FILE, self.count)
        else:
            low = rng.integers(0, 2**30, self.count)
        return low, low + rng.integers(IDS_A_FILE, 3 * IDS_A_FILE, self.count)

    def _timestamp(self, rng, follows):
        midnight = START + DAY * (self.dates if follows else rng.integers(0, 365, self.count))
        morning = rng.integers(0, DAY // 2, self.count)
        return midnight + morning, midnight + rng.integers(DAY // 2, DAY, self.count)

    def _double(self, rng, follows):
        base = self.files / 100.0 if follows else np.zeros(self.count)
        low = base + rng.random(self.count) * 0.05
        return low, base + 1 - rng.random(self.count) * 0.05

    def _string(self, rng, follows):
        low = self.files % 1_000_000 if follows else rng.integers(0, 50_000, self.count)
        return low, low + rng.integers(1, 900_000, self.count)


# --- arrays of text -------------------------------------------------------------------------------------
def join(*pieces):
    return pc.binary_join_element_wise(*pieces, "")


def padded(numbers, width):
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")


def iso_dates(dates):
    days = np.datetime64("2020-01-01", "D") + np.asarray(dates)
    return pa.array(np.datetime_as_string(days))


def uuid_texts(raw):
    whole = raw.tobytes().hex()
    cut = lambda h: f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"
    return pa.array([cut(whole[at:at + 32]) for at in range(0, len(whole), 32)])


def as_column(kind, numbers):
    """A bound in the type that the table's schema gives it."""
    if kind == "timestamp":
        return pa.array(numbers * 1000).cast(pa.timestamp("us", "UTC"))
    return join("user-", padded(numbers, 7)) if kind == "string" else pa.array(numbers)


def as_json(kind, numbers):
    if kind == "timestamp":
        whole = np.datetime_as_string((numbers // 1000).astype("datetime64[s]"))
        return join('"', pa.array(whole), ".", padded(numbers % 1000, 3), 'Z"')
    if kind == "string":
        return join('"user-', padded(numbers, 7), '"')
    return pa.array(numbers).cast(pa.string())


def stats_text(draw, columns):
    pieces = ['{"numRecords":', pa.array(draw.records).cast(pa.string())]
    for label, values in (("minValues", draw.low), ("maxValues", draw.high), ("nullCount", draw.nulls)):
        lead = f',"{label}":{{'
        for column in columns:
            kind = "long" if values is draw.nulls else column.kind
            pieces += [f'{lead}"{column.name}":', as_json(kind, values[column.name])]
            lead = ","
        pieces.append("}")
    return join(*pieces, "}")


def stats_struct(draw, columns):
    names = [c.name for c in columns]
    low, high = ([as_column(c.kind, side[c.name]) for c in columns] for side in (draw.low, draw.high))
    nulls = [pa.array(draw.nulls[name]) for name in names]
    struct = pa.StructArray.from_arrays
    return struct([pa.array(draw.records), struct(low, names), struct(high, names), struct(nulls, names)],
                  ["numRecords", "minValues", "maxValues", "nullCount"])


# --- actions --------------------------------------------------------------------------------------------
class TableMaker:
    def __init__(self, options):
        self.options, self.rng = options, np.random.default_rng(options.seed)
        self.columns = list(Column.all(options.stats_columns, options.key))
        self.total = options.files + options.commits * options.adds
        self.at = np.arange(self.total)  # place in the log -> file
        if options.shuffle:
            self.at[:options.files] = np.random.default_rng(options.seed + 2).permutation(options.files)
        self.id_low, self.id_high = np.empty(self.total, np.int64), np.empty(self.total, np.int64)
        self.value_high = np.empty(self.total) if options.stats_columns > 2 else None
        self.key = np.empty((2, self.total), np.int64) if options.key else None
        self.alive = np.full(self.total, True)
        self.log = pathlib.Path(options.out, "_delta_log")

    def date_of(self, files):
        return files * self.options.partitions // self.options.files

    def add_actions(self, first, last):
        """The add actions at places [first, last) of the log, as one struct array."""
        files = self.at[first:last]
        draw = Draw(self.rng, files, self.date_of(files), self.columns)
        self.id_low[files], self.id_high[files] = draw.low["id"], draw.high["id"]
        if self.value_high is not None:
            self.value_high[files] = draw.high["value"]
        if self.key is not None:
            self.key[:, files] = draw.low["key"], draw.high["key"]
        dates, regions = iso_dates(draw.dates), pa.array(REGIONS[files % len(REGIONS)])
        path = join("date=", dates, "/region=", regions, "/part-", padded(files % 200, 5), "-",
                    uuid_texts(draw.uuids), ".c000.snappy.parquet")
        both = pc.take(pa.concat_arrays([dates, regions]),
                       pa.array(np.arange(2 * draw.count).reshape(2, -1).T.ravel()))
        partition = pa.MapArray.from_arrays(pa.array(np.arange(0, 2 * draw.count + 1, 2), pa.int32()),
                                            pa.array(["date", "region"] * draw.count), both)
        fields = {"path": path, "partitionValues": partition, "size": pa.array(draw.sizes),
                  "modificationTime": pa.array(draw.modified), "dataChange": pa.array(np.zeros(draw.count, bool)),
                  "stats": stats_text(draw, self.columns)}
        if self.options.struct_stats:
            fields["stats_parsed"] = stats_struct(draw, self.columns)
        return pa.StructArray.from_arrays(list(fields.values()), list(fields))

    def protocol(self):
        return {"minReaderVersion": 1, "minWriterVersion": 2}

    def metadata(self):
        fields = [(c.name, c.kind) for c in self.columns] + [("date", "date"), ("region", "string")]
        schema = {"type": "struct",
                  "fields": [{"name": n, "type": t, "nullable": True, "metadata": {}} for n, t in fields]}
        return {"id": "6b1f0a52-0000-4000-8000-00000000be9c", "format": {"provider": "parquet", "options": {}},
                "schemaString": json.dumps(schema), "partitionColumns": ["date", "region"],
                "configuration": {}, "createdTime": START}


TEXTS = pa.map_(pa.string(), pa.string())
OTHER_ACTIONS = {
    "txn": pa.struct({"appId": pa.string(), "version": pa.int64(), "lastUpdated": pa.int64()}),
    "remove": pa.struct({"path": pa.string(), "deletionTimestamp": pa.int64(), "dataChange": pa.bool_()}),
    "metaData": pa.struct({"id": pa.string(), "name": pa.string(), "description": pa.string(),
                           "format": pa.struct({"provider": pa.string(), "options": TEXTS}),
                           "schemaString": pa.string(), "partitionColumns": pa.list_(pa.string()),
                           "configuration": TEXTS, "createdTime": pa.int64()}),
    "protocol": pa.struct({"minReaderVersion": pa.int32(), "minWriterVersion": pa.int32()}),
}


def checkpoint_rows(add, others=None):
    """A table in the checkpoint's schema: `add` filled, or the actions of `others` in rows of their own."""
    rows = len(add)
    columns = {name: pa.array([(others or {}).get((name, k)) for k in range(rows)], kind) if others
               else pa.nulls(rows, kind) for name, kind in OTHER_ACTIONS.items()}
    return pa.table({"txn": columns["txn"], "add": add, "remove": columns["remove"],
                     "metaData": columns["metaData"], "protocol": columns["protocol"]})


def write_checkpoint(maker):
    """Writes the checkpoint, in parts if asked; returns the path of each file by its place in the log."""
    options, version, paths = maker.options, maker.options.checkpoint_version, []
    metadata = maker.metadata()
    metadata["format"], metadata["configuration"] = {"provider": "parquet", "options": []}, []
    edges = np.linspace(0, options.files, options.parts + 1).astype(int)
    for part in range(options.parts):
        name = f"{version:020d}.checkpoint"
        if options.parts > 1:
            name += f".{part + 1:010d}.{options.parts:010d}"
        batches = [(at, min(at + FILES_A_BATCH, edges[part + 1]))
                   for at in range(edges[part], edges[part + 1], FILES_A_BATCH)]
        writer = None
        for first, last in batches:
            adds = maker.add_actions(first, last)
            paths.append(adds.field("path"))
            rows = checkpoint_rows(adds)
            if writer is None:
                writer = pq.ParquetWriter(maker.log / f"{name}.parquet", rows.schema, compression="snappy")
                if part == 0:
                    writer.write_table(checkpoint_rows(pa.nulls(2, adds.type), {
                        ("protocol", 0): maker.protocol(), ("metaData", 1): metadata}))
            writer.write_table(rows)
        writer.close()
    hint = {"version": version, "size": options.files + 2, **({"parts": options.parts} if options.parts > 1 else {})}
    (maker.log / "_last_checkpoint").write_text(json.dumps(hint))
    return pa.chunked_array(paths)


def compact(action):
    return json.dumps(action, separators=(",", ":"))


def write_commit(log, version, lines):
    """One commit file whose time is its version's, a second apart, a year and more after the data."""
    millis = START + 400 * DAY + version * 1000
    info = {"commitInfo": {"timestamp": millis, "operation": "WRITE", "operationParameters": {}}}
    path = log / f"{version:020d}.json"
    path.write_text("".join(line + "\n" for line in [json.dumps(info), *lines]))
    os.utime(path, (millis / 1000, millis / 1000))


def write_tail(maker, paths):
    options = maker.options
    victims = np.random.default_rng(options.seed + 1).permutation(options.files)[:options.commits * options.removes]
    maker.alive[maker.at[victims]] = False
    added = maker.add_actions(options.files, maker.total).to_pylist()
    for action in added:
        action.pop("stats_parsed", None)
        action.update(partitionValues=dict(action["partitionValues"]), dataChange=True)
    for k in range(options.commits):
        version = options.checkpoint_version + 1 + k
        gone = victims[k * options.removes:(k + 1) * options.removes]
        removes = [compact({"remove": {"path": paths[int(place)].as_py(), "dataChange": True,
                                       "deletionTimestamp": START + 400 * DAY + version * 1000}}) for place in gone]
        adds = [compact({"add": action}) for action in added[k * options.adds:(k + 1) * options.adds]]
        write_commit(maker.log, version, removes + adds)


def question(maker):
    """The benchmark's predicate - a date and three files' worth of ids in its middle - and the right counts."""
    options, files = maker.options, np.arange(maker.total)
    middle = (2 * (options.partitions // 2) + 1) * options.files // (2 * options.partitions)
    low, high, date = middle * IDS_A_FILE, (middle + 3) * IDS_A_FILE, int(maker.date_of(middle))
    chosen = maker.alive & (maker.date_of(files) == date) & (maker.id_low <= high) & (maker.id_high >= low)
    out = {"date": iso_dates([date])[0].as_py(), "id_lo": int(low), "id_hi": int(high), "files": int(chosen.sum()),
           "active": int(maker.alive.sum()), "version": options.checkpoint_version + options.commits}
    if maker.value_high is not None:
        above = maker.alive & (maker.value_high > 0.999)
        out["value_above_0_999"] = int(above.sum())
    if maker.key is not None:
        out["key"] = point = int(maker.key[0, middle]) + 1
        out["key_files"] = int((maker.alive & (maker.key[0] <= point) & (maker.key[1] >= point)).sum())
    return out


def make(options):
    maker = TableMaker(options)
    shutil.rmtree(maker.log, ignore_errors=True)
    maker.log.mkdir(parents=True)
    paths = write_checkpoint(maker)
    opening = [json.dumps({"protocol": maker.protocol()}), json.dumps({"metaData": maker.metadata()})]
    write_commit(maker.log, options.checkpoint_version, opening if options.checkpoint_version == 0 else [])
    write_tail(maker, paths)
    pathlib.Path(options.out, "query.json").write_text(json.dumps(question(maker)))


def parse(arguments=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    for name, default, text in (
            ("files", 100_000, "files in the checkpoint"), ("commits", 100, "commits after it"),
            ("adds", 10, "files added a commit"), ("removes", 5, "files removed a commit"),
            ("stats-columns", 10, "columns with statistics"), ("partitions", 365, "dates in the checkpoint"),
            ("parts", 1, "parts of the checkpoint"), ("checkpoint-version", 1000, "its version"), ("seed", 42, "")):
        p.add_argument(f"--{name}", type=int, default=default, help=text)
    p.add_argument("--struct-stats", action="store_true", help="statistics as typed columns too")
    p.add_argument("--key", action="store_true", help="a column that the order of files scatters")
    p.add_argument("--shuffle", action="store_true", help="the checkpoint in random order")
    return p.parse_args(arguments)


if __name__ == "__main__":
    make(parse())
