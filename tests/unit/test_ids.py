from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.ids import ZERO_GUID, is_guid, new_guid


def test_new_guids_are_lower_case_and_differ() -> None:
    made = {new_guid() for _ in range(100)}
    assert len(made) == 100
    assert all(is_guid(guid) and guid == guid.lower() for guid in made)


@given(st.uuids())
def test_any_uuid_is_a_guid_in_any_case(value: object) -> None:
    assert is_guid(str(value))
    assert is_guid(str(value).upper())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "41ba32e9",
        "41ba32e9d12b485cafc2c4d0d047cd8b",
        "{41ba32e9-d12b-485c-afd2-c4d0d047cd8b}",
        "41ba32e9-d12b-485c-afd2-c4d0d047cd8g",
        "41ba32e9d12b-485c-afd2-c4d0d047cd8b-",
        "41ba32e9-d12b-485c-afd2-c4d0d047cd8b ",
        "urn:uuid:41ba32e9-d12b-485c-afd2-c4d",
    ],
)
def test_other_text_is_none(text: str) -> None:
    assert not is_guid(text)


def test_zero_guid_is_one() -> None:
    assert is_guid(ZERO_GUID)
