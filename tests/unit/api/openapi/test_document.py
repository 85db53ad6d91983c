from __future__ import annotations

import json
import re

import pytest

from footlight.api.app import BOUND
from footlight.api.openapi.description import read_examples
from footlight.api.openapi.document import document
from footlight.api.openapi.operation import is_told
from footlight.api.routing import Bound


@pytest.fixture(scope="module")
def whole() -> dict[str, object]:
    return document(BOUND, "1", read_examples())


def test_every_route_of_the_server_is_in_it(whole) -> None:
    found = {f"{method.upper()} {path}" for path, item in whole["paths"].items() for method in item}
    told = [bound for bound in BOUND if is_told(bound)]
    assert found == {f"{bound.route.method} {bound.path}".replace("...}", "}") for bound in told}


def test_what_is_referred_to_is_there(whole) -> None:
    references = set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(whole)))
    assert references
    missing = [
        f"{kind}/{name}" for kind, name in references if name not in whole["components"][kind]
    ]
    assert missing == []


def test_operations_have_names_of_their_own(whole) -> None:
    names = [item["operationId"] for path in whole["paths"].values() for item in path.values()]
    assert sorted(names) == sorted(set(names))


def test_examples_belong_to_routes(whole) -> None:
    paths = {f"{bound.route.method} {bound.path}" for bound in BOUND}
    assert set(read_examples()) <= paths


def test_groups_of_the_contract_come_first(whole) -> None:
    assert [one["name"] for one in whole["tags"]][:3] == ["Sessions", "Trust", "Me"]


def test_a_few_routes(bound: dict[str, Bound]) -> None:
    made = document(list(bound.values()), "7", {})
    assert made["info"]["version"] == "7"
    assert set(made["paths"]) == {
        "/cvad/manage/Lamps",
        "/cvad/manage/Lamps/{id}",
        "/footlight/v1/lamp-shades/{path}",
        "/lamp.png",
    }
    assert set(made["paths"]["/cvad/manage/Lamps"]) == {"get", "post"}
    assert [one["name"] for one in made["tags"]] == ["Footlight lamp-shades", "Lamps", "Site"]
