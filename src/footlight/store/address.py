"""Where a PostgreSQL database is, and how to connect to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from footlight.errors import Invalid

if TYPE_CHECKING:  # commands that only read addresses do without it
    import asyncpg

MAX_PASSWORD_FILE_BYTES = 4096
CONNECT_TIMEOUT_S = 5.0
APPLICATION_NAME = "footlight"


@dataclass(frozen=True)
class PostgresAddress:
    """A URL as libpq reads it, without a password (`psql URL` works as well), and the password (None: what
    PGPASSWORD or the passfile of libpq say, or none)."""

    url: str
    password: str | None = field(default=None, repr=False)

    async def connect(self, **options: Any) -> asyncpg.Connection[Any]:
        """A connection. Raises what asyncpg does."""
        import asyncpg

        return await asyncpg.connect(
            self.url, password=self.password, timeout=CONNECT_TIMEOUT_S, **options
        )


# SQLite's is a file.
Database = Path | PostgresAddress


def read_address(url: str, password_file: Path | None = None) -> PostgresAddress:
    """The address that a URL gives, whose password may be in it or in a file. Raises Invalid, never telling
    the password."""
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        _ = None if "," in parts.netloc else parts.port  # several hosts have each their own
    except ValueError:
        raise _invalid("it is no URL: reserved characters in it are written as %XX") from None
    # An @ in the path: what stands before it is the rest of a password with a slash in it.
    if parts.scheme not in ("postgresql", "postgres") or parts.fragment or "@" in parts.path:
        raise _invalid("its form is postgresql://USER@HOST:PORT/NAME")
    user, _, host = parts.netloc.rpartition("@")
    name, colon, given = user.partition(":")
    password = unquote(given) if colon else query.pop("password", None)
    if not parts.path.strip("/") and not {"dbname", "database", "service"} & query.keys():
        raise _invalid("it names no database")
    if password_file is not None:
        password = _password_of(password_file)
    netloc = f"{name}@{host}" if name else host
    rest = f"?{urlencode(query, safe='/:,', quote_via=quote)}" if query else ""
    return PostgresAddress(f"postgresql://{netloc}{parts.path}{rest}", password or None)


def _invalid(why: str) -> Invalid:
    return Invalid(f"database: {why}", name="database")


def _password_of(file: Path) -> str:
    try:
        with file.open("rb") as source:
            text = source.read(MAX_PASSWORD_FILE_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"cannot read database_password_file {file}: {error}", name="database_password_file"
        ) from error
    if not text:
        raise Invalid(f"database_password_file {file} is empty", name="database_password_file")
    return text
