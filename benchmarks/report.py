"""The page docs/benchmarks.md from what a run measured."""
import os
from collections import namedtuple

from charts import chart
from measure import machine
from report_extras import frames_part, package_part, small_part, versions_part

# A peer's value; `load_s` is what came before it when its rows or files are loaded first.
Rival = namedtuple("Rival", "name value load_s", defaults=[None])


def time_text(seconds):
    if seconds is None:
        return "-"
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} us"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def amount_text(value, unit):
    return "-" if value is None else time_text(value) if unit == "s" else f"{value:.0f} {unit}"


def report_rows(n):
    """(work, Levee's value, goal, unit, [Rival]) by kind of work; n reads a number by name and place."""
    def loaded(name, reader, job, at=1):
        return Rival(name, n(f"{reader} {job}", at), n(f"{reader} load", 0))

    def filtered(at):
        return [loaded("SQLite rows", "sqlite", "filtered", at), loaded("PostgreSQL rows", "postgres", "filtered", at),
                loaded("DuckDB typed file", "duckfile", "filtered", at), loaded("DuckLake", "ducklake", "filtered", at),
                Rival("DuckDB over the log", n("ducklog filtered", at)), Rival("delta-rs", n("deltars filtered", at)),
                Rival("Polars `scan_delta`, its plan", n("polars filtered", at)),
                Rival("DuckDB's delta extension", n("duckdelta filtered", at)),
                Rival("delta-kernel-rs", n("kernel filtered", at)),
                Rival("delta-kernel-rs, statistics typed in the checkpoint", n("kernel parsed", at))]

    def rows(job, at=1, tuples=""):
        return [loaded("DuckDB typed file", "duckfile", job, at), loaded("SQLite rows" + tuples, "sqlite", job, at),
                loaded("PostgreSQL rows" + tuples, "postgres", job, at)]

    def listed(at):
        return [*rows("list", at, ", as tuples"), loaded("DuckLake, path and size", "ducklake", "list", at),
                Rival("delta-kernel-rs, batches not kept", n("kernel list", at))]

    older = n("levee older process", 0), n("levee filtered process", 0)
    # Two peers have a program to start whole, as Levee is; the others' imports are not counted.
    new = [loaded("SQLite rows, sqlite3 program", "sqlite", "filtered process", 0), *filtered(0)[1:]]
    return [
        ("filtered list, new process, `fresh`", n("levee filtered process", 0), 3e-3, "s", new),
        ("filtered list, running process, `fresh`, median", n("levee filtered fresh", 0), 25e-6, "s", filtered(1)),
        ("- 99th percentile", n("levee filtered fresh", 1), 100e-6, "s", []),
        ("- `cached`, median", n("levee filtered cached", 0), 25e-6, "s", []),
        ("`value > 0.999` (nothing prunes), count", n("levee count", 0), 1e-3, "s", rows("count")),
        ("- its paths", n("levee paths", 0), 5e-3, "s", rows("paths")),
        ("full list as Arrow (path, size, partition values), new process", n("levee list process", 0), 0.1, "s",
         listed(0)),
        ("- running process", n("levee list", 0), 0.04, "s", listed(1)),
        ("full list as Arrow with all statistics, new process", n("levee all process", 0), 0.25, "s",
         [loaded("DuckDB typed file", "duckfile", "all", 0), Rival("delta-rs", n("deltars all", 0))]),
        ("- running process", n("levee all", 0), 0.12, "s",
         [loaded("DuckDB typed file", "duckfile", "all"), Rival("delta-rs, from memory", n("deltars all", 1))]),
        ("import into the durable store, sorted", n("levee load", 0), 2.5, "s",
         [Rival("DuckDB typed file", n("duckfile load", 0)), Rival("SQLite rows, durability off", n("sqlite load", 0)),
          Rival("PostgreSQL rows", n("postgres load", 0)), Rival("DuckLake, six columns", n("ducklake load", 0))]),
        ("- peak resident memory", n("levee load", 1), 350, "MiB",
         [Rival("DuckDB typed file", n("duckfile load", 2)), Rival("SQLite rows", n("sqlite load", 2)),
          Rival("DuckLake, six columns", n("ducklake load", 2))]),
        ("a commit lands, running process: sync and filtered list, beyond the fsync", n("levee land"), 0.0005, "s",
         [loaded("SQLite rows, told what changed", "sqlite", "land"),
          loaded("PostgreSQL rows, told what changed", "postgres", "land"),
          Rival("delta-kernel-rs", n("kernel land", 1)), Rival("delta-rs", n("deltars land", 1))]),
        ("filtered list 50 versions back, new process", older[0], None, "s",
         [Rival("DuckDB over the log", n("ducklog older", 0)), Rival("delta-kernel-rs", n("kernel older", 0)),
          Rival("delta-rs", n("deltars older", 0))]),
        ("- against the latest", older[0] / older[1] if all(older) else None, 2, "x", []),
        ("size of the store", n("levee size MB"), 130, "MB",
         [Rival("DuckDB typed file", n("duckfile size MB")), Rival("SQLite rows and index", n("sqlite size MB")),
          Rival("PostgreSQL rows and index", n("postgres size MB")),
          Rival("DuckLake, six columns", n("ducklake size MB"))]),
        ("anonymous memory of a process that answers", n("levee memory MiB"), 30, "MiB", []),
        ("Tmany: 10,000 commits, first sync", n("levee Tmany load"), 0.25, "s",
         [Rival(name + ", filtered list", n(f"{reader} Tmany", 0)) for name, reader in
          (("DuckDB over the log", "ducklog"), ("delta-rs", "deltars"), ("delta-kernel-rs", "kernel"))]),
    ]


