"""What a key may be, the same for every store."""

from __future__ import annotations

import re

from footlight.errors import Invalid, NotFound

_NAME = re.compile(r"[a-z0-9-][a-z0-9.-]*")
_MAX_KEY = 512


def names_of(key: str) -> list[str]:
    """The names that a key joins. Raises Invalid when it is none."""
    names = key.split("/")
    if len(key) > _MAX_KEY or not all(_NAME.fullmatch(name) for name in names):
        raise Invalid("not an object key", key=key[:_MAX_KEY])
    return names


def check_range(offset: int, length: int | None) -> None:
    """Raises Invalid for a negative one."""
    if offset < 0 or (length is not None and length < 0):
        raise Invalid("a range begins at 0 and is not negative")


def missing(key: str) -> NotFound:
    """What a get of an absent key raises."""
    return NotFound("there is no such object", key=key)
