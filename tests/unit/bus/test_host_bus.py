from __future__ import annotations

from typing import Any

from footlight.bus.host_bus import GivenBus


class Carrying:
    """Lines that are counted."""

    def __init__(self) -> None:
        self.carried: list[Any] = []
        self.closed = 0

    def __call__(self, bus: Any) -> Any:
        self.carried.append(bus)
        return self

    async def close(self) -> None:
        self.closed += 1


async def test_a_bus_that_somebody_else_runs_is_where_it_is() -> None:
    connection: Any = object()
    given = GivenBus(["bus:4222"], connection)
    await given.open()
    assert given.told() == given.own() == ["bus:4222"]
    carry = Carrying()
    given.begin(carry)
    assert carry.carried == [connection]
    await given.close()
    await given.close()
    assert carry.closed == 1


async def test_without_a_connection_nothing_is_carried() -> None:
    carry = Carrying()
    given = GivenBus([], None)
    given.begin(carry)
    await given.close()
    assert (carry.carried, carry.closed) == ([], 0)
