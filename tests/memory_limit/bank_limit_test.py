#!/usr/bin/env python3
"""A process that asks the memory bank under a small --memory-limit: the same answers, and all of its memory within a tenth of the limit.

    bank_limit_test.py --drive PATH [--items N]
"""
import argparse
import random
import subprocess
import sys
import tempfile

LIMIT_MB = 64
# Mapped pages of the program itself, of its libraries and stacks are among what is measured.
SLACK = 1.1


def write_items(path, count):
    """Items of 1.2 KB of words of which some are everywhere and most are rare."""
    dice = random.Random(7)
    words = [f"{chr(97 + n % 26)}{n}" for n in range(20_000)]
    weights = [1 / (n + 1) for n in range(len(words))]
    with open(path, "w", encoding="ascii") as out:
        for number in range(count):
            text = " ".join(dice.choices(words, weights, k=200))
            out.write(f"item-{number} c{number % 12} t{number % 50} {text}\n")


def ask(drive, store, *settings):
    done = subprocess.run([drive, "ask", store, "4000", *settings], capture_output=True, text=True, timeout=300)
    if done.returncode:
        sys.exit(f"exit {done.returncode}: {done.stderr}")
    digest, seconds, peak_kb = done.stdout.split()
    return digest, float(seconds), int(peak_kb) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--drive", required=True)
    parser.add_argument("--items", type=int, default=60_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/memory.db"
        write_items(f"{folder}/items.txt", options.items)
        subprocess.run([options.drive, "load", store, f"{folder}/items.txt"], check=True)
        expected, free_s, free_mb = ask(options.drive, store)
        got, limited_s, limited_mb = ask(options.drive, store, f"memory_limit={LIMIT_MB}MB")
        print(f"without a limit {free_mb:.0f} MB in {free_s:.2f} s, with {LIMIT_MB} MB {limited_mb:.0f} MB in {limited_s:.2f} s")
        if got != expected:
            sys.exit("another answer under the limit")
        if limited_mb > LIMIT_MB * SLACK:
            sys.exit("above the limit")
        # Half the speed is the measure; a machine that does something else meanwhile is given time.
        if limited_s > 4 * free_s + 1:
            sys.exit("much slower under the limit")


main()
