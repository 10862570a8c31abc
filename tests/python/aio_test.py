"""`levee.aio`: the same answers, a loop that goes on meanwhile, and work that ends when its task does."""
import asyncio
import inspect
import json
import os
import tempfile
import threading
import time
import unittest

import levee
import pyarrow as pa

TRIPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/trips")
ADDS = 120_000  # an import that takes some tenths of a second


def long_log(folder):
    """A table whose only commit adds many files."""
    schema = {"type": "struct", "fields": [{"name": "id", "type": "long", "nullable": True, "metadata": {}}]}
    metadata = {"id": "t", "format": {"provider": "parquet", "options": {}}, "schemaString": json.dumps(schema),
                "partitionColumns": [], "configuration": {}}
    os.makedirs(os.path.join(folder, "_delta_log"))
    with open(os.path.join(folder, "_delta_log", "00000000000000000000.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}) + "\n")
        file.write(json.dumps({"metaData": metadata}) + "\n")
        for i in range(ADDS):
            stats = f'{{\\"numRecords\\":1,\\"minValues\\":{{\\"id\\":{i}}},\\"maxValues\\":{{\\"id\\":{i}}}}}'
            file.write(f'{{"add":{{"path":"p{i}","partitionValues":{{}},"size":1,"modificationTime":1,"dataChange":true,'
                       f'"stats":"{stats}"}}}}\n')
    return folder


class Aio(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    async def test_answers_are_those_of_levee(self):
        store = await levee.aio.open(self.path("levee.db"))
        table, plain = store.table(TRIPS), levee.open(self.path("levee.db")).table(TRIPS)
        where = "date = '2024-03-05'"
        self.assertEqual(await table.version(), plain.version())
        self.assertEqual(await table.table_uri(), plain.table_uri)
        self.assertEqual(await table.file_uris(where=where), plain.file_uris(where=where))
        self.assertEqual(pa.table(await table.files(where, columns=["path"])), pa.table(plain.files(where, columns=["path"])))
        self.assertEqual(await table.to_pyarrow_table(where=where), plain.to_pyarrow_table(where=where))
        self.assertEqual(await levee.aio.Table(TRIPS, 7, store=store).version(), 7)
        self.assertEqual(await levee.aio.Table(plain).count(), plain.count())
        self.assertEqual([t["version"] for t in await store.tables()], [plain.version()])
        with self.assertRaises(levee.exceptions.InvalidArgumentError):
            await table.files("nights > 3")
        counts = await asyncio.gather(*(table.count() for _ in range(40)))
        self.assertEqual(set(counts), {plain.count()})

    async def test_every_question_is_there(self):
        for plain, awaited in ((levee.Table, levee.aio.Table), (levee.Store, levee.aio.Store)):
            names = {name for name, member in inspect.getmembers(plain, inspect.isfunction) if not name.startswith("_")}
            self.assertLessEqual(names - {"is_deltatable"}, set(dir(awaited)))

    async def test_the_loop_goes_on(self):
        table = levee.aio.Table(long_log(self.path("t")), store=self.path("levee.db"))
        gaps, done = [], asyncio.Event()

        async def tick():
            last = time.monotonic()
            while not done.is_set():
                await asyncio.sleep(0.002)
                gaps.append(time.monotonic() - last)
                last = time.monotonic()

        ticking = asyncio.create_task(tick())
        began = time.monotonic()
        self.assertEqual(await table.count("id >= 0"), ADDS)
        took = time.monotonic() - began
        done.set()
        await ticking
        self.assertGreater(len(gaps), 10)
        self.assertLess(max(gaps), took * 0.8)  # were the lock held, one gap would be all of it

    async def test_cancelled_tasks_end_their_work(self):
        path = long_log(self.path("t"))
        began = time.monotonic()
        await (await levee.aio.open(self.path("whole.db"))).add(path)
        whole = time.monotonic() - began
        store, ended = levee.open(self.path("cancelled.db")), threading.Event()
        outcome = []

        def work():
            try:
                store.add(path)
            except levee.exceptions.CancelledError as error:
                outcome.append(error)
            finally:
                ended.set()

        task = asyncio.create_task(levee.aio.run(work))
        await asyncio.sleep(whole / 10)
        began = time.monotonic()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertLess(time.monotonic() - began, whole / 2)
        self.assertTrue(await asyncio.to_thread(ended.wait, 30))
        self.assertEqual(len(outcome), 1)
        self.assertEqual(store.table(path).count(), ADDS)  # the same question is answered afterwards

    async def test_time_runs_out(self):
        table = levee.aio.Table(long_log(self.path("t")), store=self.path("levee.db"))
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(table.count(), 0.02)

    def test_what_is_called_off_does_not_begin(self):
        cancellation = levee._levee.Cancellation()
        cancellation.cancel()
        store = levee.open(self.path("levee.db"))
        with self.assertRaises(levee.exceptions.CancelledError):
            cancellation.run(lambda: store.add(TRIPS))
        self.assertEqual(store.tables(), [])
        store.add(TRIPS)  # outside of it, this thread does as always


if __name__ == "__main__":
    unittest.main()
