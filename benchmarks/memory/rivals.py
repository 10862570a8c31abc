"""Other embedded stores on the same items, each as its own documents advise: rivals.py NAME DATA STORE load|single|query|answers|count ITEMS.

Prints one JSON object, with the names of benchmarks/memory_bank.cc. A rival has add(items), done(), get(id), filter(question), words(question,
any) -> items as dictionaries with at least id; None where it cannot.
"""
import itertools
import json
import os
import resource
import sqlite3
import sys
import time
import uuid

import numpy as np

COLUMNS = ("id", "ns", "cat", "content", "tags", "meta", "created", "updated")


def flat(item):
    return (item["id"], item["ns"], item["cat"], item["content"], json.dumps(item["tags"]), json.dumps(item["meta"]), item["created"],
            item["updated"])


class SqliteRows:
    """SQLite in WAL mode, synchronous = FULL: rows with their key alone."""
    INDEXES = ""

    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "mmap_size=1000000000"):
            self.db.execute(f"PRAGMA {pragma}").fetchall()
        self.db.executescript("CREATE TABLE IF NOT EXISTS item(n INTEGER PRIMARY KEY, id TEXT UNIQUE, ns TEXT, cat TEXT, content TEXT, tags TEXT,"
                              " meta TEXT, created INT, updated INT);" + self.INDEXES)

    def add(self, items):
        self.db.execute("BEGIN IMMEDIATE")
        for item in items:
            row = self.db.execute("INSERT INTO item(id, ns, cat, content, tags, meta, created, updated) VALUES(?,?,?,?,?,?,?,?)", flat(item))
            self.index(row.lastrowid, item)
        self.db.execute("COMMIT")

    def index(self, row, item):
        pass

    def done(self):
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.db.execute("ANALYZE")

    def items(self, sql, *values):
        return [dict(zip(COLUMNS, row)) for row in self.db.execute(sql, values)]

    def get(self, key):
        return self.items("SELECT id, ns, cat, content, tags, meta, created, updated FROM item WHERE id = ?", key)


class SqliteFts(SqliteRows):
    """The same with FTS5 (external content) and a table of tags keyed by tag, category and time."""
    INDEXES = ("CREATE INDEX IF NOT EXISTS by_category ON item(cat, updated); CREATE INDEX IF NOT EXISTS by_namespace ON item(ns, updated);"
               "CREATE TABLE IF NOT EXISTS tag(tag TEXT, cat TEXT, updated INT, n INT, PRIMARY KEY(tag, cat, updated, n)) WITHOUT ROWID;"
               "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(content, content=item, content_rowid=n);")

    def index(self, row, item):
        self.db.executemany("INSERT INTO tag VALUES(?,?,?,?)", [(tag, item["cat"], item["updated"], row) for tag in item["tags"]])
        self.db.execute("INSERT INTO words(rowid, content) VALUES(?,?)", (row, item["content"]))

    def filter(self, question):
        return self.items("SELECT id, ns, item.cat, content, tags, meta, created, item.updated FROM tag CROSS JOIN item USING(n)"
                          " WHERE tag = ? AND tag.cat = ? AND tag.updated BETWEEN ? AND ? ORDER BY tag.updated DESC LIMIT 100",
                          question["tag"], question["cat"], question["lo5"], question["hi5"])

    def words(self, question, any_word):
        return self.items("SELECT id, ns, cat, item.content, tags, meta, created, updated FROM (SELECT rowid n FROM words WHERE words MATCH ?"
                          " ORDER BY rank LIMIT 10) CROSS JOIN item USING(n)", (" OR " if any_word else " ").join(question["text"]))


