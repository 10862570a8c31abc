"""What PyArrow reads data files with, by where they are."""

from __future__ import annotations

import os
from functools import lru_cache

from pyarrow import fs

from .exceptions import error_of


def filesystem_of(place: str) -> tuple[fs.FileSystem, str]:
    """The file system of a file and its path there. Clouds take their credentials from the environment, as Levee does."""
    scheme, separator, rest = place.partition("://")
    if not separator:
        return _local(), place
    if scheme in ("s3", "s3a", "s3n"):
        return _s3(), rest
    if scheme in ("gs", "gcs"):
        return _google(), rest
    if scheme in ("abfss", "abfs", "wasbs", "wasb"):
        container, _, where = rest.partition("@")
        host, _, path = where.partition("/")
        return _azure(host.partition(".")[0]), f"{container}/{path}"
    if scheme in ("az", "azure"):
        return _azure(os.environ.get("AZURE_STORAGE_ACCOUNT_NAME", "")), rest
    raise error_of("unsupported", scheme, "PyArrow has no file system of that kind", "")


@lru_cache
def _local() -> fs.FileSystem:
    return fs.LocalFileSystem()


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


@lru_cache
def _s3() -> fs.FileSystem:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    scheme, separator, host = endpoint.partition("://")
    return fs.S3FileSystem(
        anonymous=_is_set("AWS_SKIP_SIGNATURE"),
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        endpoint_override=host.rstrip("/") if separator else endpoint or None,
        scheme=scheme if separator else "https",
        force_virtual_addressing=_is_set("AWS_VIRTUAL_HOSTED_STYLE_REQUEST"),
    )


@lru_cache
def _google() -> fs.FileSystem:
    endpoint = os.environ.get("STORAGE_EMULATOR_HOST", "")
    if not endpoint:
        return fs.GcsFileSystem(anonymous=_is_set("GOOGLE_SKIP_SIGNATURE"))
    scheme, separator, host = endpoint.partition("://")
    return fs.GcsFileSystem(anonymous=True, endpoint_override=host or endpoint, scheme=scheme if separator else "http")


@lru_cache
def _azure(account: str) -> fs.FileSystem:
    key = os.environ.get("AZURE_STORAGE_ACCOUNT_KEY") or os.environ.get("AZURE_STORAGE_KEY")
    token = os.environ.get("AZURE_STORAGE_SAS_TOKEN") or os.environ.get("AZURE_STORAGE_SAS_KEY")
    return fs.AzureFileSystem(account_name=account, account_key=key, sas_token=None if key else token)
