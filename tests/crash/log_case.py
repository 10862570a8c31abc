"""What tests of one command over a growing log share: a log of its own for each test, and the start of the program."""
import argparse
import pathlib
import shutil
import sys
import tempfile
import unittest

from crash_table import Log, Store, make_template, seeded

FILES = 5_000


class LogCase(unittest.TestCase):
    """A folder, a log that starts from the template, and a store that has nothing yet; `SEED` is the subclass's."""

    LEVEE, PLACE, TEMPLATE, SEED = None, None, None, 0  # all but SEED: set by `run`

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=LogCase.PLACE))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.log = Log(LogCase.TEMPLATE, self.folder / "t", seeded(self.SEED))
        self.store = Store(LogCase.LEVEE, self.folder / "t", self.folder / "s.db")


def run(name, description):
    """Reads --levee, runs the tests of the main module in a folder of their own, and exits."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--levee", required=True)
    options, rest = parser.parse_known_args()
    LogCase.LEVEE = str(pathlib.Path(options.levee).resolve())
    LogCase.PLACE = tempfile.mkdtemp(prefix=f"levee-{name}-")
    try:
        LogCase.TEMPLATE = make_template(pathlib.Path(LogCase.PLACE, "template"), FILES)
        outcome = unittest.main(argv=[sys.argv[0], *rest], exit=False, verbosity=2)
    finally:
        shutil.rmtree(LogCase.PLACE, ignore_errors=True)
    sys.exit(not outcome.result.wasSuccessful())
