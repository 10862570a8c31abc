#!/usr/bin/env python3
"""Every rule of tools/tidy finds its breach in a small tree, and nothing in a clean one."""
import importlib.machinery
import importlib.util
import os
import tempfile
import unittest

TIDY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "tidy")

CLEAN = {
    "src/base/CMakeLists.txt": "levee_layer(base INCLUDES)",
    "src/base/status.h": "namespace levee {\nclass Status {};\n}\n",
    "src/types/CMakeLists.txt": "levee_layer(types INCLUDES base)",
    "src/types/value.cc": '#include "base/status.h"\n#include "types/value.h"\n',
    "src/types/value_test.cc": '#include "types/value.h"\n',
}


def load(root):
    loader = importlib.machinery.SourceFileLoader("tidy", TIDY)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", loader))
    loader.exec_module(module)
    module.ROOT = root
    return module


def body(lines):
    return "int Long() {\n" + "  ++count;\n" * (lines - 2) + "}\n"


class TidyTest(unittest.TestCase):
    def findings(self, extra):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**CLEAN, **extra}.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return [f"{path}:{line}: {text}" for path, line, text in load(root).inspect().lines]

    def expect(self, extra, place, words):
        found = self.findings(extra)
        self.assertTrue(any(f.startswith(place) and words in f for f in found), found)

    def test_clean_tree(self):
        self.assertEqual(self.findings({}), [])

    def test_include_up(self):
        self.expect({"src/base/a.cc": '\n#include "types/value.h"\n'}, "src/base/a.cc:2:", "layer base may not include")

    def test_include_sideways(self):
        self.expect({"src/cache/CMakeLists.txt": "levee_layer(cache INCLUDES base)",
                     "src/cache/a.cc": '#include "types/value.h"\n'}, "src/cache/a.cc:1:", "may not include")

    def test_include_through_a_lower_layer(self):
        self.assertEqual(self.findings({"src/expr/CMakeLists.txt": "levee_layer(expr INCLUDES types)",
                                        "src/expr/a.cc": '#include "base/status.h"\n'}), [])

    def test_subfolder_is_a_layer_of_its_own(self):
        self.expect({"src/store/CMakeLists.txt": "levee_layer(store INCLUDES types FOLDER_ONLY)\n"
                                                 "levee_layer(store_sql INCLUDES store SOURCE_FOLDER sql)",
                     "src/store/a.cc": '#include "store/sql/b.h"\n'}, "src/store/a.cc:1:", "layer store may not")

    def test_folder_that_is_no_layer(self):
        self.expect({"src/odd/a.cc": ""}, "src/odd/a.cc:1:", "no CMakeLists.txt")

    def test_banned_header(self):
        self.expect({"src/base/a.cc": "#include <iostream>\n"}, "src/base/a.cc:1:", "<iostream>")

    def test_confined_header(self):
        self.expect({"src/base/a.cc": "#include <sqlite3.h>\n"}, "src/base/a.cc:1:", "src/store/sqlite only")

    def test_long_function(self):
        self.expect({"src/base/a.cc": body(71)}, "src/base/a.cc:1:", "function Long has 71 lines")
        self.assertEqual(self.findings({"src/base/a.cc": body(70)}), [])

    def test_long_file(self):
        self.expect({"src/base/a.cc": "// x\n" * 1000}, "src/base/a.cc:1:", "file has 1001 lines")

    def test_ratchet_only_shrinks(self):
        known = {"tools/tidy_ratchet.json": '{"src/base/a.cc:Long": 80}'}
        self.assertEqual(self.findings({**known, "src/base/a.cc": body(80)}), [])
        self.expect({**known, "src/base/a.cc": body(81)}, "src/base/a.cc:1:", "the limit is 80")
        self.expect({**known, "src/base/a.cc": body(75)}, "src/base/a.cc:1:", "shrank")
        self.expect(known, "tools/tidy_ratchet.json:1:", "no longer too long")

    def test_braces_in_text_do_not_count(self):
        text = 'int A() {\n  Use("}{", \'{\');  // }\n' + "  ++n;\n" * 60 + "}\n" + "int B() {\n" + "  ++n;\n" * 60 + "}\n"
        self.assertEqual(self.findings({"src/base/a.cc": text}), [])

    def test_empty_names(self):
        self.expect({"src/base/string_util.h": ""}, "src/base/string_util.h:1:", "'util'")
        self.expect({"src/base/a.h": "class PoolManager {};\n"}, "src/base/a.h:1:", "'PoolManager'")

    def test_unregistered_test(self):
        self.expect({"tests/sweep/CMakeLists.txt": "", "tests/sweep/sweep_test.py": ""},
                    "tests/sweep/sweep_test.py:1:", "registers this test")

    def test_text(self):
        self.expect({"src/base/a.h": "\n// TO" "DO\n"}, "src/base/a.h:2:", "says what is to do")
        self.assertEqual(self.findings({"src/base/a.h": "// TODO: read sidecars in parallel\n"}), [])
        self.expect({"docs/a.md": "see /" "home/me/x\n"}, "docs/a.md:1:", "absolute path")


if __name__ == "__main__":
    unittest.main()
