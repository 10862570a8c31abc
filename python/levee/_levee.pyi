"""The C++ interface (include/levee/levee.h) as it is. Use `levee.open` and `levee.Table` instead."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_R = TypeVar("_R")

__version__: str

class Cancellation:
    def cancel(self) -> None:
        """Ends what `run` does, from any thread: it raises `CancelledError` then."""
    def run(self, work: Callable[[], _R]) -> _R:
        """Calls `work` in this thread."""

class ArrowStream:
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def rows(self) -> list[tuple[Any, ...]]:
        """A tuple a row, of what needs no other library: texts, numbers, booleans, maps of texts."""

class Table:
    @property
    def version(self) -> int: ...
    @property
    def timestamp_ms(self) -> int: ...
    @property
    def uri(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def schema_json(self) -> str: ...
    @property
    def partition_columns(self) -> list[str]: ...
    def describe_json(self) -> str: ...
    def files(
        self,
        where: str,
        columns: Sequence[str] | None,
        order: str,
        limit: int | None,
        rows: int | None,
        paths: Sequence[str] | None,
    ) -> ArrowStream: ...
    def count(self, where: str) -> int: ...
    def explain(self, where: str, columns: Sequence[str] | None, format: str, analyze: bool) -> str: ...
    def deleted_rows(
        self, storage_type: str, path_or_inline: str, offset: int | None, size_bytes: int, cardinality: int
    ) -> list[tuple[int, int]]: ...
    def kept_rows(
        self,
        storage_type: str,
        path_or_inline: str,
        offset: int | None,
        size_bytes: int,
        cardinality: int,
        rows: int,
    ) -> bytes: ...

class Store:
    @property
    def uri(self) -> str: ...
    def open_table(self, table: str, version: int | None, timestamp_ms: int | None) -> Table: ...
    def sync(self, table: str) -> dict[str, Any]: ...
    def check(self, table: str) -> dict[str, Any]: ...
    def repair(self, table: str, dry_run: bool) -> dict[str, Any]: ...
    def add(self, table: str, name: str) -> dict[str, Any]: ...
    def changes(self, table: str, start: int, end: int | None, columns: Sequence[str] | None) -> ArrowStream: ...
    def history(
        self, table: str, limit: int | None
    ) -> list[tuple[int, int, str, int | None, int | None, int | None, int | None]]: ...
    def tables(self) -> list[dict[str, Any]]: ...
    def forget(self, table: str) -> None: ...

def open_store(
    uri: str,
    settings: dict[str, str],
    config_file: str,
    read_only: bool,
    on_note: Callable[[str], None],
) -> Store: ...
