from __future__ import annotations

import pytest
from litestar import Response
from litestar.params import FromQuery

from footlight.api.openapi import operation as operations
from footlight.api.openapi.schemas import REF, Schemas
from footlight.api.routing import Bound, Routes
from footlight.wire.rest.error import Error

JSON = operations.JSON


@pytest.fixture
def schemas(bound: dict[str, Bound]) -> Schemas:
    models = [Error]
    for one in bound.values():
        models += [operations.takes(one), operations.gives(one), one.told.refuses]
    return Schemas([model for model in models if model is not None and not isinstance(model, str)])


def test_a_list_with_a_projection_and_a_job(bound: dict[str, Bound], schemas: Schemas) -> None:
    found = operations.operation(bound["GET /Lamps"], schemas, {})
    assert found["operationId"] == "Lamps_GetLamps"
    assert found["tags"] == ["Lamps"]
    schema = found["responses"]["200"]["content"][JSON]["schema"]
    assert schema == {"$ref": REF + "LampCollectionSelection"}
    assert "content" not in found["responses"]["202"]
    assert found["responses"]["202"]["headers"]["Location"]["required"]
    assert found["responses"]["400"] == {"$ref": "#/components/responses/400"}
    assert found["security"] == [{"bearer": []}, {"cwsAuth": []}]


def test_the_answer_is_what_the_handler_returns(bound: dict[str, Bound], schemas: Schemas) -> None:
    found = operations.operation(bound["GET /Lamps/{id}"], schemas, {})
    assert found["responses"]["200"]["content"][JSON]["schema"] == {"$ref": REF + "Lamp"}
    assert found["summary"] == "One lamp, lit or not."


def test_a_body_that_is_read_by_hand(bound: dict[str, Bound], schemas: Schemas) -> None:
    examples = {"POST /cvad/manage/Lamps": {"request": {"watts": 3}, "answer": {"Id": "x"}}}
    found = operations.operation(bound["POST /Lamps"], schemas, examples)
    content = found["requestBody"]["content"][JSON]
    assert content == {"schema": {"$ref": REF + "NewLamp"}, "example": {"watts": 3}}
    assert found["requestBody"]["required"]
    assert found["responses"]["201"]["content"][JSON]["example"] == {"Id": "x"}


def test_a_body_of_the_signature_and_a_refusal_of_its_own(
    bound: dict[str, Bound], schemas: Schemas
) -> None:
    found = operations.operation(bound["PUT /footlight/v1/lamp-shades/{path...}"], schemas, {})
    assert found["requestBody"]["content"][JSON]["schema"] == {"$ref": REF + "NewLamp"}
    assert found["operationId"] == "FootlightLampShades_SetShade"
    assert found["tags"] == ["Footlight lamp-shades"]
    assert "content" not in found["responses"]["204"]
    refusal = found["responses"]["409"]["content"][JSON]["schema"]
    assert refusal == {"$ref": REF + "Refusal"}


def test_bytes_and_a_route_without_token(bound: dict[str, Bound], schemas: Schemas) -> None:
    found = operations.operation(bound["GET /lamp.png"], schemas, {})
    assert found["responses"]["200"]["content"] == {"image/png": {}}
    assert "content" not in found["responses"]["304"]
    assert found["security"] == []
    assert "401" not in found["responses"]


def test_statuses_of_the_layers_in_front(bound: dict[str, Bound]) -> None:
    assert operations.statuses(bound["GET /Lamps"]) >= {400, 401, 403, 406, 413, 429, 503}
    assert 404 not in operations.statuses(bound["GET /Lamps"])
    assert operations.statuses(bound["GET /Lamps/{id}"]) >= {401, 404}
    assert 415 in operations.statuses(bound["POST /Lamps"])


def test_an_object_that_the_query_names_may_be_missing() -> None:
    routes = Routes(cvad=True)

    @routes.add("GET", "/Lamps", statuses=(200,))
    async def list_lamps(adminFolder: FromQuery[str | None] = None) -> None: ...

    assert 404 in operations.statuses(routes.bound[0])


def test_an_answer_that_always_leaves_members_out(schemas: Schemas) -> None:
    routes = Routes(cvad=True)

    @routes.add("GET", "/Lamps/Short", gives=Error, partly=True, statuses=(200,))
    async def list_short() -> Response[bytes]:
        """Lamps, in short."""
        raise NotImplementedError

    found = operations.operation(routes.bound[0], schemas, {})
    schema = found["responses"]["200"]["content"][JSON]["schema"]
    assert schema == {"$ref": REF + "ErrorSelection"}


def test_pages_are_not_told(bound: dict[str, Bound]) -> None:
    assert not operations.is_told(bound["GET /"])
    assert operations.is_told(bound["GET /lamp.png"])
