"""`levee memory serve --mcp` through the official client: what one agent stores, another and the command line find.

Run by the interpreter that has the package `mcp`: program_test.py LEVEE
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from mcp import Client, StdioServerParameters

LEVEE = ""


class ProgramTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.store = os.path.join(folder.name, "levee.db")

    def serve(self, mode="auto", *options):
        arguments = ["--store", self.store, "memory", "serve", "--mcp", *options]
        return Client(StdioServerParameters(command=LEVEE, args=arguments), mode=mode, read_timeout_seconds=60)

    def levee(self, *arguments):
        done = subprocess.run([LEVEE, "--store", self.store, *arguments], capture_output=True, timeout=60, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    async def call(self, client, name, **arguments):
        result = await client.call_tool("memory_" + name, arguments)
        self.assertFalse(result.is_error, result.content)
        return result.structured_content

    async def test_two_agents_and_a_person_share_a_memory(self):
        async with self.serve("auto", "--author", "ann") as ann, self.serve("legacy", "--author", "bob") as bob:
            for i in range(20):
                await self.call(
                    ann, "store", id=f"a{i}", category="note", content=f"orders is late, report {i}", tags=["lake"]
                )
                found = await self.call(bob, "search", words=f"report {i}", allWords=True)
                self.assertEqual([item["id"] for item in found["items"]], [f"a{i}"], "seen at once")
            changed = await self.call(bob, "update", id="a3", expectedVersion=1, content="orders is on time")
            self.assertEqual(changed["outcomes"][0]["version"], 2)
            conflict = await self.call(ann, "update", id="a3", expectedVersion=1, content="late still")
            self.assertEqual(conflict["outcomes"][0], {"id": "a3", "outcome": "conflict", "version": 2})
            history = await self.call(ann, "get", id="a3", history=True)
            self.assertEqual([version["author"] for version in history["items"]], ["bob", "ann"])
            person = self.levee("memory", "find", "on time", "--format", "ndjson")
            self.assertEqual(person[0]["id"], "a3")
            self.assertIn("**on** **time**", person[0]["snippet"])
        async with self.serve() as later:
            page = await self.call(later, "query", tags=["lake"], count=True, limit=5)
            self.assertEqual((page["count"], len(page["items"])), (20, 5))
            self.assertEqual((await later.read_resource("levee://memory/a3")).contents[0].text, "orders is on time")

    async def test_typing_errors_and_errors(self):
        async with self.serve() as client:
            await self.call(client, "store", category="note", content="the warehouse of customers")
            self.assertEqual(len((await self.call(client, "search", words="warehuose"))["items"]), 1)
            wrong = await client.call_tool("memory_search", {"words": "(warehouse"})
            self.assertTrue(wrong.is_error)
            self.assertTrue(wrong.content[0].text.startswith("INVALID_QUERY: "))
            names = await self.call(client, "namespaces")
            self.assertEqual([one["name"] for one in names["namespaces"]], ["default"])

    async def test_an_export_of_one_memory_fills_another(self):
        items = [
            {"id": f"i{i:03}", "category": "note", "content": f"text {i} " * 40, "metadata": {"n": i}} for i in range(500)
        ]
        async with self.serve() as client:
            await self.call(client, "store", items=items)
            lines, cursor = [], None
            while cursor != "":
                page = await self.call(client, "export", **({"cursor": cursor} if cursor else {}))
                lines += page["jsonl"].splitlines()
                cursor = page.get("nextCursor", "")
        self.store += ".other"
        async with self.serve() as client:
            self.assertEqual((await self.call(client, "import", jsonl="\n".join(lines)))["stored"], 500)
            self.assertEqual((await self.call(client, "query", metadata="n >= 490", count=True))["count"], 10)


if __name__ == "__main__":
    LEVEE = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
