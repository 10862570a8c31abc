"""What the tests of all clouds do: a server, a proxy before it, and levee over both."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from fault_proxy import Fault, FaultProxy
from servers import ROOT, program

sys.path.insert(0, os.path.join(ROOT, "tests", "sweep"))
from sweep_test import table_roots  # noqa: E402

ARGUMENTS = argparse.Namespace(levee=None, contract=None)


def run_tests(cloud, needed):
    """Runs the tests of the calling module; skips, and says so, without the server's program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--levee", required=True)
    parser.add_argument("--contract", required=True)
    parser.parse_known_args(namespace=ARGUMENTS)
    if program(needed) is None:
        print(f"clouds: skipped, there is no {needed}: tools/setup --tests installs it where it can")
        return 0
    rest = [a for i, a in enumerate(sys.argv[1:]) if a.startswith("-k") or sys.argv[i].startswith("-k")]
    result = unittest.main(module="__main__", argv=[cloud, "-v", *rest], exit=False).result
    return 0 if result.wasSuccessful() else 1


def lost_answers():
    """Faults for the names that store_contract.cc gives to harmed puts; each once."""
    done = set()

    def choose(method, path, number):
        if method not in ("PUT", "POST"):
            return None
        for name, fault in (("answered-500-after", Fault("after", status=500)), ("dropped-after", Fault("drop", after=True)),
                            ("stalled-before", Fault("stall", seconds=0.7))):
            if name in path and name not in done:
                done.add(name)
                return fault
        return None

    return choose


class CloudCase(unittest.TestCase):
    """`server` and `environment(url)` are the subclass's; `place` is a URI that each test's folder goes below."""

    def setUp(self):
        self.work = tempfile.mkdtemp(prefix="levee-clouds-")
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.proxy = FaultProxy(self.server.port)
        self.addCleanup(self.proxy.close)
        self.stores = 0

    def new_store(self):
        self.stores += 1
        return os.path.join(self.work, f"store{self.stores}.db")

    def run_levee(self, *arguments, store=None, url=None, **variables):
        """(exit code, standard output, standard error)."""
        environment = self.environment(url or self.proxy.url)
        environment.update(LEVEE_STORE=store or self.new_store(), HOME=self.work, LEVEE_HTTP_RETRY_TIME="20s",
                           XDG_CACHE_HOME=self.work, **variables)
        done = subprocess.run([ARGUMENTS.levee, *arguments], env=environment, capture_output=True, text=True, timeout=120)
        for secret in self.secrets:
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done.returncode, done.stdout, done.stderr

    def files(self, table, **options):
        code, out, err = self.run_levee("files", table, "--format", "ndjson", **options)
        self.assertEqual(code, 0, err)
        return sorted(out.splitlines())

    def run_contract(self, place, url, **variables):
        environment = self.environment(url)
        environment.update(LEVEE_TEST_STORE=place, HOME=self.work, **variables)
        done = subprocess.run([ARGUMENTS.contract, "--gtest_brief=1"], env=environment, capture_output=True, text=True,
                              timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-1000:])

    def check_fresh_costs(self, table, store, requests):
        """A question about a table that did not change sends as many requests as that."""
        self.proxy.take_requests()
        self.files(table, store=store)
        sent = self.proxy.take_requests()
        self.assertEqual(len(sent), requests, sent)

    def copy(self, root, name):
        """Puts a folder's files below a name, by the subclass's `put`."""
        for where, _, names in os.walk(root):
            for file in names:
                path = os.path.join(where, file)
                with open(path, "rb") as content:
                    self.put(f"{name}/{os.path.relpath(path, root)}", content.read())

    def check_tables(self, copy):
        """Every given table answers as it does locally; `copy(folder, name)` puts it below the place."""
        compared = 0
        for number, (key, root) in enumerate(table_roots()):
            name = f"t{number}"
            copy(root, name)
            local = self.run_levee("files", root, "--format", "ndjson")
            remote = self.run_levee("files", f"{self.place}/{name}", "--format", "ndjson", url=self.server.url)
            self.assertEqual(remote[0], local[0], f"{key}: {local[2]} | {remote[2]}")
            self.assertEqual(sorted(remote[1].splitlines()), sorted(local[1].splitlines()), key)
            compared += len(local[1].splitlines())
        self.assertGreater(compared, 0)
        print(f"clouds: {number + 1} tables, {compared} files compared")


def add_line(path):
    return json.dumps({"add": {"path": path, "partitionValues": {}, "size": 1, "modificationTime": 1, "dataChange": True,
                               "stats": json.dumps({"numRecords": 3})}})


FIRST_COMMIT = "\n".join([
    json.dumps({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}),
    json.dumps({"metaData": {"id": "6b5d0f3e", "format": {"provider": "parquet", "options": {}}, "partitionColumns": [],
                             "configuration": {}, "schemaString": json.dumps({"type": "struct", "fields": [
                                 {"name": "a", "type": "long", "nullable": True, "metadata": {}}]})}}),
    add_line("f0")]) + "\n"


def commit_name(version):
    return f"_delta_log/{version:020}.json"


def make_log(folder, commits):
    """A table of `commits` commits, each of which adds a file."""
    os.makedirs(os.path.join(folder, "_delta_log"), exist_ok=True)
    for version in range(commits):
        with open(os.path.join(folder, commit_name(version)), "w", encoding="utf-8") as file:
            file.write(FIRST_COMMIT if version == 0 else add_line(f"f{version}") + "\n")
