"""The page of the memory benchmark."""
import datetime
import os
import platform

NAMES = {"levee": "Levee", "sqlite-fts5": "SQLite + FTS5", "tantivy": "tantivy", "lancedb": "LanceDB", "sqlite-rows": "SQLite, rows alone"}


def number(value, digits=3):
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{max(0, digits - len(str(int(value))))}f}" if value >= 1 else f"{value:.2g}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def peers_table(bench, names):
    """One row a figure, one column a store."""
    def row(label, what, *path):
        cells = [label]
        for name in names:
            cold, warm = (bench.median(f"{name} {what}", path[0], how, *path[1:]) for how in ("cold", "warm"))
            cells.append(f"{number(cold)} / {number(warm)}" if cold is not None else number(bench.median(f"{name} {what}", *path)))
        return cells

    return table(["median of the rounds"] + [NAMES[name] for name in names], [
        row("batches of 1,000, durable, items/s", "load", "items_per_s"),
        row("one durable write, p50, ms", "single", "single_ms", "p50"),
        row("the same, p99, ms", "single", "single_ms", "p99"),
        row("get by id, p50, us", "query", "get_us", "p50"),
        row("category, tag and dates, newest 100, p50, ms", "query", "filter_ms", "p50"),
        row("three words, one of them, best 10, p50, ms", "query", "or_ms", "p50"),
        row("three words, all of them, p50, ms", "query", "and_ms", "p50"),
        row("files, MB", "load", "disk_mb"),
        row("most memory of the process that asks, MB", "query", "peak_mb")])


def goals_table(bench):
    """What was aimed at, and what was measured beside it."""
    def value(key, *path):
        return bench.median(f"levee {key}", *path)

    def both(key, kind):
        return f"{number(value(key, kind, 'cold', 'p50'))} / {number(value(key, kind, 'warm', 'p50'))}"

    growth = [more / base if (more := value("more query", kind, how, "p50")) and (base := value("query", kind, how, "p50")) else None
              for kind in ("get_us", "filter_ms", "or_ms", "and_ms") for how in ("cold", "warm")]
    rows = [("batches, durable, words within a second, items/s", "120,000", value("load", "items_per_s")),
            ("the same with 200 bytes of content", "300,000", value("small", "items_per_s")),
            ("batches, each found at once by id, filter and word, items/s", "40,000", value("once", "items_per_s")),
            ("one durable write, p50, ms", "0.25", value("single", "single_ms", "p50")),
            ("the same, p99, ms", "2", value("single", "single_ms", "p99")),
            ("a bare sync of 16 KB in this run, p50 and p99, ms", "", f"{number(bench.median('sync', 'p50'))}, {number(bench.median('sync', 'p99'))}"),
            ("16 writers, items/s", "20,000", value("writers", "items_per_s")),
            ("get by id, us: from the store / from the cache", "6 / 0.5", both("query", "get_us")),
            ("category, tag and dates, newest 100, ms: the first time / again", "0.1", both("query", "filter_ms")),
            ("three words, one of them, ms", "0.28", both("query", "or_ms")),
            ("three words, all of them, ms", "0.076", both("query", "and_ms")),
            ("files, MB", "90", value("load", "disk_mb")),
            ("most memory of a process that asks, MB", "100", value("query", "peak_mb")),
            ("with 64 MB: most memory, MB; filter, one of three words, ms", "64; twice the above",
             f"{number(value('limited', 'peak_mb'))}; {both('limited', 'filter_ms')}, {both('limited', 'or_ms')}"),
            ("new process to its end, words, ms", "15", value("first", "ms")),
            ("Markdown files, batches, stores/s; with git", "5,000; 2,000",
             f"{number(bench.median('markdown', 'stores_per_s'))}; {number(bench.median('markdown git', 'stores_per_s'))}"),
            ("the same, files synced with each write", "", bench.median("markdown each", "stores_per_s")),
            ("Markdown files read again, files/s", "10,000", bench.median("markdown", "read_per_s"))]
    if bench.options.more:
        rows.append((f"{bench.options.more:,} items: get, filter, words one of, all of (the first time / again), times the figures above",
                     "2, 2, 4, 4", ", ".join(f"{number(first)} / {number(again)}" for first, again in zip(growth[::2], growth[1::2], strict=True))))
        rows.append((f"{bench.options.more:,} items: batches, items/s; files, MB", "",
                     f"{number(value('more load', 'items_per_s'))}; {number(value('more load', 'disk_mb'))}"))
    return table(["work", "goal", "measured"], [[label, goal, got if isinstance(got, str) else number(got)] for label, goal, got in rows])


def report(bench):
    names = ["levee"] + [name for name in NAMES if name in ("sqlite-fts5", "tantivy", "lancedb") and f"{name} load" in bench.values]
    skipped = "".join(f"\n{NAMES[name]} is not in the table: {why}.\n" for name, why in bench.skipped.items())
    rows = bench.median("sqlite-rows load", "items_per_s")
    return f"""# The memory bank beside other stores
Written by `make bench-memory` on {datetime.date.today()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}: {bench.options.items:,} items of
1.1 KB (`benchmarks/memory/make_items.py`), {bench.options.rounds} rounds, each store asked in turn, medians. Answers were compared first: the same
item by id, the same rows of a filter, as many rows for all three words. Levee is measured in C++ (`benchmarks/memory_bank.cc`), the
others through their Python packages (`benchmarks/memory/rivals.py`), whose share is largest where an answer is a few microseconds. Where
there are two figures, the first is each question's first time in a new process, the second its next ones.

{peers_table(bench, names)}{skipped}
LanceDB does not sync what it writes, and builds its indexes when all is loaded ({number(bench.median("lancedb load", "done_s"))} s, not in its rate); the others have them
with each batch. SQLite with rows and a key alone, which finds no word and no tag, loads {number(rows)} items/s, {number(bench.median("sqlite-rows small", "items_per_s"))} of 200 bytes.

## Against the goals
{goals_table(bench)}"""
