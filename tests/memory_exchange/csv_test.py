#!/usr/bin/env python3
"""CSV as Python's csv module writes and reads it, and JSON as its json module does: the oracles of Levee's own.

Random items of nasty texts go from CSV to JSON lines and back; each time Python reads what Levee wrote.
"""
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

PIECES = ["a", "b c", ",", '"', '""', "\n", "\r\n", "\r", ";", "\\", "é", "☕", "'", "\t", " ", "=1+1", "---", "\u2028", "{", "\x01"]
FIELDS = ["id", "namespace", "category", "content", "tags", "metadata", "embedding", "created", "expires"]


def text(rng, least=1):
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(least, 6)))


def tags_text(tags):
    return ";".join(tag.replace("\\", "\\\\").replace(";", "\\;") for tag in tags)


def make_item(rng, number):
    item = {"id": f"{number}{text(rng)}", "namespace": text(rng), "category": text(rng), "content": text(rng),
            "tags": sorted({text(rng) for _ in range(rng.randint(0, 3))}),
            "metadata": {text(rng): rng.choice([1, 2.5, None, True, text(rng), [text(rng)]]) for _ in range(rng.randint(0, 2))},
            "created": "2024-01-31T12:00:00.250Z"}
    if rng.random() < 0.5:
        item["embedding"] = [0.5, -1.25, 3.0]
    if rng.random() < 0.3:
        item["expires"] = "2030-01-01T00:00:00Z"
    return item


def as_row(item):
    row = dict(item, tags=tags_text(item["tags"]), metadata=json.dumps(item["metadata"], ensure_ascii=False))
    if "embedding" in item:
        row["embedding"] = json.dumps(item["embedding"])
    return row


def convert(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True)
    return done.returncode, done.stderr


def read_ndjson(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file.read().split("\n") if line]


def same(item, read):
    return all(read.get(key) == value for key, value in item.items()) and set(read) - set(item) <= {
        "version", "vectorClock", "updated", "checksum"}


def check_both_ways(program, folder, rng):
    items = [make_item(rng, number) for number in range(500)]
    source, lines, back = (os.path.join(folder, name) for name in ("a.csv", "b.ndjson", "c.csv"))
    with open(source, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(as_row(item) for item in items)
    assert convert(program, "csv", source, "ndjson", lines) == (0, ""), convert(program, "csv", source, "ndjson", lines)
    read = read_ndjson(lines)
    assert len(read) == len(items)
    for item, other in zip(items, read):
        assert same(item, other), (item, other)
    assert convert(program, "ndjson", lines, "csv", back) == (0, "")
    with open(back, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for item, row in zip(items, rows, strict=True):
        for key in ("id", "namespace", "category", "content"):
            assert row[key] == item[key], (item, row)
        assert row["tags"] == tags_text(item["tags"])
        assert json.loads(row["metadata"]) == item["metadata"]
        assert row["expires"] == item.get("expires", "")


def check_refusals(program, folder):
    path = os.path.join(folder, "bad.csv")
    for content, words in [('id,size\n1,2\n', "line 1, column 'size'"), ('id,id\n1,2\n', "column 'id'"), ('id,tags\n1\n', "line 2, record"),
                           ('id\n"a\n', "line 2"), ('id\n"a"b\n', "line 2"), ('id\na"b\n', "line 2"),
                           ('id,metadata\n\n1,{\n', "line 3, column 'metadata'"), ('id,created\n1,now\n', "member 'created'"),
                           ('id,content,checksum\n1,x,0123456789abcdef\n', "member 'checksum'")]:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        code, error = convert(program, "csv", path, "ndjson", os.path.join(folder, "out.ndjson"))
        assert code == 1 and "VALIDATION_ERROR" in error and words in error, (content, error)
        assert not os.path.exists(os.path.join(folder, "out.ndjson"))


def main():
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    print(f"SEED={seed}")
    with tempfile.TemporaryDirectory() as folder:
        check_both_ways(sys.argv[1], folder, random.Random(seed))
        check_refusals(sys.argv[1], folder)


main()