MISSED = """What stands behind a goal that is missed, or nearly:

- Rows near their goal move with the machine: between two runs on the same one, all readers alike were a quarter
  faster or slower. The ratios hold.
- *A commit lands.* One fsync, eight pages of 16 KB written to the write-ahead log where the bare fsync writes one: half of
  what is over. The other 0.7 ms are work: looking the removes up among the keys of every segment and verifying each on
  its path, typing the adds, SQLite mapping its file again after each write of another connection. What was published is
  not read again. SQLite's rows are told what changed; Levee reads and types the commit.
- *Import.* On the edge: 2.4 to 2.7 s from run to run on two shared cores. A sixth is decompressing the checkpoint, a
  tenth copying pages for the spill file, the write-ahead log and its truncation.
- *All statistics as Arrow, running process.* Two copies of 0.5 GB: out of the pages of the store, and into the IPC stream;
  a third of the time is moving memory. Handing the arrays over without the IPC stream would save one.
- *Data frames.* Levee chooses the files in some 60 us (the row of PyArrow); the rest of a plan is the program itself, which
  looks into the chosen file and makes a plan of its own. For DuckDB that is 3.5 ms: planning is 8 times faster than with its
  `delta_scan(path)`, not 20. Without a predicate Levee has nothing to leave out: DuckDB then looks into each file for columns that
  it may lack, which `delta_scan` need not.
"""


ASKED = """How the others are asked:

- *SQLite, PostgreSQL and DuckDB rows* hold one typed row a file, loaded from the log by DuckDB's SQL; the
  first two have an index on the partition column and the bounds of the question. PostgreSQL is a server of
  the benchmark's own on the loopback, with a prepared statement; its first answer counts the connecting. Those two
  are told what a commit adds and removes, parsed before, and apply it in one durable transaction by an index
  on the path, made after size and load.
- *DuckLake* has its own catalog in a DuckDB file, filled with the same files and the bounds of six columns.
  It has no call that lists the files of a predicate: a scan is asked for the file names, and reads a stand-in
  of one row for each file that answers, which the time includes.
- *DuckDB's delta extension* is asked for rows in the same way, with the snapshot attached and kept; what it lists of a
  predicate it does not tell. *Polars* says what it would read (`explain`), from a table that is open.
- *delta-kernel-rs* (`benchmarks/kernel_rs`) keeps its snapshot between the warm answers and replays the log
  in each. It and delta-rs take in a commit without writing anything.

Each answer is held to the count in query.json, 50 versions back to Levee's: one that differs gets no time
and is named; one of Levee's own stops the page. A peer that is not on the machine is skipped: PostgreSQL needs the server's programs, delta-kernel-rs
needs cargo, the extensions and PostgreSQL the Python packages that `tools/setup --bench` fetches.
"""


