"""`levee.memory`: what is stored is found, conflicts are values, errors have their classes; and the same awaited."""

import asyncio
import inspect
import os
import tempfile
import threading
import typing
import unittest
from datetime import UTC, datetime, timedelta, timezone

import levee
from levee import Item, exceptions


class Memories(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "memory.db")
        self.bank = levee.memory(self.path, memory_author="ann")


class WritesTest(Memories):
    def test_an_item_comes_back_as_it_went(self):
        before = datetime.now(UTC)
        item = Item(
            id="a",
            namespace="team/x",
            category="note",
            content="orders is late – Überraschung",
            tags=["lake", "Fisch"],
            metadata={"source": "s1", "n": [1, 2.5, None], "deep": {"ä": True}},
            embedding=[0.5, -1.0],
            embedding_model="m",
            created=datetime(2024, 1, 31, 12, 30, 0, 123456, tzinfo=UTC),
            expires=datetime(2999, 1, 1, tzinfo=timezone(timedelta(hours=2))),
        )
        self.assertEqual(self.bank.store(item), levee.memory_items.Written("stored", "a", 1))
        got = self.bank.get("a")
        self.assertEqual(got.expires, item.expires)
        self.assertGreaterEqual(got.updated, before - timedelta(seconds=1))
        self.assertEqual((got.version, got.vector_clock[next(iter(got.vector_clock))], len(got.checksum)), (1, 1, 16))
        for field in ("namespace", "category", "content", "tags", "metadata", "embedding", "embedding_model", "created"):
            self.assertEqual(getattr(got, field), getattr(item, field), field)
        self.assertIsNone(self.bank.get("none"))
        self.assertEqual([one and one.id for one in self.bank.get_many(["none", "a"])], [None, "a"])

    def test_texts_are_items(self):
        first = self.bank.store("one", category="note", tags=["t"])
        self.assertEqual(first.outcome, "stored")
        self.assertEqual(self.bank.get(first.id).tags, ["t"])
        with self.assertRaises(TypeError):
            self.bank.store(Item(category="c", content="x"), tags=["t"])
        with self.assertRaises(TypeError):
            self.bank.store("x", category="c", colour=1)

    def test_a_thousand_in_one_step(self):
        outcomes = self.bank.store_many(Item(category="note", content=f"text {i}", id=f"i{i:04}") for i in range(1000))
        self.assertEqual({outcome.outcome for outcome in outcomes}, {"stored"})
        self.assertEqual(self.bank.count(), 1000)
        self.assertEqual([found.item.id for found in self.bank.find_all(order="id", limit=300)], [o.id for o in outcomes])

    def test_conflicts_are_values(self):
        self.bank.store("1", id="a", category="c")
        conflict = self.bank.store("2", id="a", category="c", expected_version=0)
        self.assertEqual((conflict.outcome, conflict.version, bool(conflict)), ("conflict", 1, False))
        self.assertTrue(self.bank.update("a", content="3", expected_version=1))
        self.assertFalse(self.bank.update("a", content="4", expected_version=1))
        self.assertEqual(self.bank.update("none", content="4").outcome, "not-found")
        outcomes = self.bank.store_many(
            [(Item(id="a", category="c", content="5"), 1), Item(id="b", category="c", content="x")]
        )
        self.assertEqual([outcome.outcome for outcome in outcomes], ["conflict", "stored"])
        self.assertEqual([o.outcome for o in self.bank.delete(["a", "none"])], ["deleted", "not-found"])
        self.assertEqual(self.bank.delete("b", expected_version=7)[0].outcome, "conflict")

    def test_changes_what_is_named(self):
        self.bank.store("x", id="a", category="c", tags=["one", "two"], metadata={"k": 1}, ttl=timedelta(days=1))
        self.assertAlmostEqual(self.bank.get("a").expires, datetime.now(UTC) + timedelta(days=1), delta=timedelta(minutes=1))
        self.bank.update("a", add_tags=["three"], remove_tags=["one"], expires="never", metadata={"k": 2}, author="bob")
        got = self.bank.get("a")
        self.assertEqual((got.tags, got.metadata, got.expires, got.content), (["two", "three"], {"k": 2}, None, "x"))
        self.assertEqual(self.bank.get("a", version=1).metadata, {"k": 1})
        history = self.bank.history("a")
        self.assertEqual(
            [(v.operation, v.author, v.item.version) for v in history], [("update", "bob", 2), ("store", "ann", 1)]
        )
        self.assertEqual(self.bank.get("a", as_of=history[1].written).metadata, {"k": 1})
        self.assertEqual(len(self.bank.history("a", limit=1)), 1)

    def test_changes_of_replicas_meet(self):
        one = Item(id="a", category="c", content="one", tags=["x"], vector_clock={"r1": 1}, updated=datetime(2024, 1, 2))
        two = Item(id="a", category="c", content="two", tags=["y"], vector_clock={"r2": 1}, updated=datetime(2024, 1, 1))
        self.bank.store(one)
        self.assertEqual(self.bank.store(two).outcome, "conflict")
        self.assertEqual(self.bank.store(two, on_conflict="last-write").outcome, "kept")
        self.assertEqual(self.bank.store(two, on_conflict="merge").outcome, "updated")
        merged = self.bank.get("a")
        self.assertEqual((merged.content, set(merged.tags), merged.vector_clock), ("one", {"x", "y"}, {"r1": 1, "r2": 1}))
        with self.assertRaises(exceptions.InvalidArgumentError):
            self.bank.store(two, on_conflict="wishes")


