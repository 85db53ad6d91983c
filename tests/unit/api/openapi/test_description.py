from __future__ import annotations

import json

import yaml

from footlight.api.openapi.description import Description
from footlight.api.routing import Bound


def test_both_forms_say_the_same_and_stay(bound: dict[str, Bound]) -> None:
    description = Description(list(bound.values()))
    told = json.loads(description.json.body)
    assert told["openapi"].startswith("3.1")
    assert yaml.safe_load(description.yaml.body) == told
    assert description.json is description.json
    assert description.json.etag != description.yaml.etag


def test_another_table_has_another_tag(bound: dict[str, Bound]) -> None:
    routes = list(bound.values())
    assert Description(routes).json.etag != Description(routes[1:]).json.etag
