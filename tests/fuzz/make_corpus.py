"""Builds corpora for the fuzzers out of Delta tables, and of the stores that Levee makes of them.

  make_corpus.py --levee PROGRAM [--tables FOLDER] [--out FOLDER] [--seeds]

--seeds keeps a few small inputs a target, as tests/fuzz/corpus has them; else every one that fits goes to build/fuzz/corpus.
"""
import argparse
import hashlib
import json
import os
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile


SOURCE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(SOURCE))
SIZE_MAX = {"checkpoint": 65536, "sidecar": 65536, "segment": 32768, "stored_segment": 32768, "memory_blob": 16384}
SEED_BYTES = 14_000   # a target
SEED_MAX = {"checkpoint": 14_000, "sidecar": 14_000, "segment": 5_000, "stored_segment": 16_000, "memory_blob": 8_000}
SEED_BYTES_MAX = {"segment": 32_000, "stored_segment": 24_000}

# The store's envelopes: docs/formats/store.md. What the fuzzer calls them: segment.cc.
KINDS = {b"LVsd": 2, b"LVki": 3, b"LVrm": 4, b"LVmb": 5, b"LVst": 6, b"LVps": 7}


def tables_of(folder):
    for at, folders, _ in os.walk(folder):
        if "_delta_log" in folders:
            folders.clear()
            yield at


def payload(blob):
    """The inside of an envelope, or None where it needs zstd that python lacks."""
    if blob[5] & 1 == 0:
        return blob[16:]
    try:
        import pyarrow
        size = struct.unpack("<I", blob[8:12])[0]
        return pyarrow.decompress(blob[16:], decompressed_size=size, codec="zstd", asbytes=True)
    except Exception:  # noqa: BLE001
        return None


class Corpus:
    def __init__(self, folder, seeds):
        self.folder, self.seeds, self.spent, self.seen, self.shapes = folder, seeds, {}, set(), set()

    def add(self, target, data, shape=None):
        """`shape`: of inputs that are alike in it a seed set keeps one."""
        if not data or len(data) > SIZE_MAX.get(target, 8192):
            return
        name = hashlib.sha1(data).hexdigest()[:16]
        if (target, name) in self.seen:
            return
        if self.seeds:
            spent = self.spent.get(target, 0)
            if len(data) > SEED_MAX.get(target, 3_000) or (target, shape) in self.shapes or \
                    spent + len(data) > SEED_BYTES_MAX.get(target, SEED_BYTES):
                return
            self.spent[target] = spent + len(data)
            self.shapes.add((target, shape))
        self.seen.add((target, name))
        os.makedirs(os.path.join(self.folder, target), exist_ok=True)
        with open(os.path.join(self.folder, target, name), "wb") as out:
            out.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def kinds_of_actions(text):
    kinds = set()
    for line in text.splitlines():
        try:
            kinds |= set(json.loads(line))
        except ValueError:
            pass
    return tuple(sorted(kinds))


