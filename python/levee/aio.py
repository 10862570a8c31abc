"""Levee for `asyncio`: the names of `levee`, to be awaited.

    table = levee.aio.Table("/data/orders")
    files = await table.files("date = '2024-01-31'")

Work is done in threads of the loop's executor, with the interpreter's lock released, so that the loop goes on. A task that
is cancelled, or out of time (`asyncio.timeout`), is so at once, and ends the work that it waited for.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import os
from typing import TYPE_CHECKING, Any, TypeVar

from . import _levee
from . import memory_bank as _memory
from . import store as _store
from . import table as _table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from datetime import datetime
    from typing import Concatenate, ParamSpec, Unpack

    from .memory_items import Found
    from .memory_query import Query

    P = ParamSpec("P")

R = TypeVar("R")


async def run(work: Callable[[], R]) -> R:
    """What `work` gives, called in a thread. Whatever it asks of Levee ends when the task is cancelled."""
    cancellation = _levee.Cancellation()
    in_context = functools.partial(contextvars.copy_context().run, work)
    try:
        return await asyncio.get_running_loop().run_in_executor(None, cancellation.run, in_context)
    except asyncio.CancelledError:
        cancellation.cancel()
        raise


def _of_table(method: Callable[Concatenate[_table.Table, P], R]) -> Callable[Concatenate[Table, P], Coroutine[Any, Any, R]]:
    """The method of `levee.Table`, in a thread."""

    @functools.wraps(method)
    async def awaited(self: Table, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await run(lambda: method(self.sync_table(), *args, **kwargs))

    return awaited


def _of_store(method: Callable[Concatenate[_store.Store, P], R]) -> Callable[Concatenate[Store, P], Coroutine[Any, Any, R]]:
    """The method of `levee.Store`, in a thread."""

    @functools.wraps(method)
    async def awaited(self: Store, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await run(lambda: method(self.sync_store, *args, **kwargs))

    return awaited


class Table:
    """`levee.Table`, to be awaited: it takes the same arguments, or a `levee.Table`. Nothing is opened before the first
    question. May be shared by tasks of one loop or of several."""

    def __init__(self, table: str | os.PathLike[str] | _table.Table, *args: Any, **options: Any):
        self._table = table if isinstance(table, _table.Table) else None
        if isinstance(options.get("store"), Store):
            options["store"] = options["store"].sync_store
        if not isinstance(table, _table.Table):
            self._open = functools.partial(_table.Table, table, *args, **options)

    def sync_table(self) -> _table.Table:
        """The `levee.Table` behind it; opens it, so not for the loop's thread."""
        if self._table is None:
            self._table = self._open()
        return self._table

    async def table_uri(self) -> str:
        """The table's URI, or its path where it is local."""
        return await run(lambda: self.sync_table().table_uri)

    version = _of_table(_table.Table.version)
    schema = _of_table(_table.Table.schema)
    protocol = _of_table(_table.Table.protocol)
    metadata = _of_table(_table.Table.metadata)
    transaction_version = _of_table(_table.Table.transaction_version)
    history = _of_table(_table.Table.history)
    files = _of_table(_table.Table.files)
    count = _of_table(_table.Table.count)
    file_uris = _of_table(_table.Table.file_uris)
    changes = _of_table(_table.Table.changes)
    explain = _of_table(_table.Table.explain)
    to_pyarrow_dataset = _of_table(_table.Table.to_pyarrow_dataset)
    to_pyarrow_table = _of_table(_table.Table.to_pyarrow_table)
    to_pandas = _of_table(_table.Table.to_pandas)
    scan_polars = _of_table(_table.Table.scan_polars)
    duckdb = _of_table(_table.Table.duckdb)
    sync = _of_table(_table.Table.sync)
    check = _of_table(_table.Table.check)
    repair = _of_table(_table.Table.repair)
    load_as_version = _of_table(_table.Table.load_as_version)
    update_incremental = _of_table(_table.Table.update_incremental)


class Store:
    """`levee.Store`, to be awaited. Made by `levee.aio.open`."""

    def __init__(self, sync_store: _store.Store):
        self.sync_store = sync_store

    @property
    def uri(self) -> str:
        """The store's URI, "sqlite:/data/levee.db"."""
        return self.sync_store.uri

    def table(
        self, table: str | os.PathLike[str], version: int | None = None, *, timestamp: str | datetime | None = None
    ) -> Table:
        """The table of a registered name, a path or a URI, in this store."""
        return Table(table, version, timestamp=timestamp, store=self)

    tables = _of_store(_store.Store.tables)
    add = _of_store(_store.Store.add)
    forget = _of_store(_store.Store.forget)

    def __repr__(self) -> str:
        return f"levee.aio.Store({self.uri!r})"


async def open(uri: str | os.PathLike[str] = "", **options: Any) -> Store:
    """`levee.open` in a thread, with the same arguments."""
    return Store(await run(lambda: _store.open(uri, **options)))


def _of_memory(
    method: Callable[Concatenate[_memory.Memory, P], R],
) -> Callable[Concatenate[Memory, P], Coroutine[Any, Any, R]]:
    """The method of `levee.Memory`, in a thread."""

    @functools.wraps(method)
    async def awaited(self: Memory, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await run(lambda: method(self.sync_memory, *args, **kwargs))

    return awaited


class Memory:
    """`levee.Memory`, to be awaited. Made by `levee.aio.memory`."""

    def __init__(self, sync_memory: _memory.Memory):
        self.sync_memory = sync_memory

    @property
    def uri(self) -> str:
        """The store's URI, "sqlite:/data/levee.db"."""
        return self.sync_memory.uri

    store = _of_memory(_memory.Memory.store)
    store_many = _of_memory(_memory.Memory.store_many)
    update = _of_memory(_memory.Memory.update)
    delete = _of_memory(_memory.Memory.delete)
    get = _of_memory(_memory.Memory.get)
    get_many = _of_memory(_memory.Memory.get_many)
    history = _of_memory(_memory.Memory.history)
    find = _of_memory(_memory.Memory.find)
    count = _of_memory(_memory.Memory.count)
    facets = _of_memory(_memory.Memory.facets)
    explain = _of_memory(_memory.Memory.explain)
    namespaces = _of_memory(_memory.Memory.namespaces)
    set_quota = _of_memory(_memory.Memory.set_quota)
    add_index = _of_memory(_memory.Memory.add_index)
    drop_index = _of_memory(_memory.Memory.drop_index)
    indexes = _of_memory(_memory.Memory.indexes)
    stats = _of_memory(_memory.Memory.stats)
    stats_since = _of_memory(_memory.Memory.stats_since)
    update_settings = _of_memory(_memory.Memory.update_settings)
    clear_cache = _of_memory(_memory.Memory.clear_cache)
    maintain = _of_memory(_memory.Memory.maintain)
    verify = _of_memory(_memory.Memory.verify)
    backup = _of_memory(_memory.Memory.backup)

    async def find_all(self, words: str = "", **query: Unpack[Query]) -> AsyncIterator[Found]:
        """Everything that `find` would find, page by page; `limit` is the size of a page."""
        while True:
            page = await self.find(words, **query)
            for found in page:
                yield found
            if not page.next:
                return
            query = query.copy()
            query["after"] = page.next

    def __repr__(self) -> str:
        return f"levee.aio.Memory({self.uri!r})"


async def memory(store: Store | _store.Store | str | os.PathLike[str] | None = None, **options: Any) -> Memory:
    """`levee.memory` in a thread, with the same arguments."""
    plain = store.sync_store if isinstance(store, Store) else store
    return Memory(await run(lambda: _memory.memory(plain, **options)))
