from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


def test_the_sessions_of_a_machine_come_in_one_answer(scripted: Any) -> None:
    scripted.answer = {"Items": [{"Id": "x"}], "ContinuationToken": None, "TotalItems": 1}
    found = scripted.client.machines.sessions("EX\\H", fields=["Id", "State"])
    assert list(found) == [{"Id": "x"}]
    path = f"GET {MANAGE}/Machines/EX%5CH/Sessions"
    assert scripted.asked == (path, {"fields": "Id,State"}, None)
    list(scripted.client.machines.sessions("h/..", timeout_s=7))
    assert scripted.asked == (f"GET {MANAGE}/Machines/h%2F../Sessions", {}, None)
    assert scripted.requests[-1].extensions["timeout"]["read"] == 7


def test_the_sessions_of_an_application_come_in_pages(scripted: Any) -> None:
    scripted.answer = {"Items": [{"Id": "x"}], "ContinuationToken": "next", "TotalItems": 2}
    found = iter(scripted.client.applications.sessions("Text Editor", limit=1))
    assert next(found) == {"Id": "x"}
    path = f"GET {MANAGE}/Applications/Text%20Editor/Sessions"
    assert scripted.asked == (path, {"limit": "1"}, None)
    scripted.answer = {"Items": [{"Id": "y"}], "ContinuationToken": None}
    assert list(found) == [{"Id": "y"}]
    assert scripted.asked == (path, {"limit": "1", "continuationToken": "next"}, None)


def test_maintenance_and_tags(scripted: Any) -> None:
    scripted.answer = None
    scripted.client.machines.update("EX\\H", {"InMaintenanceMode": True})
    path = f"{MANAGE}/Machines/EX%5CH"
    assert scripted.asked == (f"PATCH {path}", {}, {"InMaintenanceMode": True})
    scripted.client.machines.add_tag("EX\\H", "blue/green")
    assert scripted.asked == (f"POST {path}/Tags/blue%2Fgreen", {}, None)
    scripted.client.machines.logoff("h", detail_response_required=False)
    query = {"detailResponseRequired": "false"}
    assert scripted.asked == (f"POST {MANAGE}/Machines/h/$logoff", query, None)


def test_catalogs_and_groups(scripted: Any) -> None:
    scripted.answer = {"Items": [{"Name": "x"}], "ContinuationToken": None}
    assert list(scripted.client.catalogs.machines("A|B", limit=2)) == [{"Name": "x"}]
    assert scripted.asked == (f"GET {MANAGE}/MachineCatalogs/A%7CB/Machines", {"limit": "2"}, None)
    body = {"MachineCatalog": "A|B", "Count": 1}
    scripted.client.delivery_groups.add_machines("G", body)
    assert scripted.asked == (f"POST {MANAGE}/DeliveryGroups/G/Machines", {}, body)
    scripted.answer = None
    scripted.client.delivery_groups.remove_machine("G", "EX\\H")
    assert scripted.asked == (f"DELETE {MANAGE}/DeliveryGroups/G/Machines/EX%5CH", {}, None)
