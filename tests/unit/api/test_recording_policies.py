from __future__ import annotations

from typing import Any

PATH = "/footlight/v1/recording-policies"


async def made(door: Any, name: str, **given: Any) -> dict[str, Any]:
    answer = await door.post(PATH, json={"name": name, "then": {"record": "screen"}, **given})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_policies_are_shown_in_their_order_with_the_names_of_objects(door: Any) -> None:
    await made(door, "two", conditions={"deliveryGroups": ["everyone"], "resources": ["desktop"]})
    first = await made(door, "one", position=1)
    one, two = (await door.get(PATH)).json()["items"]
    assert one == first
    assert (two["position"], two["name"]) == (2, "two")
    assert two["conditions"]["deliveryGroups"] == ["Everyone"]
    assert two["conditions"]["resources"] == ["Desktop"]
    assert (await door.get(f"{PATH}/TWO")).json() == two


async def test_the_forecast_is_not_taken_for_a_policy(door: Any) -> None:
    await made(door, "forecast")
    found = (await door.get(f"{PATH}/forecast")).json()
    assert (found["days"], found["bytesPerHour"], found["resources"]) == (30, None, [])
    assert [one["name"] for one in found["policies"]] == ["forecast"]
    assert (await door.get(f"{PATH}/forecast?days=0")).status_code == 400
