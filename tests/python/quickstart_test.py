"""The example that a person pastes: it runs, says what is true, and README.md shows what it prints."""
import os
import re
import subprocess
import sys
import unittest

import deltalake
import pyarrow as pa

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


class Quickstart(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(ROOT, "examples/quickstart.py")
        done = subprocess.run([sys.executable, self.path], cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.printed = done.stdout.strip()

    def test_what_it_says_is_true(self):
        table = deltalake.DeltaTable(os.path.join(ROOT, "examples/trips"))
        files = len(table.file_uris())
        self.assertIn(f"version {table.version()}: {files} files, of which a query must read 1", self.printed)
        rows = [r for r in pa.table(table.scan()).to_pylist() if str(r["date"]) == "2024-03-03"]
        short = [r for r in rows if r["minutes"] is not None and r["minutes"] < 5]
        self.assertIn(f"│ {len(short)} ", self.printed)
        members = [r for r in rows if 1800 <= r["trip_id"] <= 2200 and r["member"]]
        self.assertRegex(self.printed, rf"│ true +│ +{len(members)} │")

    def test_the_readme_shows_it(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            readme = file.read()
        with open(self.path, encoding="utf-8") as file:
            code = file.read()
        shown = re.search(r"<!-- quickstart -->\n```python\n(.*?)```\n```\n(.*?)```\n<!-- end -->", readme, re.S)
        self.assertIn(shown[1], code)
        self.assertEqual(shown[2].strip(), self.printed)

    def test_it_is_short(self):
        with open(self.path, encoding="utf-8") as file:
            self.assertLessEqual(sum(bool(line.strip()) for line in file), 20)


if __name__ == "__main__":
    unittest.main()
