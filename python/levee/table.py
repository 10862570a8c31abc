"""Delta tables."""

from __future__ import annotations

import os
from datetime import UTC

from . import _levee
from .exceptions import TableNotFoundError, error_of
from .paths import local, resolve
from .store import Store, default_store, open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from typing import Any

    import duckdb
    import pandas
    import polars
    import pyarrow.dataset

    from .details import Metadata, ProtocolVersions
    from .scan import Scan
    from .schema import Schema

#: What `Table.files` gives when it is not told: small enough to ask for on each query.
DEFAULT_COLUMNS = ("path", "size", "modificationTime", "numRecords", "partitionValues")


class Table:
    """A Delta table, by a registered name, a path or a URI.

    Without a version each question is about the newest one, as fresh as the setting `freshness` demands: by default the
    log is asked whether there is something newer, and that is read first. With a version the table stays at it.

    Args:
        table: a name, a path or a URI. "deltasql://sqlite/PATH#NAME" names the store as well.
        version: stay at this version.
        timestamp: stay at the newest version at or before this time: a datetime, a date or ISO 8601 text.
        store: where the log is kept; the default store unless told.
        settings: of a store opened for this table alone, see `levee.open`.
    """

    def __init__(
        self,
        table: str | os.PathLike[str],
        version: int | None = None,
        *,
        timestamp: str | datetime | None = None,
        store: Store | str | os.PathLike[str] | None = None,
        **settings: Any,
    ):
        self._table = os.fspath(table)
        if self._table.startswith("deltasql://"):
            uri, _, self._table = self._table.partition("#")
            store = uri if store is None else store
            if not self._table:
                raise error_of("invalid-argument", uri, "it names no table", "add #NAME")
        if isinstance(store, Store):
            self._store = store
        elif store is None and not settings:
            self._store = default_store()
        else:
            self._store = open(store or "", **settings)
        self._pinned: _levee.Table | None = None
        if version is not None or timestamp is not None:
            self._pinned = self._open(version, timestamp)

    # --- what the table is

    def version(self) -> int:
        """The version that questions are about now."""
        return self._view().version

    @property
    def table_uri(self) -> str:
        """The table's URI, or its path where it is local."""
        return local(self._view().uri)

    def schema(self) -> Schema:
        """The columns."""
        from .schema import Schema

        return Schema(self._view().schema_json)

    def protocol(self) -> ProtocolVersions:
        """The protocol's versions and features."""
        from .details import ProtocolVersions

        protocol = self._describe()["protocol"]
        return ProtocolVersions(
            protocol["minReaderVersion"],
            protocol["minWriterVersion"],
            protocol["writerFeatures"],
            protocol["readerFeatures"],
        )

    def metadata(self) -> Metadata:
        """Id, partition columns and properties."""
        from .details import Metadata

        described = self._describe()
        return Metadata(
            described["id"],
            described.get("tableName"),
            described.get("description"),
            described["partitionColumns"] or [],
            described.get("createdTime"),
            described["configuration"],
        )

    def transaction_version(self, app_id: str) -> int | None:
        """The version that an application wrote last (`txn`); None: it never did."""
        version: int | None = self._describe()["txns"].get(app_id)
        return version

    def history(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Commits, newest first: what each says of itself (`commitInfo`), with `version` and `timestamp` (ms)."""
        import json

        commits = []
        for version, timestamp_ms, info, added, removed, size, rows in self._store._native.history(self._table, limit):
            commit = json.loads(info) if info else {}
            commit.update(version=version)
            commit.setdefault("timestamp", timestamp_ms)
            commit["files"] = {"added": added, "removed": removed, "bytesAdded": size, "rowsAdded": rows}
            commits.append(commit)
        return commits

    # --- its files

    def files(
        self,
        where: Any = None,
        *,
        version: int | None = None,
        columns: Sequence[str] | str | None = DEFAULT_COLUMNS,
        order: str = "",
        limit: int | None = None,
        rows: int | None = None,
        paths: Sequence[str] | None = None,
    ) -> _levee.ArrowStream:
        """The files that a query must read, as an Arrow stream: give it to `pyarrow.table`, `polars.DataFrame`,
        `duckdb.from_arrow` or anything else that takes the Arrow PyCapsule interface. It can be read once.

        Args:
            where: leaves out files that provably hold no row for which it is true: SQL, or an expression of PyArrow or
                Polars.
            version: of this version, whatever the table stays at.
            columns: fields of a file: "path" (as in the log), "size" (bytes), "modificationTime" (ms), "numRecords",
                "partitionValues" (a map of texts), "deletionVector", "stats" (JSON), "tags", "addedVersion", "min.C",
                "max.C", "nulls.C" of a column C. None: all of them, statistics as typed columns.
            order: "size desc, path": fields or partition columns; nulls come last.
            limit: at most that many files.
            rows: stop when the files surely hold that many matching rows.
            paths: only files of these paths, as in the log.

        Raises:
            levee.exceptions.InvalidArgumentError: a predicate that is wrong, a field that is unknown.
        """
        view = self._view() if version is None else self._open(version, None)
        names = [columns] if isinstance(columns, str) else columns
        return view.files(_sql(where, view), names, order, limit, rows, paths)

    def count(self, where: Any = None) -> int:
        """How many files `files` would give."""
        view = self._view()
        return view.count(_sql(where, view))

    def file_uris(
        self, partition_filters: Sequence[tuple[str, str, Any]] | None = None, *, where: Any = None
    ) -> list[str]:
        """Paths or URIs of the files, ready to be opened.

        `partition_filters` are those of `deltalake`: tuples (column, operator, value as text).
        """
        view = self._view()
        condition = _sql(where, view)
        if partition_filters:
            from .predicates import from_partition_filters
            from .schema import Schema

            of_partitions = from_partition_filters(partition_filters, Schema(view.schema_json))
            condition = f"({condition}) AND {of_partitions}" if condition else of_partitions
        listed = view.files(condition, ["path"], "", None, None, None).rows()
        return [resolve(view.uri, path) for (path,) in listed]

    def changes(
        self, start: int, end: int | None = None, *, columns: Sequence[str] | None = DEFAULT_COLUMNS
    ) -> _levee.ArrowStream:
        """Files added and removed by the commits start+1 to `end` (None: the newest), as an Arrow stream: "change"
        ("add" or "remove"), "version", "dataChange", and `columns`."""
        return self._store._native.changes(self._table, start, end, columns)

    def explain(
        self, where: Any = None, *, columns: Sequence[str] = ("path",), format: str = "text", analyze: bool = False
    ) -> str:
        """How the files are found: the plan as "text", "json" or "svg", with times where `analyze` is true."""
        view = self._view()
        return view.explain(_sql(where, view), list(columns), format, analyze)

    # --- its rows, through other libraries

    def to_pyarrow_dataset(self, where: Any = None) -> pyarrow.dataset.Dataset:
        """A PyArrow dataset of the files that `where` leaves; rows are not filtered.

        Raises:
            levee.exceptions.UnsupportedError: the table has column mapping or deletion vectors.
        """
        from .scan_pyarrow import dataset

        return dataset(self._scan(where))

    def to_pyarrow_table(self, columns: Sequence[str] | None = None, where: Any = None) -> pyarrow.Table:
        """The rows of the files that `where` leaves; rows are not filtered. Partition columns, column mapping and deletion
        vectors are applied."""
        from .scan_pyarrow import table

        return table(self._scan(where), columns)

    def to_pandas(self, columns: Sequence[str] | None = None, where: Any = None) -> pandas.DataFrame:
        """`to_pyarrow_table` as a pandas frame."""
        return self.to_pyarrow_table(columns, where).to_pandas()

    def scan_polars(self, where: Any = None) -> polars.LazyFrame:
        """A lazy frame of Polars over the files that `where` leaves; rows are not filtered. Partition columns, column
        mapping by name and deletion vectors are applied."""
        from .scan_polars import frame

        return frame(self._scan(where))

    def duckdb(self, con: duckdb.DuckDBPyConnection, where: Any = None) -> duckdb.DuckDBPyRelation:
        """A relation of DuckDB over the files that `where` leaves; rows are not filtered. Partition columns, column mapping
        and deletion vectors are applied."""
        from .scan_duckdb import relation

        return relation(con, self._scan(where))

    # --- its store

    def sync(self) -> dict[str, Any]:
        """Brings the store up to the log: `from_version`, `to_version`, `commits`, `files`, `imported`, `seconds`."""
        return self._store._native.sync(self._table)

    def check(self) -> dict[str, Any]:
        """The store against the log: `status` ("equal", "drift", "lagging", "diverged") and what differs."""
        return self._store._native.check(self._table)

    def repair(self, dry_run: bool = False) -> dict[str, Any]:
        """Makes what is damaged in the store right again from the log: `status`, `version`, `found`, `done`, `lost`.

        `status` is "sound", "repaired" or "lost", of a dry run "damaged" or "would-lose"; `lost` has the first and last of each
        span of versions that neither store nor log has any more.
        """
        return self._store._native.repair(self._table, dry_run)

    def load_as_version(self, version: int | str | datetime) -> None:
        """Stays at a version, or at the newest one at or before a time."""
        self._pinned = self._open(version, None) if isinstance(version, int) else self._open(None, version)

    def update_incremental(self) -> None:
        """Follows the newest version again."""
        self._pinned = None
        self._view()

    @staticmethod
    def is_deltatable(table: str | os.PathLike[str]) -> bool:
        """Whether a path or URI holds a Delta table."""
        try:
            Table(table).version()
        except TableNotFoundError:
            return False
        return True

    def __repr__(self) -> str:
        return f"levee.Table({self._table!r}, version={self._view().version})"

    def _repr_html_(self) -> str:
        from html import escape

        described = self._describe()
        rows = [("version", described["version"]), ("files", f"{described['numFiles']:,}")]
        rows += [("size", f"{described['sizeInBytes']:,} bytes")]
        if described["numRecords"] is not None:
            rows += [("rows", f"{described['numRecords']:,}")]
        rows += [("partitioned by", ", ".join(described["partitionColumns"] or []) or "nothing")]
        body = "".join(f"<tr><th>{escape(k)}</th><td>{escape(str(v))}</td></tr>" for k, v in rows)
        schema = "".join(
            f"<tr><td>{escape(f.name)}</td><td>{escape(f.type if isinstance(f.type, str) else f.type['type'])}</td></tr>"
            for f in self.schema().fields
        )
        return f"<b>{escape(self.table_uri)}</b><table>{body}</table><table>{schema}</table>"

    # --- inside

    def _open(self, version: int | None, timestamp: str | datetime | None) -> _levee.Table:
        return self._store._native.open_table(
            self._table, version, None if timestamp is None else _milliseconds(timestamp)
        )

    def _view(self) -> _levee.Table:
        """The table at the version that a question is about."""
        return self._pinned or self._store._native.open_table(self._table, None, None)

    def _scan(self, where: Any) -> Scan:
        from .scan import Scan

        view = self._view()
        return Scan(view, _sql(where, view))

    def _describe(self) -> dict[str, Any]:
        import json

        described: dict[str, Any] = json.loads(self._view().describe_json())
        return described


def _sql(where: Any, view: _levee.Table) -> str:
    """A predicate as SQL; the columns of an expression are those of the table at its version."""
    if where is None:
        return ""
    if isinstance(where, str):
        return where
    from .expressions import to_sql
    from .schema import Schema

    return to_sql(where, Schema(view.schema_json))


def _milliseconds(time: str | date | datetime) -> int:
    from datetime import datetime

    if isinstance(time, str):
        time = datetime.fromisoformat(time.replace("Z", "+00:00"))
    elif not isinstance(time, datetime):
        time = datetime(time.year, time.month, time.day)
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return int(time.timestamp() * 1000)


# A script moves from the package `deltalake` by importing this name from here.
DeltaTable = Table