def verdict(value, goal):
    if value is None:
        return "not measured"
    return "" if goal is None else "met" if value <= goal else f"missed, {value / goal:.1f} times the goal"


def factor_text(factor):
    return f"{factor:.2g}x" if factor < 100 else f"{factor:,.0f}x"


def rival_text(rival, value, unit):
    """A peer's value, how many times Levee's it is, and the load that came before it."""
    notes = ([factor_text(rival.value / value)] if value else []) + (
        ["load " + time_text(rival.load_s)] if rival.load_s is not None else [])
    return f"{rival.name} {amount_text(rival.value, unit)}" + (f" ({', '.join(notes)})" if notes else "")


def row_text(work, value, goal, unit, rivals):
    seen = sorted((r for r in rivals if r.value is not None), key=lambda r: r.value)
    strongest, others = "-", "-"
    if seen:
        wins = value is not None and seen[0].value < value
        strongest = ("**ahead:** " if wins else "") + rival_text(seen[0], value, unit)
        others = "; ".join(rival_text(r, value, unit) for r in seen[1:]) or "-"
    goal_text = "-" if goal is None else amount_text(goal, unit)
    return f"| {work} | {amount_text(value, unit)} | {goal_text} | {verdict(value, goal)} | {strongest} | {others} |"


# What is drawn: file, title, the start of the row's name.
CHARTS = [("filtered-running", "One day and a range of ids among a million files, running process", "filtered list, running"),
          ("filtered-new-process", "The same, a new process (others: without their imports)", "filtered list, new process"),
          ("count", "A predicate that prunes nothing: count", "`value > 0.999`"),
          ("full-list", "Every file as Arrow, new process", "full list as Arrow (path"),
          ("import", "From the log to an indexed store", "import into"),
          ("commit", "A commit lands: taken in, and a filtered list", "a commit lands")]


def write_charts(folder, results):
    """An SVG for each of CHARTS that was measured; returns their lines for the page."""
    os.makedirs(folder, exist_ok=True)
    rows, lines = report_rows(results.number), []
    for file, title, start in CHARTS:
        _, value, _, _, rivals = next(row for row in rows if row[0].startswith(start))
        if value is None:
            continue
        bars = [("Levee", value, True)] + [(rival.name.replace("`", ""), rival.value, False) for rival in rivals]
        with open(os.path.join(folder, file + ".svg"), "w", encoding="utf-8") as out:
            out.write(chart(title, bars, time_text))
        lines.append(f"![{title}]({os.path.basename(folder)}/{file}.svg)")
    return lines


def report(options, results, charts):
    n = results.number
    lines = ["# Benchmarks", "",
             "`make bench` makes the tables, measures Levee and the other readers in the same run and writes this page. "
             f"Machine: {machine()}.", "",
             f"The table: {options.files:,} files in random log order, ten columns with statistics, one checkpoint, 100 "
             "commits (`benchmarks/make_table.py --shuffle`). New processes: median of 40 (lists: 7), page cache warm. "
             "Warm numbers are medians within one process. A rival's new process is one run timed from opening to answer, "
             "without its imports, but for the sqlite3 program, which is timed whole as Levee is (median of 40). Rows "
             "already loaded are no log readers: their load time stands beside each number; Levee's own load took "
             f"{time_text(n('levee load', 0))}. An empty process takes {time_text(n('empty process', 0))} here.", "",
             "| work | Levee | goal | outcome | strongest other in this run | the rest, strongest first |",
             "|---|---|---|---|---|---|"]
    lines += [row_text(*row) for row in report_rows(n)] + [""] + charts + ([""] if charts else [])
    missing = [f"- {name}: {value}" for name, value in results.values.items()
               if isinstance(value, str) and value.startswith("failed")]
    missing += [f"- {name}: skipped, {reason}" for name, reason in results.skipped.items()]
    if missing:
        lines += ["Not measured:", ""] + missing + [""]
    lines += [*frames_part(results.values, time_text), *small_part(results.values, time_text),
              *package_part(n, time_text)]
    lines += ["## How it is measured", "", ASKED, MISSED, *versions_part()]
    return "\n".join(lines)
