from __future__ import annotations

from typing import Any

import httpx
from litestar import Litestar
from litestar.params import FromPath

from footlight.api.paths import Route, decode_parameter
from footlight.api.routing import Routes, all_bound


async def answer_of(routes: Routes, method: str, path: str) -> httpx.Response:
    app = Litestar(
        route_handlers=[bound.handler for bound in routes.bound],
        openapi_config=None,
        logging_config=None,
    )
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://x.test") as client:
        return await client.request(method, path)


async def test_one_declaration_serves_door_and_framework() -> None:
    routes = Routes(cvad=True)

    @routes.add("POST", "/Sessions/{id}/$logoff", status=204, open=True, body="any")
    async def log_off(id: FromPath[str]) -> None: ...

    (bound,) = routes.bound
    assert bound.route == Route("POST", "/Sessions/{id}/$logoff", open=True, body="any")
    assert bound.cvad
    answer = await answer_of(routes, "POST", "/cvad/manage/Sessions/5/$logoff")
    assert (answer.status_code, answer.content) == (204, b"")


async def test_our_own_paths_stand_as_they_are_and_a_rest_takes_all() -> None:
    routes = Routes(cvad=False)

    @routes.add("GET", "/assets/{path...}", answer="any")
    async def asset(path: FromPath[Any]) -> str:
        return str(path)

    @routes.add("GET", "/things/{name}")
    async def thing(name: FromPath[str]) -> str:
        return decode_parameter(name)

    assert (await answer_of(routes, "GET", "/assets/a/b.js")).text.lstrip("/") == "a/b.js"
    assert (await answer_of(routes, "GET", "/things/a")).text == "a"
    assert (await answer_of(routes, "GET", "/cvad/manage/things/a")).status_code == 404


async def test_a_declared_function_stays_callable() -> None:
    routes = Routes(cvad=False)

    @routes.add("GET", "/one")
    async def one() -> int:
        return 1

    assert await one() == 1


def test_websockets_and_order() -> None:
    first, second = Routes(cvad=False), Routes(cvad=True)

    @first.add_websocket("/footlight/v1/sessions/{id}/display", open=True)
    async def display(socket: Any, id: FromPath[str]) -> None: ...

    @second.add("GET", "/me", any_site=True)
    async def me() -> None: ...

    bound = all_bound([first, second])
    assert [(b.route.method, b.cvad) for b in bound] == [("WS", False), ("GET", True)]
    assert bound[0].route.open
    assert bound[1].route.any_site
    assert bound[0].handler.paths == {"/footlight/v1/sessions/{id:str}/display"}


def test_a_route_tells_of_itself() -> None:
    routes = Routes(cvad=True)

    @routes.add("GET", "/Lamps", gives=list[int], statuses=(200, 404), reads=("X-TimeZone",))
    async def list_lamps() -> None: ...

    (bound,) = routes.bound
    assert bound.path == "/cvad/manage/Lamps"
    assert bound.function is list_lamps
    assert (bound.told.gives, bound.told.statuses) == (list[int], {200, 404})
    assert bound.told.reads == ("X-TimeZone",)
