"""`footlight token`, `site-id` and `resources`."""

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


MACHINE = {
    "id": "m", "name": "EX\\ONE", "deliveryGroup": "Office", "zone": "North", "sessions": 2,
    "loadIndex": 1234, "takes": True, "rank": 1, "reason": None, "sentence": None,
}  # fmt: skip
FULL = {
    **MACHINE, "id": "n", "name": "EX\\TWO", "loadIndex": 10000, "takes": False, "rank": None,
    "reason": "full", "sentence": "The machine is as busy as it may be.",
}  # fmt: skip
PLACEMENT = {
    "resource": "Desktop", "user": "zoe", "sessionId": None, "machine": "EX\\ONE", "reason": None,
    "sentence": None, "waiting": 0, "groups": [], "machines": [MACHINE, FULL],
}  # fmt: skip


def test_why_a_launch_goes_where_it_goes(run: Any, site: Any, data_dir: Path) -> None:
    path = "/footlight/v1/resources/Desktop/placement"
    site.on("GET", path, PLACEMENT)
    assert run("resources", "why", "Desktop", "--for", "zoe", "--json").json == PLACEMENT
    assert site.asked[-1].query == {"user": "zoe"}
    ended = run("resources", "why", "Desktop")
    assert site.asked[-1].query == {}
    assert "12 %" in ended.out
    assert "The machine is as busy as it may be." in ended.out
    assert "a launch of Desktop for zoe starts a session on EX\\ONE" in ended.err


def test_why_a_launch_is_refused(run: Any, site: Any, data_dir: Path) -> None:
    path = "/footlight/v1/resources/Desktop/placement"
    group = {
        "id": "g", "name": "Office", "sessions": 5, "userSessions": 0, "rules": {},
        "reason": "groupFull", "sentence": "The delivery group is full.",
    }  # fmt: skip
    refused = {"machine": None, "reason": "groupFull", "sentence": "Too many.", "groups": [group]}
    site.on("GET", path, {**PLACEMENT, **refused})
    ended = run("resources", "why", "Desktop")
    assert "Office: The delivery group is full." in ended.err
    assert "is refused: Too many." in ended.err
    site.on("GET", path, {**PLACEMENT, "machine": None, "sessionId": "s-1"})
    assert "takes up session s-1" in run("resources", "why", "Desktop").err


def test_metrics_are_printed_as_they_are(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", "/metrics", "# TYPE a gauge")
    assert "# TYPE a gauge" in run("site", "metrics").out
    assert "# TYPE a gauge" in run("site", "metrics", "--json").json["metrics"]