class Tantivy:
    """One writer thread with 64 MB, a commit a batch."""

    def __init__(self, path):
        import tantivy
        self.tantivy, self.writer, self.reader = tantivy, None, None
        builder = tantivy.SchemaBuilder()
        for field in ("id", "ns", "cat", "tags"):
            builder.add_text_field(field, stored=True, tokenizer_name="raw")
        builder.add_text_field("content", stored=True)
        builder.add_text_field("meta", stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("created", "updated"):
            builder.add_integer_field(field, stored=True, indexed=True, fast=True)
        self.schema = builder.build()
        os.makedirs(path, exist_ok=True)
        self.index = tantivy.Index(self.schema, path=path, reuse=True)

    def add(self, items):
        self.writer = self.writer or self.index.writer(heap_size=64_000_000, num_threads=1)
        for item in items:
            fields = {name: value if isinstance(value, list) else [value] for name, value in item.items()}
            self.writer.add_document(self.tantivy.Document(**{**fields, "meta": [json.dumps(item["meta"])]}))
        self.writer.commit()

    def done(self):
        self.writer.wait_merging_threads()
        self.writer = None

    def search(self, query, most, **options):
        if self.reader is None:
            self.index.reload()
            self.reader = self.index.searcher()
        return [{name: values[0] for name, values in self.reader.doc(hit[1]).to_dict().items()}
                for hit in self.reader.search(query, most, **options).hits]

    def term(self, field, value):
        return self.tantivy.Query.term_query(self.schema, field, value)

    def get(self, key):
        return self.search(self.term("id", key), 1)

    def filter(self, question):
        parts = [self.term("cat", question["cat"]), self.term("tags", question["tag"]),
                 self.tantivy.Query.range_query(self.schema, "updated", self.tantivy.FieldType.Integer, question["lo5"], question["hi5"])]
        return self.search(self.tantivy.Query.boolean_query([(self.tantivy.Occur.Must, part) for part in parts]), 100, order_by_field="updated")

    def words(self, question, any_word):
        query = self.index.parse_query(" ".join(question["text"]), ["content"], conjunction_by_default=not any_word)
        return self.search(query, 10)


class Lance:
    """Batches as Arrow tables; scalar and text indexes built when all is loaded. It does not sync what it writes."""

    def __init__(self, path):
        import lancedb
        import pyarrow
        self.arrow, self.db = pyarrow, lancedb.connect(path)
        text, whole = pyarrow.string(), pyarrow.int64()
        self.schema = pyarrow.schema([("id", text), ("ns", text), ("cat", text), ("content", text), ("tags", pyarrow.list_(text)), ("meta", text),
                                      ("created", whole), ("updated", whole)])
        self.table = self.db.create_table("items", schema=self.schema, exist_ok=True)

    def add(self, items):
        rows = [dict(item, meta=json.dumps(item["meta"])) for item in items]
        self.table.add(self.arrow.Table.from_pylist(rows, schema=self.schema))

    def done(self):
        for column, kind in {"id": "BTREE", "updated": "BTREE", "cat": "BITMAP", "ns": "BITMAP", "tags": "LABEL_LIST"}.items():
            self.table.create_scalar_index(column, index_type=kind)
        self.table.create_fts_index("content", use_tantivy=False, stem=False, remove_stop_words=False)
        self.table.optimize()

    def get(self, key):
        return self.table.search().where(f"id = '{key}'").limit(1).to_list()

    def filter(self, question):
        found = self.table.search().where(f"cat = '{question['cat']}' AND array_has_any(tags, ['{question['tag']}'])"
                                          f" AND updated BETWEEN {question['lo5']} AND {question['hi5']}").limit(100_000).to_arrow()
        return found.sort_by([("updated", "descending")]).slice(0, 100).to_pylist()

    def words(self, question, any_word):
        return self.table.search(" ".join(question["text"]), query_type="fts").limit(10).to_list() if any_word else None


RIVALS = {"sqlite-rows": SqliteRows, "sqlite-fts5": SqliteFts, "tantivy": Tantivy, "lancedb": Lance}


def spread(seconds, unit):
    p50, p99, most = np.percentile(np.array(seconds) * unit, (50, 99, 100)).round(4).tolist()
    return {"p50": p50, "p99": p99, "max": most, "n": len(seconds)}


def read_items(data, most, content_bytes):
    with open(os.path.join(data, "items.jsonl")) as lines:
        for line in itertools.islice(lines, most):
            item = json.loads(line)
            item["content"] = item["content"][:content_bytes]
            yield item


def load(rival, data, most, content_bytes):
    items, seconds = iter(read_items(data, most, content_bytes)), 0.0
    while batch := list(itertools.islice(items, 1_000)):
        began = time.perf_counter()
        rival.add(batch)
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    rival.done()
    return {"items_per_s": round(most / seconds), "done_s": round(time.perf_counter() - began, 2)}


def single(rival, data):
    times = []
    for item in read_items(data, 300, None):
        item["id"] = uuid.uuid4().hex
        began = time.perf_counter()
        rival.add([item])
        times.append(time.perf_counter() - began)
    return {"single_ms": spread(times, 1e3)}


def measured(ask, questions, unit):
    """Three passes; one that takes longer than four seconds ends early."""
    ask(questions[0])
    times = []
    for _ in range(3):
        end = time.perf_counter() + 4
        for question in questions:
            began = time.perf_counter()
            ask(question)
            times.append(time.perf_counter() - began)
            if time.perf_counter() > end:
                break
    return spread(times, unit)


def query(rival, questions):
    result = {"get_us": measured(lambda q: rival.get(q["id"]), questions, 1e6)}
    if hasattr(rival, "filter"):
        result["filter_ms"] = measured(rival.filter, questions, 1e3)
        result["or_ms"] = measured(lambda q: rival.words(q, True), questions, 1e3)
        if rival.words(questions[0], False) is not None:
            result["and_ms"] = measured(lambda q: rival.words(q, False), questions, 1e3)
    return result


def answers(rival, questions):
    """Of the first questions: updated of the filter's rows, how many rows all three words have (at most ten)."""
    return [{"get": [item["id"] for item in rival.get(q["id"])], "filter": [item["updated"] for item in rival.filter(q)],
             "and": len(rows) if (rows := rival.words(q, False)) is not None else None, "or": len(rival.words(q, True))} for q in questions[:50]]


def main(name, data, store, what, most, content_bytes=None):
    began = time.perf_counter()
    with open(os.path.join(data, "queries.json")) as file:
        questions = json.load(file)
    rival = RIVALS[name](store)
    if what == "load":
        result = load(rival, data, int(most), content_bytes and int(content_bytes))
    elif what == "single":
        result = single(rival, data)
    elif what == "answers":
        result = {"answers": answers(rival, questions)}
    else:
        rival.words(questions[0], True)
        first = (time.perf_counter() - began) * 1e3
        result = {"first_ms": round(first, 2), **query(rival, questions)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**result, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
