from __future__ import annotations

from footlight.api.openapi import parameters
from footlight.api.routing import Bound


def named(bound: Bound) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in parameters.of(bound) if "name" in one}


def references(bound: Bound) -> list[str]:
    return [one["$ref"].rpartition("/")[2] for one in parameters.of(bound) if "$ref" in one]


def test_query_parameters_are_those_of_the_handler(bound: dict[str, Bound]) -> None:
    found = named(bound["GET /Lamps"])
    assert set(found) == {"limit", "fields", "async"}
    assert found["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000}
    assert found["async"]["schema"] == {"type": "boolean", "default": False}
    assert not any(one["required"] for one in found.values())


def test_a_parameter_without_a_default_is_needed(bound: dict[str, Bound]) -> None:
    found = named(bound["GET /Lamps/{id}"])
    assert found["kind"]["required"]
    assert found["id"] == {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
    }


def test_the_rest_of_a_path_is_one_parameter(bound: dict[str, Bound]) -> None:
    assert set(named(bound["PUT /footlight/v1/lamp-shades/{path...}"])) == {"path"}


def test_headers(bound: dict[str, Bound]) -> None:
    every = ["Citrix-CustomerId", "Citrix-InstanceId", "Citrix-TransactionId"]
    assert references(bound["GET /Lamps"]) == [*every, "X-TimeZone"]
    assert references(bound["GET /Lamps/{id}"]) == [every[0], every[2]]
    assert references(bound["GET /lamp.png"]) == []
    assert set(every) <= set(parameters.components())
