"""Writes Delta logs of random shape: commits, checkpoints of every kind, compacted files, clean-ups.

Follows the protocol's text, not Levee: the model's idea of a table at a version is `states[version]`.
"""
import copy
import json
import os
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

TEXT_MAP = pa.map_(pa.string(), pa.string())
DV = pa.struct([("storageType", pa.string()), ("pathOrInlineDv", pa.string()), ("offset", pa.int32()),
                ("sizeInBytes", pa.int32()), ("cardinality", pa.int64())])
ADD = pa.struct([("path", pa.string()), ("partitionValues", TEXT_MAP), ("size", pa.int64()),
                 ("modificationTime", pa.int64()), ("dataChange", pa.bool_()), ("stats", pa.string()),
                 ("tags", TEXT_MAP), ("deletionVector", DV), ("baseRowId", pa.int64()),
                 ("defaultRowCommitVersion", pa.int64())])
REMOVE = pa.struct([("path", pa.string()), ("deletionTimestamp", pa.int64()), ("dataChange", pa.bool_()),
                    ("extendedFileMetadata", pa.bool_()), ("partitionValues", TEXT_MAP), ("size", pa.int64()),
                    ("deletionVector", DV)])
METADATA = pa.struct([("id", pa.string()), ("name", pa.string()),
                      ("format", pa.struct([("provider", pa.string()), ("options", TEXT_MAP)])),
                      ("schemaString", pa.string()), ("partitionColumns", pa.list_(pa.string())),
                      ("configuration", TEXT_MAP), ("createdTime", pa.int64())])
PROTOCOL = pa.struct([("minReaderVersion", pa.int32()), ("minWriterVersion", pa.int32()),
                      ("readerFeatures", pa.list_(pa.string())), ("writerFeatures", pa.list_(pa.string()))])
TXN = pa.struct([("appId", pa.string()), ("version", pa.int64()), ("lastUpdated", pa.int64())])
DOMAIN = pa.struct([("domain", pa.string()), ("configuration", pa.string()), ("removed", pa.bool_())])
SIDECAR = pa.struct([("path", pa.string()), ("sizeInBytes", pa.int64()), ("modificationTime", pa.int64())])
CHECKPOINT_METADATA = pa.struct([("version", pa.int64())])
ACTIONS = {"txn": TXN, "add": ADD, "remove": REMOVE, "metaData": METADATA, "protocol": PROTOCOL,
           "domainMetadata": DOMAIN, "sidecar": SIDECAR, "checkpointMetadata": CHECKPOINT_METADATA}
START_MS = 1_600_000_000_000


def dv_id(action):
    vector = action.get("deletionVector")
    if not vector:
        return None
    offset = "" if vector.get("offset") is None else f"@{vector['offset']}"
    return vector["storageType"] + vector["pathOrInlineDv"] + offset


def key_of(action):
    return action["path"], dv_id(action)


class State:
    """A table at a version."""

    def __init__(self):
        self.protocol, self.metadata = None, None
        self.files, self.tombstones, self.txns, self.domains = {}, {}, {}, {}

    def apply(self, actions):
        for action in actions:
            for kind, body in action.items():
                if kind == "protocol":
                    self.protocol = body
                elif kind == "metaData":
                    self.metadata = body
                elif kind == "txn":
                    self.txns[body["appId"]] = body
                elif kind == "domainMetadata":
                    self.domains[body["domain"]] = body
                elif kind == "remove":
                    self.files.pop(key_of(body), None)
                    self.tombstones[key_of(body)] = body
        for action in actions:
            if "add" in action:
                self.files[key_of(action["add"])] = action["add"]
                self.tombstones.pop(key_of(action["add"]), None)


