"""`footlight token`, `site-id` and `resources list`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ME = {"UserId": "1", "DisplayName": "Zoe", "ExpiryTime": "2026-01-07T09:05:03Z"}
ITEM = {"id": "r", "name": "Desktop", "kind": "Desktop"}


def me_with(site: Any, *site_ids: str) -> None:
    customers = [{"Id": f"c-{one}", "Sites": [{"Id": one, "Name": "EX"}]} for one in site_ids]
    site.on("GET", "/cvad/manage/me", {**ME, "Customers": customers})


def test_the_sites_id_is_the_callers_first(run: Any, site: Any, data_dir: Path) -> None:
    me_with(site, "one", "two")
    assert run("site-id").out == "one\n"
    assert run("site-id", "--json").json == {"Id": "one", "Name": "EX"}


def test_a_caller_without_a_site_is_1(run: Any, site: Any, data_dir: Path) -> None:
    me_with(site)
    ended = run("site-id")
    assert (ended.code, ended.err) == (1, "footlight: the site names no site of yours\n")
    assert run("token", "--json").json["CustomerId"] is None


def test_the_token_alone_asks_nobody(run: Any, site: Any, data_dir: Path) -> None:
    assert run("token").out == "local-token\n"
    assert site.asked == []
    me_with(site, "one")
    assert run("token", "--json").json == {
        "Token": "local-token", "Principal": "Zoe", "UserId": "1", "CustomerId": "c-one",
        "ExpiresAt": ME["ExpiryTime"],
    }  # fmt: skip


def test_resources(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", "/footlight/v1/resources", {"items": [ITEM]})
    assert run("resources", "list", "--json").json == [ITEM]
    assert "Desktop" in run("resources", "list").out
