"""A table's log that the test writes to, what it holds at each version, and a store that is killed on it.

The oracle is a plain one: the files of the newest version and, for each version, what its commit took and gave.
"""
import functools
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid

import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAUSED = "levee: paused at "
DAY_MS = 86_400_000
START_MS = 1_577_836_800_000


class Broken(Exception):
    """What a test found; a failure of Levee."""


def make_template(folder, files):
    """The generated table that every log starts from, a checkpoint and a commit of its version."""
    subprocess.run([sys.executable, ROOT / "benchmarks" / "make_table.py", "--out", folder, "--files", str(files),
                    "--stats-columns", "4", "--commits", "3", "--checkpoint-version", "10"], check=True)
    return pathlib.Path(folder)


@functools.lru_cache
def template_files(folder):
    """(version, path -> size) of the template: its checkpoint, then its commits."""
    log = pathlib.Path(folder, "_delta_log")
    adds = pq.read_table(next(log.glob("*.checkpoint.parquet")), columns=["add"])["add"].combine_chunks()
    live = {a: s for a, s in zip(adds.field("path").to_pylist(), adds.field("size").to_pylist()) if a is not None}
    commits = sorted(log.glob("*.json"))
    for commit in commits[1:]:
        actions = [json.loads(line) for line in commit.read_text().splitlines()]
        for action in actions:
            if "remove" in action:
                live.pop(action["remove"]["path"], None)
        live.update((a["add"]["path"], a["add"]["size"]) for a in actions if "add" in a)
    return int(commits[-1].stem), live


class Log:
    """A copy of the template's log that grows. Not thread-safe, but readers of versions already written."""

    def __init__(self, template, folder, rng):
        shutil.copytree(template / "_delta_log", pathlib.Path(folder, "_delta_log"))
        self.log, self.rng = pathlib.Path(folder, "_delta_log"), rng
        self.base, live = template_files(str(template))
        self.live = dict(live)
        self.totals = {self.base: (len(live), sum(live.values()))}
        self.undo = {}  # version -> (paths it added, {path: size} it removed or replaced)
        self.gone, self.made = [], 0

    @property
    def newest(self):
        return max(self.totals)

    def files_at(self, version):
        files = dict(self.live)
        for later in range(self.newest, version, -1):
            added, before = self.undo[later]
            for path in added:
                del files[path]
            files.update(before)
        return files

    def new_add(self):
        self.made += 1
        number, day = self.made, self.rng.randrange(365)
        date = f"2020-{day // 31 + 1:02d}-{day % 28 + 1:02d}"
        region = self.rng.choice(["af", "eu", "na", "uk"])
        path = f"date={date}/region={region}/part-{number:05d}-{uuid.UUID(int=self.rng.getrandbits(128))}.parquet"
        low = number * 10_000
        stats = {"numRecords": 10_000, "minValues": {"id": low, "value": 0.1, "name": f"user-{number:07d}"},
                 "maxValues": {"id": low + 9_999, "value": 0.9, "name": f"user-{number + 9:07d}"},
                 "nullCount": {"id": 0, "value": number % 3, "name": 0}}
        return {"path": path, "partitionValues": {"date": date, "region": region},
                "size": self.rng.randint(1, 1 << 28), "modificationTime": START_MS + day * DAY_MS,
                "dataChange": True, "stats": json.dumps(stats)}

    def commit(self, adds, removes, revive=True):
        """Lands a commit of `adds` new files, now and then a removed one again, and `removes` removals."""
        version = self.newest + 1
        gone = self.rng.sample(list(self.live), removes)
        actions = [self.new_add() for _ in range(adds)]
        if revive and self.gone and self.rng.random() < 0.3:
            path = self.gone.pop(self.rng.randrange(len(self.gone)))
            if path not in gone and path not in self.live:
                actions.append({**self.new_add(), "path": path})
        before = {path: self.live.pop(path) for path in gone}
        lines = [{"commitInfo": {"timestamp": START_MS + 400 * DAY_MS + version * 1000, "operation": "WRITE",
                                 "operationParameters": {}}}]
        lines += [{"remove": {"path": path, "dataChange": True, "deletionTimestamp": START_MS}} for path in gone]
        lines += [{"add": add} for add in actions]
        self.live.update((add["path"], add["size"]) for add in actions)
        self.gone += gone[:20]
        self.undo[version] = ([add["path"] for add in actions], before)
        count, size = self.totals[version - 1]
        self.totals[version] = (count + len(actions) - removes,
                                size + sum(a["size"] for a in actions) - sum(before.values()))
        name = self.log / f"{version:020d}.json"
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        name.with_suffix(".tmp").write_text(text)
        os.rename(name.with_suffix(".tmp"), name)  # a reader sees the whole commit or none
        return version


