from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import pytest

from collector import Collector, Sent, collecting
from footlight.agent.order_trace import OrderTrace
from footlight.telemetry.traces import OFF, Traces, open_traces
from footlight.wire.host import Account, Launch, SessionOrder

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
ORDER = SessionOrder(
    session_id="s",
    generation=1,
    want="run",
    launch=Launch(
        resource_id="r",
        resource_name="R",
        session_type="Desktop",
        account=Account(kind="managed", account_id="a", name="zoe"),
        user_name="EX\\zoe",
        machine_name="EX\\H",
        command=[],
    ),
    transaction="t1",
    trace=PARENT,
)
MOMENTS = {"taken": 1000, "account": 1100, "keeper": 1300, "x_server": 1250, "program": 1500}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


async def sent(traces: Traces, collector: Collector, count: int) -> Mapping[str, Sent]:
    await traces.close()
    return {span.name: span for span in collector.of(TRACE, lambda found: len(found) >= count)}


async def test_phases_of_the_launch_belong_to_its_order(collector: Collector) -> None:
    traces = open_traces(collector.url, "footlight test")
    trace = OrderTrace(traces)
    trace.take(ORDER)
    trace.passed({"taken": 1000, "account": 1100})
    trace.settled(1)
    trace.passed(MOMENTS)  # what is known already is told once
    spans = await sent(traces, collector, 5)
    order = spans["host order"]
    assert order.parent_id == SPAN
    assert order.values["footlight.transaction"] == "t1"
    phases = {name: span for name, span in spans.items() if name != "host order"}
    assert set(phases) == {"launch account", "launch keeper", "launch x_server", "launch program"}
    assert {span.parent_id for span in phases.values()} == {order.span_id}
    keeper = phases["launch keeper"]
    assert (keeper.began_ns, keeper.ended_ns) == (1100 * 10**6, 1300 * 10**6)
    back = phases["launch x_server"]  # a clock that was set back
    assert back.began_ns == back.ended_ns == 1250 * 10**6
    assert len(collector.spans) == 5


async def test_a_newer_order_has_a_span_of_its_own(collector: Collector) -> None:
    traces = open_traces(collector.url, "footlight test")
    trace = OrderTrace(traces)
    newer = msgspec.structs.replace(ORDER, generation=2, known=True)
    trace.take(newer)
    first = trace.here(newer)
    trace.take(newer)  # sent again
    assert trace.here(newer) == first
    assert trace.here(ORDER) == PARENT  # of which there is no span
    trace.settled(1)
    trace.passed(MOMENTS)  # of a launch that an earlier order asked for
    trace.failed("it broke")
    assert set(await sent(traces, collector, 1)) == {"host order"}


def test_without_a_collector_the_orders_own_trace_goes_on() -> None:
    trace = OrderTrace(OFF)
    trace.take(ORDER)
    assert trace.here(ORDER) == PARENT
    trace.passed(MOMENTS)
    trace.settled(1)
