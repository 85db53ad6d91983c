"""Names and values that clients keep with an object. Source: rest-api.md section 4.7, NameValue."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from footlight.errors import Invalid
from footlight.wire.rest.reference import NameValue

MAX_PAIRS = 100
MAX_NAME_CHARACTERS = 255
MAX_VALUE_CHARACTERS = 4000


def merged(kept: str, given: Iterable[NameValue]) -> str:
    """What is kept (a JSON object of strings) with the pairs given: a new name is added, a known one gets the
    new value, an empty or null value takes the name away. Raises Invalid."""
    found = msgspec.json.decode(kept, type=dict[str, str])
    for pair in given:
        name = (pair.name or "").strip()
        if not name:
            raise Invalid("Metadata without a name.", name="Metadata", problem="missing")
        if len(name) > MAX_NAME_CHARACTERS or len(pair.value or "") > MAX_VALUE_CHARACTERS:
            raise Invalid("Metadata is too long.", name="Metadata", problem="tooLong")
        if "\0" in name or "\0" in (pair.value or ""):
            raise Invalid("Metadata holds a NUL.", name="Metadata")
        if pair.value:
            found[name] = pair.value
        else:
            found.pop(name, None)
    if len(found) > MAX_PAIRS:
        raise Invalid(
            f"An object keeps at most {MAX_PAIRS} names.", name="Metadata", problem="outOfRange"
        )
    return msgspec.json.encode(found, order="deterministic").decode()


def pairs(kept: str) -> list[NameValue]:
    """What is kept, by name."""
    found = msgspec.json.decode(kept, type=dict[str, str])
    return [NameValue(name=name, value=value) for name, value in sorted(found.items())]
