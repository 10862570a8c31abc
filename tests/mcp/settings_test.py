"""Settings of `levee memory serve`: its own, and those of the bank that change while it serves. settings_test.py LEVEE"""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

LEVEE = ""
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


def call(number, name, **arguments):
    params = {"_meta": META, "name": "memory_" + name, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}) + "\n"


class SettingsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.config = os.path.join(folder.name, "levee.toml")
        self.store = os.path.join(folder.name, "levee.db")
        with open(self.config, "w", encoding="utf-8"):
            pass

    def set(self, key, value):
        subprocess.run([LEVEE, "config", "set", key, value, "--file", self.config], check=True, capture_output=True)

    def command(self):
        return [LEVEE, "--config", self.config, "--store", self.store, "memory", "serve", "--mcp"]

    def ask(self, *lines):
        done = subprocess.run(self.command(), input="".join(lines), capture_output=True, timeout=60, check=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_results_are_as_long_as_they_may_be(self):
        self.ask(call(1, "store", id="long", category="note", content="word " * 8_000))
        whole = self.ask(call(1, "get", id="long"))[0]["result"]
        self.set("memory_mcp_result_bytes", "2KB")
        cut = self.ask(call(1, "get", id="long"))[0]["result"]
        self.assertGreater(len(json.dumps(whole)), 40_000)
        self.assertLess(len(json.dumps(cut)), 10_000)

    def test_messages_are_as_long_as_they_may_be(self):
        line = call(1, "store", id="a", category="note", content="x" * 5_000)
        self.assertIn("result", self.ask(line)[0])
        self.set("memory_mcp_line_bytes", "2KB")
        self.assertIn("error", self.ask(line)[0])

    def test_what_config_set_says_is_taken_up_meanwhile(self):
        server = subprocess.Popen(self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def store(number):
            server.stdin.write(call(number, "store", id=f"i{number}", category="note", content="x" * 100))
            server.stdin.flush()
            return json.loads(server.stdout.readline())["result"]

        self.assertFalse(store(1).get("isError", False))
        self.set("memory_content_limit", "50")
        end = time.monotonic() + 20
        number = 2
        while not store(number).get("isError", False):
            self.assertLess(time.monotonic(), end, "it is not taken up")
            number += 1
            time.sleep(0.1)
        self.set("memory_content_limit", "")
        while store(number).get("isError", False):
            self.assertLess(time.monotonic(), end, "it is not taken back")
            number += 1
            time.sleep(0.1)
        server.stdin.close()
        self.assertEqual(server.wait(timeout=20), 0)
        server.stdout.close()


if __name__ == "__main__":
    LEVEE = sys.argv.pop(1)
    unittest.main()
