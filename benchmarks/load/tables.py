"""The tables under load, made once and kept: folders, stores, and commits that wait to land."""
import datetime
import json
import os
import random
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from measure import Failed, once  # noqa: E402
from table_writer import small_table, wide_table  # noqa: E402


class LoadedTable:
    """A table of make_table.py: `base` is imported whole, the copy that is asked lacks its last `held` commits."""

    def __init__(self, levee, base, work, held):
        self.levee, self.base, self.held = levee, base, held
        self.folder, self.staged = os.path.join(work, "table"), os.path.join(work, "staged")
        self.store = os.path.join(work, "store.db")
        with open(os.path.join(base, "query.json"), encoding="utf-8") as file:
            self.question = json.load(file)
        self.first = self.question["version"] - held + 1

    def reset(self):
        """The log and the store as they were before any of the held commits landed."""
        shutil.rmtree(os.path.dirname(self.store), ignore_errors=True)
        log = os.path.join(self.folder, "_delta_log")
        os.makedirs(log)
        os.makedirs(self.staged)
        source = os.path.join(self.base, "_delta_log")
        waiting = {f"{self.first + k:020d}.json" for k in range(self.held)}
        for name in os.listdir(source):
            place = self.staged if name in waiting else log
            shutil.copy2(os.path.join(source, name), os.path.join(place, name))
        if once([self.levee, "--store", self.store, "add", self.folder]).code:
            raise Failed(f"add of {self.base}")

    def writer(self):
        return f"write\t{self.folder}\t{self.staged}\t{self.first}\t{self.held}"

    def questions(self, count, seed=1):
        """Lists as people ask them: a date and some ids, ids alone, a few dates and a value, and counts."""
        rng, ids = random.Random(seed), 10_000
        top, out = self.question["id_hi"] * 2, []  # the benchmark's own question is about the middle
        for _ in range(count):
            low = rng.randrange(top)
            shape = rng.random()
            near = f"id BETWEEN {low} AND {low + rng.choice([1, 3, 20]) * ids}"
            date = f"date = '{day_of(rng.randrange(365))}'"
            if shape < 0.5:  # both about the same files
                place = low * 365 // top
                out.append(("list", f"date = '{day_of(place)}' AND {near}"))
            elif shape < 0.8:
                out.append(("list", near))
            elif shape < 0.9:
                out.append(("list", f"{date} AND region = 'eu' AND value > 0.99"))
            else:
                out.append(("count", f"{date} OR {near}"))
        return [f"{kind}\t{self.folder}\t{where}" for kind, where in out]


def day_of(number):
    return (datetime.date(2020, 1, 1) + datetime.timedelta(days=number)).isoformat()


def made_table(folder, *options):
    """A table of make_table.py, made when it is not there."""
    if not os.path.exists(os.path.join(folder, "query.json")):
        print(f"load: making {folder}", file=sys.stderr)
        subprocess.run([sys.executable, os.path.join(os.path.dirname(HERE), "make_table.py"), "--out", folder, *options],
                       check=True)
    return folder


def many_tables(levee, folder, count):
    """(store, folders) of `count` tables of 20 files, imported by one process each."""
    store, folders = os.path.join(folder, "many.db"), [os.path.join(folder, f"t{k:05d}") for k in range(count)]
    done = os.path.join(folder, f"done-{count}")
    if not os.path.exists(done):
        print(f"load: making {count} tables in {folder}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        for number, table in enumerate(folders):
            small_table(table, number)
            if once([levee, "--store", store, "add", table]).code:
                raise Failed(f"add {table}")
        with open(done, "w", encoding="ascii"):
            pass
    return store, folders


def wide(levee, folder, columns, files):
    store, table = os.path.join(folder, "wide.db"), os.path.join(folder, "wide")
    if not os.path.exists(store):
        print(f"load: making a table of {columns} columns", file=sys.stderr)
        wide_table(table, columns, files)
        if once([levee, "--store", store, "add", table]).code:
            raise Failed("add of the wide table")
    return store, table
