"""The parts of docs/benchmarks.md beside the great table: data frames, small tables, the Python package, versions."""
from extras import versions

PROGRAMS = {"polars": "Polars", "duckdb": "DuckDB", "arrow": "PyArrow"}
READERS = {"Polars": "`scan_delta(path)`", "PolarsKept": "`scan_delta`, table kept open", "DuckDb": "`delta_scan(path)`",
           "DuckDbKept": "attached, snapshot kept", "Arrow": "delta-rs, table kept open"}
JOBS = {"plan": "which files (plan)", "query": "the whole query", "full": "every row, no predicate"}
SMALL = {"levee": "Levee, store loaded", "deltars": "delta-rs", "duckdelta": "DuckDB's delta extension"}


def factor(rival, own):
    return f"{rival / own:.2g}x" if rival < 100 * own else f"{rival / own:,.0f}x"


def frames_part(values, time_text):
    """The table of data frames; an empty list if none was measured."""
    rows = []
    for program, name in PROGRAMS.items():
        measured = values.get(f"frames {program}")
        for job, seconds in measured.items() if isinstance(measured, dict) else ():
            own = next(value for reader, value in seconds.items() if reader.endswith("Levee"))
            others = sorted((value, READERS[reader]) for reader, value in seconds.items() if not reader.endswith("Levee"))
            ahead = "**ahead:** " if others[0][0] < own else ""
            told = [f"{text} {time_text(value)} ({factor(value, own)})" for value, text in others]
            rows.append(f"| {name}: {JOBS[job]} | {time_text(own)} | {ahead}{told[0]} | {'; '.join(told[1:]) or '-'} |")
    if not rows:
        return []
    return ["## Data frames on 5,000 data files", "",
            "A table of 500,000 rows in 250 days and 20 buckets, a file each, as delta-rs writes it (`benchmarks/frames.py`). "
            "The question names one day, one bucket and `value > 0.5`: one file answers. All readers of a program are "
            "asked in turn in one process and must give the same rows and sum; medians of 15 (every row: 3). Levee asks the "
            "log each time whether it is still the newest, as `scan_delta(path)` does and a kept table does not.", "",
            "| work | through Levee | strongest other | the rest |", "|---|---|---|---|", *rows, ""]


def small_part(values, time_text):
    measured = values.get("small tables")
    if not measured:
        return []
    lines = ["## Small tables as others wrote them", "",
             "Tables of Delta's own test suites, each opened and its files counted, the second time, in one process "
             "(`benchmarks/small_tables.py`). Some are no tables or damaged on purpose: who refuses them is right.", "",
             "| reader | tables answered | together | answers unlike Levee's |", "|---|---|---|---|"]
    for reader, (seconds, answered, tables, unlike) in sorted(measured.items(), key=lambda item: item[1][0]):
        lines.append(f"| {SMALL[reader]} | {answered} of {tables} | {time_text(seconds)} | {', '.join(unlike) or '-'} |")
    return lines + [""]


def package_part(number, time_text):
    rows = [("`import levee`", number("levee import"), 30e-3),
            ("`files(where)` of the great table as a PyArrow table, running process", number("levee files to PyArrow"), 60e-6)]
    if not any(value for _, value, _ in rows):
        return []
    return ["## The Python package", "", "| work | median | goal |", "|---|---|---|",
            *(f"| {work} | {time_text(value)} | {time_text(goal)} |" for work, value, goal in rows), ""]


def versions_part():
    return ["## Versions", "", ", ".join(f"{name} {number}" for name, number in versions()) + ".", ""]
