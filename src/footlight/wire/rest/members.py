"""Reading a JSON body into a model, member names in any case: clients of this API write them so."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

# What a client writes by hand stays far below; msgspec's own reader gives up only near 1000.
MAX_DEPTH = 64


class Unreadable(Exception):
    """The body is not the model: `where` is the member's path (`SearchFilters[0].Property`), "" for the
    whole body; `missing` tells that a member is not there."""

    def __init__(self, message: str, where: str = "", *, missing: bool = False) -> None:
        super().__init__(message)
        self.where = where
        self.missing = missing


def read_members(raw: bytes, model: type[T]) -> T:
    """The model from JSON. An empty body and `null` are `{}`. Unknown members are ignored; of two that
    differ in case only, the last counts. Raises Unreadable."""
    try:
        value = msgspec.json.decode(raw) if raw.strip() else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"The body is not JSON: {error}.") from None
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise Unreadable("The body is not a JSON object.")
    try:
        return msgspec.convert(_renamed(value, _info(model), 0), model)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        where = path.rstrip("`").removeprefix("$").removeprefix(".")
        raise Unreadable(message, where, missing="missing required field" in message) from None


@cache
def _info(model: type[msgspec.Struct]) -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(model)


def _renamed(value: Any, kind: msgspec.inspect.Type, depth: int) -> Any:
    """The value with the member names that the model has."""
    if depth > MAX_DEPTH:
        raise Unreadable(f"The body is nested over {MAX_DEPTH} deep.")
    match kind:
        case msgspec.inspect.UnionType():
            inner = (one for one in kind.types if _fits(value, one))
            chosen = next(inner, None)
            return value if chosen is None else _renamed(value, chosen, depth)
        case msgspec.inspect.ListType() if isinstance(value, list):
            return [_renamed(one, kind.item_type, depth + 1) for one in value]
        case msgspec.inspect.StructType() if isinstance(value, dict):
            fields = {field.encode_name.lower(): field for field in kind.fields}
            known = ((fields.get(str(name).lower()), inner) for name, inner in value.items())
            return {
                field.encode_name: _renamed(inner, field.type, depth + 1)
                for field, inner in known
                if field is not None
            }
        case _:
            return value


def _fits(value: Any, kind: msgspec.inspect.Type) -> bool:
    return (isinstance(value, dict) and isinstance(kind, msgspec.inspect.StructType)) or (
        isinstance(value, list) and isinstance(kind, msgspec.inspect.ListType)
    )
