"""One request of the API as a value, before anything is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import quote

MANAGE = "/cvad/manage"
OWN = "/footlight/v1"
PIECE_BYTES = 256 * 1024


@dataclass(frozen=True)
class Source:
    """A body that is read as it is sent, from where the file stands, and from there again when it is sent again."""

    file: BinaryIO
    first: int
    size: int
    progress: Callable[[int, int | None], None] | None = None

    @classmethod
    def of(
        cls, file: BinaryIO, progress: Callable[[int, int | None], None] | None = None
    ) -> Source:
        """From here to the file's end."""
        first = file.tell()
        size = file.seek(0, os.SEEK_END) - first
        file.seek(first)
        return cls(file, first, size, progress)

    def pieces(self) -> Iterator[bytes]:
        """All of it."""
        self.file.seek(self.first)
        done = 0
        while done < self.size and (piece := self.file.read(min(PIECE_BYTES, self.size - done))):
            yield piece
            done += len(piece)
            if self.progress is not None:
                self.progress(done, self.size)


@dataclass(frozen=True, kw_only=True)
class Request:
    """`path` is absolute on the site and already quoted. `repeatable` says that sending it twice
    does what sending it once does, so that it may be sent again when nobody knows whether it
    arrived."""

    method: str
    path: str
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    source: Source | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = "application/json"
    signed: bool = True  # carries the caller's token
    repeatable: bool = False
    timeout_s: float | None = None  # None: the client's


def get(
    path: str, query: Mapping[str, object] | None = None, *, timeout_s: float | None = None
) -> Request:
    """A GET; query values of None are left out."""
    return Request(
        method="GET", path=path, query=query_of(query), repeatable=True, timeout_s=timeout_s
    )


def post(
    path: str,
    json: Any = None,
    *,
    query: Mapping[str, object] | None = None,
    repeatable: bool = False,
    timeout_s: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """A POST; query values of None are left out, and so is a body of None."""
    return Request(
        method="POST",
        path=path,
        query=query_of(query),
        json=json,
        headers=headers or {},
        repeatable=repeatable,
        timeout_s=timeout_s,
    )


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that were given."""
    return {name: value for name, value in members.items() if value is not None}


def segment(text: str) -> str:
    """`text` as one segment of a path: ids, names, DOMAIN\\HOST."""
    return quote(text, safe="")


def query_of(values: Mapping[str, object] | None) -> dict[str, str | list[str]]:
    """Query parameters as text; None is left out, a list or tuple is given once per element."""
    return {name: _text(value) for name, value in (values or {}).items() if value is not None}


def camel(name: str) -> str:
    """`snake_case` as the API spells it: `snakeCase`."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _text(value: object) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