class Store:
    """Levee on one table and one store file."""

    def __init__(self, levee, table, path):
        self.levee, self.table, self.path = levee, str(table), str(path)

    def start(self, *arguments, pause=None, preexec=None):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LEVEE_")}
        if pause:
            environment["LEVEE_TEST_PAUSE"] = pause
        # A folder of its own, so that no levee.toml of the place where the test runs has a say.
        return subprocess.Popen([self.levee, "--store", self.path, *arguments], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=environment, cwd=os.path.dirname(self.path),
                                preexec_fn=preexec)

    def run(self, *arguments, expect=(0,), preexec=None):
        process = self.start(*arguments, preexec=preexec)
        out, err = process.communicate(timeout=120)
        if process.returncode not in expect:
            raise Broken(f"levee {' '.join(arguments)}: exit {process.returncode}, not {expect}\n"
                         f"{out[-2000:].decode()}{err.decode()}")
        return process.returncode, out, err.decode()

    def head(self):
        """(version, files, bytes) as the store has them, or None before the first import ended."""
        if not os.path.exists(self.path):
            return None
        _, out, _ = self.run("tables", "--format", "ndjson")
        rows = [json.loads(line) for line in out.splitlines()]
        if len(rows) > 1:
            raise Broken(f"one table was added, the store has {rows}")
        if not rows or rows[0]["version"] is None:
            return None
        return rows[0]["version"], rows[0]["numFiles"], rows[0]["sizeInBytes"]

    def files(self):
        """path -> size, from the store alone."""
        _, out, _ = self.run("--freshness", "cached", "files", self.table, "--columns", "path,size",
                             "--format", "arrow")
        rows = ipc.open_stream(pa.BufferReader(out)).read_all()
        files = dict(zip(rows["path"].to_pylist(), rows["size"].to_pylist()))
        if len(files) != rows.num_rows:
            raise Broken(f"{rows.num_rows - len(files)} files are listed twice")
        return files

    def check(self, expect):
        """`levee check`; 0 equal, 3 lagging."""
        return self.run("check", self.table, expect=expect)[0]

    def expect_whole(self, log, at_least, every_file=True):
        """The store shows one of the log's versions, whole, by counts or file by file; returns it."""
        head = self.head()
        if head is None:
            if at_least is not None:
                raise Broken(f"the store had version {at_least}, now it has none")
            return None
        version, *totals = head
        if version not in log.totals or (at_least is not None and version < at_least):
            raise Broken(f"the store is at version {version}, it was at {at_least}, the log is at {log.newest}")
        if tuple(totals) != log.totals[version]:
            raise Broken(f"version {version}: {totals} in `tables`, must be {log.totals[version]}")
        if every_file and (found := self.files()) != (right := log.files_at(version)):
            raise Broken(f"version {version}: {len(right.keys() - found.keys())} files are missing, "
                         f"{len(found.keys() - right.keys())} too many, of {len(right)}")
        return version

    def expect_sound(self):
        """What SQLite itself says of the file."""
        with sqlite3.connect(self.path) as database:
            answer = database.execute("PRAGMA integrity_check").fetchall()
        database.close()
        if answer != [("ok",)]:
            raise Broken(f"integrity_check: {answer[:3]}")

    def tail(self):
        """(segments, entries) of the tail."""
        with sqlite3.connect(self.path) as database:
            counts = database.execute("SELECT count(*), total(row_count) FROM segments"
                                      " WHERE state=1 AND kind=3").fetchone()
        database.close()
        return int(counts[0]), int(counts[1])

    def age_garbage(self):
        """Ends the lease of dropped segments, so that the next compaction deletes them."""
        with sqlite3.connect(self.path) as database:
            database.execute("UPDATE segments SET dropped_ms=1 WHERE state=2")
        database.close()

    def remove(self):
        for suffix in ("", "-wal", "-shm"):
            pathlib.Path(self.path + suffix).unlink(missing_ok=True)


def killed(process):
    """Kills it now; True when it was still at work, not when it had ended or printed its result."""
    process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        raise Broken(f"ended by itself with {process.returncode}: {err.decode()}")
    return process.returncode == -signal.SIGKILL and not out


def seeded(seed, *place):
    return random.Random(f"{seed}/{'/'.join(map(str, place))}")
