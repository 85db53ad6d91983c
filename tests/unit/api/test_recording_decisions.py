from __future__ import annotations

from typing import Any

import pytest

PATH = "/footlight/v1/recording-policies"


async def test_a_question_is_about_a_session_or_about_facts(door: Any) -> None:
    for body in ({}, {"sessionId": "x", "facts": {}}):
        answer = await door.post(f"{PATH}/test", json=body)
        assert (answer.status_code, "one of the two" in answer.text) == (400, True)
    assert (await door.post(f"{PATH}/test", json={"sessionId": "x"})).status_code == 404
    assert (await door.get("/footlight/v1/sessions/x/recording-decision")).status_code == 404


@pytest.mark.parametrize(("groups", "name"), [(["OPS"], "Ops"), ([], None)])
async def test_groups_that_are_given_are_the_users(door: Any, groups: Any, name: Any) -> None:
    body = {"name": "Ops", "then": {"record": "screen"}, "conditions": {"users": ["ops"]}}
    assert (await door.post(PATH, json=body)).status_code == 201
    answer = await door.post(f"{PATH}/test", json={"facts": {"user": "bob", "groups": groups}})
    decided = answer.json()
    assert (decided["policy"] or {}).get("name") == name
    assert (decided["sessionId"], decided["reasons"], decided["stopped"]) == (None, [], False)
