from __future__ import annotations

from footlight.sdk.requests.request import get, post, segment, without_none


def test_queries_are_text_and_leave_out_what_was_not_given() -> None:
    query = {"a": None, "limit": 5, "at": 1.5, "yes": True, "no": False, "empty": ""}
    asked = {"limit": "5", "at": "1.5", "yes": "true", "no": "false", "empty": ""}
    assert get("/x", query).query == asked
    assert post("/x", query=query).query == asked
    assert get("/x").query == {}


def test_a_get_may_be_repeated_and_a_post_only_if_it_says_so() -> None:
    assert get("/x").repeatable
    assert not post("/x").repeatable
    assert post("/x", repeatable=True).repeatable


def test_a_post_without_members_still_has_its_body() -> None:
    assert post("/x").json is None
    assert post("/x", {}).json == {}


def test_a_segment_stays_one_segment() -> None:
    assert segment("LAB\\H/a b?#%ö.") == "LAB%5CH%2Fa%20b%3F%23%25%C3%B6."


def test_only_none_is_left_out() -> None:
    assert without_none({"a": None, "b": False, "c": 0, "d": ""}) == {"b": False, "c": 0, "d": ""}
