"""The collection that every list answers with, and the `fields` projection of its items."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

DEFAULT_LIMIT = 250
MAXIMUM_LIMIT = 1000

Item = TypeVar("Item")


class Collection(msgspec.Struct, Generic[Item], frozen=True, kw_only=True, rename="pascal"):
    """`{Items, ContinuationToken, TotalItems}`. The last page's token is null, never ""."""

    items: list[Item]
    continuation_token: str | None = None
    total_items: int | None = None


def named_fields(text: str | None) -> frozenset[str] | None:
    """The lower-case names in a `fields` value; None when it names nothing (no projection)."""
    names = frozenset(name.strip().lower() for name in (text or "").split(",")) - {""}
    return names or None


def projected(
    item: msgspec.Struct, fields: frozenset[str] | None
) -> msgspec.Struct | dict[str, Any]:
    """The item with only the top-level members that `fields` names (as named_fields gives them);
    unknown names have no effect. The item itself when there is no projection."""
    if fields is None:
        return item
    return {
        field.encode_name: getattr(item, field.name)
        for field in msgspec.structs.fields(item)
        if field.encode_name.lower() in fields
    }
