"""A few routes declared as the server's are."""

from typing import Annotated, Any

import msgspec
import pytest
from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from footlight.api.routing import Bound, Routes
from footlight.wire.rest.paging import Collection


class Lamp(msgspec.Struct, rename="pascal"):
    """What shines,
    or does not."""

    id: str
    watts: int | None = None


class NewLamp(msgspec.Struct):
    """A lamp to be."""

    watts: int
    colour: str = "warm"


class Refusal(msgspec.Struct):
    """A body of its own."""

    error: str


@pytest.fixture
def bound() -> dict[str, Bound]:
    """By `METHOD /template`."""
    cvad, own = Routes(cvad=True), Routes(cvad=False)

    @cvad.add(
        "GET", "/Lamps", gives=Collection[Lamp], statuses=(200, 202, 400), reads=("X-TimeZone",)
    )
    async def list_lamps(
        caller: str,
        limit: FromQuery[int | None] = None,
        fields: FromQuery[str | None] = None,
        in_background: Annotated[bool, QueryParameter(name="async")] = False,
    ) -> Response[bytes]:
        """All lamps."""
        raise NotImplementedError

    @cvad.add("GET", "/Lamps/{id}", any_site=True, statuses=(200, 404))
    async def get_lamp(id: FromPath[str], kind: FromQuery[str]) -> Lamp:
        """One lamp,
        lit or not."""
        raise NotImplementedError

    @cvad.add("POST", "/Lamps", status=201, gives=Lamp, takes=NewLamp, statuses=(201, 409))
    async def create_lamp() -> Response[bytes]:
        """A new lamp."""
        raise NotImplementedError

    @own.add(
        "PUT",
        "/footlight/v1/lamp-shades/{path...}",
        status=204,
        refuses=Refusal,
        statuses=(204, 409),
    )
    async def set_shade(path: FromPath[str], data: JSONBody[NewLamp | None] = None) -> None:
        """Another shade."""
        raise NotImplementedError

    @own.add("GET", "/lamp.png", open=True, answer="any", gives="image/png", statuses=(200, 304))
    async def picture() -> Response[bytes]:
        """How it looks."""
        raise NotImplementedError

    @own.add("GET", "/", open=True, answer="any", gives="text/html")
    async def page() -> Response[bytes]:
        """For people."""
        raise NotImplementedError

    routes: list[Any] = [*cvad.bound, *own.bound]
    return {f"{one.route.method} {one.route.template}": one for one in routes}
