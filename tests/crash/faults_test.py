#!/usr/bin/env python3
"""Full disks, read-only, locked, newer and foreign stores: one line that says so, exit 1, and nothing is lost."""
import argparse
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from crash_table import Log, Store, make_template, seeded  # noqa: E402

NOBODY = 65534
LEVEE, FOLDER, TEMPLATE = None, None, None


def limit_file_size(size):
    """Every file that the process writes may have `size` bytes: a write beyond fails, as on a full disk."""
    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return apply


def become_nobody():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


class FaultsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.log = Log(TEMPLATE, self.folder / "t", seeded(7))
        (self.folder / "s").mkdir()
        self.store = Store(LEVEE, self.folder / "t", self.folder / "s" / "s.db")

    def refuses(self, *arguments, words, preexec=None):
        """Exit 1, nothing on standard output, and as the last line of standard error what is wrong."""
        _, out, err = self.store.run(*arguments, expect=(1,), preexec=preexec)
        self.assertEqual(out, b"")
        last = err.splitlines()[-1]
        self.assertRegex(last, r"^levee: .+: .+")
        self.assertRegex(last, words)
        self.assertEqual([line for line in err.splitlines() if not line.startswith("levee: ")], [])

    def expect_at(self, version, check):
        self.assertEqual(self.store.expect_whole(self.log, version), version)
        self.store.check(expect=(check,))
        self.store.expect_sound()

    def recovers(self):
        self.store.run("sync", self.store.table)
        self.expect_at(self.log.newest, 0)

    # --- full disk -------------------------------------------------------------------------------
    def test_import_on_a_full_disk(self):
        for size in (0, 1 << 16, 1 << 19, 1 << 20):
            with self.subTest(size=size):
                self.refuses("add", self.store.table, words="store|spill|import|disk", preexec=limit_file_size(size))
                if size > 0:
                    self.assertIsNone(self.store.head())
        self.store.run("add", self.store.table)
        self.expect_at(self.log.newest, 0)

    def test_sync_on_a_full_disk(self):
        self.store.run("add", self.store.table)
        before = self.log.newest
        self.log.commit(3000, 3000)
        for size in (1 << 12, 1 << 16, 1 << 17):
            with self.subTest(size=size):
                self.refuses("sync", self.store.table, words="store .*: .*(disk|writing)",
                             preexec=limit_file_size(size))
                self.expect_at(before, 3)
        self.recovers()

    def test_reading_on_a_full_disk(self):
        self.store.run("add", self.store.table)
        # Somebody has the store open; the first to open it needs 32 KiB of shared memory beside it.
        other = sqlite3.connect(self.store.path)
        self.addCleanup(other.close)
        other.execute("SELECT count(*) FROM tables").fetchone()
        _, out, _ = self.store.run("--freshness", "cached", "files", self.store.table, "--count",
                                   preexec=limit_file_size(0))
        self.assertEqual(int(out), self.log.totals[self.log.newest][0])

    def test_a_small_file_system(self):
        """The real thing, where mounting is permitted."""
        mount = self.folder / "s"
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "levee-test", mount]
        if subprocess.run(command, capture_output=True).returncode:
            self.skipTest("a file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", mount], capture_output=True)
        # Nothing of the spill file either: it stands beside the store.
        self.refuses("add", self.store.table, words="([Nn]o space|no room)")
        subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
        self.store.run("add", self.store.table)
        self.expect_at(self.log.newest, 0)
        before = self.log.newest
        self.log.commit(3000, 3000)
        used = sum(f.stat().st_size for f in mount.iterdir())
        subprocess.run(["mount", "-o", f"remount,size={used // 4096 * 4 + 120}k", mount], check=True)
        self.refuses("sync", self.store.table, words="store .*: no room on the disk")
        subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
        self.expect_at(before, 3)
        self.recovers()

    def test_first_open_on_a_full_disk(self):
        """Nothing is there yet: the store's own first page, its log or its shared memory has no room."""
        for size in (0, 1 << 12, 1 << 14, 1 << 15):
            for command in (["tables"], ["status"], ["add", self.store.table]):
                with self.subTest(size=size, command=command[0]):
                    self.store.remove()
                    self.refuses(*command, words=r"^levee: store .*/s\.db: no room on the disk \(free some space, "
                                 "or choose another --store", preexec=limit_file_size(size))
        self.store.run("add", self.store.table)
        self.expect_at(self.log.newest, 0)

    def test_first_open_on_a_full_file_system(self):
        mount = self.folder / "s"
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "levee-test", mount]
        if subprocess.run(command, capture_output=True).returncode:
            self.skipTest("a file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", mount], capture_output=True)
        for room in (0, 1 << 13, 1 << 14, 1 << 15):
            with self.subTest(room=room):
                self.store.remove()
                (mount / "ballast").write_bytes(b"x" * ((1 << 16) - room))
                self.refuses("tables", words="store .*: no room on the disk")
        (mount / "ballast").unlink()
        self.store.remove()
        subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
        self.store.run("add", self.store.table)
        self.expect_at(self.log.newest, 0)

    # --- no place for a store --------------------------------------------------------------------
    def refuses_store(self, path, words):
        self.store.path = str(path)
        before = sorted(self.folder.rglob("*"))
        for command in (["tables"], ["files", self.store.table], ["add", self.store.table], ["status"]):
            with self.subTest(command=command[0]):
                process = subprocess.run([LEVEE, "--store", path, *command], cwd=self.folder, timeout=60,
                                         capture_output=True, preexec_fn=become_nobody)
                self.assertEqual((process.returncode, process.stdout), (1, b""))
                self.assertRegex(process.stderr.decode(),
                                 rf"\Alevee: store {re.escape(str(path))}: {words}\n\Z")
        self.assertEqual(sorted(self.folder.rglob("*")), before)

    def test_a_folder_is_no_store(self):
        self.refuses_store(self.folder / "s", r"it is a folder \(name a file, for example .*/s/levee\.db\)")

    def test_a_folder_that_may_not_be_written(self):
        os.chmod(self.folder / "s", 0o555)
        self.refuses_store(self.folder / "s" / "new.db",
                           r"its folder .*/s may not be written: Permission denied \(check its rights, or choose another --store\)")

    def test_a_folder_that_cannot_be_made(self):
        os.chmod(self.folder / "s", 0o555)
        self.refuses_store(self.folder / "s" / "deep" / "er" / "new.db",
                           r"its folder cannot be made: Permission denied \(check the rights, or name another "
                           r"file\)")
        (self.folder / "letter").write_text("to a friend")
        self.refuses_store(self.folder / "letter" / "new.db",
                           "its folder cannot be made: (Not a directory|File exists).*")

    def test_a_missing_folder_is_made(self):
        self.store.path = str(self.folder / "s" / "deep" / "er" / "s.db")
        subprocess.run([LEVEE, "--store", self.store.path, "add", self.store.table], check=True,
                       cwd=self.folder, capture_output=True)
        self.expect_at(self.log.newest, 0)

    # --- rights and locks ------------------------------------------------------------------------
    def test_read_only(self):
        self.store.run("add", self.store.table)
        before = self.log.newest
        self.log.commit(10, 10)
        folder, file = self.folder / "s", self.folder / "s" / "s.db"
        for file_mode, folder_mode in ((0o444, 0o755), (0o444, 0o555)):
            with self.subTest(file=oct(file_mode), folder=oct(folder_mode)):
                os.chmod(file, file_mode)
                os.chmod(folder, folder_mode)
                _, out, _ = self.store.run("--freshness", "cached", "files", self.store.table, "--count",
                                           preexec=become_nobody)
                self.assertEqual(int(out), self.log.totals[before][0])
                self.refuses("sync", self.store.table, words="read-only", preexec=become_nobody)
                self.refuses("files", self.store.table, words="read-only", preexec=become_nobody)
        os.chmod(folder, 0o755)
        os.chmod(file, 0o644)
        self.expect_at(before, 3)
        self.recovers()

    def test_locked(self):
        self.store.run("add", self.store.table)
        before = self.log.newest
        self.log.commit(10, 10)
        database = sqlite3.connect(self.store.path, isolation_level=None)
        self.addCleanup(database.close)
        database.execute("BEGIN IMMEDIATE")
        self.refuses("--busy-timeout", "100ms", "sync", self.store.table, words="holds its lock")
        _, out, _ = self.store.run("--freshness", "cached", "files", self.store.table, "--count")
        self.assertEqual(int(out), self.log.totals[before][0])
        database.execute("ROLLBACK")
        database.close()
        self.expect_at(before, 3)
        self.recovers()

    # --- what is not this program's --------------------------------------------------------------
    def refuses_everything(self, words):
        content = pathlib.Path(self.store.path).read_bytes()
        for command in (["tables"], ["files", self.store.table], ["sync", self.store.table], ["add", self.store.table],
                        ["check", self.store.table], ["forget", self.store.table], ["status"]):
            with self.subTest(command=command[0]):
                self.refuses(*command, words=words)
        self.assertEqual(pathlib.Path(self.store.path).read_bytes(), content)

    def set_version(self, version):
        with sqlite3.connect(self.store.path) as database:
            database.execute(f"PRAGMA user_version={version}")
        database.close()

    def test_newer_schema(self):
        self.store.run("add", self.store.table)
        with sqlite3.connect(self.store.path) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
        database.close()
        self.set_version(version + 1)
        self.refuses_everything(re.escape(f"version {version + 1}"))
        self.set_version(version)
        self.expect_at(self.log.newest, 0)

    def test_another_database(self):
        with sqlite3.connect(self.store.path) as database:
            database.execute("CREATE TABLE theirs(x)")
        database.close()
        self.refuses_everything("not a Levee store")

    def test_a_database_of_another_application(self):
        with sqlite3.connect(self.store.path) as database:
            database.execute("PRAGMA application_id=0x47504b47")  # a GeoPackage
            database.execute("PRAGMA user_version=1")
        database.close()
        self.refuses_everything("not a Levee store")

    def test_a_database_cut_short(self):
        self.store.run("add", self.store.table)
        path = pathlib.Path(self.store.path)
        content = path.read_bytes()
        path.write_bytes(content[:100_000])
        self.refuses_everything("store .*: (its database is damaged|this file is no SQLite database)")

    def test_no_database(self):
        pathlib.Path(self.store.path).write_text("a letter to a friend\n" * 1000)
        self.refuses_everything("no SQLite database")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levee", required=True)
    options, rest = parser.parse_known_args()
    LEVEE = str(pathlib.Path(options.levee).resolve())
    FOLDER = tempfile.mkdtemp(prefix="levee-faults-")
    os.chmod(FOLDER, 0o755)
    try:
        TEMPLATE = make_template(pathlib.Path(FOLDER, "template"), 20_000)
        outcome = unittest.main(argv=[sys.argv[0], *rest], exit=False, verbosity=2)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(not outcome.result.wasSuccessful())
