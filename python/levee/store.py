"""Stores: the databases that Levee keeps tables' logs in."""

from __future__ import annotations

import os
from _thread import allocate_lock

from . import _levee

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from .table import Table


def tell(note: str) -> None:
    """Hands a note of Levee to the logger `levee`."""
    import logging

    logging.getLogger("levee").warning(note)


class Store:
    """An open store. Made by `levee.open`; may be shared by threads."""

    def __init__(self, native: _levee.Store):
        self._native = native

    @property
    def uri(self) -> str:
        """The store's URI, "sqlite:/data/levee.db"."""
        return self._native.uri

    def table(
        self, table: str | os.PathLike[str], version: int | None = None, *, timestamp: str | datetime | None = None
    ) -> Table:
        """The table of a registered name, a path or a URI: `levee.Table` in this store."""
        from .table import Table

        return Table(table, version, timestamp=timestamp, store=self)

    def tables(self) -> list[dict[str, Any]]:
        """Every table that the store has: `name`, `uri`, `version`, `files`, `bytes`, `records` (None: unknown)."""
        return self._native.tables()

    def add(self, table: str | os.PathLike[str], name: str = "") -> dict[str, Any]:
        """Imports a table, and registers it under a name. Returns what was done, as `Table.sync` does."""
        return self._native.add(os.fspath(table), name)

    def forget(self, table: str | os.PathLike[str]) -> None:
        """Takes a table out of the store; the table itself is left alone."""
        self._native.forget(os.fspath(table))

    def __repr__(self) -> str:
        return f"levee.open({self.uri!r})"


def open(
    uri: str | os.PathLike[str] = "",
    *,
    config_file: str | os.PathLike[str] = "",
    read_only: bool = False,
    **settings: Any,
) -> Store:
    """Opens a store, and makes it where it is not there.

    Args:
        uri: a path, "sqlite:PATH" or "deltasql://sqlite/PATH", where "${NAME}" is the environment's value. Empty:
            `LEVEE_STORE`, the configuration file, or `levee/levee.db` in your data folder.
        config_file: a `levee.toml`; empty: looked for as the program does.
        read_only: nothing is written; tables are as the store has them.
        settings: by the keys of `levee config show`: `freshness="cached"`, `memory_limit="1GB"`, `timezone="Europe/Berlin"`.

    Raises:
        levee.exceptions.InvalidArgumentError: a setting that is unknown or wrong.
        levee.exceptions.UnsupportedError: a database that is not built in.
    """
    return Store(_levee.open_store(os.fspath(uri), setting_texts(settings), os.fspath(config_file), read_only, tell))


def setting_texts(settings: dict[str, Any]) -> dict[str, str]:
    """Settings as a configuration file would say them."""
    switches = {True: "on", False: "off"}
    return {key: switches[value] if isinstance(value, bool) else str(value) for key, value in settings.items()}


_default: Store | None = None
_default_lock = allocate_lock()


def default_store() -> Store:
    """The store of tables that name none; opened once."""
    global _default
    with _default_lock:
        if _default is None:
            _default = open()
        return _default
