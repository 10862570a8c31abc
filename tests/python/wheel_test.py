"""The wheel in an environment of its own: alone, it answers from JSON commits and says what a checkpoint needs; with PyArrow
it reads checkpoints.

LEVEE_WHEEL names a wheel; without it, one is packed from the build LEVEE_BUILD. PyArrow is that of the Python that runs
this test, or comes from the package index where LEVEE_WHEEL_FROM_INDEX is set.
"""
import base64
import csv
import glob
import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

import deltalake

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
TRIPS = os.path.join(ROOT, "examples/trips")
SIZE_MAX_BYTES = 15_000_000
ANSWER_MAX_SECONDS = 5.0


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def copy_of_trips(folder, checkpoints):
    """The example's log; without checkpoints only its JSON commits, which are complete to a version."""
    log = os.path.join(folder, "_delta_log")
    os.makedirs(log)
    for path in sorted(glob.glob(os.path.join(TRIPS, "_delta_log", "*"))):
        if checkpoints or path.endswith(".json"):
            shutil.copy(path, log)
    return folder


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.wheel = os.environ.get("LEVEE_WHEEL") or cls.packed(os.environ["LEVEE_BUILD"])
        cls.venv = os.path.join(cls.folder.name, "venv")
        cls.python = os.path.join(cls.venv, "bin/python")
        made = run(sys.executable, "-m", "venv", cls.venv)
        assert made.returncode == 0, made.stderr
        done = cls.pip("--no-index", "--no-deps", cls.wheel)
        assert done.returncode == 0, done.stderr

    @classmethod
    def packed(cls, build):
        done = run(sys.executable, os.path.join(ROOT, "tools/wheel"), build, cls.folder.name)
        assert done.returncode == 0, done.stderr
        return glob.glob(os.path.join(cls.folder.name, "levee-*.whl"))[0]

    @classmethod
    def pip(cls, *arguments):
        return run(cls.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments)

    def ask(self, table, code):
        """What a script prints, in an environment without this one's paths."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LEVEE"))}
        store = os.path.join(tempfile.mkdtemp(dir=self.folder.name), "levee.db")
        script = f"import levee; table = levee.open({store!r}).table({table!r}); {code}"
        return run(self.python, "-c", script, env=environment, cwd=self.folder.name)

    def test_what_is_in_it(self):
        self.assertLessEqual(os.path.getsize(self.wheel), SIZE_MAX_BYTES)
        with zipfile.ZipFile(self.wheel) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        info = next(name.split("/")[0] for name in files if name.endswith(".dist-info/METADATA"))
        listed = {row[0]: row[1:] for row in csv.reader(io.StringIO(files[f"{info}/RECORD"].decode()))}
        self.assertEqual(set(listed), set(files))
        for name, data in files.items():
            if name != f"{info}/RECORD":
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                self.assertEqual(listed[name], [f"sha256={digest}", str(len(data))])
        head, _, description = files[f"{info}/METADATA"].decode().partition("\n\n")
        self.assertIn('Requires-Dist: pyarrow==26.0.1 ; extra == "arrow"', head.splitlines())
        self.assertIn("Provides-Extra: arrow", head.splitlines())
        self.assertIn("levee.Table", description)
        texts = [line.partition(": ")[2] for line in head.splitlines() if line.startswith("License-File: ")]
        self.assertLessEqual({"LICENSE", "THIRD_PARTY.md", "third_party/zstd", "third_party/nanobind"}, set(texts))
        for text in texts:
            self.assertGreater(len(files[f"{info}/licenses/{text}"]), 100)
        self.assertIn(b"MIT License", files[f"{info}/licenses/third_party/robin_map"])
        self.assertIn("levee/py.typed", files)
        for name in ("levee/_levee", "levee/levee_arrow"):
            module = next(data for path, data in files.items() if path.startswith(name))
            self.assertNotIn(b".debug_info", module)
            self.assertNotIn(os.path.realpath(ROOT).encode() + b"/build", module)

    def test_1_alone_it_answers_from_commits(self):
        listed = run(self.python, "-m", "pip", "list", "--format", "freeze", "--disable-pip-version-check").stdout
        self.assertNotIn("pyarrow", listed)
        table = copy_of_trips(tempfile.mkdtemp(dir=self.folder.name), checkpoints=False)
        began = time.monotonic()
        done = self.ask(table, "print(len(table.file_uris()), table.version())")
        self.assertLess(time.monotonic() - began, ANSWER_MAX_SECONDS)
        self.assertEqual(done.stderr, "")
        oracle = deltalake.DeltaTable(table)
        self.assertEqual(done.stdout.split(), [str(len(oracle.file_uris())), str(oracle.version())])

    def test_2_it_says_what_a_checkpoint_needs(self):
        table = copy_of_trips(tempfile.mkdtemp(dir=self.folder.name), checkpoints=True)
        done = self.ask(table, "table.count()")
        self.assertEqual(done.returncode, 1)
        self.assertIn("UnsupportedError", done.stderr)
        self.assertIn('pip install "levee[arrow]"', done.stderr)

    def test_3_with_pyarrow_it_reads_checkpoints(self):
        self.give_pyarrow()
        table = copy_of_trips(tempfile.mkdtemp(dir=self.folder.name), checkpoints=True)
        oracle = deltalake.DeltaTable(TRIPS)
        for code in ("", "import pyarrow; "):
            done = self.ask(table, code + "print(len(table.file_uris()), table.version())")
            self.assertEqual(done.stderr, "")
            self.assertEqual(done.stdout.split(), [str(len(oracle.file_uris())), str(oracle.version())])

    def give_pyarrow(self):
        if os.environ.get("LEVEE_WHEEL_FROM_INDEX"):
            done = self.pip(f"{self.wheel}[arrow]")
            self.assertEqual(done.returncode, 0, done.stderr)
            return
        ours = importlib.util.find_spec("pyarrow").submodule_search_locations[0]
        for site in glob.glob(os.path.join(self.venv, "lib/python3*/site-packages")):
            os.symlink(ours, os.path.join(site, "pyarrow"))


if __name__ == "__main__":
    unittest.main()
