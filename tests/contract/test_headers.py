"""Every response header that the published examples show, on every kind of answer."""

from __future__ import annotations

import http.client
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from footlight.ids import is_guid

pytestmark = pytest.mark.usefixtures("desktop")

PATHS = [
    ("GET", "/cvad/manage/Sessions?limit=100", 200),
    ("GET", "/cvad/manage/Sessions/none", 404),
    ("GET", "/nowhere", 404),
    ("PATCH", "/cvad/manage/Sessions", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
def test_each_header_stands_once(site, method: str, path: str, status: int) -> None:
    connection = http.client.HTTPSConnection(site.host, context=site.tls(), timeout=30)
    connection.request(method, path, headers=site.headers())
    answer = connection.getresponse()
    body = answer.read()
    headers = [(name.lower(), value) for name, value in answer.getheaders()]
    names = [name for name, _ in headers]
    for name in ("citrix-transactionid", "content-length", "content-type", "date", "server"):
        assert names.count(name) == 1, (name, headers)
    shown = dict(headers)
    assert answer.status == status
    assert int(shown["content-length"]) == len(body)
    assert shown["content-type"] == "application/json; charset=utf-8"
    assert parsedate_to_datetime(shown["date"]).utcoffset() is not None
    assert shown["server"] == "Footlight"
    assert is_guid(shown["citrix-transactionid"])
    connection.close()


@pytest.mark.parametrize("path", ["/cvad/manage/Sessions", "/cvad/manage/Sessions/x", "/x"])
def test_the_callers_transaction_comes_back(client: httpx.Client, path: str) -> None:
    given = "Test-" + "0123456789abcdef"
    answer = client.get(path, headers={"Citrix-TransactionId": given})
    assert answer.headers.get_list("citrix-transactionid") == [given]


def test_a_body_less_answer_has_them_too(client: httpx.Client, site) -> None:
    with site.bare_client() as other:
        token = other.post(
            "/cvad/manage/tokens", auth=(site.admin_user, site.admin_password)
        ).json()["Token"]
    answer = client.delete(
        "/cvad/manage/tokens", headers={"Authorization": f"CWSAuth bearer={token}"}
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert is_guid(answer.headers["citrix-transactionid"])
    assert "date" in answer.headers
    assert answer.headers["server"] == "Footlight"


@pytest.mark.parametrize("value", ["Citrix Systems, Inc."])
def test_the_server_header_is_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start_stage, value: str
) -> None:
    monkeypatch.setenv("FOOTLIGHT_SERVER_HEADER", value)
    stage = start_stage(tmp_path)
    with stage.client() as made:
        assert made.get("/cvad/manage/Sessions").headers["server"] == value
