"""A request's JSON as a model, member names in any case."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from litestar import Request

from footlight.errors import Invalid
from footlight.wire.rest.members import Unreadable, read_members

T = TypeVar("T", bound=msgspec.Struct)


async def json_body(request: Request[Any, Any, Any], model: type[T]) -> T:
    """The body as `model`; an empty one as a model of nothing. Raises Invalid naming the member."""
    try:
        return read_members(await request.body(), model)
    except Unreadable as error:
        problem = "missing" if error.missing else "invalidString" if error.where else "invalidJson"
        raise Invalid(str(error), name=error.where or "body", problem=problem) from None


class JsonRequest(Request[Any, Any, Any]):
    """The framework's request, whose body may be anything: what it makes of JSON for a handler's `data` fails
    in ways that the framework takes for faults of its own."""

    async def json(self) -> Any:
        """The body's JSON. Raises Invalid."""
        try:
            return await super().json()
        except (RecursionError, UnicodeDecodeError):
            raise Invalid("The body is not JSON.", name="body", problem="invalidJson") from None
