from __future__ import annotations

import pytest

from footlight.bus import inward, subjects
from footlight.bus.bus import ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.bus.inward import Inward, address_towards
from footlight.bus.lines import Lines
from footlight.clock import SystemClock
from footlight.errors import Unavailable
from footlight.wire.host import decode, encode
from footlight.wire.lines import DialAnswer, DialOrder
from line_ground import MACHINE, ca, ends

SUBJECT = f"agent.{MACHINE}.echo"


async def ignore(hello: bytes, stream: ByteStream) -> None:
    return None


async def ask(control: InProcessBus, order: DialOrder) -> DialAnswer:
    return decode(DialAnswer, await control.request(subjects.dials(SUBJECT), encode(order), 10.0))


async def test_a_host_without_any_way_says_so() -> None:
    async with ends("tunnel") as both:
        await both.host.listen(SUBJECT, ignore)
        answer = await ask(both.control, DialOrder(hello=b"", way="direct"))
        assert answer == DialAnswer(
            problem="it has no listener, and the server no address for tunnels"
        )


async def test_a_host_has_so_many_streams_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inward, "MOST_STREAMS", 0)
    async with ends("direct") as both:
        await both.host.listen(SUBJECT, ignore)
        with pytest.raises(Unavailable, match="too many streams"):
            await both.server.dial(SUBJECT, b"", 10.0)


async def test_a_ticket_is_withdrawn_when_its_way_did_not_work() -> None:
    async with ends("direct") as both:
        await both.host.listen(SUBJECT, ignore)
        first = await ask(both.control, DialOrder(hello=b"", way="direct"))
        assert both.listener is not None
        assert len(both.listener._book) == 1
        await ask(both.control, DialOrder(hello=b"", way="tunnel", instead_of=first.ticket))
        assert len(both.listener._book) == 0


async def test_where_a_host_says_it_is_unless_it_was_told() -> None:
    assert await address_towards("https://127.0.0.1:8443") == ["127.0.0.1"]
    assert await address_towards("") != ["0.0.0.0"]
    assert await address_towards("https://[") == []


@pytest.mark.expects_errors
async def test_what_is_no_order_is_refused(error_logs: list[dict[str, object]]) -> None:
    control = InProcessBus()
    host = Lines(control, SystemClock(), inward=Inward(ca().trust()))
    await host.listen(SUBJECT, ignore)
    with pytest.raises(Unavailable):
        await control.request(subjects.dials(SUBJECT), b"nonsense", 10.0)
    await control.close()