class LogWriter:
    def __init__(self, folder):
        self.log = os.path.join(folder, "_delta_log")
        os.makedirs(self.log, exist_ok=True)
        self.states = []         # by version
        self.checkpoints = set()

    @property
    def version(self):
        return len(self.states) - 1

    def path(self, version, suffix):
        return os.path.join(self.log, f"{version:020d}{suffix}")

    def commit(self, actions):
        version = len(self.states)
        info = {"commitInfo": {"timestamp": START_MS + version * 1000, "operation": "WRITE",
                               "operationParameters": {}}}
        lines = "\n".join(json.dumps(a) for a in [info, *actions]) + "\n"
        path = self.path(version, ".json")
        with open(path + ".tmp", "w") as f:
            f.write(lines)
        os.utime(path + ".tmp", (START_MS / 1000 + version, START_MS / 1000 + version))
        os.rename(path + ".tmp", path)
        state = copy.copy(self.states[-1]) if self.states else State()
        state.files, state.tombstones = dict(state.files), dict(state.tombstones)
        state.txns, state.domains = dict(state.txns), dict(state.domains)
        state.apply(actions)
        self.states.append(state)

    def rows(self, state):
        """The small actions and the file actions of a checkpoint."""
        small = [{"protocol": state.protocol}, {"metaData": state.metadata}]
        small += [{"txn": t} for t in state.txns.values()]
        small += [{"domainMetadata": d} for d in state.domains.values() if not d.get("removed")]
        files = [{"add": {**a, "dataChange": False}} for a in state.files.values()]
        files += [{"remove": {**r, "dataChange": False}} for r in state.tombstones.values()]
        return small, files

    def parquet(self, path, rows, kinds):
        def convert(value, kind):
            if value is None:
                return None
            if pa.types.is_map(kind):
                return list(value.items())
            if pa.types.is_struct(kind):
                return {f.name: convert(value.get(f.name), f.type) for f in kind}
            return value
        columns = {k: pa.array([convert(r.get(k), ACTIONS[k]) for r in rows], ACTIONS[k]) for k in kinds}
        pq.write_table(pa.table(columns), path, row_group_size=7)

    def checkpoint(self, kind, random):
        version, state = self.version, self.states[-1]
        small, files = self.rows(state)
        random.shuffle(files)
        classic = ["txn", "add", "remove", "metaData", "protocol", "domainMetadata"]
        if kind == "classic":
            self.parquet(self.path(version, ".checkpoint.parquet"), small + files, classic)
        elif kind == "multi":
            parts = random.randint(2, 3)
            for part in range(parts):
                rows = (small if part == 0 else []) + files[part::parts]
                self.parquet(self.path(version, f".checkpoint.{part + 1:010d}.{parts:010d}.parquet"), rows, classic)
        else:
            self.v2_checkpoint(kind, version, small, files, random)
        self.checkpoints.add(version)

    def v2_checkpoint(self, kind, version, small, files, random):
        folder = os.path.join(self.log, "_sidecars")
        os.makedirs(folder, exist_ok=True)
        sidecars = []
        pieces = random.randint(1, 2) if files else 0
        for piece in range(pieces):
            name = f"{uuid.UUID(int=random.getrandbits(128), version=4)}.parquet"
            self.parquet(os.path.join(folder, name), files[piece::pieces], ["add", "remove"])
            size = os.path.getsize(os.path.join(folder, name))
            sidecars.append({"sidecar": {"path": name, "sizeInBytes": size, "modificationTime": START_MS}})
        rows = [{"checkpointMetadata": {"version": version}}, *small, *sidecars]
        name = f".checkpoint.{uuid.UUID(int=random.getrandbits(128), version=4)}"
        if kind == "v2-json":
            with open(self.path(version, name + ".json"), "w") as f:
                f.write("\n".join(json.dumps(r) for r in rows) + "\n")
        else:
            kinds = ["txn", "metaData", "protocol", "domainMetadata", "sidecar", "checkpointMetadata"]
            self.parquet(self.path(version, name + ".parquet"), rows, kinds)

    def compact(self, first, last):
        """A log compaction file: the newest action of each key in the range."""
        newest, files = {}, {}
        for version in range(first, last + 1):
            with open(self.path(version, ".json")) as f:
                actions = [json.loads(line) for line in f]
            for wanted in ("remove", "add"):
                for action in actions:
                    if wanted in action:
                        files[key_of(action[wanted])] = action
            for action in actions:
                for kind, body in action.items():
                    if kind in ("protocol", "metaData", "txn", "domainMetadata"):
                        newest[kind, body.get("appId") or body.get("domain")] = action
        with open(self.path(first, f".{last:020d}.compacted.json"), "w") as f:
            f.write("".join(json.dumps(a) + "\n" for a in [*newest.values(), *files.values()]))

    def clean_up(self):
        """Removes what is older than the newest checkpoint; returns the first version that is left."""
        if not self.checkpoints:
            return 0
        oldest = max(self.checkpoints)
        for name in os.listdir(self.log):
            if name[:20].isdigit() and int(name[:20]) < oldest:
                os.unlink(os.path.join(self.log, name))
        self.checkpoints = {oldest}
        return oldest
