from __future__ import annotations

import pytest

from footlight.errors import Invalid
from footlight.wire.fault_words import read_switches
from footlight.wire.stand_in import Delay, FaultSwitches, ServerErrors, Throttle


def test_a_command_line_names_them() -> None:
    read = read_switches(
        "throttle=0.1, throttle=20/s,retry-after=5,errors=0.05,delay=200+100,expired-tokens=0.2,"
        "drop=0.01,seed=7"
    )
    assert read == FaultSwitches(
        seed=7,
        throttle=Throttle(share=0.1, per_second=20, retry_after_s=5),
        errors=ServerErrors(share=0.05),
        delay=Delay(ms=200, jitter_ms=100),
        expired_tokens=0.2,
        dropped_connections=0.01,
    )
    assert read_switches("") == FaultSwitches()
    assert read_switches("delay=5").delay == Delay(ms=5)


@pytest.mark.parametrize(
    "wrong",
    ["drop", "drop=2", "drop=-1", "drop=x", "sleep=1", "delay=70000", "throttle=0/s", "errors=nan"],
)
def test_what_a_command_line_names_wrongly_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid, match=wrong.split("=")[0]):
        read_switches(wrong)