class QuestionsTest(Memories):
    def setUp(self):
        super().setUp()
        self.bank.store_many(
            [
                Item(id="a", category="note", content="The orders table is late", tags=["lake"], metadata={"n": 1}),
                Item(id="b", category="task", content="mend orders", namespace="team/x", metadata={"n": 5}),
                Item(id="c", category="note", content="customers", tags=["lake", "red"]),
            ]
        )

    def ids(self, *words, **query):
        return [found.item.id for found in self.bank.find(*words, **query)]

    def test_words_and_conditions(self):
        page = self.bank.find("late ordres")
        self.assertEqual([found.item.id for found in page], ["a", "b"])
        self.assertGreater(page[0].score, page[1].score)
        self.assertIn("late", page[0].snippet)
        self.assertEqual((len(page), page.next_page(), page.unindexed), (2, None, 0))
        self.assertEqual(self.ids("late orders", any_word=False), ["a"])
        self.assertEqual(self.ids("ordres", typos=0), [])
        self.assertEqual(self.ids(tags="lake", order="id"), ["a", "c"])
        self.assertEqual(self.ids(tags=["lake"], no_tags=["red"]), ["a"])
        self.assertEqual(self.ids(any_tags=["red", "none"]), ["c"])
        self.assertEqual(self.ids(namespaces="team/*"), ["b"])
        self.assertEqual(self.ids(categories=["task", "note"], ids=["a", "b"], order="id"), ["a", "b"])
        self.assertEqual(self.ids(metadata="n >= 1", order="metadata.n desc"), ["b", "a"])
        self.assertEqual(self.ids(since=datetime.now(UTC) + timedelta(hours=1)), [])
        self.assertEqual(self.ids(until="2999-01-01T00:00:00Z", order="id"), ["a", "b", "c"])
        self.assertEqual(self.ids(as_of="2020-01-01"), [])
        self.assertEqual(self.bank.find("orders", with_content=False)[0].item.content, "")

    def test_pages_go_on(self):
        first = self.bank.find(order="id", limit=2)
        second = first.next_page()
        self.assertEqual([f.item.id for f in first] + [f.item.id for f in second], ["a", "b", "c"])
        self.assertIsNone(second.next_page())
        self.assertEqual(self.ids(order="id", limit=2, after=first.next), ["c"])

    def test_counts_facets_explanations(self):
        self.assertEqual((self.bank.count(), self.bank.count("orders"), self.bank.count(tags=["red"])), (3, 2, 1))
        self.assertEqual(self.bank.facets("category"), {"note": 2, "task": 1})
        self.assertEqual(list(self.bank.facets("tag", "orders", most=1).items()), [("lake", 1)])
        self.assertEqual(sum(self.bank.facets("day").values()), 3)
        self.assertEqual(self.bank.facets("namespace"), {"default": 2, "team/x": 1})
        for format in ("text", "json", "svg"):
            self.assertTrue(self.bank.explain("orders", format=format, tags=["lake"], analyze=True))

    def test_every_condition_of_the_interface_can_be_named(self):
        names = {name for name in dir(levee._levee.ItemQuery) if not name.startswith("_")} - {"words"}
        self.assertEqual(set(typing.get_type_hints(levee.memory_query.Query)), names)
        with self.assertRaises(TypeError):
            self.bank.find(colour="red")

    def test_errors_have_classes(self):
        cases = [
            (exceptions.InvalidQueryError, lambda: self.bank.find("(orders")),
            (exceptions.InvalidQueryError, lambda: self.bank.find(metadata="a =")),
            (exceptions.InvalidQueryError, lambda: self.bank.find(order="nothing")),
            (exceptions.ItemValidationError, lambda: self.bank.store("", category="c")),
            (exceptions.ItemValidationError, lambda: self.bank.store("x", category="c", tags=["t", "t"])),
            (exceptions.MemoryIndexError, lambda: self.bank.add_index("i", ["nothing"])),
            (exceptions.MemoryIndexError, lambda: self.bank.drop_index("none")),
            (ValueError, lambda: self.bank.store("x", category="c", metadata={"n": float("nan")})),
            (exceptions.InvalidArgumentError, lambda: self.bank.facets("colour")),
            (exceptions.InvalidArgumentError, lambda: self.bank.explain(format="png")),
        ]
        for kind, call in cases:
            with self.assertRaises(kind) as raised:
                call()
            if issubclass(kind, exceptions.MemoryBankError):
                self.assertIn(raised.exception.detail, str(raised.exception))
                self.assertIsInstance(raised.exception, levee.LeveeError)
        self.assertEqual(self.bank.count(), 3)

    def test_quotas_indexes_upkeep(self):
        self.bank.set_quota("default", max_items=2)
        with self.assertRaises(exceptions.NamespaceError):
            self.bank.store("x", category="c")
        names = {info.name: (info.items, info.max_items, info.max_bytes) for info in self.bank.namespaces()}
        self.assertEqual(names, {"default": (2, 2, None), "team/x": (1, None, None)})
        self.bank.add_index("by_n", ["metadata.n", "updated"])
        self.assertEqual(self.bank.indexes(), {"by_n": ["metadata.n", "updated"]})
        self.assertEqual(self.ids(metadata="n = 5"), ["b"])
        self.bank.drop_index("by_n")
        self.assertEqual(self.bank.indexes(), {})
        self.assertEqual((self.bank.stats().items, self.bank.stats().namespaces), (3, 2))
        self.assertGreaterEqual(self.bank.maintain().seconds, 0)
        history = self.bank.stats_since(timedelta(hours=1))
        calls = {each.operation: each.calls for each in history.all.operations}
        now = {each.operation: each.calls for each in self.bank.stats().operations}
        self.assertEqual((calls, history.all.items), (now, 3))
        self.assertEqual(history.samples[-1].process, os.getpid())
        self.assertEqual(self.bank.stats_since(datetime.now(UTC) + timedelta(hours=1)).samples, [])
        self.assertLessEqual({"tail", "columns", "texts", "cache"}, set(self.bank.stats().memory))
        self.bank.update_settings({"memory_author": "somebody", "slowQueryThreshold": "0s", "memory_explain": True})
        self.bank.update("b", category="d")
        self.assertEqual(self.bank.history("b")[0].author, "somebody")
        self.ids(categories=["d"])
        self.assertEqual(self.bank.stats().slow[0].text, "category:d")
        self.assertIn("tail", self.bank.stats().slow[0].plan)
        with self.assertRaises(exceptions.ItemValidationError):
            self.bank.update_settings({"store": "x.db"})
        self.bank.clear_cache()
        self.assertEqual(self.bank.verify(), [])

    def test_a_copy_is_a_memory(self):
        path = self.path + ".copy"
        self.bank.backup(path)
        self.bank.store("x", category="c")
        copy = levee.memory(path)
        self.assertEqual((copy.count(), self.bank.count()), (3, 4))

    def test_another_opening_sees_each_write(self):
        other = levee.memory(levee.open(self.path))
        self.assertEqual(other.uri, self.bank.uri)
        for i in range(20):
            self.bank.store(f"text {i}", category="c", id="same")
            self.assertEqual(other.get("same").content, f"text {i}")

    def test_threads_share_it(self):
        def work(number):
            for i in range(20):
                self.bank.store(f"text {number} {i}", category="thread")

        threads = [threading.Thread(target=work, args=[n]) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.bank.count(categories=["thread"]), 160)


class AwaitedTest(unittest.IsolatedAsyncioTestCase):
    async def test_the_same_awaited(self):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            bank = await levee.aio.memory(os.path.join(folder, "memory.db"))
            await asyncio.gather(*(bank.store(f"text {i}", id=f"i{i:02}", category="c") for i in range(30)))
            self.assertEqual(
                [found.item.id async for found in bank.find_all(order="id", limit=7)], [f"i{i:02}" for i in range(30)]
            )
            self.assertEqual(len(await bank.find("text", limit=5)), 5)
            self.assertEqual((await bank.get("i07")).content, "text 7")
            with self.assertRaises(exceptions.InvalidQueryError):
                await bank.find("(")

    def test_every_method_is_there(self):
        for name, member in inspect.getmembers(levee.Memory, inspect.isfunction):
            if name.startswith("_"):
                continue
            awaited = getattr(levee.aio.Memory, name)
            is_async = inspect.iscoroutinefunction(awaited) or inspect.isasyncgenfunction(awaited)
            self.assertTrue(is_async, name)
            self.assertEqual(inspect.getdoc(awaited), inspect.getdoc(member), name)


if __name__ == "__main__":
    unittest.main()
