"""Where a table's files are."""

from __future__ import annotations


def resolve(table_uri: str, path: str) -> str:
    """The place of a file whose path stands in the log: a local path, or a URI.

    Paths of the log are percent-encoded; they are relative to the table, or absolute.
    """
    if path.startswith("/"):
        return unquote(path)
    if "://" in path or path.startswith("file:"):
        return local(path)
    return f"{local(table_uri)}/{unquote(path)}"


def unquote(path: str) -> str:
    """Undoes percent-encoding. (`urllib.parse` takes a third of the time that `import levee` may.)"""
    if "%" not in path:
        return path
    from urllib.parse import unquote

    return unquote(path)


def local(uri: str) -> str:
    """The local path of a "file:" URI; any other URI as it is."""
    if uri.startswith("file:"):
        rest = uri[len("file:") :]
        return unquote(rest[2:] if rest.startswith("//") else rest)
    return uri
