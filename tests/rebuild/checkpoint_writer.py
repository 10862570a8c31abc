"""Writes a state as a Parquet checkpoint, and lets another reader read it."""
import json
import os
import shutil
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

TEXT, LONG, INT, BOOL = pa.string(), pa.int64(), pa.int32(), pa.bool_()
TEXTS = pa.map_(TEXT, TEXT)
VECTOR = pa.struct([("storageType", TEXT), ("pathOrInlineDv", TEXT), ("offset", INT), ("sizeInBytes", INT),
                    ("cardinality", LONG)])
SCHEMA = pa.schema([
    ("protocol", pa.struct([("minReaderVersion", INT), ("minWriterVersion", INT),
                            ("readerFeatures", pa.list_(TEXT)), ("writerFeatures", pa.list_(TEXT))])),
    ("metaData", pa.struct([("id", TEXT), ("name", TEXT), ("description", TEXT),
                            ("format", pa.struct([("provider", TEXT), ("options", TEXTS)])),
                            ("schemaString", TEXT), ("partitionColumns", pa.list_(TEXT)),
                            ("configuration", TEXTS), ("createdTime", LONG)])),
    ("txn", pa.struct([("appId", TEXT), ("version", LONG), ("lastUpdated", LONG)])),
    ("domainMetadata", pa.struct([("domain", TEXT), ("configuration", TEXT), ("removed", BOOL)])),
    ("add", pa.struct([("path", TEXT), ("partitionValues", TEXTS), ("size", LONG), ("modificationTime", LONG),
                       ("dataChange", BOOL), ("stats", TEXT), ("tags", TEXTS), ("deletionVector", VECTOR),
                       ("baseRowId", LONG), ("defaultRowCommitVersion", LONG), ("clusteringProvider", TEXT)])),
    ("remove", pa.struct([("path", TEXT), ("deletionTimestamp", LONG), ("dataChange", BOOL),
                          ("extendedFileMetadata", BOOL), ("partitionValues", TEXTS), ("size", LONG),
                          ("stats", TEXT), ("tags", TEXTS), ("deletionVector", VECTOR), ("baseRowId", LONG),
                          ("defaultRowCommitVersion", LONG)])),
])


def arrow_value(value, kind):
    if value is None:
        return None
    if pa.types.is_map(kind):
        return [(k, v) for k, v in value.items()]
    if pa.types.is_struct(kind):
        return {f.name: arrow_value(value.get(f.name), f.type) for f in kind}
    return value


def write_checkpoint(state, folder, version):
    log = os.path.join(folder, "_delta_log")
    os.makedirs(log)
    partitions = state.metadata.get("partitionColumns", [])
    rows = {name: [] for name in SCHEMA.names}
    for (kind, _), action in state.rows().items():
        if kind == "add":
            # A NULL partition value must be written as one; a checkpoint never says that data changed.
            names = {p: p for p in partitions}
            for field in json.loads(state.metadata["schemaString"])["fields"]:
                if field["name"] in names and state.metadata.get("configuration", {}).get(
                        "delta.columnMapping.mode", "none") != "none":
                    names[field["name"]] = field["metadata"]["delta.columnMapping.physicalName"]
            values = dict.fromkeys(names.values()) | action.get("partitionValues", {})
            action = action | {"partitionValues": values, "dataChange": False}
        for name in SCHEMA.names:
            rows[name].append(arrow_value(action, SCHEMA.field(name).type) if name == kind else None)
    table = pa.table([pa.array(rows[f.name], f.type) for f in SCHEMA], schema=SCHEMA)
    name = f"{version:020}.checkpoint.parquet"
    pq.write_table(table, os.path.join(log, name))
    with open(os.path.join(log, "_last_checkpoint"), "w", encoding="utf-8") as file:
        json.dump({"version": version, "size": table.num_rows}, file)


def described(folder, version):
    """What deltalake says of a table."""
    table = DeltaTable(folder, version=version)
    protocol, metadata = table.protocol(), table.metadata()
    prefix = table.table_uri.rstrip("/") + "/"
    files = sorted(unquote(uri.removeprefix(prefix).removeprefix(folder.rstrip("/") + "/")) for uri in table.file_uris())
    return {"files": files,
            "protocol": (protocol.min_reader_version, protocol.min_writer_version,
                         sorted(protocol.reader_features or []), sorted(protocol.writer_features or [])),
            "metadata": (metadata.id, metadata.name, metadata.description, metadata.partition_columns,
                         metadata.configuration, metadata.created_time),
            "schema": json.loads(table.schema().to_json())}


def compare_with_deltalake(root, version, state, copy):
    """(what was done, what is wrong)."""
    try:
        want = described(root, version)
    except Exception as error:  # a table that this reader cannot read proves nothing
        return f"deltalake cannot: {str(error)[:80]}", []
    shutil.rmtree(copy, ignore_errors=True)
    write_checkpoint(state, copy, version)
    try:
        got = described(copy, version)
    except Exception as error:
        return "deltalake", [f"deltalake does not read the checkpoint: {str(error)[:300]}"]
    return "deltalake", [f"deltalake reads other {name}: {str(want[name])[:200]} became {str(got[name])[:200]}"
                         for name in want if want[name] != got[name]]
