"""Random table histories against the program, compared with a trivial oracle at every version.

    model_test.py --levee PATH [--histories 500] [--steps 50] [--seed 1] [--jobs 2]

Each history mixes adds, removes, re-adds, replacements, deletion vectors, metadata changes,
transactions, domains, checkpoints of every kind, compacted files and log clean-ups with syncs and reads; each
command is a new process on the same store. A failure prints the seed of its history: run it
alone with `--seed SEED --histories 1`.
"""
import argparse
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from log_writer import LogWriter, dv_id  # noqa: E402

CHECKPOINTS = ["classic", "multi", "v2-json", "v2-parquet"]
COLUMNS = ["id", "name", "day", "score"]
TYPES = {"id": "long", "name": "string", "day": "date", "score": "double", "part": "string"}


class Mismatch(Exception):
    pass


class History:
    def __init__(self, seed, levee, folder):
        self.random = random.Random(seed)
        self.levee, self.folder = levee, folder
        self.table = os.path.join(folder, "t")
        self.store = os.path.join(folder, "s.db")
        self.writer = LogWriter(self.table)
        self.columns = COLUMNS[:2]
        self.next_file = 0
        self.first_readable = 0   # versions below were never synced and have no log any more
        self.synced = -1
        self.gone = []            # removed adds, to be added again

    # --- writing -------------------------------------------------------------------------
    def metadata(self):
        fields = [{"name": n, "type": TYPES[n], "nullable": True, "metadata": {}} for n in [*self.columns, "part"]]
        return {"metaData": {"id": "5d8a2c1e-0000-4000-8000-000000000001", "name": None,
                             "format": {"provider": "parquet", "options": {}},
                             "schemaString": json.dumps({"type": "struct", "fields": fields}),
                             "partitionColumns": ["part"], "configuration": {"delta.k": str(len(self.columns))},
                             "createdTime": 1}}

    def start(self):
        features = ["deletionVectors", "v2Checkpoint"]
        self.writer.commit([{"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features,
                                          "writerFeatures": [*features, "domainMetadata"]}},
                            self.metadata(), *[{"add": self.new_file()} for _ in range(self.random.randint(0, 4))]])

    def stats(self):
        r = self.random
        if r.random() < 0.15:
            return None
        low, high, nulls = {}, {}, {}
        for name in self.columns:
            if r.random() < 0.2:
                continue
            a, b = sorted((r.randint(-50, 1000), r.randint(-50, 1000)))
            if name == "id":
                low[name], high[name] = a, b
            elif name == "name":
                low[name], high[name] = f"n{a + 50:05d}", f"n{b + 50:05d}"
            elif name == "day":
                low[name], high[name] = f"2024-01-{a % 28 + 1:02d}", "2024-02-01"
            else:
                low[name], high[name] = a / 8, b / 8
            nulls[name] = r.choice([0, 0, 0, 3])
        return json.dumps({"numRecords": r.randint(3, 99), "minValues": low, "maxValues": high, "nullCount": nulls})

    def new_file(self):
        r = self.random
        self.next_file += 1
        part = r.choice(["a", "b", "", None, "x y"])
        name = f"part-{self.next_file:05d}-{r.getrandbits(32):08x}.parquet"
        path = name if part is None else f"part={'x%20y' if part == 'x y' else part}/{name}"
        add = {"path": path, "partitionValues": {"part": part}, "size": r.randint(1, 10**6),
               "modificationTime": 1_600_000_000_000 + self.next_file, "dataChange": True, "stats": self.stats()}
        if r.random() < 0.1:
            add["tags"] = {"k": "v\"1"}
        if r.random() < 0.1:
            add["baseRowId"], add["defaultRowCommitVersion"] = self.next_file, self.writer.version + 1
        return add

    def remove(self, add):
        remove = {"path": add["path"], "deletionTimestamp": 1_600_000_000_000, "dataChange": True}
        if add.get("deletionVector"):
            remove["deletionVector"] = add["deletionVector"]
        if self.random.random() < 0.5:
            remove.update({"extendedFileMetadata": True, "partitionValues": add["partitionValues"], "size": add["size"]})
        return {"remove": remove}

    def commit_step(self):
        r, live = self.random, list(self.writer.states[-1].files.values())
        actions, used = [], set()
        for _ in range(r.choice([0, 1, 1, 2, 3, 6])):
            kind = r.choice(["add", "add", "remove", "readd", "replace", "vector", "ghost"])
            pick = r.choice(live) if live else None
            if pick is not None and kind in ("remove", "replace", "vector"):
                if pick["path"] in used:
                    continue
                used.add(pick["path"])
            if kind == "add" or pick is None:
                actions.append({"add": self.new_file()})
            elif kind == "remove":
                actions.append(self.remove(pick))
                self.gone.append(pick)
            elif kind == "readd" and self.gone:
                old = r.choice(self.gone)
                if old["path"] not in used:
                    used.add(old["path"])
                    actions.append({"add": {**old, "stats": self.stats(), "dataChange": True}})
            elif kind == "replace":
                actions.append({"add": {**pick, "stats": self.stats(), "size": r.randint(1, 99)}})
            elif kind == "vector":
                vector = {"storageType": r.choice("ui"), "pathOrInlineDv": f"dv{r.getrandbits(40):010x}",
                          "sizeInBytes": 40, "cardinality": r.randint(1, 3)}
                if vector["storageType"] == "u":
                    vector["offset"] = r.randint(1, 9)
                actions += [self.remove(pick), {"add": {**pick, "deletionVector": vector, "dataChange": True}}]
            elif kind == "ghost":
                actions.append({"remove": {"path": f"never-{r.getrandbits(20)}.parquet", "dataChange": True,
                                           "deletionTimestamp": 1_600_000_000_000}})
        if r.random() < 0.15:
            actions.append({"txn": {"appId": r.choice("pq"), "version": r.randint(1, 99)}})
        if r.random() < 0.15:
            removed = r.random() < 0.3
            actions.append({"domainMetadata": {"domain": r.choice(["d.a", "d.b"]), "removed": removed,
                                               "configuration": "" if removed else f'{{"n":{r.randint(1, 9)}}}'}})
        if r.random() < 0.05 and len(self.columns) < len(COLUMNS):
            self.columns = COLUMNS[:len(self.columns) + 1]
            actions.insert(0, self.metadata())
        r.shuffle(actions)
        self.writer.commit(actions)

    # --- reading --------------------------------------------------------------------------
    def run(self, *arguments, expect=(0,)):
        command = [self.levee, "--store", self.store, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode not in expect:
            raise Mismatch(f"{' '.join(arguments)}: exit {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def check_version(self, version, *options):
        text = self.run("files", self.table, "--version", str(version), "--format", "ndjson", *options)
        found = {}
        for line in text.splitlines():
            file = json.loads(line)
            found[file["path"], dv_id(file)] = file
        state = self.writer.states[version]
        if found.keys() != state.files.keys():
            raise Mismatch(f"version {version}: extra {sorted(found.keys() - state.files.keys(), key=str)[:3]}, "
                           f"missing {sorted(state.files.keys() - found.keys(), key=str)[:3]}")
        for key, add in state.files.items():
            self.check_file(version, found[key], add)

    def check_file(self, version, file, add):
        stats = json.loads(add["stats"]) if add.get("stats") else None
        wanted = {"size": add["size"], "partitionValues": add["partitionValues"],
                  "modificationTime": add["modificationTime"], "stats": stats, "tags": add.get("tags"),
                  "numRecords": stats["numRecords"] if stats else None, "baseRowId": add.get("baseRowId"),
                  "defaultRowCommitVersion": add.get("defaultRowCommitVersion")}
        for name, value in wanted.items():
            if file.get(name) != value:
                raise Mismatch(f"version {version}: {add['path']}: {name} is {file.get(name)!r}, not {value!r}")

    def check_state(self, version):
        shown = json.loads(self.run("show", self.table, "--version", str(version), "--format", "json"))
        state = self.writer.states[version]
        txns = {k: t["version"] for k, t in state.txns.items()}
        domains = sorted((d["domain"], d["configuration"]) for d in state.domains.values() if not d["removed"])
        wanted = {"version": version, "numFiles": len(state.files), "txns": txns,
                  "sizeInBytes": sum(a["size"] for a in state.files.values()),
                  "configuration": state.metadata["configuration"]}
        for name, value in wanted.items():
            if shown[name] != value:
                raise Mismatch(f"show {version}: {name} is {shown[name]!r}, not {value!r}")
        if sorted((d["domain"], d["configuration"]) for d in shown["domains"]) != domains:
            raise Mismatch(f"show {version}: domains {shown['domains']} are not {domains}")

    # --- one history ------------------------------------------------------------------------
    def step(self):
        r, w = self.random, self.writer
        kind = r.choices(["commit", "checkpoint", "clean", "compact", "sync", "read", "check"],
                         [60, 6, 2, 4, 12, 14, 2])[0]
        if kind == "commit":
            self.commit_step()
        elif kind == "checkpoint":
            if w.version not in w.checkpoints:
                w.checkpoint(r.choice(CHECKPOINTS), r)
        elif kind == "clean":
            oldest = w.clean_up()
            if self.synced < oldest:
                self.first_readable = max(self.first_readable, oldest)
            self.filled_from = max(getattr(self, "filled_from", 0), oldest)
        elif kind == "compact" and w.version >= 2:
            last = r.randint(1, w.version)
            first = r.randint(max(0, last - 4), last - 1)
            if os.path.exists(w.path(first, ".json")):
                w.compact(first, last)
        elif kind == "sync":
            self.sync()
        elif kind == "read":
            self.check_version(w.version)
            self.note_synced()
        elif kind == "check":
            self.sync()
            report = json.loads(self.run("check", self.table, "--format", "json"))
            if report["status"] != "equal":
                raise Mismatch(f"check says {report}")

    def sync(self):
        if self.synced < 0:
            self.run("add", self.table)
        else:
            self.run("sync", self.table)
        self.note_synced()

    def note_synced(self):
        if self.synced < 0:
            # The import starts at the newest checkpoint; what the log still has is filled in on demand.
            self.import_floor = max([c for c in self.writer.checkpoints if c <= self.writer.version], default=0)
        self.synced = self.writer.version

    def readable(self, version):
        if version >= self.first_readable and version >= getattr(self, "import_floor", 0):
            return True
        return version >= getattr(self, "filled_from", 0)

    def play(self, steps):
        self.start()
        for _ in range(steps):
            self.step()
        self.sync()
        for version in range(self.writer.version, -1, -1):
            if self.readable(version):
                self.check_version(version)
                if self.random.random() < 0.1:
                    self.check_state(version)
        self.check_version(self.writer.version, "--freshness", "cached")


def run_history(seed, levee, steps):
    folder = tempfile.mkdtemp(prefix="levee-model-")
    try:
        history = History(seed, levee, folder)
        try:
            history.play(steps)
        except Mismatch as problem:
            return seed, str(problem)
        except Exception as problem:  # noqa: BLE001 - a defect of the test itself is a failure too
            return seed, f"{type(problem).__name__}: {problem}"
        return seed, None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--levee", required=True)
    parser.add_argument("--histories", type=int, default=500)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    print(f"model: {args.histories} histories of {args.steps} steps, seeds from {args.seed}")
    failures = 0
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        seeds = range(args.seed, args.seed + args.histories)
        for seed, problem in pool.map(run_history, seeds, [args.levee] * len(seeds), [args.steps] * len(seeds)):
            if problem is not None:
                failures += 1
                print(f"seed {seed}: {problem}")
    print(f"model: {args.histories - failures} passed, {failures} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
