"""What tables tell of themselves, in the shapes of the package `deltalake`."""

from typing import NamedTuple


class ProtocolVersions(NamedTuple):
    """What readers and writers must understand."""

    min_reader_version: int
    min_writer_version: int
    writer_features: "list[str] | None"
    reader_features: "list[str] | None"


class Metadata(NamedTuple):
    """What the log says of a table as a whole."""

    id: str
    name: "str | None"
    description: "str | None"
    partition_columns: "list[str]"
    created_time: "int | None"
    configuration: "dict[str, str]"
