"""Which S3 bucket a site keeps its objects in, and with whose keys."""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from footlight.errors import Invalid

MAX_FILE_BYTES = 1024 * 1024
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9._/-]{0,200}")


@dataclass(frozen=True)
class Credentials:
    """Keys of an account of the store."""

    key_id: str
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Bucket:
    """A place in an S3 store. `endpoint`: its URL without a path; keys lie at ENDPOINT/NAME/PREFIX/KEY.
    `ca`: certificates in PEM that it may have besides the system's."""

    name: str
    prefix: str  # without slashes at its ends; may be empty
    endpoint: str
    region: str
    credentials: Credentials
    ca: bytes | None = None

    def path(self, key: str) -> str:
        """The URL's path of a key."""
        return "/" + "/".join(part for part in (self.name, self.prefix, key) if part)


def read_bucket(
    address: str,
    endpoint: str | None,
    region: str,
    credentials_file: Path | None,
    ca_file: Path | None,
    environment: Mapping[str, str],
) -> Bucket:
    """The bucket of `s3://NAME/PREFIX`. Without an endpoint it is Amazon's. Raises Invalid naming the option."""
    name, _, prefix = address.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    if not _NAME.fullmatch(name) or not _PREFIX.fullmatch(prefix) or ".." in address:
        raise Invalid(f"objects: {address!r} is not s3://BUCKET/PREFIX", name="objects")
    where = endpoint or f"https://s3.{region}.amazonaws.com"
    parts = urlsplit(where)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise Invalid(
            f"objects_endpoint: {where!r} is not https://HOST:PORT", name="objects_endpoint"
        )
    return Bucket(
        name=name,
        prefix=prefix,
        endpoint=f"{parts.scheme}://{parts.netloc}",
        region=region,
        credentials=_credentials(credentials_file, environment),
        ca=None if ca_file is None else _bytes(ca_file, "objects_ca_file"),
    )


def _credentials(file: Path | None, environment: Mapping[str, str]) -> Credentials:
    """From an AWS credentials file, else from the environment that AWS's own tools read."""
    found: Mapping[str, str] = {name.lower(): value for name, value in environment.items()}
    option = "objects_credentials_file"
    if file is not None:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(_bytes(file, option).decode())
            found = parser["default"]
        except (configparser.Error, KeyError, UnicodeDecodeError):
            raise Invalid(f"{option}: {file} has no section [default]", name=option) from None
    key_id, secret = found.get("aws_access_key_id"), found.get("aws_secret_access_key")
    if not key_id or not secret:
        raise Invalid(
            "the store's keys are missing: aws_access_key_id and aws_secret_access_key in objects_credentials_file,"
            " or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
            name=option,
        )
    return Credentials(key_id, secret, found.get("aws_session_token") or None)


def _bytes(file: Path, option: str) -> bytes:
    try:
        with file.open("rb") as source:
            return source.read(MAX_FILE_BYTES)
    except OSError as error:
        raise Invalid(f"{option}: {file}: {error.strerror}", name=option) from None
