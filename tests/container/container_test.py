"""The Containerfile, as far as it can be held to without a daemon that builds images: what it copies is there, what it installs
agrees with what the build and the package need, and the image's files answer, put together as its instructions say."""
import fnmatch
import glob
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD, CMAKE = os.environ["LEVEE_BUILD"], os.environ["CMAKE"]
INSTRUCTION = re.compile(r"(FROM|RUN|COPY|WORKDIR|USER|ENV|VOLUME|ENTRYPOINT|CMD)\s+(.*)")


def instructions():
    """[[(word, rest)] of a stage], lines that end in a backslash joined, comments left out."""
    text = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", (ROOT / "Containerfile").read_text(), flags=re.M))
    stages = []
    for line in filter(str.strip, text.splitlines()):
        word, rest = INSTRUCTION.fullmatch(line.strip()).groups()
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, rest))
    return stages


def of(stage, word):
    return [rest for name, rest in stage if name == word]


class Container(unittest.TestCase):
    def setUp(self):
        self.build, self.image = instructions()

    def test_both_stages_are_the_debian_of_the_readme(self):
        self.assertEqual([of(stage, "FROM")[0].split()[0] for stage in (self.build, self.image)],
                         ["docker.io/library/debian:bookworm-slim"] * 2)
        self.assertIn("Debian 12", (ROOT / "README.md").read_text())

    def test_what_is_copied_is_there_and_not_ignored(self):
        ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
        sources = [word for rest in of(self.build, "COPY") for word in shlex.split(rest)[:-1]]
        self.assertEqual(sources, ["tools/setup", "."])
        needed = [name for name in subprocess.run(["git", "ls-files"], cwd=ROOT, text=True, capture_output=True,
                                                  check=False).stdout.splitlines()]
        for name in [*needed, "tools/setup", "CMakePresets.json", "src/cli/main.cc", "cmake/Install.cmake"]:
            parts = [name[:i] for i, letter in enumerate(name) if letter == "/"] + [name]
            self.assertFalse([p for p in parts for pattern in ignored if fnmatch.fnmatch(p, pattern.removeprefix("**/"))], name)
        # The first step runs on what was copied before it.
        first = [word for word, _ in self.build].index("RUN")
        self.assertEqual(self.build[first], ("RUN", "tools/setup"))
        self.assertTrue(os.access(ROOT / "tools/setup", os.X_OK))

    def test_the_presets_and_options_exist(self):
        run = " ".join(of(self.build, "RUN"))
        presets = (ROOT / "CMakePresets.json").read_text()
        for preset in re.findall(r"--preset (\w+)", run):
            self.assertIn(f'"name": "{preset}"', presets)
        sources = "".join(path.read_text() for path in (ROOT / "cmake").glob("*.cmake"))
        for option in re.findall(r"-D(LEVEE_\w+)=", run):
            self.assertIn(f"set({option} ", sources)

    def test_the_image_has_what_the_package_depends_on(self):
        depends = re.search(r'PACKAGE_DEPENDS "(.*)"', (ROOT / "cmake/Install.cmake").read_text())[1]
        names = {part.split()[0] for part in depends.split(",")}
        installed = set(re.search(r"--no-install-recommends ([^&]*)", " ".join(of(self.image, "RUN")))[1].split())
        # Every Debian has libc6; libstdc++6 brings libgcc-s1.
        self.assertLessEqual(names - {"libc6", "libgcc-s1"}, installed)

    def test_it_runs_the_program_as_nobody_special(self):
        self.assertEqual(of(self.image, "ENTRYPOINT"), ['["levee"]'])
        user, = of(self.image, "USER")
        self.assertRegex(" ".join(of(self.image, "RUN")), rf"useradd --system --uid [1-9]\d+ .*\b{user}\b")
        words = [word for word, _ in self.image]
        self.assertLess(words.index("COPY"), words.index("USER"))
        self.assertLess(words.index("USER"), words.index("ENTRYPOINT"))
        self.assertIn("LEVEE_STORE=/var/lib/levee/levee.db", of(self.image, "ENV")[0])
        self.assertEqual(of(self.image, "VOLUME"), ["/var/lib/levee"])

    @unittest.skipIf(os.environ.get("LEVEE_SANITIZE"), "of a build that is installed")
    def test_the_files_of_the_image_answer(self):
        self.assertEqual(of(self.image, "COPY"), ["--from=build /image/usr /usr"])
        copied = re.findall(r"(build/_deps/\S+)", " ".join(of(self.build, "RUN")))
        self.assertEqual(len(copied), 2)
        folder = tempfile.mkdtemp(prefix="levee-container-")
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run([CMAKE, "--install", BUILD, "--prefix", "/usr", "--strip"], check=True, capture_output=True,
                       env={**os.environ, "DESTDIR": folder})
        libraries = os.path.join(folder, "usr/lib/levee/pyarrow")
        os.makedirs(libraries)
        for pattern in copied:
            found = glob.glob(str(ROOT / pattern))
            self.assertTrue(found, pattern)
            for library in found:
                shutil.copy(library, libraries)
        # As the configured folder would have it, not where this build's PyArrow is.
        module = os.path.join(folder, "usr/lib/levee_arrow.so")
        script = pathlib.Path(folder, "run_path.cmake")
        script.write_text(f'file(RPATH_SET FILE "{module}" NEW_RPATH "$ORIGIN:$ORIGIN/levee/pyarrow")\n')
        subprocess.run([CMAKE, "-P", script], check=True)
        answer = subprocess.run([os.path.join(folder, "usr/bin/levee"), "files", ROOT / "examples/trips", "--count"], text=True,
                                capture_output=True, check=False,
                                env={"LEVEE_STORE": os.path.join(folder, "levee.db"), "PATH": "/usr/bin:/bin"})
        self.assertEqual((answer.returncode, answer.stdout), (0, "77\n"), answer.stderr)

    def test_pyarrow_is_the_pinned_one_where_the_docs_name_it(self):
        pinned = re.search(r"PYARROW=([\d.]+)", (ROOT / "tools/setup").read_text())[1]
        self.assertEqual(re.findall(r"pyarrow==([\d.]+\d)", (ROOT / "docs/embedding.md").read_text()), [pinned])


if __name__ == "__main__":
    unittest.main()
