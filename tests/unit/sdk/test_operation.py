"""A declared operation as people meet it: by name, by help, by its parameters."""

from __future__ import annotations

import inspect

from footlight.sdk import AsyncFootlight, Footlight
from footlight.sdk.operation import ListOperation, Operation, parameters_of
from footlight.sdk.resources.sessions import Sessions


def test_help_shows_what_a_caller_gives() -> None:
    with Footlight("http://x.test", token="t") as client:
        assert client.sessions.get.__name__ == "get"
        assert str(inspect.signature(client.sessions.logoff)).startswith("(session_id: 'str', *,")
        assert "Raises NotFound" in str(client.sessions.get.__doc__)


async def test_both_clients_show_the_same() -> None:
    with Footlight("http://x.test", token="t") as client:
        async with AsyncFootlight("http://x.test", token="t") as twin:
            for one, other in (
                (client.sessions.list, twin.sessions.list),
                (client.recordings.get, twin.recordings.get),
            ):
                assert inspect.signature(one) == inspect.signature(other)
                assert one.__doc__ == other.__doc__


def test_the_class_gives_the_declaration() -> None:
    assert isinstance(Sessions.get, Operation)
    assert isinstance(Sessions.list, ListOperation)
    assert [*parameters_of(Sessions.get).parameters] == ["session_id", "fields", "timeout_s"]
