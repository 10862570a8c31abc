"""`cmake --install`, and programs of others against what it installs."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import pyarrow

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
TRIPS = os.path.realpath(os.path.join(ROOT, "examples/trips"))
BUILD, CMAKE = os.environ["LEVEE_BUILD"], os.environ["CMAKE"]
WHERE = "date = '2024-03-03' AND trip_id BETWEEN 1800 AND 2200"
# Of the public headers, as the C++ compiler spells them.
PUBLIC_FUNCTIONS = "OpenStore|OpenMemory|CheckStatusName|CompareClocks|OutcomeName|ErrorCodeName|Error::ToString"
PUBLIC_NAMES = re.compile(rf"levee_\w+|levee::({PUBLIC_FUNCTIONS})\b.*|levee::Cancel(Token|Scope)::.*|"
                          r"(typeinfo|typeinfo name|vtable) for levee::(Store|Table|MemoryBank)")
# The libraries that every Debian has.
SYSTEM_LIBRARIES = {"libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6", "ld-linux-x86-64.so.2"}


def clean_environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LEVEE") and k != "LD_LIBRARY_PATH"}
    return {**kept, **more}


def run(*command, **environment):
    done = subprocess.run(command, text=True, capture_output=True, env=clean_environment(**environment))
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


@unittest.skipIf(os.environ.get("LEVEE_SANITIZE"), "a program without the sanitizer cannot load the library")
class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        first, cls.prefix = os.path.join(cls.folder, "first"), os.path.join(cls.folder, "moved here")
        run(CMAKE, "--install", BUILD, "--prefix", first)
        os.rename(first, cls.prefix)
        cls.program, cls.library = cls.installed("bin/levee"), cls.installed("lib/liblevee.so")

    @classmethod
    def installed(cls, path):
        return os.path.join(cls.prefix, path)

    def store(self):
        return os.path.join(tempfile.mkdtemp(dir=self.folder), "levee.db")

    @staticmethod
    def run_path(module):
        return re.search(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", run("readelf", "-d", module))[1]

    def build_example(self, name, program="list_files"):
        built = os.path.join(self.folder, name)
        run(CMAKE, "-S", os.path.join(ROOT, "examples", name), "-B", built, f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run(CMAKE, "--build", built)
        return os.path.join(built, program)

    def listed(self, where=None):
        """What the installed program answers."""
        question = ["--where", where] if where else []
        return run(self.program, "files", TRIPS, *question, "--columns", "path,size", "--order-by", "path", "--format",
                   "csv", "--store", self.store())

    def check_example(self, program):
        for where in (WHERE, None):
            answer = self.listed(where)
            self.assertEqual(len(answer.splitlines()), 2 if where else 78)
            self.assertEqual(run(program, self.store(), TRIPS, *([where] if where else [])), answer)
        failed = subprocess.run([program, self.store(), TRIPS, "no_column = 1"], text=True, capture_output=True)
        self.assertEqual((failed.returncode, failed.stdout), (1, ""))
        self.assertRegex(failed.stderr, "^list_files: predicate: .*no_column")

    def test_a_cpp_program_by_find_package(self):
        self.check_example(self.build_example("cpp"))

    def test_a_cpp_program_that_remembers(self):
        program, store = self.build_example("cpp", "remember"), self.store()
        first = run(program, store, "The orders table is late on Mondays").splitlines()
        self.assertRegex(first[0], "^stored [0-9a-f-]{36}$")
        second = run(program, store, "late ordres").splitlines()
        self.assertEqual(second[1].split()[1], second[0].split()[1])  # itself, word for word
        self.assertEqual(second[2].split()[1], first[0].split()[1])   # and the other, for all the typing error
        failed = subprocess.run([program, store, ""], text=True, capture_output=True)
        self.assertEqual((failed.returncode, failed.stdout), (1, ""))
        self.assertRegex(failed.stderr, "^remember: .*content")

    def test_a_c_program(self):
        program = self.build_example("c")
        self.check_example(program)
        if shutil.which("valgrind"):
            # On a store that has the table: valgrind finds fault with the loader of libarrow's dependencies, not with ours.
            store = self.store()
            run(program, store, TRIPS)
            checked = run("valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite",
                          "--errors-for-leak-kinds=definite", "--error-exitcode=9", program, store, TRIPS, WHERE)
            self.assertEqual(checked, self.listed(WHERE))

    def test_a_c_program_that_follows_a_table(self):
        program, store = self.build_example("c", "follow_table"), self.store()
        printed = run(program, store, TRIPS).splitlines()
        ask = [self.program, "--store", store, "--freshness", "cached"]
        commits = [json.loads(line) for line in run(*ask, "history", TRIPS, "--limit", "3", "--format", "ndjson").splitlines()]
        changes = [json.loads(line) for line in run(*ask, "changes", TRIPS, "--from", str(commits[0]["version"] - 1),
                                                    "--format", "ndjson").splitlines()]
        self.assertTrue(changes)
        self.assertEqual([line.split(",")[::2] for line in printed[1:4]],
                         [[str(commit["version"]), str(commit["filesAdded"])] for commit in commits])
        self.assertEqual(printed[4], "change,path")
        self.assertEqual(sorted(printed[5:]), sorted(f"{row['change']},{row['path']}" for row in changes))
        failed = subprocess.run([program, store, "/nowhere"], text=True, capture_output=True)
        self.assertEqual((failed.returncode, failed.stdout), (1, ""))
        self.assertRegex(failed.stderr, "^follow_table: not-a-table: .*nowhere")

    def test_a_cpp_program_by_pkg_config(self):
        source, program = os.path.join(ROOT, "examples/cpp/list_files.cc"), os.path.join(self.folder, "by_pkg_config")
        flags = run("pkg-config", "--cflags", "--libs", "levee", PKG_CONFIG_PATH=self.installed("lib/pkgconfig")).strip()
        command = f"c++ -std=c++23 '{source}' -o '{program}' {flags} '-Wl,-rpath,{self.prefix}/lib'"
        run("sh", "-c", command)
        self.assertEqual(run(program, self.store(), TRIPS, WHERE), self.listed(WHERE))

    def test_the_library_shows_its_interface_and_nothing_else(self):
        names = run("nm", "-DC", "--defined-only", "--format=just-symbols", self.library).split("\n")
        names = [name for name in names if name]
        shown = {re.sub(r"[(\[].*", "", name) for name in names}
        self.assertLessEqual({f"levee::{name}" for name in PUBLIC_FUNCTIONS.split("|")}, shown)
        self.assertEqual([name for name in names if not PUBLIC_NAMES.fullmatch(name)], [])

    def test_the_library_needs_the_system_only(self):
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", self.library)))
        self.assertLessEqual(needed, SYSTEM_LIBRARIES)

    def test_the_manual_page(self):
        with open(self.installed("share/man/man1/levee.1")) as page:
            self.assertEqual(page.read(), run(self.program, "manual"))

    @unittest.skipUnless(shutil.which("dpkg-deb"), "no dpkg-deb here")
    def test_a_debian_package(self):
        built, unpacked = os.path.join(self.folder, "built"), os.path.join(self.folder, "unpacked")
        run("cpack", "-G", "DEB", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", built,
            "-D", "CPACK_INSTALL_CMAKE_PROJECTS=", "-D", f"CPACK_INSTALLED_DIRECTORIES={self.prefix};/usr")
        package, = [os.path.join(built, name) for name in os.listdir(built) if name.endswith(".deb")]
        self.assertRegex(os.path.basename(package), r"^levee_\d+\.\d+\.\d+_\w+\.deb$")
        run("dpkg-deb", "-x", package, unpacked)
        program, module = os.path.join(unpacked, "usr/bin/levee"), os.path.join(unpacked, "usr/lib/levee_arrow.so")
        self.assertEqual(self.run_path(module), "$ORIGIN:$ORIGIN/levee/pyarrow")  # no folder of the machine that built it
        count = [program, "files", TRIPS, "--count", "--store", self.store()]
        without = subprocess.run(count, text=True, capture_output=True, env=clean_environment())
        self.assertEqual((without.returncode, without.stdout), (1, ""))
        self.assertIn("LEVEE_ARROW_LIBRARIES", without.stderr)
        os.makedirs(os.path.join(unpacked, "usr/lib/levee"))
        os.symlink(os.path.dirname(pyarrow.__file__), os.path.join(unpacked, "usr/lib/levee/pyarrow"))
        self.assertEqual(run(*count), "77\n")
        for file in ("lib/liblevee.so", "include/levee/levee_c.h", "share/man/man1/levee.1"):
            self.assertTrue(os.path.exists(os.path.join(unpacked, "usr", file)), file)
        self.assertIn("libstdc++6", run("dpkg-deb", "--field", package, "Depends"))

    def test_what_shells_take(self):
        for file, shell in (("bash-completion/completions/levee", "bash"), ("zsh/site-functions/_levee", "zsh")):
            with open(self.installed("share/" + file)) as script:
                self.assertEqual(script.read(), run(self.program, "completion", shell))

    def test_each_header_stands_alone(self):
        headers = sorted(os.listdir(self.installed("include/levee")))
        self.assertIn("levee.h", headers)
        for header in headers:
            with self.subTest(header):
                run("c++", "-std=c++23", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                    f"-I{self.prefix}/include", "-include", f"levee/{header}", "-x", "c++", "/dev/null")
        for header in ("levee_c.h", "arrow_abi.h"):
            run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wstrict-prototypes", "-fsyntax-only",
                f"-I{self.prefix}/include", "-include", f"levee/{header}", "-x", "c", "/dev/null")

    def test_where_libarrow_is_looked_for(self):
        paths = re.search(r"R(?:UN)?PATH.*\[(.*)\]", run("readelf", "-d", self.installed("lib/levee_arrow.so")))
        self.assertTrue(paths[1].startswith("$ORIGIN:"), paths[1])
        question = (self.program, "files", TRIPS, "--count", "--store")
        linked = os.path.join(self.folder, "arrow")
        os.symlink(os.path.dirname(pyarrow.__file__), linked)
        loaded = subprocess.run([*question, self.store()], text=True, capture_output=True,
                                env=clean_environment(LEVEE_ARROW_LIBRARIES=linked, LD_DEBUG="files"))
        self.assertEqual(loaded.stdout, "77\n")
        self.assertRegex(loaded.stderr, f"calling init: {linked}/libarrow.so")
        for variable in ("LEVEE_ARROW_LIBRARIES", "LEVEE_ARROW_MODULE"):
            with self.subTest(variable):
                asked = subprocess.run([*question, self.store()], text=True, capture_output=True,
                                       env=clean_environment(**{variable: "/nowhere"}))
                self.assertEqual((asked.returncode, asked.stdout), (1, ""))
                self.assertRegex(asked.stderr, "what reads and writes it cannot be loaded: /nowhere.*LEVEE_ARROW_MODULE")


if __name__ == "__main__":
    unittest.main()
