"""The MCP server as the protocol's official client from PyPI sees it, in both eras of the protocol.

Run by the interpreter that has the package `mcp`: client_test.py COMMAND...
"""

import asyncio
import json
import sys
import unittest

import mcp
from mcp import Client, StdioServerParameters

COMMAND = []
ERAS = {"legacy": "2025-11-25", "auto": "2026-07-28"}


def connected(mode, *arguments, **options):
    return Client(
        StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], *arguments]),
        mode=mode,
        read_timeout_seconds=30,
        **options,
    )


class ClientTest(unittest.IsolatedAsyncioTestCase):
    async def test_negotiates_the_newest_of_each_era(self):
        for mode, version in ERAS.items():
            async with connected(mode) as client:
                self.assertEqual(client.protocol_version, version)
                self.assertEqual((client.server_info.name, client.server_info.version), ("levee", "1.2.3"))
                self.assertIn("memory_search", client.instructions)
                self.assertIsNotNone(client.server_capabilities.tools)

    async def test_lists_tools_with_schemas(self):
        for mode in ERAS:
            async with connected(mode) as client:
                tools = {tool.name: tool for tool in (await client.list_tools()).tools}
                self.assertEqual(
                    list(tools),
                    [
                        "memory_store",
                        "memory_get",
                        "memory_update",
                        "memory_delete",
                        "memory_query",
                        "memory_search",
                        "memory_namespaces",
                        "memory_export",
                        "memory_import",
                    ],
                )
                for tool in tools.values():
                    self.assertEqual(tool.input_schema["type"], "object")
                    self.assertEqual(tool.output_schema["type"], "object")
                    self.assertFalse(tool.annotations.open_world_hint)
                self.assertTrue(tools["memory_search"].annotations.read_only_hint)
                self.assertTrue(tools["memory_delete"].annotations.destructive_hint)

    async def test_stores_changes_finds_and_forgets(self):
        # The client checks every structured result against its tool's output schema.
        for mode in ERAS:
            async with connected(mode) as client:

                async def call(name, **arguments):
                    result = await client.call_tool("memory_" + name, arguments)
                    self.assertFalse(result.is_error, result.content)
                    self.assertEqual(json.loads(result.content[0].text), result.structured_content)
                    return result.structured_content

                stored = await call(
                    "store",
                    id="a",
                    category="note",
                    content="orders is late",
                    tags=["lake"],
                    metadata={"source": "s1", "n": 3},
                )
                self.assertEqual(stored, {"outcomes": [{"id": "a", "outcome": "stored", "version": 1}]})
                many = await call(
                    "store",
                    items=[
                        {"id": "b", "category": "task", "content": "mend orders", "namespace": "team/x"},
                        {"category": "note", "content": "customers"},
                    ],
                )
                self.assertEqual([one["outcome"] for one in many["outcomes"]], ["stored", "stored"])
                found = await call("search", words="ordres late")
                self.assertEqual([item["id"] for item in found["items"]], ["a", "b"])
                self.assertGreater(found["items"][0]["score"], found["items"][1]["score"])
                self.assertEqual(found["items"][0]["metadata"], {"source": "s1", "n": 3})
                both = await call("search", words="orders late", allWords=True, includeContent=False, count=True)
                self.assertEqual((len(both["items"]), both["count"], "content" in both["items"][0]), (1, 1, False))
                queried = await call("query", metadata="source = 's1' AND n >= 3", tags=["lake"])
                self.assertEqual([item["id"] for item in queried["items"]], ["a"])
                changed = await call("update", id="a", expectedVersion=1, content="orders is on time", addTags=["new"])
                self.assertEqual(changed["outcomes"][0], {"id": "a", "outcome": "updated", "version": 2})
                conflict = await call("update", id="a", expectedVersion=1, content="never")
                self.assertEqual(conflict["outcomes"][0], {"id": "a", "outcome": "conflict", "version": 2})
                got = await call("get", ids=["a", "none"])
                self.assertEqual((got["items"][0]["content"], got["missing"]), ("orders is on time", ["none"]))
                self.assertEqual(got["items"][0]["tags"], ["lake", "new"])
                old = await call("get", id="a", version=1)
                self.assertEqual(old["items"][0]["content"], "orders is late")
                history = await call("get", id="a", history=True)
                self.assertEqual(
                    [(one["operation"], one["version"], one["author"]) for one in history["items"]],
                    [("update", 2, "mcp"), ("store", 1, "mcp")],
                )
                names = await call("namespaces")
                self.assertEqual(
                    [(one["name"], one["items"]) for one in names["namespaces"]], [("default", 2), ("team/x", 1)]
                )
                gone = await call("delete", ids=["a", "none"])
                self.assertEqual([one["outcome"] for one in gone["outcomes"]], ["deleted", "not-found"])

    async def test_what_an_export_writes_an_import_reads(self):
        async with connected("auto", "5000") as client, connected("legacy") as other:
            items = [
                {
                    "id": f"i{i:03}",
                    "category": "note",
                    "content": f"text {i} " * 10,
                    "embedding": [0.1, i],
                    "embeddingModel": "m",
                    "metadata": {"i": i},
                }
                for i in range(60)
            ]
            await client.call_tool("memory_store", {"items": items})
            progress, lines, cursor = [], [], None
            while cursor != "":
                page = (await client.call_tool("memory_export", {"cursor": cursor} if cursor else {})).structured_content
                self.assertLess(len(page["jsonl"]), 6000)
                lines += page["jsonl"].splitlines()
                cursor = page.get("nextCursor", "")
            self.assertEqual([json.loads(line)["id"] for line in lines], [item["id"] for item in items])

            async def note(done, total, message):
                progress.append((done, total))

            imported = await other.call_tool("memory_import", {"jsonl": "\n".join(lines)}, progress_callback=note)
            self.assertEqual(
                imported.structured_content, {"stored": 60, "updated": 0, "kept": 0, "conflicts": 0, "conflictIds": []}
            )
            self.assertEqual(progress, [(60, 60)])
            again = await other.call_tool("memory_import", {"jsonl": "\n".join(lines)})
            self.assertEqual(again.structured_content["kept"], 60)
            exported = (await other.call_tool("memory_export", {})).structured_content["jsonl"].splitlines()
            self.assertEqual(exported, lines)

    async def test_results_are_bounded_and_say_how_to_go_on(self):
        async with connected("auto", "3000") as client:
            items = [{"id": f"i{i}", "category": "note", "content": "é" * 200} for i in range(30)]
            items.append({"id": "long", "category": "note", "content": "ab\n" * 4000})
            await client.call_tool("memory_store", {"items": items})
            seen, cursor = [], None
            while cursor != "":
                arguments = {"order": "id", "limit": 50} | ({"cursor": cursor} if cursor else {})
                page = (await client.call_tool("memory_query", arguments)).structured_content
                self.assertLess(len(json.dumps(page, ensure_ascii=False).encode()), 8000)
                seen += [item["id"] for item in page["items"]]
                cursor = page.get("nextCursor", "")
                if cursor:
                    self.assertIn("nextCursor", page["note"])
            self.assertEqual(seen, sorted(item["id"] for item in items))
            content, offset = "", 0
            while offset < 12000:
                got = (await client.call_tool("memory_get", {"id": "long", "offset": offset})).structured_content
                item = got["items"][0]
                self.assertEqual((item["contentBytes"], item["contentOffset"]), (12000, offset))
                self.assertIn("offset", got.get("note", "offset"))
                content += item["content"]
                offset += len(item["content"])
            self.assertEqual(content, "ab\n" * 4000)

    async def test_errors_of_tools_are_results_with_the_banks_code(self):
        wrong = {
            "memory_store": [
                ({"content": "x"}, "VALIDATION_ERROR"),
                ({"category": "c", "content": "x", "colour": 1}, "colour"),
                ({"items": [{"category": "c", "content": "x"}, {"category": "c", "content": 5}]}, "item 1"),
                ({"items": [], "id": "x"}, "'id'"),
                ({"items": "x"}, "array"),
            ],
            "memory_query": [
                ({"order": "nothing"}, "INVALID_QUERY"),
                ({"limit": 0}, "INVALID_QUERY"),
                ({"limit": "5"}, "whole number"),
                ({"tags": "x"}, "array of strings"),
                ({"since": "yesterday"}, "RFC 3339"),
                ({"cursor": "x"}, "INVALID_QUERY"),
                ({"metadata": "a ="}, "INVALID_QUERY"),
                ({"where": "1"}, "where"),
            ],
            "memory_search": [({}, "words"), ({"words": "(a"}, "INVALID_QUERY"), ({"words": "a", "typos": 3}, "0 to 2")],
            "memory_get": [({}, "either"), ({"id": "a", "ids": ["b"]}, "either"), ({"id": "a", "offset": -1}, "0 or more")],
            "memory_update": [({"content": "x"}, "'id'"), ({"id": "a", "metadata": []}, "object")],
            "memory_delete": [({"ids": ["a"], "expectedVersion": 1}, "goes with id")],
            "memory_import": [
                ({}, "jsonl"),
                ({"jsonl": "{}\nnonsense"}, "line 2"),
                ({"jsonl": "", "onConflict": "x"}, "merge"),
            ],
        }
        async with connected("auto") as client:
            for name, cases in wrong.items():
                for arguments, part in cases:
                    result = await client.call_tool(name, arguments)
                    self.assertTrue(result.is_error, (name, arguments))
                    self.assertIn(part, result.content[0].text)
            self.assertEqual((await client.call_tool("memory_query", {"count": True})).structured_content["count"], 0)

    async def test_items_are_resources(self):
        for mode, missing in (("legacy", -32002), ("auto", -32602)):
            async with connected(mode, "2000") as client:
                items = [{"id": f"a/{i} ü", "category": "note", "content": f"text {i}", "tags": ["t"]} for i in range(150)]
                items.append({"id": "long", "category": "note", "content": "x" * 5000})
                await client.call_tool("memory_store", {"items": items})
                page = await client.list_resources()
                rest = await client.list_resources(cursor=page.next_cursor)
                self.assertIsNone(rest.next_cursor)
                uris = {resource.name: str(resource.uri) for resource in page.resources + rest.resources}
                self.assertEqual(set(uris), {item["id"] for item in items})
                read = await client.read_resource(uris["a/7 ü"])
                self.assertEqual(read.contents[0].text, "text 7")
                self.assertEqual(read.contents[0].meta["levee/item"]["tags"], ["t"])
                text, uri = "", uris["long"]
                while uri:
                    part = (await client.read_resource(uri)).contents[0]
                    text, uri = text + part.text, part.meta.get("levee/next")
                self.assertEqual(text, "x" * 5000)
                templates = await client.list_resource_templates()
                self.assertEqual(templates.resource_templates[0].uri_template, "levee://memory/{id}{?offset}")
                for uri, code in (
                    ("levee://memory/none", missing),
                    ("file:///etc/passwd", -32602),
                    ("levee://memory/%zz", -32602),
                ):
                    with self.assertRaises(mcp.MCPError) as raised:
                        await client.read_resource(uri)
                    self.assertEqual(raised.exception.error.code, code)

    async def test_changes_of_the_list_are_told(self):
        async with connected("auto") as client:
            async with client.listen(resources_list_changed=True) as events:
                await client.call_tool("memory_store", {"category": "c", "content": "x"})
                event = await asyncio.wait_for(anext(aiter(events)), 10)
                self.assertIn("Resource", type(event).__name__)
        heard = []

        async def hear(message):
            heard.append(type(message).__name__)

        async with connected("legacy", message_handler=hear) as client:
            await client.call_tool("memory_store", {"id": "a", "category": "c", "content": "x"})
            await client.call_tool("memory_query", {})
            self.assertEqual(heard, ["ResourceListChangedNotification"])

    async def test_unknown_tools_are_errors_of_the_protocol(self):
        for mode in ERAS:
            async with connected(mode) as client:
                with self.assertRaises(mcp.MCPError) as raised:
                    await client.call_tool("memory_burn", {})
                self.assertEqual(raised.exception.error.code, -32602)


if __name__ == "__main__":
    COMMAND = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
