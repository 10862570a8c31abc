"""Measuring processes: wall time, peak resident memory, anonymous memory while one works."""
import json
import os
import statistics
import subprocess
import time
from collections import namedtuple

Run = namedtuple("Run", "seconds peak_mib code cpu_seconds")


class Failed(Exception):
    pass


class WrongAnswer(Failed):
    """A reader's number of files is not the one expected: nothing it was timed for counts."""


class Skipped(Exception):
    """A peer that this machine does not have."""


def once(command, out=os.devnull):
    """One process, its standard output to a file: wall seconds, peak resident MiB, exit code, CPU seconds."""
    target = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    errors = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, target, 1), (os.POSIX_SPAWN_DUP2, errors, 2)]
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    os.close(target)
    os.close(errors)
    return Run(seconds, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime)


def many(command, times, warm_up=2):
    """The median and the least of `times` processes, in seconds."""
    runs = [once(command) for _ in range(times + warm_up)][warm_up:]
    if any(r.code for r in runs):
        raise Failed(f"exit {max(r.code for r in runs)}: {explain(command)}")
    return statistics.median(r.seconds for r in runs), min(r.seconds for r in runs)


def explain(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stderr.strip().splitlines() or [" ".join(command)])[-1][:300]


def text_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def json_of(command):
    return json.loads(text_of(command))


def json_and_cpu(command):
    """What a process prints, and the CPU seconds of all its threads."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = child.stdout.read()
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    child.stderr.close()
    if child.returncode:
        raise Failed(f"exit {child.returncode}: {errors.decode(errors='replace').strip()[-300:]}")
    return json.loads(text), usage.ru_utime + usage.ru_stime


def anonymous_mib(command):
    """The most anonymous memory that a working process showed, in MiB; sampled, so the process must run a while."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while child.poll() is None:
        try:
            with open(f"/proc/{child.pid}/status", encoding="ascii") as file:
                most = max([most] + [int(line.split()[1]) for line in file if line.startswith("RssAnon")])
        except OSError:
            break
        time.sleep(0.005)
    if child.wait():
        raise Failed(f"exit {child.returncode}: {explain(command)}")
    return most / 1024


def machine():
    """One line on the machine, so that numbers are read with it."""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown CPU")
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(next(file).split()[1]) / 2**20
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, load before {os.getloadavg()[0]:.1f}"


def write_page(path, text):
    """Puts the text between the marks of a page."""
    begin, end = "<!-- results: begin -->\n", "<!-- results: end -->\n"
    with open(path, encoding="utf-8") as file:
        head, rest = file.read().split(begin)
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + begin + text + end + rest.split(end)[1])
