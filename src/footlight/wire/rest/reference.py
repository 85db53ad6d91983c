"""The small values that every model uses: Ref and NameValue."""

from __future__ import annotations

import msgspec

from footlight.ids import ZERO_GUID


class RestModel(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """Base of the PascalCase models. Unknown members are ignored when one is read."""


class Ref(RestModel, frozen=True, kw_only=True):
    """Names an object: `{Id, Uid, Name}`."""

    id: str | None = None
    uid: int | None = None
    name: str | None = None


# "No object" inside a nested model: all-zero id, everything else null.
NO_OBJECT = Ref(id=ZERO_GUID)


class NameValue(RestModel, frozen=True, kw_only=True):
    """`{Name, Value}`; the value is always a string."""

    name: str | None = None
    value: str | None = None
