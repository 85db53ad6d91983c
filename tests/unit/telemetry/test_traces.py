from __future__ import annotations

import subprocess
import sys

from footlight.telemetry.traces import NO_SPAN, OFF, open_traces

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def test_without_a_collector_there_are_no_spans() -> None:
    assert open_traces("", "footlight") is OFF
    assert not OFF.on
    span = OFF.begin("work", PARENT, root=True)
    assert span is NO_SPAN
    span.note("a", 1)
    span.rename("b")
    span.end()
    assert span.trace is None
    await OFF.close()


def test_who_sends_none_does_not_pay_for_the_library() -> None:
    code = "import sys, footlight.serve, footlight.agent.recorder; print('opentelemetry' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.stdout == "False\n", ran.stderr
