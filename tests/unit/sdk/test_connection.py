"""What a client's arguments mean on the wire."""

from __future__ import annotations

import httpx
import pytest

from footlight.sdk.connection import Body, Meter, connection, failure
from footlight.sdk.credentials import ClientSecret, Password, Token
from footlight.sdk.errors import ConnectionFailed, TimedOut
from footlight.sdk.requests.request import get, post


def test_the_way_to_sign_in() -> None:
    assert connection("http://s", user="ada", password="x").credentials == Password("ada", "x")
    made = connection("http://s/", client_id="c", client_secret="y", site_id="1")
    assert made.credentials == ClientSecret("c", "y", "root")
    assert made.base_url == "http://s"
    assert made.headers == {"Citrix-CustomerId": "CitrixOnPremises", "Citrix-InstanceId": "1"}
    assert connection("http://s").credentials is None
    assert connection("http://s", token="t").token == Token("t")


def test_a_request_carries_token_and_time() -> None:
    options = connection("http://s", timeout_s=7).request_options(post("/x", {"a": 1}), Token("t"))
    assert options["headers"]["Authorization"] == "CWSAuth bearer=t"
    assert (options["json"], options["timeout"].read, options["params"]) == ({"a": 1}, 7, None)
    unsigned = connection("http://s").request_options(get("/x", timeout_s=9), None)
    assert "Authorization" not in unsigned["headers"]
    assert unsigned["timeout"].read == 9


@pytest.mark.parametrize(
    ("url", "proxied"), [("http://127.0.0.1:1", False), ("http://site.test", True)]
)
def test_no_proxy_stands_before_loopback(url: str, proxied: bool) -> None:
    assert connection(url).client_options()["trust_env"] is proxied


def test_failures_name_the_site() -> None:
    request = httpx.Request("GET", "http://site.test/secret?x=1")
    assert isinstance(failure(httpx.ReadTimeout("", request=request)), TimedOut)
    broken = failure(httpx.ConnectError("refused", request=request))
    assert type(broken) is ConnectionFailed
    assert "secret" not in str(broken)


def test_a_body_keeps_its_status_and_loses_its_encoding() -> None:
    request = httpx.Request("GET", "http://site.test/x")
    came = httpx.Response(404, headers={"Content-Encoding": "gzip"}, request=request)
    body = Body()
    body.add(b"ab")
    body.add(b"c")
    whole = body.whole(came)
    assert (whole.status_code, whole.content, whole.request) == (404, b"abc", request)


def test_progress_is_heard_after_the_piece() -> None:
    heard: list[tuple[int, int | None]] = []
    request = httpx.Request("GET", "http://site.test/x")
    came = httpx.Response(200, headers={"Content-Length": "3"}, request=request)
    meter = Meter(came, lambda done, total: heard.append((done, total)))
    meter.before(b"abc")
    assert heard == []
    meter.after()
    assert heard == [(3, 3)]
