"""Which files must this query read? Levee answers for Delta Lake tables, in microseconds.

    import levee

    table = levee.Table("/data/orders")
    files = table.files("date = '2024-01-31' AND id < 1000")   # an Arrow stream
    pyarrow.table(files); polars.DataFrame(files); duckdb.from_arrow(files)

A store keeps what was read of tables' logs: an SQLite file, by default `levee/levee.db` in your data folder. It keeps texts
as well, found again by words: `levee.memory()`.
"""

from __future__ import annotations

from . import exceptions
from ._levee import __version__
from .exceptions import LeveeError
from .store import Store, open  # it is what a store is opened with
from .table import DeltaTable, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import aio
    from .details import Metadata, ProtocolVersions
    from .memory_bank import Memory, memory
    from .memory_items import Item
    from .schema import Field, Schema

__all__ = [
    "DeltaTable",
    "Field",
    "Item",
    "LeveeError",
    "Memory",
    "Metadata",
    "ProtocolVersions",
    "Schema",
    "Store",
    "Table",
    "__version__",
    "aio",
    "exceptions",
    "memory",
    "open",
]

_LAZY = {
    "Field": "schema",
    "Schema": "schema",
    "Metadata": "details",
    "ProtocolVersions": "details",
    "Memory": "memory_bank",
    "memory": "memory_bank",
    "Item": "memory_items",
}


def __getattr__(name: str) -> object:
    """What few scripts name is imported when they do: `import levee` stays quick."""
    from importlib import import_module

    if name == "aio":
        return import_module("levee.aio")
    if name not in _LAZY:
        raise AttributeError(f"module 'levee' has no attribute {name!r}")
    return getattr(import_module(f"levee.{_LAZY[name]}"), name)
