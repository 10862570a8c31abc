#!/usr/bin/env python3
"""Items and questions of a memory, always the same: make_items.py FOLDER ITEMS.

items.jsonl has texts of 150 words out of 20,000 with Zipf's frequencies (1.1 KB), 20 namespaces, 12 categories, 1 to 4 of 50 tags, metadata,
times within a year. queries.json has 200 questions: an id that is there; a category, a tag and half a year; three words, each of a
rank between 100 and 5,000.
"""
import hashlib
import json
import os
import sys

import numpy as np

YEAR, START = 365 * 86400, 1_735_689_600
WORDS, WORDS_OF_TEXT, QUESTIONS, CHUNK = 20_000, 150, 200, 10_000


def vocabulary(random):
    syllables = [first + vowel for first in "b c d f g l m n p r s t v st tr ch".split() for vowel in "aeiou"]
    words = dict.fromkeys("".join(random.choice(syllables, random.integers(2, 5))) for _ in range(WORDS * 3 // 2))
    return np.array(list(words)[:WORDS])


def item(random, number, text):
    created = START + int(random.integers(0, YEAR))
    return {"id": hashlib.md5(str(number).encode()).hexdigest(), "ns": f"ns{random.integers(20)}", "cat": f"cat{random.integers(12)}",
            "content": text, "tags": [f"tag{tag}" for tag in np.unique(random.integers(0, 50, random.integers(1, 5)))],
            "meta": {"source": f"s{random.integers(9)}", "score": round(float(random.random()), 3)},
            "created": created, "updated": created + int(random.integers(0, 86400))}


def question(random, words, items):
    ranks = np.exp(random.uniform(np.log(100), np.log(5000), 3)).astype(int)
    since = START + int(random.integers(0, YEAR // 2))
    return {"id": hashlib.md5(str(random.integers(items)).encode()).hexdigest(), "cat": f"cat{random.integers(12)}",
            "tag": f"tag{random.integers(50)}", "lo5": since, "hi5": since + YEAR // 2, "text": [str(words[rank]) for rank in ranks]}


def main(folder, items):
    random = np.random.default_rng(7)
    words = vocabulary(random)
    frequencies = 1 / np.arange(1, WORDS + 1)
    frequencies /= frequencies.sum()
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "items.jsonl"), "w") as out:
        for first in range(0, items, CHUNK):
            texts = random.choice(WORDS, (min(CHUNK, items - first), WORDS_OF_TEXT), p=frequencies)
            for i, text in enumerate(texts):
                out.write(json.dumps(item(random, first + i, " ".join(words[text]))) + "\n")
    # Written last: who finds it finds the items whole.
    with open(os.path.join(folder, "queries.json"), "w") as out:
        json.dump([question(random, words, items) for _ in range(QUESTIONS)], out)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
