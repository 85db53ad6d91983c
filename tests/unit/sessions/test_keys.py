"""What is said of the narrow rows needs neither the wide ones nor folding."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects import sqlite

from footlight.sessions.keys import WORDS, over_keys, tables_for
from footlight.sessions.properties import APPLICATION_IN_USE
from footlight.store import schema
from footlight.store.text import folded, holds

_s = schema.sessions
_m = schema.machines


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (folded(_s.c.client_version) == "x", "session_keys.client_version = ?"),
        (folded(func.coalesce(_s.c.user_name, "")), "session_keys.user_name"),
        (
            folded(func.coalesce(_s.c.client_version, "")),
            "coalesce(session_keys.client_version, ?)",
        ),
        (APPLICATION_IN_USE.is_not(None), "session_keys.application IS NOT NULL"),
        (holds(folded(WORDS), "x"), "(instr(session_keys.words, ?) > 0)"),
        (folded(_s.c.state) == "x", "fold(session_keys.state) = ?"),
        (folded(_m.c.name + _s.c.linux_user), "fold(machines.name || session_keys.linux_user)"),
    ],
)
def test_columns_stand_for_what_is_folded(expression: object, text: str) -> None:
    made = over_keys(expression)  # type: ignore[arg-type]
    assert str(made.compile(dialect=sqlite.dialect())) == text  # type: ignore[no-untyped-call]


def test_machines_are_looked_for_once_and_by_uid() -> None:
    made = over_keys(_s.c.machine_id.in_(select(_m.c.id).where(_m.c.registered)))
    text = str(made)
    assert text.startswith("session_keys.machine_uid IN (SELECT machines.uid")
    assert tables_for(made) is schema.session_keys, "nothing is joined"


def test_what_is_named_is_joined() -> None:
    made = over_keys(folded(schema.zones.c.name) == "z")
    assert {schema.session_keys, _m, schema.zones} <= set(tables_for(made)._from_objects)
