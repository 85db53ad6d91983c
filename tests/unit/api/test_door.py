"""The door around a small Litestar app, over httpx's ASGI transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from footlight import errors
from footlight.api import door as door_module
from footlight.api.app import route_table
from footlight.api.authorization import Basic, Token
from footlight.api.door import Credentials, Door, DoorConfig, Entry, entry_of
from footlight.api.errors import EXCEPTION_HANDLERS
from footlight.api.paths import Route, RouteTable, decode_parameter
from footlight.caller import FULL_GRANT, Caller

SITE = "22ded57c-0306-47e4-b6e8-fed6252759e1"
OTHER = "00000000-1111-4222-8333-444444444444"
HEADERS = {"Authorization": "CWSAuth bearer=good", "Citrix-InstanceId": SITE}
CVAD = [
    Route("GET", "/Sessions"),
    Route("GET", "/Sessions/RecordingStatus"),
    Route("GET", "/Sessions/{id}"),
    Route("POST", "/Sessions/{id}/$startRecording"),
    Route("POST", "/Sessions/{id}/$logoff"),
    Route("POST", "/Sessions/{id}/$async"),
    Route("POST", "/Sessions/$search"),
    Route("GET", "/Machines/{name}"),
    Route("POST", "/tokens", open=True),
    Route("GET", "/me", any_site=True),
    Route("GET", "/fault/{kind}"),
]
OWN = [
    Route("POST", "/cctrustoauth2/{customer}/tokens/clients", open=True, body="form"),
    Route("GET", "/s/{id}", open=True, answer="any"),
    Route("DELETE", "/footlight/v1/things/{id}"),
]


@get("/cvad/manage/Sessions")
async def list_sessions(
    limit: FromQuery[int | None], request: Request[Any, Any, Any]
) -> dict[str, Any]:
    return {"Items": [], "limit": limit, "token": request.query_params.get("continuationToken")}


@get("/cvad/manage/Sessions/RecordingStatus")
async def status() -> dict[str, bool]:
    return {"IsSessionBeingRecorded": False}


@get("/cvad/manage/Sessions/{id:str}")
async def session(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return {"Id": entry_of(request.scope).parameters["id"]}


@post("/cvad/manage/Sessions/{id:str}/$startRecording", status_code=200)
async def start(request: Request[Any, Any, Any]) -> dict[str, Any]:
    body = await request.body()
    return {"bytes": len(body), "type": request.headers.get("content-type")}


@post("/cvad/manage/Sessions/{id:str}/$logoff", status_code=204)
async def logoff() -> None:
    return None


@post("/cvad/manage/Sessions/{id:str}/$async", status_code=202)
async def accepted() -> None:
    return None


@post("/cvad/manage/Sessions/$search", status_code=200)
async def search(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    return data


@get("/cvad/manage/Machines/{name:str}")
async def machine(name: FromPath[str]) -> dict[str, str]:
    return {"Name": decode_parameter(name)}


@post("/cvad/manage/tokens", status_code=200)
async def tokens(request: Request[Any, Any, Any]) -> dict[str, str]:
    authorization = entry_of(request.scope).authorization
    assert isinstance(authorization, Basic)
    return {"user": authorization.user, "password": authorization.password}


@get("/cvad/manage/me")
async def me(request: Request[Any, Any, Any]) -> dict[str, Any]:
    entry: Entry = entry_of(request.scope)
    assert request.state.caller is entry.caller
    return {"base": entry.base_url, "customer": entry.customer, "name": request.state.caller.name}


@get("/cvad/manage/fault/{kind:str}")
async def fault(kind: FromPath[str]) -> None:
    raise {
        "conflict": errors.Conflict("It runs.", code="SessionBusy", sessionId="s1"),
        "unavailable": errors.Unavailable("No answer."),
        "limit": errors.LimitReached("Too fast.", retry_s=7),
        "invalid": errors.Invalid("No id.", problem="missing", parameter="id"),
        "bug": RuntimeError("secret of the house"),
    }[kind]


@post("/cctrustoauth2/{customer:str}/tokens/clients", status_code=200)
async def cloud_token(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {"form": (await request.body()).decode()}


@get("/s/{id:str}", media_type="text/html")
async def page() -> str:
    return "<p>hello</p>"


@delete("/footlight/v1/things/{id:str}", status_code=204)
async def remove() -> None:
    return None


HANDLERS = [
    list_sessions, status, session, start, logoff, accepted, search, machine, tokens, me, fault,
    cloud_token, page, remove,
]  # fmt: skip


async def authenticate(credentials: Credentials) -> Caller | None:
    match credentials.authorization:
        case Token("good"):
            name = "ada"
        case None if not credentials.needed:
            return None
        case None:
            raise errors.Unauthenticated("No token.", reason="missing")
        case _ if not credentials.needed:
            return None
        case _:
            raise errors.Unauthenticated("Bad token.", reason="invalid")
    return Caller(
        account_id="a", name=name, user_name=f"F\\{name}", display_name=name,
        grants=(FULL_GRANT,), token_id="t", expires_at_ms=0, refresh_until_ms=0,
        address=credentials.address,
    )  # fmt: skip


def build(**config: Any) -> Door:
    app = Litestar(
        HANDLERS,
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    door_config = DoorConfig(site_id=SITE, site_name="Stage", **config)
    return Door(app, RouteTable(CVAD, OWN), authenticate, door_config)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(), raise_app_exceptions=False, client=("127.0.0.9", 1))
    async with httpx.AsyncClient(
        transport=transport, base_url="https://site:1", headers=HEADERS
    ) as made:
        yield made


def check_error(response: httpx.Response, status: int, suffix: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.headers["citrix-transactionid"]
    body: dict[str, Any] = response.json()
    assert set(body) == {
        "ErrorMessage", "SdkErrorId", "ErrorType", "ErrorDetails", "SupportLink",
        "ErrorReportXml", "ErrorReport", "type", "detail", "parameters",
    }  # fmt: skip
    assert body["type"].endswith("/common/" + suffix)
    assert body["ErrorMessage"] == body["detail"] != ""
    assert body["SdkErrorId"]
    assert isinstance(body["parameters"], list)
    return {item["name"]: item["value"] for item in body["parameters"]}


@pytest.mark.parametrize(
    "path",
    [
        "/cvad/manage/Sessions",
        "/cvad/manage/sessions/",
        "/CVAD/Manage//Sessions",
        "/citrix/orchestration/api/Sessions",
        f"/citrix/orchestration/api/CitrixOnPremises/{SITE.upper()}/Sessions",
        f"/Citrix/Orchestration/Api/techpreview/acme/{SITE}/sessions",
        f"/cvadapis/{SITE}/sessions",
    ],
)
async def test_every_prefix_reaches_the_list(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(f"{path}?LIMIT=7&continuationtoken=A-b_C&Other=1")
    assert response.status_code == 200
    assert response.json() == {"Items": [], "limit": 7, "token": "A-b_C"}
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.headers["server"] == "Footlight"


async def test_literal_wins_over_parameter(client: httpx.AsyncClient) -> None:
    assert (await client.get("/cvad/manage/sessions/recordingstatus")).json() == {
        "IsSessionBeingRecorded": False
    }
    assert (await client.get("/cvad/manage/Sessions/Some-ID")).json() == {"Id": "Some-ID"}


@pytest.mark.parametrize("name", ["DOM%5CHost", "a%2Fb", "50%25", "A%7CB%20c", "what%3F", "%2525"])
async def test_parameters_survive(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"/cvad/manage/machines/{name}")
    wanted = {
        "DOM%5CHost": "DOM\\Host", "a%2Fb": "a/b", "50%25": "50%", "A%7CB%20c": "A|B c",
        "what%3F": "what?", "%2525": "%25",
    }[name]  # fmt: skip
    assert response.json() == {"Name": wanted}


@pytest.mark.parametrize("verb", ["$startRecording", "%24startRecording", "$StartRecording"])
@pytest.mark.parametrize(
    "content_type",
    [None, "application/json", "application/json; charset=utf-8",
     "application/x-www-form-urlencoded", "text/plain", "nonsense"],
)  # fmt: skip
async def test_empty_post_passes_with_any_type(
    client: httpx.AsyncClient, verb: str, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = await client.post(f"/cvad/manage/Sessions/x/{verb}", headers=headers)
    assert response.status_code == 200
    assert response.json() == {"bytes": 0, "type": None}


async def test_foreign_body_is_415_and_json_passes(client: httpx.AsyncClient) -> None:
    url = "/cvad/manage/Sessions/$search"
    refused = await client.post(url, content=b"a=b", headers={"Content-Type": "text/plain"})
    assert check_error(refused, 415, "unsupportedMediaType") == {"mediaType": "text/plain"}
    latin = {"Content-Type": "application/json; charset=iso-8859-1"}
    check_error(await client.post(url, content=b"{}", headers=latin), 415, "unsupportedMediaType")
    for accepted_type in ("application/json", 'application/json;charset="UTF-8"'):
        passed = await client.post(
            url, content=b'{"A": 1}', headers={"Content-Type": accepted_type}
        )
        assert passed.json() == {"A": 1}


async def test_form_only_at_the_token_endpoint(client: httpx.AsyncClient) -> None:
    url = "/cctrustoauth2/Acme/Tokens/Clients"
    assert (await client.post(url, data={"grant_type": "x"})).json() == {"form": "grant_type=x"}
    check_error(await client.post(url, json={"a": 1}), 415, "unsupportedMediaType")


async def test_bodies_without_content(client: httpx.AsyncClient) -> None:
    gone = await client.post("/cvad/manage/Sessions/x/$logoff")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "content-length" not in gone.headers
    later = await client.post("/cvad/manage/Sessions/x/$async")
    assert (later.status_code, later.content) == (202, b"")
    assert later.headers["content-length"] == "0"
    assert later.headers["content-type"] == "application/json; charset=utf-8"


async def test_head_is_get_without_body(client: httpx.AsyncClient) -> None:
    full = await client.get("/cvad/manage/Sessions?limit=1")
    head = await client.head("/cvad/manage/Sessions?limit=1")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == full.headers["content-length"]


async def test_unknown_path_and_method(client: httpx.AsyncClient) -> None:
    check_error(await client.get("/cvad/manage/Nothing"), 404, "notFound")
    check_error(await client.get("/cvad/manage/Sessions/%FF"), 404, "notFound")
    refused = await client.put("/cvad/manage/Sessions")
    assert check_error(refused, 405, "methodNotAllowed") == {"method": "PUT"}
    assert refused.headers["allow"] == "GET, HEAD"
    assert (await client.get("/cvad/manage/Sessions/x/$logoff")).headers["allow"] == "POST"


async def test_not_acceptable(client: httpx.AsyncClient) -> None:
    refused = await client.get("/cvad/manage/Sessions", headers={"Accept": "text/html"})
    assert check_error(refused, 406, "notAcceptable") == {"contentType": "text/html"}
    page_answer = await client.get("/s/x", headers={"Accept": "text/html"})
    assert page_answer.text == "<p>hello</p>"
    assert page_answer.headers["citrix-transactionid"]


async def test_missing_and_bad_token(client: httpx.AsyncClient) -> None:
    bad = await client.get("/cvad/manage/Sessions", headers={"Authorization": "CWSAuth bearer=x"})
    assert check_error(bad, 401, "authentication") == {"reason": "invalid"}
    missing = await client.get("/cvad/manage/Sessions", headers={"Authorization": ""})
    assert check_error(missing, 401, "authentication") == {"reason": "missing"}
    assert missing.headers["www-authenticate"]


async def test_open_route_gets_basic(client: httpx.AsyncClient) -> None:
    basic = httpx.BasicAuth("DOM\\ada", "a:b")
    response = await client.post("/citrix/orchestration/api/Tokens", auth=basic)
    assert response.json() == {"user": "DOM\\ada", "password": "a:b"}


async def test_sites_by_header_and_path(client: httpx.AsyncClient) -> None:
    foreign = {"Citrix-InstanceId": OTHER}
    refused = await client.get("/cvad/manage/Sessions", headers=foreign)
    assert check_error(refused, 403, "authorization") == {"entityType": "Site", "id": OTHER}
    in_path = f"/citrix/orchestration/api/any/{OTHER}/Sessions"
    check_error(await client.get(in_path), 403, "authorization")
    assert (await client.get("/cvad/manage/me", headers=foreign)).status_code == 200
    for same in (SITE.upper(), "{" + SITE + "}", "stage", ""):
        answer = await client.get("/cvad/manage/Sessions", headers={"Citrix-InstanceId": same})
        assert answer.status_code == 200, same
    unauthenticated = {"Authorization": "", **foreign}
    check_error(
        await client.get("/cvad/manage/Sessions", headers=unauthenticated), 401, "authentication"
    )


async def test_entry_tells_base_and_customer(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/Citrix/orchestration/api/Acme/{SITE}/me")
    assert answer.json() == {
        "base": f"https://site:1/Citrix/orchestration/api/Acme/{SITE}",
        "customer": "Acme",
        "name": "ada",
    }
    by_header = await client.get("/cvad/manage/me", headers={"Citrix-CustomerId": "loy6oujtu6a4"})
    assert by_header.json()["customer"] == "loy6oujtu6a4"


@pytest.mark.parametrize("given", ["0a1b", "x" * 128])
@pytest.mark.expects_errors
async def test_transaction_id_is_echoed(client: httpx.AsyncClient, given: str) -> None:
    headers = {"Citrix-TransactionId": given}
    for path in ("/cvad/manage/Sessions", "/nowhere", "/cvad/manage/fault/bug"):
        answer = await client.get(path, headers=headers)
        assert answer.headers.get_list("citrix-transactionid") == [given]


@pytest.mark.parametrize("given", ["", "x" * 129, "a\tb"])
async def test_odd_transaction_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/cvad/manage/me", headers={"Citrix-TransactionId": given})
    assert len(answer.headers["citrix-transactionid"]) == 36


@pytest.mark.expects_errors
async def test_failures_of_handlers(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    fault_path = "/cvad/manage/fault/"
    conflict = await client.get(fault_path + "conflict")
    assert check_error(conflict, 409, "conflict") == {"sessionId": "s1"}
    assert conflict.json()["SdkErrorId"] == "SessionBusy"
    silent = await client.get(fault_path + "unavailable")
    assert check_error(silent, 503, "serviceUnavailable") == {"retryDelay": "5"}
    assert silent.headers["retry-after"] == "5"
    limited = await client.get(fault_path + "limit")
    assert check_error(limited, 429, "rateLimitExceeded") == {"retryDelay": "7"}
    assert limited.headers["retry-after"] == "7"
    assert check_error(await client.get(fault_path + "invalid"), 400, "missing") == {
        "parameter": "id"
    }
    bug = await client.get(fault_path + "bug")
    check_error(bug, 500, "internalServerError")
    assert "secret" not in bug.text
    logged = capsys.readouterr()
    assert "secret of the house" in logged.out + logged.err
    assert bug.headers["citrix-transactionid"] in logged.out + logged.err


async def test_framework_refusals_use_the_model(client: httpx.AsyncClient) -> None:
    refused = await client.get("/cvad/manage/Sessions?limit=many")
    assert "limit" in check_error(refused, 400, "invalidString")
    broken = await client.post(
        "/cvad/manage/Sessions/$search",
        content=b"{",
        headers={"Content-Type": "application/json"},
    )
    check_error(broken, 400, "invalidString")


async def test_large_body_is_refused() -> None:
    transport = httpx.ASGITransport(build(max_body_bytes=100))
    async with httpx.AsyncClient(
        transport=transport, base_url="https://site", headers=HEADERS
    ) as small:

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b" " * 50

        path = "/cvad/manage/Sessions/$search"
        check_error(await small.post(path, content=b" " * 101), 413, "tooLong")
        check_error(await small.post(path, content=chunks()), 413, "tooLong")


async def test_slow_body_is_given_up() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/cvad/manage/Sessions/$search",
        "headers": [(b"authorization", b"Bearer good")], "query_string": b"",
    }  # fmt: skip
    await build(body_timeout_s=0.01)(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_websocket_is_refused_in_the_handshake() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/nowhere", "headers": [], "query_string": b""}
    await build()(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "404"}]
    sent.clear()
    scope["extensions"] = {"websocket.http.response": {}}
    await build()(scope, receive, send)
    assert sent[0]["status"] == 404


async def test_websocket_and_lifespan_pass() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    table = RouteTable([], [Route("WS", "/footlight/v1/sessions/{id}/display", open=True)])
    door = Door(app, table, authenticate, DoorConfig(SITE, "Stage"))
    await door({"type": "lifespan"}, receive, send)
    path = "/Footlight/V1/sessions/x//display"
    await door(
        {"type": "websocket", "path": path, "headers": [], "query_string": b"TICKET=t"},
        receive,
        send,
    )
    assert seen[0] == {"type": "lifespan"}
    assert seen[1]["path"] == "/footlight/v1/sessions/x/display"
    assert seen[1]["query_string"] == b"ticket=t"
    assert (b"server", b"Footlight") in sent[0]["headers"]


@pytest.mark.expects_errors
async def test_failure_after_the_start_is_not_covered_up() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("half way")

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        return None

    door = Door(app, RouteTable([Route("GET", "/x", open=True)]), authenticate, DoorConfig("", ""))
    with pytest.raises(RuntimeError, match="half way"):
        await door(
            {"type": "http", "method": "GET", "path": "/cvad/manage/x", "headers": []},
            receive,
            send,
        )


def test_what_a_route_tells_for_the_log() -> None:
    """An id only where it is a session's, and never what a caller wrote instead."""
    session_id = "6F1C0000-0000-4000-8000-000000000001"
    matched = route_table().match(f"/cvad/manage/Sessions/{session_id}/$logoff")
    assert matched is not None
    assert door_module._of_route(matched, "POST") == {
        "route": "POST /cvad/manage/Sessions/{id}/$logoff",
        "session": session_id.lower(),
    }
    for path in ("/cvad/manage/Sessions/my-secret", f"/cvad/manage/Jobs/{session_id}"):
        matched = route_table().match(path)
        assert matched is not None
        assert set(door_module._of_route(matched, "GET")) == {"route"}
