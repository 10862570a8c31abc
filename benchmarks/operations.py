"""The operations that bench-check times: each gives a Sample of one round on small tables made for it.

Wall and CPU time are taken apart. A process is timed whole; of what runs within one process, wall time is the median
that the program tells, and CPU time the process's share for each repetition or what the program tells of it.
"""
import json
import os
import random
import shutil
import statistics
from collections import namedtuple

from measure import Failed, json_and_cpu, once, text_of

# Seconds; cpu of all threads, None where it is not known. reference: the name of the yardstick, `loop` or `process`.
Sample = namedtuple("Sample", "wall cpu")
Operation = namedtuple("Operation", "name reference take")


class Bench:
    """The table, its store and the programs; one object for a whole run."""

    def __init__(self, levee, tools, work, table, question):
        self.levee, self.tools, self.work, self.table, self.q = levee, tools, work, table, question
        self.store = os.path.join(work, "check.db")
        self.where = f"date = '{question['date']}' AND id BETWEEN {question['id_lo']} AND {question['id_hi']}"
        self.trace = os.path.join(work, "keys.txt")

    def prepare(self):
        remove_store(self.store)
        text_of(self.command("add", self.table))
        got = int(text_of(self.command("files", self.table, "--where", self.where, "--count")))
        if got != self.q["files"]:
            raise Failed(f"wrong answer: {got} files, expected {self.q['files']}")
        rng = random.Random(1)
        with open(self.trace, "w", encoding="ascii") as file:  # Pareto: few keys are asked for often
            file.writelines(f"{int(rng.paretovariate(0.8)) % 20_000}\n" for _ in range(500_000))

    def command(self, *arguments, store=None):
        return [self.levee, "--store", store or self.store, *arguments]

    def tool(self, name):
        return os.path.join(self.tools, name)

    # --- kinds of samples -----------------------------------------------------------------------------------
    def processes(self, command, times):
        runs = [once(command) for _ in range(times)]
        if any(r.code for r in runs):
            raise Failed(f"exit {max(r.code for r in runs)}: {' '.join(command)[:200]}")
        return Sample(statistics.median(r.seconds for r in runs), statistics.median(r.cpu_seconds for r in runs))

    def files(self, *arguments, times=9):
        return self.processes(self.command("files", self.table, *arguments), times)

    def asked(self, *arguments, repeat, freshness="fresh"):
        """A question within a process."""
        out, cpu = json_and_cpu(self.command("--freshness", freshness, "bench", self.table, *arguments,
                                             "--repeat", str(repeat), "--format", "json"))
        return Sample(out["p50_us"] / 1e6, cpu / repeat)

    def asked_afresh(self, kind, times):
        """A question within a process that was never asked before."""
        out, cpu = json_and_cpu([self.tool("ask_afresh"), self.store, self.table, str(self.q["id_lo"]), kind,
                                 str(times)])
        if out["files"] == 0:
            raise Failed(f"ask_afresh {kind}: no file answers")
        return Sample(out["asked_ns"] / 1e9, cpu / times)

    def imported(self):
        store = os.path.join(self.work, "import.db")
        remove_store(store)
        sample = self.processes(self.command("add", self.table, store=store), 1)
        remove_store(store)
        return sample

    def landed(self):
        folder = os.path.join(self.work, "land")
        os.makedirs(folder, exist_ok=True)
        out, _ = json_and_cpu([self.tool("land_commits"), f"{self.table}/_delta_log", folder, self.where, "60"])
        shutil.rmtree(folder)
        return Sample(out["p50_us"] / 1e6, out["cpu_us"] / 1e6)

    def cache_gets(self, policy):
        out, _ = json_and_cpu([self.tool("cache_gets"), "16384", policy])
        return Sample(out["ns_per_get"] / 1e9, out["cpu_ns_per_get"] / 1e9)

    def replayed(self, policy):
        out, cpu = json_and_cpu(self.command("bench", "cache", "--trace", self.trace, "--entries", "1000", "--policy",
                                             policy, "--format", "json"))
        return Sample(out["ns_per_access"] / 1e9, cpu / out["accesses"])

    def encodings(self, speed):
        """Seconds that all columns of a segment take in the encodings that were chosen for them."""
        lines = text_of(self.command("bench", "encodings", self.table, "--format", "ndjson")).splitlines()
        chosen = [row for row in map(json.loads, lines) if row["chosen"] and row[speed]]
        return Sample(sum(row["plainBytes"] / 1e6 / row[speed] for row in chosen), None)


def remove_store(store):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(store + suffix):
            os.remove(store + suffix)


def all_operations(bench):
    b, back = bench, str(bench.q["version"] - 50)
    few, unprunable = ("--columns", "path,size,partitionValues"), "value > 0.999"

    def process(name, *arguments, times=9):
        return Operation(f"{name}, new process", "process", lambda: b.processes(b.command(*arguments), times))

    def asked(name, *arguments, repeat, freshness="fresh"):
        return Operation(name, "loop", lambda: b.asked(*arguments, repeat=repeat, freshness=freshness))

    return [
        process("filtered list", "files", b.table, "--where", b.where, "--format", "paths", times=15),
        process("filtered list 50 versions back", "files", b.table, "--where", b.where, "--version", back),
        process("count that nothing prunes", "files", b.table, "--where", unprunable, "--count"),
        process("full list as paths", "files", b.table, "--format", "paths", times=3),
        process("full list as Arrow", "files", b.table, *few, "--format", "arrow", times=3),
        process("show", "show", b.table),
        process("show an older version", "show", b.table, "--version", back),
        process("history", "history", b.table, "--limit", "50"),
        process("changes of 50 commits", "changes", b.table, "--from", back),
        process("sizes by partition", "du", b.table, "--by", "date"),
        Operation("import of 50,000 files", "process", b.imported),
        Operation("a commit synced and listed", "loop", b.landed),
        asked("filtered list, fresh", "--where", b.where, repeat=2000),
        asked("filtered list, cached", "--where", b.where, repeat=2000, freshness="cached"),
        asked("filtered list, older version", "--where", b.where, "--version", back, repeat=1000),
        asked("count that nothing prunes", "--where", unprunable, "--count", repeat=300),
        asked("paths that nothing prunes", "--where", unprunable, repeat=100),
        asked("full list as Arrow", *few, "--output", "arrow", repeat=15),
        Operation("new question, one range", "loop", lambda: b.asked_afresh("simple", 2000)),
        Operation("new question, 100 conjuncts", "loop", lambda: b.asked_afresh("conjuncts", 300)),
        Operation("new question, IN list of 1,000", "loop", lambda: b.asked_afresh("in", 100)),
        Operation("cache get, lru", "loop", lambda: b.cache_gets("lru")),
        Operation("cache get, adaptive", "loop", lambda: b.cache_gets("adaptive")),
        Operation("cache replay, lru", "loop", lambda: b.replayed("lru")),
        Operation("cache replay, adaptive", "loop", lambda: b.replayed("adaptive")),
        Operation("decode a segment's columns", "loop", lambda: b.encodings("decodeMBps")),
        Operation("encode a segment's columns", "loop", lambda: b.encodings("encodeMBps")),
    ]
