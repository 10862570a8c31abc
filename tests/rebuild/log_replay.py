"""The trivial replay of a Delta log: every file read whole, actions into dictionaries."""
import json
import os
import re
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

COMMIT = re.compile(r"^(\d{20})\.json$")
CHECKPOINT = re.compile(r"^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10})|\.[0-9a-f-]{36})?\.(parquet|json)$")


class NotReplayable(Exception):
    pass


def plain(value, kind):
    """An Arrow value as JSON: no null members, maps as objects."""
    if value is None:
        return None
    if pa.types.is_map(kind):
        return {k: plain(v, kind.item_type) for k, v in value}
    if pa.types.is_struct(kind):
        members = {f.name: plain(value[f.name], f.type) for f in kind if f.name not in ("stats_parsed", "partitionValues_parsed")}
        return {k: v for k, v in members.items() if v is not None}
    if pa.types.is_list(kind):
        return [plain(v, kind.value_type) for v in value]
    return value


def parquet_actions(path):
    table = pq.read_table(path, partitioning=None)
    for name, column in zip(table.column_names, table.columns):
        if name not in ("protocol", "metaData", "txn", "domainMetadata", "add", "remove", "sidecar"):
            continue
        for value in column.to_pylist(maps_as_pydicts=None):
            action = plain(value, column.type)
            if not action:
                continue
            if name == "add" and "stats" not in action and (value or {}).get("stats_parsed") is not None:
                action["stats"] = None  # in the struct alone
            yield name, action


def json_actions(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield from json.loads(line).items()


def file_key(action):
    dv = action.get("deletionVector")
    offset = (dv or {}).get("offset")
    vector = dv and dv["storageType"] + dv["pathOrInlineDv"] + ("" if offset is None else f"@{offset}")
    return unquote(action["path"]), vector


class State:
    def __init__(self):
        self.protocol = self.metadata = None
        self.txns, self.domains, self.files, self.removes = {}, {}, {}, {}

    def apply(self, actions):
        """One commit, or one checkpoint: removes first, then adds."""
        actions = [(name, action) for name, action in actions if action is not None]
        for name, action in actions:
            if name == "protocol":
                self.protocol = action
            elif name == "metaData":
                self.metadata = action
            elif name == "txn":
                self.txns[action["appId"]] = action
            elif name == "domainMetadata":
                self.domains[action["domain"]] = action
            elif name == "remove":
                self.files.pop(file_key(action), None)
                self.removes[file_key(action)] = action
        for name, action in actions:
            if name == "add":
                self.files[file_key(action)] = action
                self.removes.pop(file_key(action), None)

    def rows(self):
        """Everything, as {(kind, key): action}."""
        rows = {("protocol", ""): self.protocol, ("metaData", ""): self.metadata}
        rows |= {("txn", k): v for k, v in self.txns.items()}
        rows |= {("domainMetadata", k): v for k, v in self.domains.items() if not v.get("removed")}
        rows |= {("add", k): v for k, v in self.files.items()}
        rows |= {("remove", k): v for k, v in self.removes.items()}
        return rows


def checkpoint_actions(log, names):
    actions = []
    for name in names:
        path = os.path.join(log, name)
        actions += json_actions(path) if name.endswith(".json") else parquet_actions(path)
    for name, action in list(actions):
        if name == "sidecar":
            path = unquote(action["path"])
            actions += parquet_actions(path if "/" in path else os.path.join(log, "_sidecars", path))
    return actions


def replay(root, version, base_max):
    """The state at a version, from the newest checkpoint up to `base_max`. Raises NotReplayable where this simple reader gives up."""
    log = os.path.join(root, "_delta_log")
    commits, bases = {}, {}
    for name in os.listdir(log):
        if match := COMMIT.match(name):
            commits[int(match[1])] = name
        elif match := CHECKPOINT.match(name):
            bases.setdefault((int(match[1]), match[3]), []).append(name)
    state, next_version = State(), 0
    for (base, parts), names in sorted(bases.items(), key=lambda item: item[0][0], reverse=True):
        if base > base_max or parts and len(names) != int(parts):
            continue
        try:
            state.apply(checkpoint_actions(log, sorted(names) if parts else names[:1]))
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise NotReplayable(f"checkpoint {base}: {error}") from error
        next_version = base + 1
        break
    for v in range(next_version, version + 1):
        if v not in commits:
            raise NotReplayable(f"commit {v} is missing")
        state.apply(list(json_actions(os.path.join(log, commits[v]))))
    if not state.protocol or not state.metadata:
        raise NotReplayable("no protocol or metaData")
    return state
