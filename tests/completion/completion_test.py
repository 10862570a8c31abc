"""What bash and zsh offer after `levee completion`, and what the manual page has, against what --help says."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

LEVEE = os.environ["LEVEE"]
# Words as bash's own splitting gives them: "=" is one of its own.
DRIVER = """source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _levee; printf '%s\\n' "${COMPREPLY[@]}"
"""
# Types a line and two tabs into a zsh of its own, and prints what it lists.
ZSH_DRIVER = """zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "source $1/init.zsh"
zpty -w z "echo read''y"; zpty -r -m z text '*ready*'
zpty -w -n z "$2"$'\\t\\t'; sleep 2
while zpty -r -t z text; do print -rn -- "$text"; done
zpty -d z
"""
ZSH_INIT = "fpath=({folder} $fpath); PS1=; stty rows 200 columns 150; autoload -Uz compinit; compinit -u -D; LISTMAX=1000\n"


def help_of(*command):
    return subprocess.run([LEVEE, *command, "--help"], text=True, capture_output=True, check=True).stdout


def options_of(text):
    return set(re.findall(r"^  (--[\w-]+)", text, re.M))


def settings():
    """The options that each setting is; --help tells the common ones alone."""
    shown = json.loads(subprocess.run([LEVEE, "config", "show", "--format", "json"], capture_output=True, check=True).stdout)
    return {"--" + setting["key"].replace("_", "-") for setting in shown["settings"]}


def commands():
    """Their names, of one word or, as "memory put", two."""
    listed = help_of().split("commands (", 1)[1].split("\noptions\n")[0]
    return re.findall(r"^  ((?:memory )?[\w-]+)", listed, re.M)


def first_words():
    return {name.split()[0] for name in commands()}


class Completion(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        for shell, name in (("bash", "levee.bash"), ("zsh", "_levee")):
            script = subprocess.run([LEVEE, "completion", shell], text=True, capture_output=True, check=True).stdout
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(script)

    def offered(self, *words):
        done = subprocess.run(["bash", "-c", DRIVER, "bash", os.path.join(self.folder, "levee.bash"), "levee", *words],
                              text=True, capture_output=True, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.splitlines()) - {""}

    def test_commands(self):
        self.assertGreater(len(commands()), 12)
        self.assertEqual(self.offered(""), first_words())
        self.assertEqual(self.offered("fi"), {"files"})
        self.assertEqual(self.offered("--store", "x.db", "fi"), {"files"})
        self.assertEqual(self.offered("--store", "=", "x.db", "fi"), {"files"})
        self.assertEqual(self.offered("--version", ""), set())
        members = {name.split()[1] for name in commands() if name.startswith("memory ")}
        self.assertGreater(len(members), 10)
        self.assertEqual(self.offered("memory", ""), members)
        self.assertEqual(self.offered("--store", "x.db", "memory", "fi"), {"find"})

    def test_options_of_each_command(self):
        for command in commands():
            with self.subTest(command):
                self.assertEqual(self.offered(*command.split(), "--"), options_of(help_of(*command.split())) | settings() | {"--help"})
        self.assertEqual(self.offered("files", "table", "--wh"), {"--where"})
        self.assertEqual(self.offered("--freshness", "cached", "files", "--exc"), {"--except"})
        self.assertIn("--version", self.offered("--"))

    def test_every_format_is_taken(self):
        """What is offered for --format is what a wrong word is answered with."""
        for command in commands():
            if "--format" not in options_of(help_of(*command.split())) or command in ("bench", "config"):
                continue  # whose modes take words of their own
            with self.subTest(command):
                wrong = subprocess.run([LEVEE, *command.split(), "t", "--format", "xml", *(["p", "--where", "x"] * (command == "why")),
                                        *(["--from", "1"] * (command == "changes"))], text=True, capture_output=True)
                if "no value for it" not in wrong.stderr:
                    continue
                taken = re.search(r"give one of (.*)\)", wrong.stderr)[1].split(", ")
                self.assertEqual(self.offered(*command.split(), "t", "--format", ""), set(taken))

    def test_values(self):
        self.assertEqual(self.offered("files", "t", "--explain", "=", "s"), {"svg"})
        self.assertEqual(self.offered("files", "t", "--explain", "="), {"text", "json", "svg"})
        self.assertEqual(self.offered("--profile", "con"), {"constrained"})
        self.assertEqual(self.offered("files", "--key-indexes", ""), {"on", "off"})
        self.assertEqual(self.offered("files", "t", "--where", ""), set())
        self.assertEqual(self.offered("files", "t", "--format", ""), {"table", "ndjson", "csv", "paths", "arrow", "parquet"})
        self.assertEqual(self.offered("files", "t", "--format", "=", "p"), {"paths", "parquet"})
        self.assertEqual(self.offered("history", "t", "--format", ""), {"table", "ndjson"})
        self.assertEqual(self.offered("--profile", "edge", "check", "t", "--format", "j"), {"json"})
        self.assertEqual(self.offered("bench", "t", "--output", ""), {"paths", "none", "arrow"})
        self.assertEqual(self.offered("config", "sh"), {"show"})
        self.assertEqual(self.offered("completion", ""), {"bash", "zsh"})

    def test_files(self):
        open(os.path.join(self.folder, "listing of files.csv"), "w").close()
        for words in (("files", "listing"), ("files", "t", "--paths", "list"), ("add", "lis")):
            with self.subTest(words):
                self.assertEqual(self.offered(*words), {"listing of files.csv"})
        self.assertEqual(self.offered("tables", ""), set())

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here")
    def test_zsh(self):
        with open(os.path.join(self.folder, "init.zsh"), "w") as file:
            file.write(ZSH_INIT.format(folder=self.folder))

        def typed(line):
            done = subprocess.run(["zsh", "-f", "-c", ZSH_DRIVER, "zsh", self.folder, line], text=True, capture_output=True,
                                  errors="replace")
            return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", done.stdout)  # without colours and cursor movements
        listed = typed("levee ")
        self.assertEqual([name for name in first_words() if not re.search(rf"\b{name} ", listed)], [])
        listed = typed("levee files --")
        self.assertEqual([name for name in options_of(help_of("files")) if name not in listed], [])
        self.assertRegex(typed("levee files t --explain=s"), "--explain=svg")

    def test_the_manual_has_every_option(self):
        page = subprocess.run([LEVEE, "manual"], text=True, capture_output=True, check=True).stdout
        if shutil.which("groff"):
            shown = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-P-cbou"], text=True, capture_output=True, input=page)
            self.assertEqual((shown.returncode, shown.stderr), (0, ""))
            self.assertIn("levee files orders --version 12 --format ndjson", shown.stdout)
        page = page.replace("\\-", "-")
        for command in commands():
            with self.subTest(command):
                section = page.split(f"\n.SS levee {command}", 1)[1].split("\n.S", 1)[0]
                own = options_of(help_of(*command.split()).split("\noptions of every command\n")[0])
                self.assertEqual(set(re.findall(r"^\\fB(--[\w-]+)", section, re.M)), own)
        section = page.split("\n.SH OPTIONS\n")[1].split("\n.SH", 1)[0]
        everywhere = settings() | {"--config", "--help", "--version"}
        self.assertLessEqual(options_of(help_of().split("\noptions\n")[1]), everywhere)
        self.assertEqual(set(re.findall(r"^\\fB(--[\w-]+)", section, re.M)), everywhere)
        self.assertIn("\\fBLEVEE_MEMORY_LIMIT", page)

    def test_other_shells_are_refused(self):
        done = subprocess.run([LEVEE, "completion", "fish"], text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertRegex(done.stderr, r"^levee: completion fish: .*\(give bash or zsh\)$")


if __name__ == "__main__":
    unittest.main()
