"""A durable memory of texts: stored in one step, found by words or exactly, with every version kept.

bank = levee.memory("notes.db")
bank.store("orders is late on Mondays", category="note", tags=["lake"])
for found in bank.find("late ordres", tags=["lake"]):
    print(found.item.content, found.score)
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from . import _levee
from .exceptions import error_of
from .memory_items import (
    Item,
    ItemVersion,
    Page,
    Written,
    item_of,
    maybe_micros,
    metadata_text,
    native_item,
    to_datetime,
    to_micros,
    written_of,
)
from .store import Store, setting_texts, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Unpack

    from .memory_items import Found, When
    from .memory_query import Query

    ConflictPolicy = Literal["last-write", "merge", "manual"]

FACETS = ("category", "namespace", "tag", "day")
POLICIES = ("last-write", "merge", "manual")
FORMATS = ("text", "json", "svg")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise error_of("invalid-argument", name, f"'{value}' is none of {', '.join(allowed)}", "")
    return value


class Memory:
    """A memory. Made by `levee.memory`; may be shared by threads, and its store by processes.

    A write that returned has reached the disk. Everything that may fail raises a `levee.exceptions.LeveeError`; conflicts
    and missing items are outcomes.
    """

    def __init__(self, native: _levee.MemoryBank):
        self._native = native

    @property
    def uri(self) -> str:
        """The store's URI, "sqlite:/data/levee.db"."""
        return self._native.uri

    # --- writing

    def store(
        self,
        item: Item | str,
        /,
        *,
        expected_version: int | None = None,
        author: str = "",
        on_conflict: ConflictPolicy = "manual",
        ttl: timedelta | None = None,
        **fields: Any,
    ) -> Written:
        """Stores an item, or a text with the other fields of `levee.Item` by name.

        Args:
            expected_version: the version that must be there, 0: none may be; else the outcome is "conflict".
            author: whom the history names; empty: the setting `memory_author`.
            on_conflict: what a change that another replica made at the same time comes to.
            ttl: it expires so long from now.
        """
        if isinstance(item, str):
            item = Item(content=item, **fields)
        elif fields:
            raise TypeError(f"fields go with a text, not with an Item: {', '.join(fields)}")
        native = native_item(item)
        if ttl is not None:
            native.expires = maybe_micros(datetime.now(UTC) + ttl)
        return self._write([(native, expected_version)], author, on_conflict)[0]

    def store_many(
        self,
        items: Iterable[Item | tuple[Item, int | None]],
        *,
        author: str = "",
        on_conflict: ConflictPolicy = "manual",
    ) -> list[Written]:
        """Stores items, or pairs of an item and the version expected, in one step: all but for conflicts, or none."""
        pairs = [(one, None) if isinstance(one, Item) else one for one in items]
        return self._write([(native_item(item), expected) for item, expected in pairs], author, on_conflict)

    def _write(self, pairs: list[tuple[_levee.Item, int | None]], author: str, on_conflict: str) -> list[Written]:
        writes = []
        for item, expected in pairs:
            write = _levee.ItemWrite()
            write.item, write.expected_version = item, expected
            writes.append(write)
        outcomes = self._native.store(writes, author, _one_of("on_conflict", on_conflict, POLICIES))
        return [written_of(outcome) for outcome in outcomes]

    def update(
        self,
        id: str,
        *,
        expected_version: int | None = None,
        namespace: str | None = None,
        category: str | None = None,
        content: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: Sequence[str] | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
        expires: When | Literal["never"] | None = None,
        embedding: Sequence[float] | None = None,
        embedding_model: str | None = None,
        author: str = "",
    ) -> Written:
        """Changes what is given of an item; the rest stays. `metadata` takes the place of all of it."""
        change = _levee.ItemChange()
        change.id, change.expected_version = id, expected_version
        change.name_space, change.category, change.content = namespace, category, content
        change.metadata = None if metadata is None else metadata_text(metadata)
        change.tags = None if tags is None else list(tags)
        change.add_tags, change.remove_tags = list(add_tags), list(remove_tags)
        change.expires = 0 if expires == "never" else maybe_micros(expires)
        change.embedding = None if embedding is None else list(embedding)
        change.embedding_model = embedding_model
        return written_of(self._native.update([change], author)[0])

    def delete(self, ids: str | Iterable[str], *, expected_version: int | None = None, author: str = "") -> list[Written]:
        """Takes items away, in one step. Their versions stay in the history."""
        removals = [(ids, expected_version)] if isinstance(ids, str) else [(id, expected_version) for id in ids]
        return [written_of(outcome) for outcome in self._native.delete(removals, author)]

    # --- reading by id

    def get(self, id: str, *, version: int | None = None, as_of: When | None = None) -> Item | None:
        """The item of an id: the newest version, a version, or the one of a time. None: there is none."""
        native = self._native.get(id, version, maybe_micros(as_of))
        return None if native is None else item_of(native)

    def get_many(self, ids: Iterable[str], *, as_of: When | None = None) -> list[Item | None]:
        """The items of ids, in their order."""
        found = self._native.get_all(list(ids), None, maybe_micros(as_of))
        return [None if native is None else item_of(native) for native in found]

    def history(self, id: str, *, limit: int | None = None) -> list[ItemVersion]:
        """Every version of an item, newest first, with who wrote it and when."""
        return [
            ItemVersion(item_of(one.item), to_datetime(one.written), one.author, one.operation)
            for one in self._native.history(id, limit)
        ]

    # --- asking

    def find(self, words: str = "", **query: Unpack[Query]) -> Page:
        """A page of the items that meet every condition: best first with words, else newest first.

        Args:
            words: full text: `late orders`, `"a phrase"`, `ord*`, `+must -not`, `AND OR NOT`, `word~1`, `tags:word`.
            query: conditions by the names of `levee.memory_query.Query`: `namespaces=["team/*"]`, `tags=["lake"]`,
                `metadata="a.b >= 3"`, `since=...`, `order="updated desc"`, `limit=20`, ...

        Raises:
            levee.exceptions.InvalidQueryError: something of it cannot be read.
        """

        def following(after: str) -> Page:
            rest = query.copy()
            rest["after"] = after
            return self.find(words, **rest)

        return Page(self._native.find(self._query(words, query)), following)

    def find_all(self, words: str = "", **query: Unpack[Query]) -> Iterator[Found]:
        """Everything that `find` would find, page by page; `limit` is the size of a page."""
        page: Page | None = self.find(words, **query)
        while page is not None:
            yield from page
            page = page.next_page()

    def count(self, words: str = "", **query: Unpack[Query]) -> int:
        """How many items meet the conditions of `find`."""
        return self._native.count(self._query(words, query))

    def facets(
        self,
        field: Literal["category", "namespace", "tag", "day"],
        words: str = "",
        *,
        most: int = 10,
        **query: Unpack[Query],
    ) -> dict[str, int]:
        """How many of the items that `find` would find have each value of a field, most first; days of `updated`, UTC."""
        _one_of("field", field, FACETS)
        return dict(self._native.facets(self._query(words, query), field, most))

    def explain(
        self,
        words: str = "",
        *,
        format: Literal["text", "json", "svg"] = "text",
        analyze: bool = False,
        **query: Unpack[Query],
    ) -> str:
        """How the answer of `find` is found; with `analyze` with times."""
        return self._native.explain(self._query(words, query), _one_of("format", format, FORMATS), analyze)

    @staticmethod
    def _query(words: str, query: Query) -> _levee.ItemQuery:
        from .memory_query import native_query

        return native_query(words, query)

    # --- namespaces, indexes, upkeep

    def namespaces(self) -> list[_levee.NamespaceInfo]:
        """Every namespace: `name`, `items`, `content_bytes`, `max_items`, `max_bytes`."""
        return self._native.namespaces()

    def set_quota(self, namespace: str, *, max_items: int | None = None, max_bytes: int | None = None) -> None:
        """What a namespace may hold: items, bytes of content. None: as much as there is room for."""
        self._native.set_quota(namespace, max_items, max_bytes)

    def add_index(self, name: str, keys: Sequence[str]) -> None:
        """An index over fields ("category"), paths ("metadata.source"), or "tags" alone. Answers stay the same."""
        self._native.add_index(name, list(keys))

    def drop_index(self, name: str) -> None:
        """Takes an index away."""
        self._native.drop_index(name)

    def indexes(self) -> dict[str, list[str]]:
        """The indexes that were added: their keys by name."""
        return dict(self._native.indexes())

    def stats(self) -> _levee.MemoryStats:
        """Counts, sizes in bytes, times in microseconds: see `levee._levee.MemoryStats`."""
        return self._native.stats()

    def stats_since(self, since: When | timedelta) -> _levee.StatsHistory:
        """What all processes did since a time, or for so long until now: see `levee._levee.StatsHistory`."""
        if isinstance(since, timedelta):
            since = datetime.now(UTC) - since
        return self._native.stats_since(to_micros(since))

    def update_settings(self, settings: dict[str, Any]) -> None:
        """Takes settings up while the memory is open, all or none; an empty text takes one back."""
        self._native.update_settings(setting_texts(settings))

    def clear_cache(self) -> None:
        """Gives up what is kept in memory only to be faster."""
        self._native.clear_cache()

    def maintain(
        self,
        *,
        merge: bool = True,
        purge: bool = True,
        compact_file: bool = False,
        repair: bool = False,
        rebuild: bool = False,
    ) -> _levee.MaintenanceReport:
        """Merges what was written of late, takes away what expired or is past its retention, gives space back if asked.

        `repair` examines all and makes anew what is damaged; `rebuild` what is not, too. `lost` names what could not be.
        """
        return self._native.maintain(merge, purge, compact_file, repair, rebuild)

    def verify(self) -> list[str]:
        """What is wrong: items against their checksums, indexes against the items. Empty: nothing."""
        return self._native.verify().problems

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Writes everything to a file of its own, a store that `levee.memory` opens; others may write meanwhile."""
        self._native.backup(os.fspath(path))

    def __repr__(self) -> str:
        return f"levee.memory({self.uri!r})"


def memory(
    store: Store | str | os.PathLike[str] | None = None,
    *,
    config_file: str | os.PathLike[str] = "",
    read_only: bool = False,
    **settings: Any,
) -> Memory:
    """Opens the memory in a store; it is made with the first write.

    Args:
        store: as `levee.open` takes it, or a store that is open; None: the default store.
        config_file: a `levee.toml`; empty: looked for as the program does.
        read_only: nothing is written.
        settings: by the keys of `levee config show`: `memory_author="ann"`.
    """
    uri = "" if store is None else store.uri if isinstance(store, Store) else os.fspath(store)
    texts = setting_texts(settings)
    return Memory(_levee.open_memory(uri, texts, os.fspath(config_file), read_only, tell))
