"""What a memory can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from . import _levee
from .memory_items import When, maybe_micros


class Query(TypedDict, total=False):
    """Conditions on items; every one that is given must hold. Lists may be given as one text."""

    ids: Sequence[str]  # one of
    namespaces: Sequence[str]  # one of; "team/*" is everything below team, "*" all
    categories: Sequence[str]  # one of
    tags: Sequence[str]  # all of
    any_tags: Sequence[str]  # one of
    no_tags: Sequence[str]  # none of
    metadata: str  # SQL over JSON paths: "a.b >= 3 AND source = 's1' AND c IS NOT NULL"
    since: When  # updated at or after
    until: When  # updated at or before
    created_since: When
    created_until: When
    as_of: When  # the memory as it was then
    order: str  # "updated desc, id"; fields id, namespace, category, ..., relevance, metadata.PATH
    limit: int  # items of a page, 1 to 10,000
    after: str  # Page.next of the page before
    any_word: bool  # words side by side: one must be there (the default), or all
    typos: int  # of a word at most, 0 to 2
    indexed: bool  # False: words find what is indexed, and Page.unindexed says how many items are not
    with_content: bool
    with_embedding: bool
    with_snippet: bool


_LISTS = ("ids", "namespaces", "categories", "tags", "any_tags", "no_tags")
_TIMES = ("since", "until", "created_since", "created_until", "as_of")


def native_query(words: str, query: Query) -> _levee.ItemQuery:
    native = _levee.ItemQuery()
    native.words = words
    for name, value in query.items():
        if name not in Query.__annotations__:
            raise TypeError(f"a memory cannot be asked for {name!r}")
        if value is None:
            continue
        if name in _LISTS:
            value = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        elif name in _TIMES:
            value = maybe_micros(value)  # type: ignore[arg-type]
        setattr(native, name, value)
    return native