def from_log(corpus, table):
    log = os.path.join(table, "_delta_log")
    names = sorted(os.listdir(log))
    hint = os.path.join(log, "_last_checkpoint")
    said = read(hint) if os.path.isfile(hint) else b"{}"
    corpus.add("last_checkpoint", "\n".join(names[:64]).encode() + b"\0" + said, len(names))
    for name in names:
        path = os.path.join(log, name)
        if not os.path.isfile(path) or os.path.getsize(path) > 200_000:
            continue
        data = read(path)
        if re.fullmatch(r"\d+\.json|\d+\.\d+\.compacted\.json", name):
            shape = kinds_of_actions(data)
            corpus.add("commit", data if len(data) <= 8192 else data[:8000].rsplit(b"\n", 1)[0], shape)
        elif name.endswith(".checkpoint.parquet") or re.search(r"\.checkpoint\..*\.parquet$", name):
            corpus.add("checkpoint", data, os.path.basename(os.path.dirname(table)))
        elif re.search(r"\.checkpoint\..*\.json$", name):
            corpus.add("checkpoint", b"\0" + data, "json")
            corpus.add("sidecar", data + b"\0", "manifest")
        elif name.endswith(".crc"):
            corpus.add("checksum", data, len(data) // 512)
    sidecars = os.path.join(log, "_sidecars")
    for name in sorted(os.listdir(sidecars)) if os.path.isdir(sidecars) else []:
        corpus.add("sidecar", b"\0" + read(os.path.join(sidecars, name)), name[:3])


def from_deletion_vectors(corpus, table):
    for at, folders, files in os.walk(table):
        folders[:] = [name for name in folders if name != "_delta_log"]
        for name in files:
            if not name.startswith("deletion_vector_"):
                continue
            data, position = read(os.path.join(at, name)), 1
            while position + 8 <= len(data):
                size = struct.unpack(">I", data[position:position + 4])[0]
                corpus.add("deletion_vector", b"\0" + data[position + 4:position + 4 + size], size)
                position += size + 8
    for name in sorted(os.listdir(os.path.join(table, "_delta_log"))):
        if not re.fullmatch(r"\d+\.json", name):
            continue
        for line in read(os.path.join(table, "_delta_log", name)).splitlines():
            try:
                vector = json.loads(line).get("add", {}).get("deletionVector")
            except ValueError:
                continue
            if vector and vector.get("storageType") == "i":
                text = vector["pathOrInlineDv"].encode()
                corpus.add("deletion_vector", b"\1" + text, "z85")
                corpus.add("deletion_vector", b"\2\1\0" + struct.pack("<II", vector["sizeInBytes"], vector["cardinality"]) +
                           text + b"\0", "inline")


def chunks_of(directory, rows):
    """Pieces of columns: (is zone map, bytes)."""
    for at in range(0, len(directory) - 31, 32):
        _, first_row, _, chunk, offset, length, _, _ = struct.unpack("<8I", directory[at:at + 32])
        if chunk in rows:
            yield first_row == 0xFFFFFFFF, rows[chunk][offset:offset + length]


def stored_segment(directory, rows):
    """What the fuzzer of that name reads: a number of directory entries, these, and the chunk row that they point into."""
    entries = [list(struct.unpack("<8I", directory[at:at + 32])) for at in range(0, len(directory) - 31, 32)]
    small = [number for number, data in rows.items() if number > 0 and data[:4] not in KINDS and len(data) <= 24_000]
    chosen = [entry for entry in entries if small and entry[3] == small[0]][:16]
    for entry in chosen:
        entry[0], entry[3] = entry[0] % 4, 1
    return bytes([len(chosen)]) + b"".join(struct.pack("<8I", *entry) for entry in chosen) + (rows[small[0]] if chosen else b"")


def from_store(corpus, path):
    database = sqlite3.connect(path)
    keys = {}
    for table, blob in database.execute("SELECT table_id, keys FROM dictionary ORDER BY first_column"):
        inside = payload(blob)
        if inside is None:
            continue
        corpus.add("segment", b"\x08" + struct.pack("<H", len(inside) & 0xFFFF) + inside, "keys")
        keys.setdefault(table, inside)   # the first part, which most small batches need alone

    for segment, table, form, body in database.execute(
            "SELECT s.segment_id, r.table_id, s.format, s.body FROM segments s JOIN ranges r ON r.range_id=s.range_id"):
        inside, kind = payload(body), KINDS.get(body[:4])
        if inside is None or kind is None:
            continue
        head = struct.pack("<H", len(keys.get(table, b""))) + keys.get(table, b"") if kind in (4, 5) else b""
        corpus.add("segment", bytes([kind]) + head + inside, (kind, len(inside) // 1024))
        if form != 1:
            continue
        first = segment << 20
        rows = {number - first: data for number, data in
                database.execute("SELECT chunk_id, data FROM chunks WHERE chunk_id>=? AND chunk_id<?", (first, first + (1 << 20)))}
        for data in rows.values():
            if data[:4] in KINDS and payload(data) is not None:
                corpus.add("segment", bytes([KINDS[data[:4]]]) + payload(data), data[:4])
        stored = stored_segment(inside, rows)
        corpus.add("stored_segment", stored, len(stored) // 4096)
        for zone_map, data in chunks_of(inside, rows):
            if zone_map:
                corpus.add("segment", bytes([1, data[5] - 1]) + data, ("zone", data[5]))
            else:
                corpus.add("segment", b"\0" + data, ("chunk",) + tuple(data[5:8]))
    for (blob,) in database.execute("SELECT body FROM partition_runs"):
        if payload(blob) is not None:
            corpus.add("segment", b"\x07" + payload(blob), "run")
    database.close()


MEMORY_KINDS = {b"LVbb": 0, b"LVbd": 1, b"LVbe": 2, b"LVbp": 3}   # as memory_blob.cc has them
MEMORY_INDEX = 6


def from_memory(corpus, levee):
    """A bank of a few items, merged, with a tail behind it."""
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "memory.db")

        def run(*arguments, text=""):
            subprocess.run([levee, "--store", store, "memory", *arguments], input=text, text=True, check=True, cwd=folder,
                           stdout=subprocess.DEVNULL)

        items = [{"id": f"i{number}", "category": "note", "content": f"word {number} " * (number % 9 + 1), "tags": ["a", f"t{number % 3}"],
                  "metadata": {"n": [number, number / 7, f"text {number}", number % 2 == 0, None][number % 5]},
                  "vectorClock": {"there": number}} for number in range(60)]
        text = "".join(json.dumps(item) + "\n" for item in items)
        run("put", "--format", "ndjson", "-", text=text)
        run("delete", "i3")
        run("index", "add", "by-n", "metadata.n")
        run("maintain")
        run("put", "--id", "i4", "--namespace", "team/x", "--expires", "2999-01-01T00:00:00Z", "other")
        database = sqlite3.connect(store)
        for query in ("SELECT body FROM bank_batches", "SELECT directory FROM bank_segments", "SELECT ended FROM bank_segments",
                      "SELECT data FROM bank_chunks"):
            for (blob,) in database.execute(query):
                if blob[:4] in MEMORY_KINDS and payload(blob) is not None:
                    corpus.add("memory_blob", bytes([MEMORY_KINDS[blob[:4]]]) + payload(blob), blob[:4])
        rows = [payload(directory)[:2] for (directory,) in database.execute("SELECT directory FROM bank_segments")]
        for (blob,) in database.execute("SELECT data FROM bank_chunks"):
            if blob[:4] == b"LVbi" and payload(blob) is not None:
                for number in rows:   # one of these is its own
                    corpus.add("memory_blob", bytes([MEMORY_INDEX]) + number + payload(blob), (blob[:4], number))
        database.close()
    for number in range(12):   # which blobs are broken, and how: by hand, as no bank has them
        corpus.add("memory_segment", bytes([number * 10, number, number * 7, 0, 2 << number % 6, number + 3, 9, 1, 0xff if number % 4 == 0 else 3]),
                   number)


PREDICATES = """id = 1|id <> 2 AND n < 7|NOT (s LIKE 'a%' OR s IN ('b', 'zz'))|day BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'
at >= TIMESTAMP '2024-01-01 00:00:00' AND wall < TIMESTAMP_NTZ '2024-01-02 00:00:00'|price = 12.50 OR price IS NULL
d > 1.5e3 AND d <> CAST('NaN' AS DOUBLE)|f = 3.4|flag IS TRUE AND NOT flag IS NULL|inner.x IN (4, 5, NULL)|inner IS NOT NULL
raw = X'00ff'|id <=> NULL|id = n|p = 'x' AND (id > 1 OR id <= -5)|`s` = "p"|day > CURRENT_DATE - INTERVAL 3 DAY
s NOT LIKE '%\\_%'|NOT (id NOT IN (1, 2))|tiny = 300|id = 1 + 2 * 3 - 4|(id = 1) IS TRUE|1 = 1 AND NULL""".replace("\n", "|")
GENERATIONS = ["CAST(at AS DATE)", "YEAR(day)", "DATE_FORMAT(at, 'yyyy-MM')", "SUBSTRING(s, 0, 2)", "s"]


def written_by_hand(corpus):
    for number, text in enumerate(PREDICATES.split("|")):
        corpus.add("predicate", text.encode(), number)
    for expression in GENERATIONS:
        corpus.add("predicate", f"at > TIMESTAMP '2024-01-01 00:00:00' AND s = 'ab'\0{expression}\0Europe/Berlin".encode(), expression)
    settings = ['freshness = "cached"\nthreads = 2 # two\n', "store = 'sqlite:/x y'\n[table]\na = [1]\n", 'timezone = "Europe/\\u0042erlin"']
    for number, text in enumerate(settings):
        corpus.add("configuration", bytes([number]) + b"cached\0" + text.encode(), number)
    answers = ['\0<?xml version="1.0"?><ListBucketResult xmlns="x"><IsTruncated>true</IsTruncated><Contents><Key>a/b &amp; c</Key>'
               '<Size>7</Size><ETag>&quot;e&quot;</ETag></Contents><!-- n --></ListBucketResult>',
               '\1{"items":[{"name":"a","size":"7","updated":"2026-02-03T04:05:06Z"}],"nextPageToken":"\\u00e4","x":{"y":1}}',
               "\2Sun, 06 Nov 1994 08:49:37 GMT", "\2" "2026-02-03T04:05:06.789+01:00", "\3s3://bucket/a%20b/c", "\3abfss://c@a.host/k",
               "\4https://host:9000/base/", "\4http://127.0.0.1:80", "\5a/\u00e4 b%2f"]
    for number, text in enumerate(answers):
        corpus.add("cloud_answer", text.encode(), number)
    files = ["---\nid: a\nnamespace: t/l\ncategory: note\ntags: [orders, \"late: Mondays\"]\ncreated: 2024-01-31T12:00:00Z\n"
             "updated: 2024-01-31T12:00:00.250Z\nversion: 3\nvectorClock: {\"r1\": 3}\nsource: s1\n---\n# Late\n#tag\n",
             "---json\n{\"id\":\"a\",\"tags\":[\"x\"],\"metadata\":{\"k\":[1,null]}}\n---\ntext\r\n", "+++\nid = 'a'\nn = 0x1F\nd = 2024-01-31\n+++\n\u00e4",
             "---\ntags: '#a #b'\npermalink: /x/y\nmodified: 2024-01-31\nlist:\n  - &a 1\n  - *a\nfold: >-\n  two\n  lines\n---\n[[link]] #t `#n`\n",
             "---\nembedding: f32:AACAPw==\nexpires: never\n---\n<!-- levee:contents -->\n- [A](#a)\n<!-- /levee:contents -->\n# A\n", "no head\n---\n"]
    for number, text in enumerate(files):
        corpus.add("item_file", bytes([number]) + text.encode(), number)
    where = b"id > 15 AND p = '1'\0"
    opened = b"\0\0\0\0\1\0\0\0\0"
    for number, calls in enumerate([
            opened + b"\2\0\0\x01" + where + b"\5\0\5\0" + b"\6\0\0" + b"\5\0",
            opened + b"\3\0\x03" + where + b"size desc, path\0" + b"\4\0\x01" + where + b"\1\1",
            b"\0\0\0\0\1\0\0\0\1\1\2" + b"\2\0\1\x24path\0min.id\0\1\3" + b"\5\1" + b"\7\0\0" + b"\x08\0\0",
            b"\0\0\0x\0\4\1\0/nowhere\0\2\0\0\2\0\0\0"]):
        corpus.add("c_api", calls, number)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--levee", required=True)
    parser.add_argument("--tables", default=os.environ.get("LEVEE_TEST_TABLES") or os.path.join(ROOT, "../shared/tables"))
    parser.add_argument("--out", default=os.path.join(ROOT, "build/fuzz/corpus"))
    parser.add_argument("--seeds", action="store_true")
    arguments = parser.parse_args()
    corpus = Corpus(arguments.out, arguments.seeds)
    written_by_hand(corpus)
    from_memory(corpus, arguments.levee)
    tables = sorted(tables_of(os.path.realpath(arguments.tables)))
    if not tables:
        print(f"make_corpus: no tables in {arguments.tables}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "levee.db")
        # The given tables are too small for segments of columns, statistics and sorted indexes.
        for files in (300, 1_500, 5_000):
            made = os.path.join(folder, f"made-{files}")
            subprocess.run([sys.executable, os.path.join(ROOT, "benchmarks/make_table.py"), "--out", made, "--files", str(files),
                            "--stats-columns", "4", "--key", "--commits", "3", "--checkpoint-version", "10"],
                           capture_output=True, check=True)
            subprocess.run([arguments.levee, "--store", store, "add", made], capture_output=True, check=True)
        for table in tables:
            from_log(corpus, table)
            from_deletion_vectors(corpus, table)
            subprocess.run([arguments.levee, "--store", store, "add", table], capture_output=True, check=False)
        if os.path.exists(store):
            from_store(corpus, store)
    counts = {}
    for target, _ in corpus.seen:
        counts[target] = counts.get(target, 0) + 1
    print(", ".join(f"{target} {count}" for target, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
