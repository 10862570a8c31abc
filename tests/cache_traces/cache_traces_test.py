#!/usr/bin/env python3
"""Replays traces with `levee bench cache`.

On made traces lru, fifo, lfu and ttl must hit exactly as often as plain_policies.py. On the reference traces
(LEVEE_TEST_TRACES, else ../shared/traces; left out with a note where they are not) lru must give its column
and adaptive come within two points of the best of LRU, ARC, S3-FIFO and W-TinyLFU; so it must on made traces of
many kinds (made_patterns.py), against rival_policies.py.
"""
import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import unittest

from made_patterns import patterns
from plain_policies import POLICIES
from rival_policies import RIVALS

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
TRACES = os.path.abspath(os.path.join(SOURCE, os.environ.get("LEVEE_TEST_TRACES") or "../shared/traces"))
SEED = 20240131
LEVEE = None


def replay(text, entries, policy, *options):
    command = [LEVEE, "bench", "cache", "--trace", "-", "--entries", str(entries), "--policy", policy,
               "--format", "json", *options]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def made_traces():
    """Skewed, drifting and looping keys, and all three in turn."""
    draw = random.Random(SEED)
    skewed = [int(draw.paretovariate(0.7)) % 4000 for _ in range(6000)]
    drifting = [position // 7 + draw.randrange(150) for position in range(6000)]
    looping = [position % 130 for position in range(3000)]
    return {"skewed": skewed, "drifting": drifting, "looping": looping, "mixed": skewed + looping + drifting + skewed}


def reference_rows():
    """(trace, entries, LRU, the best of the four), in per cent, out of the table of the traces' README."""
    with open(os.path.join(TRACES, "README.md"), encoding="utf-8") as file:
        text = file.read()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and cells[1].isdigit():
            numbers = [float(number) for cell in cells[2:6] for number in re.findall(r"\d+\.\d+", cell)]
            yield cells[0], int(cells[1]), numbers[0], max(numbers)


class MadeTraces(unittest.TestCase):
    def test_plain_policies_hit_exactly_as_often(self):
        for name, keys in made_traces().items():
            text = "".join(f"{key}\n" for key in keys)
            for policy, plain in POLICIES.items():
                for entries in (1, 2, 37, 100):
                    with self.subTest(trace=name, policy=policy, entries=entries):
                        got = replay(text, entries, policy)
                        self.assertEqual(got["accesses"], len(keys))
                        self.assertEqual(got["hits"], plain(keys, entries))

    def test_their_options_mean_what_the_page_says(self):
        keys = made_traces()["mixed"]
        text = "".join(f"{key}\n" for key in keys)
        for window, decay in ((50, 0.9), (777, 0.25), (100, 0.0)):
            got = replay(text, 40, "lfu", "--lfu-window", str(window), "--lfu-decay", str(decay))
            self.assertEqual(got["hits"], POLICIES["lfu"](keys, 40, window, decay), (window, decay))
        for life in (1, 25, 90):
            self.assertEqual(replay(text, 40, "ttl", "--ttl", str(life))["hits"], POLICIES["ttl"](keys, 40, life), life)

    def test_adaptive_gives_the_same_twice(self):
        text = "".join(f"{key}\n" for key in made_traces()["mixed"])
        self.assertEqual(replay(text, 60, "adaptive")["hits"], replay(text, 60, "adaptive")["hits"])


class MadePatterns(unittest.TestCase):
    def test_adaptive_is_within_two_points_of_the_best(self):
        for name, entries, keys in patterns(SEED):
            with self.subTest(trace=name):
                best = max(plain(keys, entries) for plain in [POLICIES["lru"], *RIVALS.values()])
                got = replay("".join(f"{key}\n" for key in keys), entries, "adaptive")
                self.assertGreaterEqual(got["hit_rate"] * 100, 100 * best / len(keys) - 2)


@unittest.skipUnless(os.path.exists(os.path.join(TRACES, "README.md")), f"no reference traces in {TRACES}")
class ReferenceTraces(unittest.TestCase):
    def test_each_trace_of_the_table(self):
        rows = list(reference_rows())
        self.assertGreaterEqual(len(rows), 5)
        for name, entries, lru, best in rows:
            with gzip.open(os.path.join(TRACES, name + ".trace.gz"), "rt") as file:
                text = file.read()
            with self.subTest(trace=name):
                self.assertEqual(f"{replay(text, entries, 'lru')['hit_rate'] * 100:.1f}", f"{lru:.1f}")
                self.assertGreaterEqual(replay(text, entries, "adaptive")["hit_rate"] * 100, best - 2)
                keys = [line for line in text.splitlines() if line not in ("", "*")]
                self.assertEqual(replay(text, entries, "fifo")["hits"], POLICIES["fifo"](keys, entries))
                # The plain lfu and ttl look at every entry for each victim, so they get a part.
                part = keys[:6000]
                for policy in ("lfu", "ttl"):
                    got = replay("\n".join(part), entries, policy)
                    self.assertEqual(got["hits"], POLICIES[policy](part, entries), policy)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--levee", required=True)
    options, rest = parser.parse_known_args()
    LEVEE = os.path.abspath(options.levee)
    unittest.main(argv=[sys.argv[0], *rest])
