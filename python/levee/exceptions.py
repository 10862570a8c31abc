"""What Levee raises. Every exception is a `LeveeError`, and has `code`, `what`, `why` and `hint`."""

from __future__ import annotations


class LeveeError(Exception):
    """An error of Levee.

    Attributes:
        code: the kind of failure, in lower case with dashes: "not-found", "invalid-argument", ...
        what: the thing that failed: a table, a file, "predicate".
        why: the reason.
        hint: what to do about it; may be empty.
        detail: the code of the part that failed, "INVALID_QUERY" of the memory; may be empty.
    """

    code: str = "internal"
    what: str = ""
    why: str = ""
    hint: str = ""
    detail: str = ""


class InvalidArgumentError(LeveeError, ValueError):
    """A predicate, an option or a path that is wrong."""


class NotFoundError(LeveeError, LookupError):
    """A table, file, version or column that is not there."""


class TableNotFoundError(NotFoundError):
    """The path holds no Delta table."""


class OutOfRangeError(LeveeError, LookupError):
    """A version or time outside of the range that is there; the message tells the range."""


class CorruptError(LeveeError):
    """Bytes that do not follow their format."""


class UnsupportedError(LeveeError, NotImplementedError):
    """Valid, but refused by name: a reader feature, a database that is not built in."""


class DivergedError(LeveeError):
    """The log was rewritten below what the store has."""


class UnavailableError(LeveeError, OSError):
    """Busy, locked, full or unreachable: it may pass."""


class CancelledError(LeveeError, TimeoutError):
    """Called off, or past its deadline."""


class ResourceExhaustedError(LeveeError, MemoryError):
    """The memory budget is used up."""


class MemoryBankError(LeveeError):
    """Any error of a memory; `detail` has its code."""


class ItemNotFoundError(MemoryBankError, NotFoundError):
    """ITEM_NOT_FOUND: there is no such item."""


class InvalidQueryError(MemoryBankError, InvalidArgumentError):
    """INVALID_QUERY: words, a condition, an order or a cursor that cannot be read; the message tells where."""


class ItemValidationError(MemoryBankError, InvalidArgumentError):
    """VALIDATION_ERROR: an item that is none; nothing of its batch was stored."""


class NamespaceError(MemoryBankError, ResourceExhaustedError):
    """NAMESPACE_ERROR: a quota is full; nothing of the batch was stored."""


class ItemConflictError(MemoryBankError):
    """CONFLICT_ERROR or VERSION_CONFLICT: somebody else changed it. Writes tell conflicts as outcomes instead."""


class MemoryIndexError(MemoryBankError):
    """INDEX_ERROR: an index that is there already, is not there, or cannot be."""


class StorageError(MemoryBankError, UnavailableError):
    """STORAGE_ERROR: the store could not be read or written: full, locked for too long, broken."""


class MemoryCacheError(MemoryBankError):
    """CACHE_ERROR."""


class PermissionDeniedError(MemoryBankError, PermissionError):
    """PERMISSION_DENIED."""


_BY_DETAIL: dict[str, type[LeveeError]] = {
    "ITEM_NOT_FOUND": ItemNotFoundError,
    "INVALID_QUERY": InvalidQueryError,
    "VALIDATION_ERROR": ItemValidationError,
    "NAMESPACE_ERROR": NamespaceError,
    "CONFLICT_ERROR": ItemConflictError,
    "VERSION_CONFLICT": ItemConflictError,
    "INDEX_ERROR": MemoryIndexError,
    "STORAGE_ERROR": StorageError,
    "CACHE_ERROR": MemoryCacheError,
    "PERMISSION_DENIED": PermissionDeniedError,
}

_CLASSES: dict[str, type[LeveeError]] = {
    "invalid-argument": InvalidArgumentError,
    "not-found": NotFoundError,
    "already-exists": InvalidArgumentError,
    "not-a-table": TableNotFoundError,
    "corrupt": CorruptError,
    "unsupported": UnsupportedError,
    "diverged": DivergedError,
    "unavailable": UnavailableError,
    "io": UnavailableError,
    "out-of-range": OutOfRangeError,
    "cancelled": CancelledError,
    "resource-exhausted": ResourceExhaustedError,
}


def error_of(code: str, what: str, why: str, hint: str, detail: str = "") -> LeveeError:
    """The exception of an error, as the module `_levee` raises it."""
    text = f"{what}: " + (f"{detail}: " if detail else "") + why + (f" ({hint})" if hint else "")
    error = (_BY_DETAIL.get(detail) or _CLASSES.get(code, LeveeError))(text)
    error.code, error.what, error.why, error.hint, error.detail = code, what, why, hint, detail
    return error


# The names that the package `deltalake` has for these.
DeltaError = LeveeError
DeltaProtocolError = UnsupportedError
