from __future__ import annotations

import pytest
from sqlalchemy import ColumnElement, column, true

from footlight.errors import Invalid
from footlight.sessions.positions import Position, beyond, read_position, write_position
from footlight.sessions.translation import Search, SortKey

NAME: ColumnElement[str] = column("name")
UID: ColumnElement[int] = column("uid")
END = Position(("ada", 3), 17, 40)


def search_of(name: str, *descending: bool) -> Search:
    return Search(name, true(), tuple(SortKey(NAME, down) for down in descending))


def test_a_token_is_of_one_search_only() -> None:
    asked = search_of("one", False, True)
    token = write_position(b"key", asked, END)
    assert read_position(b"key", asked, token) == END
    for key, given_to, text in (
        (b"key", search_of("two", False, True), token), (b"other", asked, token),
        (b"key", asked, token[:-1]), (b"key", asked, "A" + token), (b"key", asked, ""),
        (b"key", search_of("one", False), token),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            read_position(key, given_to, text)


def test_beyond_goes_on_in_each_direction_and_by_uid_among_equals() -> None:
    met = beyond(search_of("x", False, True).order, END, UID)
    written = str(met.compile(compile_kwargs={"literal_binds": True}))
    assert written == (
        "name > 'ada' OR name = 'ada' AND name < 3 OR name = 'ada' AND name = 3 AND uid > 17"
    )
