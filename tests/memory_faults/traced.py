"""System calls of a program, as strace tells them: what was written and not yet synced whenever something else happens."""

import collections
import os
import re
import shutil
import subprocess

TRACE = "trace=write,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2"
CALL = re.compile(r"^(?:\[pid +)?(\d+)\]? +(\w+)\((.*?)\)? += (-?\d+)")
UNFINISHED = re.compile(r"^(?:\[pid +)?(\d+)\]? +(\w+)\((.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(?:\[pid +)?(\d+)\]? +<\.\.\. (\w+) resumed>(.*)$")
FILE = re.compile(r"^\d+<([^>]*)>")
Call = collections.namedtuple("Call", "thread name file text")


def available():
    """Whether strace is here and may trace."""
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def trace(command, folder, stdin=None, timeout=120):
    """(the calls in the order in which they ended, what was printed)"""
    log = os.path.join(folder, "calls")
    done = subprocess.run(["strace", "-f", "-y", "-s", "24", "-o", log, "-e", TRACE, *map(str, command)], input=stdin,
                          capture_output=True, timeout=timeout)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    with open(log, encoding="utf-8", errors="replace") as lines:
        return list(calls(lines)), done.stdout


def calls(lines):
    """A call that others interrupted is told in two lines; it is put together, and stands where it ended."""
    begun = {}
    for line in lines:
        if match := UNFINISHED.match(line.rstrip()):
            begun[match[1], match[2]] = match[3]
            continue
        if match := RESUMED.match(line.rstrip()):
            line = f"{match[1]} {match[2]}({begun.pop((match[1], match[2]), '')}{match[3]}"
        if match := CALL.match(line):
            file = FILE.match(match[3])
            yield Call(match[1], match[2], file[1] if file else "", match[3])


def is_sync(call):
    return call.name in ("fsync", "fdatasync", "syncfs")
