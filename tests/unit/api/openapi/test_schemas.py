from __future__ import annotations

import msgspec
import pytest

from footlight.api.openapi.schemas import REF, Schemas
from footlight.wire.rest.paging import Collection


class Lamp(msgspec.Struct, rename="pascal"):
    """What shines,
    or does not."""

    id: str
    next: Lamp | None = None


@pytest.fixture
def schemas() -> Schemas:
    return Schemas([Collection[Lamp], Lamp, Lamp, int, dict[str, int]])


def test_collections_have_a_name_that_people_can_read(schemas: Schemas) -> None:
    assert schemas.of(Collection[Lamp]) == {"$ref": REF + "LampCollection"}
    items = schemas.components["LampCollection"]["properties"]["Items"]
    assert items == {"type": "array", "items": {"$ref": REF + "Lamp"}}
    assert set(schemas.components) == {"LampCollection", "Lamp"}


def test_what_is_no_model_stands_where_it_is_used(schemas: Schemas) -> None:
    assert schemas.of(int) == {"type": "integer"}
    assert schemas.of(dict[str, int])["type"] == "object"


def test_a_description_is_one_line(schemas: Schemas) -> None:
    assert schemas.components["Lamp"]["description"] == "What shines, or does not."


def test_a_selection_needs_no_member(schemas: Schemas) -> None:
    assert schemas.components["Lamp"]["required"] == ["Id"]
    assert schemas.selection(Collection[Lamp]) == {"$ref": REF + "LampCollectionSelection"}
    whole = schemas.components["LampCollectionSelection"]
    assert whole["properties"]["Items"]["items"] == {"$ref": REF + "LampSelection"}
    assert whole["required"] == ["Items"]
    assert "required" not in schemas.components["LampSelection"]
    assert schemas.components["Lamp"]["required"] == ["Id"]


def test_what_has_no_members_is_its_own_selection(schemas: Schemas) -> None:
    assert schemas.selection(int) == {"type": "integer"}
