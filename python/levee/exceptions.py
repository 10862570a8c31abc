"""What Levee raises. Every exception is a `LeveeError`, and has `code`, `what`, `why` and `hint`."""

from __future__ import annotations


class LeveeError(Exception):
    """An error of Levee.

    Attributes:
        code: the kind of failure, in lower case with dashes: "not-found", "invalid-argument", ...
        what: the thing that failed: a table, a file, "predicate".
        why: the reason.
        hint: what to do about it; may be empty.
    """

    code: str = "internal"
    what: str = ""
    why: str = ""
    hint: str = ""


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


def error_of(code: str, what: str, why: str, hint: str) -> LeveeError:
    """The exception of an error, as the module `_levee` raises it."""
    text = f"{what}: {why}" + (f" ({hint})" if hint else "")
    error = _CLASSES.get(code, LeveeError)(text)
    error.code, error.what, error.why, error.hint = code, what, why, hint
    return error


# The names that the package `deltalake` has for these.
DeltaError = LeveeError
DeltaProtocolError = UnsupportedError
