from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from footlight.api import container_scopes
from footlight.broker.decision import LaunchRequest

MANAGE = "/cvad/manage"
HOSTS = {"ObjectType": "MachineCatalog", "Object": "Linux hosts"}
EVERYONE = {"ObjectType": "DeliveryGroup", "Object": "Everyone"}


def names(session: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (one["ScopeType"], [scope["Name"] for scope in one["Scopes"]])
        for one in session["ContainerScopes"]
    ]


@pytest.fixture
async def scoped(door: Any) -> Any:
    """A session in the scopes Floor and Cellar, and the headers of who helps on the floor."""
    made = await door.rooms.launcher.launch(door.rooms.admin, LaunchRequest("Desktop"))
    for name, objects in (("Floor", [HOSTS]), ("Cellar", [HOSTS, EVERYONE])):
        body = {"Name": name, "ScopedObjects": objects}
        answer = await door.post(f"{MANAGE}/Admin/Scopes", json=body)
        assert answer.status_code == 201, answer.text
    headers = await door.sign_in_as("ada")
    right = {"Role": "Help Desk Administrator", "Scope": "Floor"}
    body = {"User": "ada", "Rights": [right]}
    assert (await door.post(f"{MANAGE}/Admin/Administrators", json=body)).status_code == 204
    return SimpleNamespace(door=door, session_id=made.session_id, headers=headers)


async def test_who_helps_on_a_floor_is_told_that_it_is_not_everywhere(scoped: Any) -> None:
    me = (await scoped.door.client.get("/footlight/v1/me", headers=scoped.headers)).json()
    assert "Session_Read" in me["permissions"]
    assert me["everywhere"] == []
    both = {
        "Rights": [
            {"Role": "Help Desk Administrator", "Scope": "Floor"},
            {"Role": "Session Recording Auditor", "Scope": "All"},
        ]
    }
    changed = await scoped.door.client.patch(
        f"{MANAGE}/Admin/Administrators/ada", json=both, headers=scoped.door.headers
    )
    assert changed.status_code in (200, 204), changed.text
    me = (await scoped.door.client.get("/footlight/v1/me", headers=scoped.headers)).json()
    assert {"Recording_View", "Session_Read"} <= set(me["everywhere"])
    assert "Session_Logoff" in set(me["permissions"]) - set(me["everywhere"])


async def test_a_session_shows_the_scopes_of_its_containers_that_the_caller_knows(
    scoped: Any,
) -> None:
    door, one = scoped.door, f"{MANAGE}/Sessions/{scoped.session_id}"
    every = [
        ("MachineCatalog", ["All", "Cellar", "Floor"]),
        ("DeliveryGroup", ["All", "Cellar"]),
    ]
    mine = [("MachineCatalog", ["All", "Floor"]), ("DeliveryGroup", ["All"])]
    for headers, expected in ((door.headers, every), (scoped.headers, mine)):
        client = door.client
        found = [
            (await client.get(one, headers=headers)).json(),
            (await client.get(f"{MANAGE}/Sessions", headers=headers)).json()["Items"][0],
            (await client.get(f"{MANAGE}/Machines/DESK1/Sessions", headers=headers)).json()[
                "Items"
            ][0],
            (await client.post(f"{MANAGE}/Sessions/$search", headers=headers, json={})).json()[
                "Items"
            ][0],
            (await client.post(f"{one}/$disconnect", headers=headers)).json(),
        ]
        assert [names(session) for session in found] == [expected] * 5


def test_what_is_in_no_container_has_no_scopes_of_one() -> None:
    assert container_scopes.container_scopes(None, None) == []
    (only,) = container_scopes.container_scopes(None, ())
    assert (only.scope_type, [scope.name for scope in only.scopes]) == ("DeliveryGroup", ["All"])
