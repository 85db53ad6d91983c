from __future__ import annotations

import msgspec
import pytest

from footlight.wire.rest.batch import Batch, BatchAnswerItem
from footlight.wire.rest.members import Unreadable, read_members
from footlight.wire.rest.reference import NameValue


def test_references_are_numbers_or_strings_and_names_come_in_any_case() -> None:
    raw = b'{"items":[{"reference":0,"relativeurl":"/me"},{"Reference":"a","RelativeUrl":"/me"}]}'
    assert [item.reference for item in read_members(raw, Batch).items] == [0, "a"]


@pytest.mark.parametrize("raw", [b"{}", b'{"Items":[{"Reference":true,"RelativeUrl":"/me"}]}'])
def test_what_is_no_batch(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_members(raw, Batch)


def test_an_answer_is_written_with_nulls() -> None:
    item = BatchAnswerItem(reference="a", code=204, headers=[NameValue(name="ETag", value="1")])
    assert msgspec.to_builtins(item) == {
        "Reference": "a", "Code": 204, "Headers": [{"Name": "ETag", "Value": "1"}], "Body": None,
    }  # fmt: skip
