"""The MCP server's lines one by one: handshakes, versions, and whatever a client may do wrong. lines_test.py COMMAND..."""

import json
import subprocess
import sys
import unittest

COMMAND = []
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}


def request(number, method, **params):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


def modern(number, method, **params):
    return request(number, method, _meta=META, **params)


def ask(*lines, arguments=()):
    """What the server says to these lines, until its input ends; it must then end well."""
    text = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    done = subprocess.run([*COMMAND, *arguments], input=text, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    return [json.loads(line) for line in done.stdout.splitlines()]


def error(answer):
    return answer["id"], answer["error"]["code"]


class LinesTest(unittest.TestCase):
    def test_the_handshake(self):
        first, second = ask(
            request(1, "initialize", **HELLO),
            '{"jsonrpc":"2.0","method":"notifications/initialized"}',
            request("two", "ping"),
        )
        self.assertEqual(first["result"]["protocolVersion"], "2025-11-25")
        self.assertEqual(second, {"jsonrpc": "2.0", "id": "two", "result": {}})

    def test_other_versions(self):
        for version in ("2024-11-05", "2025-06-18", "2026-07-28", "2099-01-01"):
            answer = ask(request(1, "initialize", **(HELLO | {"protocolVersion": version})))[0]
            self.assertEqual(answer["result"]["protocolVersion"], "2025-11-25", "the newest that has a handshake")
        refused = ask(request(1, "tools/list", _meta=META | {"io.modelcontextprotocol/protocolVersion": "1900-01-01"}))[0]
        self.assertEqual(error(refused), (1, -32022))
        self.assertEqual(refused["error"]["data"], {"supported": ["2026-07-28", "2025-11-25"], "requested": "1900-01-01"})

    def test_requests_of_2026_07_28_need_nothing_before_them(self):
        discovered, listed = ask(modern(1, "server/discover"), modern(2, "tools/list"))
        self.assertEqual(discovered["result"]["supportedVersions"], ["2026-07-28", "2025-11-25"])
        for result in (discovered["result"], listed["result"]):
            self.assertEqual(result["resultType"], "complete")
            self.assertEqual(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "levee")
            self.assertGreater(result["ttlMs"], 0)
            self.assertEqual(result["cacheScope"], "public")
        without = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
        self.assertEqual(error(ask(request(3, "tools/list", _meta=without))[0]), (3, -32602))
        self.assertEqual(error(ask(modern(4, "ping"))[0]), (4, -32601))

    def test_nothing_is_served_before_the_handshake(self):
        refused, pong = ask(request(1, "tools/list"), request(2, "ping"))
        self.assertEqual(error(refused), (1, -32600))
        self.assertEqual(pong["result"], {})

    def test_both_eras_on_one_pipe(self):
        answers = ask(request(1, "initialize", **HELLO), request(2, "tools/list"), modern(3, "tools/list"))
        self.assertNotIn("resultType", answers[1]["result"])
        self.assertEqual(answers[2]["result"]["resultType"], "complete")

    def test_what_is_no_request(self):
        cases = {
            b"nonsense": (None, -32700),
            b"{": (None, -32700),
            b'{"jsonrpc":"2.0","id":1,"method":"\xff"}': (None, -32700),
            b"[]": (None, -32600),
            request(1, "ping").join("[]").encode(): (None, -32600),
            b"5": (None, -32600),
            b'"text"': (None, -32600),
            b'{"id":7,"method":"ping"}': (7, -32600),
            b'{"jsonrpc":"1.0","id":7,"method":"ping"}': (7, -32600),
            b'{"jsonrpc":"2.0","id":7}': (7, -32600),
            b'{"jsonrpc":"2.0","id":7,"method":5}': (7, -32600),
            b'{"jsonrpc":"2.0","id":null,"method":"ping"}': (None, -32600),
            b'{"jsonrpc":"2.0","id":{},"method":"ping"}': (None, -32600),
            b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}': (None, -32600),
            b'{"jsonrpc":"2.0","id":"s","method":"ping","params":[]}': ("s", -32602),
            modern(9, "nothing/here").encode(): (9, -32601),
            modern(9, "prompts/list").encode(): (9, -32601),
            modern(9, "tools/call").encode(): (9, -32602),
            modern(9, "tools/call", name=5).encode(): (9, -32602),
            modern(9, "tools/call", name="memory_get", arguments=[]).encode(): (9, -32602),
            modern(9, "resources/list", cursor="x").encode(): (9, -32602),
            modern(9, "tools/list", cursor="x").encode(): (9, -32602),
            modern(9, "resources/read").encode(): (9, -32602),
            modern(9, "subscriptions/listen").encode(): (9, -32602),
            b"\x00" * 100: (None, -32700),
            b"[" * 100_000: (None, -32700),
            b"": None,
            b"   ": None,
            b'{"jsonrpc":"2.0","id":1,"result":{}}': None,
            b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}': None,
            b'{"jsonrpc":"2.0","method":"notifications/unknown"}': None,
            b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}': None,
            b'{"jsonrpc":"2.0","method":"notifications/cancelled"}': None,
        }
        for line, wanted in cases.items():
            with self.subTest(line=line[:80]):
                answers = ask(line, request("after", "ping"))
                self.assertEqual(answers[-1], {"jsonrpc": "2.0", "id": "after", "result": {}})
                self.assertEqual([error(answer) for answer in answers[:-1]], [wanted] if wanted else [])

    def test_lines_that_are_too_long(self):
        answers = ask(
            b"x" * 100_000_000,
            request(1, "ping"),
            b'"' + b"y" * 200_000 + b'"',
            request(2, "ping"),
            arguments=["1000", "100000"],
        )
        self.assertEqual([answer["id"] for answer in answers], [None, 1, None, 2])
        self.assertEqual(error(answers[0]), (None, -32600))
        self.assertIn("100000 bytes", answers[2]["error"]["message"])

    def test_a_hundred_megabytes_within_the_limit(self):
        content = "w" * 40_000_000
        answers = ask(
            modern(1, "tools/call", name="memory_store", arguments={"category": "c", "content": content}),
            modern(2, "tools/list"),
        )
        self.assertTrue(answers[0]["result"]["isError"], "above the bank's limit")
        self.assertIn("VALIDATION_ERROR", answers[0]["result"]["content"][0]["text"])
        self.assertEqual(answers[1]["id"], 2)

    def test_hostile_strings_are_strings(self):
        for text in ("'; DROP TABLE item; --", "../../etc/passwd", "\u001b[31m", "\U0001f600", "</script>", '"}]}'):
            answers = ask(
                modern(1, "tools/call", name="memory_store", arguments={"id": text, "category": text, "content": text}),
                modern(2, "tools/call", name="memory_get", arguments={"id": text}),
            )
            self.assertEqual(answers[1]["result"]["structuredContent"]["items"][0]["content"], text)

    def test_what_is_taken_back_is_not_answered(self):
        lines = "\n".join(json.dumps({"category": "c", "content": f"text {i}"}) for i in range(4000))
        importing = {"name": "memory_import", "arguments": {"jsonl": lines}}
        answers = ask(
            modern(1, "tools/call", **importing),
            modern(2, "tools/call", **importing),
            modern(3, "tools/list"),
            '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2,"reason":"no need"}}',
            modern(4, "tools/call", name="memory_query", arguments={"count": True, "limit": 1}),
        )
        ids = [answer["id"] for answer in answers if "id" in answer]
        self.assertEqual(ids, [1, 3, 4])
        self.assertEqual(answers[-1]["result"]["structuredContent"]["count"], 4000)

    def test_progress_goes_to_its_token(self):
        lines = "\n".join(json.dumps({"category": "c", "content": f"text {i}"}) for i in range(2500))
        answers = ask(
            request(
                1, "tools/call", _meta=META | {"progressToken": "mine"}, name="memory_import", arguments={"jsonl": lines}
            )
        )
        told = [answer["params"] for answer in answers if answer.get("method") == "notifications/progress"]
        self.assertEqual([one["progress"] for one in told], [1000, 2000, 2500])
        self.assertEqual({(one["progressToken"], one["total"]) for one in told}, {("mine", 2500)})

    def test_a_subscription_is_acknowledged_told_and_closed(self):
        answers = ask(
            modern(1, "subscriptions/listen", notifications={"resourcesListChanged": True, "toolsListChanged": True}),
            modern(2, "tools/call", name="memory_store", arguments={"category": "c", "content": "x"}),
            modern(3, "subscriptions/listen", notifications={}),
            '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}',
        )
        key = "io.modelcontextprotocol/subscriptionId"
        self.assertEqual(answers[0]["method"], "notifications/subscriptions/acknowledged")
        self.assertEqual(answers[0]["params"], {"_meta": {key: 1}, "notifications": {"resourcesListChanged": True}})
        told = [
            answer["params"]["_meta"][key]
            for answer in answers
            if answer.get("method") == "notifications/resources/list_changed"
        ]
        self.assertEqual(told, [1])
        self.assertEqual((answers[-1]["id"], answers[-1]["result"]["_meta"][key]), (1, 1))

    def test_a_client_that_does_not_read_ends_the_server(self):
        server = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        server.stdout.close()
        server.stdin.write((modern(1, "tools/list") + "\n").encode() * 50)
        server.stdin.close()
        self.assertEqual(server.wait(timeout=60), 1)


if __name__ == "__main__":
    COMMAND = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
