"""Items of a memory, what is found of them, and what becomes of writes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from . import _levee

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A time: aware, or in UTC; text is RFC 3339.
When = datetime | str
Outcome = Literal["stored", "updated", "deleted", "kept", "conflict", "not-found"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(when: When) -> int:
    """Microseconds since 1970-01-01, UTC."""
    time = datetime.fromisoformat(when) if isinstance(when, str) else when
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return (time - _EPOCH) // _MICROSECOND


def maybe_micros(when: When | None) -> int | None:
    return None if when is None else to_micros(when)


def to_datetime(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND


@dataclass(slots=True, kw_only=True)
class Item:
    """One memory. Of a new one only category and content are required; the rest the memory sets.

    Attributes:
        id: 1 to 512 bytes; empty: one is made.
        namespace: where it belongs, "/" parts levels: "team/project".
        metadata: a JSON object. What a memory gives can be given back to it: the same text is stored.
        embedding, embedding_model: a vector and whose it is; not indexed.
        version: 1, 2, ... of the id.
        vector_clock: how often each replica has changed it.
        created, updated: None: now.
        expires: from then on it is not there; None: never.
        checksum: of the content, XXH3 in hexadecimal.
    """

    category: str
    content: str
    id: str = ""
    namespace: str = "default"
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    embedding: list[float] = field(default_factory=list)
    embedding_model: str = ""
    version: int = 0
    vector_clock: dict[str, int] = field(default_factory=dict)
    created: datetime | None = None
    updated: datetime | None = None
    expires: datetime | None = None
    checksum: str = ""


def item_of(native: _levee.Item) -> Item:
    return Item(
        id=native.id,
        namespace=native.name_space,
        category=native.category,
        content=native.content,
        tags=native.tags,
        metadata=json.loads(native.metadata),
        embedding=native.embedding,
        embedding_model=native.embedding_model,
        version=native.version,
        vector_clock=native.vector_clock,
        created=to_datetime(native.created),
        updated=to_datetime(native.updated),
        expires=None if native.expires is None else to_datetime(native.expires),
        checksum=native.checksum,
    )


def metadata_text(metadata: dict[str, Any]) -> str:
    return json.dumps(metadata, ensure_ascii=False, allow_nan=False)


def native_item(item: Item) -> _levee.Item:
    native = _levee.Item()
    native.id, native.name_space, native.category, native.content = item.id, item.namespace, item.category, item.content
    native.tags, native.metadata = list(item.tags), metadata_text(item.metadata)
    native.embedding, native.embedding_model = list(item.embedding), item.embedding_model
    native.vector_clock = dict(item.vector_clock)
    native.created, native.updated = maybe_micros(item.created) or 0, maybe_micros(item.updated) or 0
    native.expires = maybe_micros(item.expires)
    return native


@dataclass(slots=True, frozen=True)
class Written:
    """What became of one write. A conflict and a missing item are values: nothing was written.

    Attributes:
        outcome: "stored", "updated", "deleted", "kept" (what is there is as new), "conflict", "not-found".
        version: afterwards; of a conflict what is there, 0: nothing.
    """

    outcome: Outcome
    id: str
    version: int

    def __bool__(self) -> bool:
        """Whether what was asked for is so now."""
        return self.outcome not in ("conflict", "not-found")


def written_of(native: _levee.Written) -> Written:
    return Written(native.outcome, native.id, native.version)


@dataclass(slots=True, frozen=True)
class ItemVersion:
    """One version of an item, as its history has it.

    Attributes:
        item: of a deletion the item as it was.
        written: when the memory took it.
        author: who.
        operation: "store", "update", "delete", "expire", "import", "restore".
    """

    item: Item
    written: datetime
    author: str
    operation: str


@dataclass(slots=True, frozen=True)
class Found:
    """An item that a question found.

    Attributes:
        score: BM25; 0 without words.
        snippet: the best part of the content, found words marked; empty without words.
        why: "words: late (2.1), orders (1.3)".
    """

    item: Item
    score: float
    snippet: str
    why: str


class Page:
    """Some of the items that a question found; iterates over them.

    Attributes:
        items: a `Found` each, in the order asked for.
        next: the cursor of the next page, for `Memory.find(after=...)`; empty: this is the last one.
        unindexed: items that words could not find yet, of `indexed=False` alone.
        did_you_mean: the words spelled as the memory knows them, where nothing was found.
    """

    def __init__(self, native: _levee.ItemPage, following: Callable[[str], Page]):
        self.items = [Found(item_of(found.item), found.score, found.snippet, found.why) for found in native.items]
        self.next = native.next
        self.unindexed = native.unindexed
        self.did_you_mean = native.did_you_mean
        self._following = following

    def next_page(self) -> Page | None:
        """The page behind this one; None: there is none."""
        return self._following(self.next) if self.next else None

    def __iter__(self) -> Iterator[Found]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Found:
        return self.items[index]

    def __repr__(self) -> str:
        return f"<Page of {len(self.items)} items{', more follow' if self.next else ''}>"
