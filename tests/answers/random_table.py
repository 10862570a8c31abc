"""A table of rows that exist in memory only, and its log: every file's statistics come from its rows, some left out.

Values are as in tests/predicates/columns.py: ints for integers, dates (days) and times (microseconds).
"""
import datetime
import json
import os
import sys
from collections import namedtuple
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "predicates"))

from columns import Column, family, single  # noqa: E402
from predicates import key  # noqa: E402

DAY_MICROS = 86_400_000_000
MILLIS = 1_700_000_000_000
PARTITIONS = {"p_date": "date", "p_text": "string", "p_number": "integer"}
DATA = {"b": "byte", "i": "integer", "l": "long", "f": "float", "d": "double", "dec": "decimal(20,4)", "t": "string",
        "day": "date", "ts": "timestamp", "ntz": "timestamp_ntz", "ok": "boolean", "s.n": "long", "s.t": "string"}

# partition: {column: value}; rows: {column: [value]}; low, high: what the statistics say, columns left out that they
# do not mention; nulls: likewise; records: None when they do not say.
File = namedtuple("File", "path partition rows low high nulls records")


def columns():
    return ([Column(n, (n,), (n,), None, kind, True) for n, kind in PARTITIONS.items()]
            + [Column(n, tuple(n.split(".")), tuple(n.split(".")), None, kind, False) for n, kind in DATA.items()])


# --- values ---------------------------------------------------------------------------------------------
def value(rng, kind, near):
    """A value about the place `near`, 0 to 99, so that files differ in their bounds."""
    sort = family(kind)
    if sort == "boolean":
        return rng.random() < near / 100
    if sort == "integer":
        spread = near + rng.randint(0, 8)
        return spread if kind == "byte" else spread * 1000 - 20_000
    if sort in ("float", "double"):
        number = rng.choice([near / 8, -near / 4, near + 0.1, 0.0, -0.0, near * 1e10])
        return single(number) if sort == "float" else number
    if sort == "decimal":
        return Decimal(near * 10_000 + rng.randint(0, 90_000)).scaleb(-4)
    if sort == "date":
        return 19_000 + near + rng.randint(-3, 3)
    if sort in ("timestamp", "timestamp_ntz"):
        # Statistics hold milliseconds, rows microseconds.
        return (19_000 + near) * DAY_MICROS + rng.randrange(DAY_MICROS) // rng.choice([1, 1000, 1_000_000])
    words = ["ant", "Bee", "cat's", "döner", "elk%", "fox_", "", "g" * 40, "日本", "zebra"]
    return words[(near // 10 + rng.randint(0, 1)) % len(words)] + rng.choice(["", str(near)])


def text_of(kind, v):
    """A partition value as the log writes it."""
    if v is None:
        return None
    return day_text(v) if family(kind) == "date" else str(v)


def day_text(days):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=days)).isoformat()


def bound_json(kind, v):
    sort = family(kind)
    if sort == "date":
        return day_text(v)
    if sort in ("timestamp", "timestamp_ntz"):
        at = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=v // 1000)
        return at.isoformat(timespec="milliseconds") + ("Z" if sort == "timestamp" else "")
    if sort in ("float", "double"):
        return "NaN" if v != v else float(v)  # as Spark writes it, which has NaN above every number
    return v


# --- files ----------------------------------------------------------------------------------------------
def make_file(rng, number, path):
    near, count = rng.randrange(100), rng.choice([1, 2, 5, 8])
    partition = {n: None if rng.random() < 0.1 else value(rng, kind, rng.randrange(0, 100, 20))
                 for n, kind in PARTITIONS.items()}
    if partition["p_text"] == "":
        partition["p_text"] = None  # the protocol has no empty partition value
    rows = {}
    for n, kind in DATA.items():
        empty = rng.choice([0, 0, 0.2, 1 if rng.random() < 0.2 else 0])
        rows[n] = [None if rng.random() < empty else value(rng, kind, near) for _ in range(count)]
    if rng.random() < 0.1:
        rows["d"][0] = float("nan")
    low, high, nulls = {}, {}, {}
    told = rng.random() >= 0.1
    for n, kind in DATA.items() if told else ():
        there = [v for v in rows[n] if v is not None]
        if rng.random() < 0.9:
            nulls[n] = sum(v is None for v in rows[n])
        if there and family(kind) != "boolean" and rng.random() < 0.9:
            low[n], high[n] = min(there, key=key), max(there, key=key)
    return File(path, partition, rows, low, high, nulls, count if told else None)


def nest(flat):
    out = {}
    for name, v in flat.items():
        at = out
        *parents, last = name.split(".")
        for parent in parents:
            at = at.setdefault(parent, {})
        at[last] = v
    return out


def stats_json(file):
    if file.records is None:
        return None
    bounds = [nest({n: bound_json(DATA[n], v) for n, v in side.items()}) for side in (file.low, file.high)]
    out = {"numRecords": file.records, "minValues": bounds[0], "maxValues": bounds[1], "nullCount": nest(file.nulls)}
    # A Decimal is written digit by digit: as a float it would lose some.
    return json.dumps(out, default=lambda v: f"@{v:f}@", ensure_ascii=False).replace('"@', "").replace('@"', "")


def field(name, kind):
    return {"name": name, "type": kind, "nullable": True, "metadata": {}}


def schema():
    flat = [field(n, kind) for n, kind in {**PARTITIONS, **DATA}.items() if "." not in n]
    inner = [field(n.split(".")[1], kind) for n, kind in DATA.items() if "." in n]
    return {"type": "struct", "fields": [*flat, field("s", {"type": "struct", "fields": inner})]}


class RandomTable:
    """states[v]: {path: File} of version v; its log is written up to the last version but one, the last is staged."""

    def __init__(self, rng, folder, versions=8, adds=30):
        self.rng, self.log, self.states = rng, os.path.join(folder, "_delta_log"), []
        self.staged = os.path.join(folder, f"{versions - 1:020d}.json")
        os.makedirs(self.log)
        for version in range(versions):
            self.commit(version, adds, self.staged if version == versions - 1 else None)

    def commit(self, version, adds, path):
        live = dict(self.states[-1]) if self.states else {}
        actions = self.opening() if version == 0 else []
        gone = self.rng.sample(sorted(live), min(len(live), adds // 3)) if version else []
        for name in gone:
            del live[name]
            actions.append({"remove": {"path": name, "deletionTimestamp": MILLIS, "dataChange": True}})
        again = self.rng.sample(sorted(live), min(len(live), 3))  # added anew with other rows
        for name in [f"part-{version}-{k:04d}.parquet" for k in range(adds)] + again:
            live[name] = make_file(self.rng, version, name)
            actions.append({"add": self.add(live[name])})
        with open(path or os.path.join(self.log, f"{version:020d}.json"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(action, ensure_ascii=False) + "\n" for action in actions)
        self.states.append(live)

    @staticmethod
    def opening():
        features = {"readerFeatures": ["timestampNtz"], "writerFeatures": ["timestampNtz"]}
        return [{"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, **features}},
                {"metaData": {"id": "00000000-0000-4000-8000-00000000a115", "format": {"provider": "parquet", "options": {}},
                              "schemaString": json.dumps(schema()), "partitionColumns": list(PARTITIONS),
                              "configuration": {}, "createdTime": MILLIS}}]

    @staticmethod
    def add(file):
        action = {"path": file.path, "size": 1000, "modificationTime": MILLIS, "dataChange": True,
                  "partitionValues": {n: text_of(PARTITIONS[n], v) for n, v in file.partition.items()}}
        stats = stats_json(file)
        return {**action, "stats": stats} if stats else action
