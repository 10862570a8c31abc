#!/usr/bin/env python3
"""One reader lists every file of each of many small tables; prints a JSON object.

  benchmarks/small_tables.py levee|deltars|duckdelta FOLDER --store FILE

Prints {"seconds": of all tables together, the second time, "files": {table: number, or why it is refused}}.
"""
import argparse
import contextlib
import json
import os
import time


def levee(options):
    import levee as library
    store = library.open(options.store)
    return lambda path: store.table(path).count()


def deltars(options):
    from deltalake import DeltaTable
    return lambda path: len(DeltaTable(path).file_uris())


def duckdelta(options):
    from delta_extension import connect
    db = connect()

    def count(path):
        try:
            return db.sql(f"FROM delta_list_files('{path}')").aggregate("count(*)").fetchone()[0]
        except Exception:
            with contextlib.suppress(Exception):
                db.rollback()  # a transaction that failed refuses every later question
            raise
    return count


READERS = {"levee": levee, "deltars": deltars, "duckdelta": duckdelta}


def tables_of(folder):
    """The folders that hold a log, below `folder`, by their path in it."""
    found = [root for root, folders, _ in os.walk(folder) if "_delta_log" in folders]
    return sorted(os.path.relpath(root, folder) for root in found)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("reader", choices=READERS)
    p.add_argument("folder")
    p.add_argument("--store", default="")
    options = p.parse_args()
    count, files, seconds = READERS[options.reader](options), {}, 0.0
    for name in tables_of(options.folder):
        path = os.path.join(options.folder, name)
        try:
            count(path)
            began = time.perf_counter()
            files[name] = count(path)
            seconds += time.perf_counter() - began
        except BaseException as error:  # a reader's panic is none of Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            files[name] = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    print(json.dumps({"seconds": seconds, "files": files}))


if __name__ == "__main__":
    main()
