"""Commands made from declarations, against a scripted site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from footlight.cli import collection
from footlight.cli.collection import Group, add_commands, declared, read_body
from footlight.cli.exits import UsageProblem
from footlight.sdk.collection import (
    action,
    change,
    existence,
    item,
    member_action,
    pages,
    search,
)
from footlight.sdk.nouns import Nouns
from footlight.sdk.operation import Resource, S

BASE = "/cvad/manage"
ITEMS = [
    {"Name": "one", "Zone": {"Name": "Z"}, "Id": "1"},
    {"Name": "two", "Zone": None, "Id": "2"},
]


class Things(Resource[S]):
    list = pages("GET /Things", "All things.")
    search = search("POST /Things/$search", "Some things.")
    get = item("GET /Things/{nameOrId}", "One thing. Raises NotFound.")
    update = change("PATCH /Things/{nameOrId}", "Change what the body names.")
    delete = action("DELETE /Things/{nameOrId}", "Remove it.")
    remove_part = member_action("DELETE /Things/{nameOrId}/Parts/{part}", "Without it.")
    exists = existence("HEAD /Things/{name}", "Whether there is one.")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, site: Any, data_dir: Path) -> Iterator[Any]:
    app = typer.Typer()
    add_commands(app, Group("things", "things", Things, "Things.", ("Name", "Zone.Name", "Id")))
    monkeypatch.setattr(
        Nouns, "things", property(lambda nouns: Things(nouns._sender)), raising=False
    )

    def run_command(*arguments: str, stdin: str = "") -> Any:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run_command


def body_of(site: Any) -> Any:
    return json.loads(site.asked[-1].body)


def test_a_list_as_table_and_as_json(run: Any, site: Any) -> None:
    site.on("GET", f"{BASE}/Things", {"Items": ITEMS, "ContinuationToken": None})
    table = run("list", "--page-size", "5", "--query", "adminFolder=A|B", "--fields", "Name,Id")
    assert [line.split() for line in table.stdout.splitlines()] == [
        ["NAME", "ZONE", "ID"],
        ["one", "Z", "1"],
        ["two", "-", "2"],
    ]
    assert site.asked[-1].query == {"limit": "5", "adminFolder": "A|B", "fields": "Name,Id"}
    assert json.loads(run("list", "--json").stdout) == ITEMS


def test_a_list_without_the_columns_shows_its_plain_members(run: Any, site: Any) -> None:
    items = [{"Level": 3, "Deep": {"a": 1}, "Label": "x"}]
    site.on("GET", f"{BASE}/Things", {"Items": items, "ContinuationToken": None})
    assert run("list").stdout.split() == ["LEVEL", "LABEL", "3", "x"]


def test_an_object_is_shown_by_its_members(run: Any, site: Any) -> None:
    site.on("GET", f"{BASE}/Things/a", ITEMS[0])
    assert "one" in run("get", "a").stdout
    assert json.loads(run("get", "a", "--json").stdout) == ITEMS[0]
    assert run("get", "b").exit_code == 3


def test_a_search_by_conditions_and_members(run: Any, site: Any) -> None:
    site.on("POST", f"{BASE}/Things/$search", {"Items": ITEMS})
    found = run(
        *("search", "--where", "Name:Equals:x", "--sort", "Id", "--set", "BasicSearchString=x"),
        *("--skip", "1", "--time-zone", "UTC", "--json"),
    )
    assert json.loads(found.stdout) == ITEMS
    assert body_of(site)["SearchFilters"][0]["Value"] == "x"
    assert body_of(site)["BasicSearchString"] == "x"
    assert (site.asked[-1].query, site.asked[-1].headers["X-TimeZone"]) == ({"skip": "1"}, "UTC")


def test_a_body_from_text_file_input_and_members(run: Any, site: Any, tmp_path: Path) -> None:
    site.on("PATCH", f"{BASE}/Things/a", (204, b""))
    file = tmp_path / "body.json"
    file.write_text('{"Name": "file"}')
    done = run("update", "a", "--set", "InMaintenanceMode=true", "--set", "Name=x=y")
    assert (done.exit_code, done.stderr) == (0, "done\n")
    assert body_of(site) == {"InMaintenanceMode": True, "Name": "x=y"}
    run("update", "a", "--body", str(file), "--set", "Uid=1")
    assert body_of(site) == {"Name": "file", "Uid": 1}
    run("update", "a", "--body", "-", stdin='{"Name": "in"}')
    assert body_of(site) == {"Name": "in"}
    assert run("update", "a", "--set", "Name").exit_code == 2


@pytest.mark.parametrize("text", ["{", "[1]", "no-such-file"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises((UsageProblem, OSError)):
        read_body(text)


def test_an_action_can_be_left_alone(run: Any, site: Any) -> None:
    site.on("DELETE", f"{BASE}/Things/a", (404, {}))
    site.on("DELETE", f"{BASE}/Things/a/Parts/b", (204, b""))
    assert run("remove-part", "a", "b", "--json").stdout == ""
    assert site.asked[-1].query == {}
    answer = run("delete", "a", "--in-background")
    assert site.asked[-1].query == {"async": "true"}
    assert answer.exit_code == 3
    assert "--in-background" not in run("get", "--help").stdout


def test_help_is_the_declaration_s(run: Any) -> None:
    told = run("get", "--help").stdout
    assert "NAME_OR_ID" in told
    assert "One thing." in told
    assert "NotFound" not in told


def test_existence_ends_with_the_answer(run: Any, site: Any) -> None:
    site.on("HEAD", f"{BASE}/Things/a", (204, b""))
    assert (run("exists", "a").exit_code, run("exists", "b").exit_code) == (0, 3)


def test_a_lazy_group_makes_its_commands_when_somebody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    monkeypatch.setattr(collection, "add_commands", lambda app, group: made.append(group.name))
    group = Group("things", "things", Things, "Things.")
    lazy = collection.lazy_group(group)(name="things")
    assert made == []
    assert lazy.commands == {}
    assert lazy.commands == {}
    assert made == ["things"]


def test_only_declared_operations_are_commands() -> None:
    assert [*declared(Things)] == [
        "list",
        "search",
        "get",
        "update",
        "delete",
        "remove_part",
        "exists",
    ]
