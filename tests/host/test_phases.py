"""A real launch tells its phases, and a viewer its first picture."""

from __future__ import annotations

from typing import Any

from footlight.rfb.client import Client, Ready, Update
from footlight.sessions.phases import ON_HOST


async def test_a_launch_up_to_the_first_picture(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    facts = stage.sessions[session]
    passed = [name for name in ON_HOST if name != "held"]  # it is alone
    assert sorted(facts.moments, key=ON_HOST.index) == passed
    moments = [facts.moments[name] for name in passed]
    assert moments == sorted(moments)
    assert moments[-1] <= facts.established_at_ms
    assert facts.first_picture_ms is None

    stream, client, seen = await stage.view(session), Client(), False
    while not seen:
        events = client.receive(await stream.read(65_536))
        if any(isinstance(event, Ready) for event in events):
            client.request_update(incremental=False)
        seen = any(isinstance(event, Update) for event in events)
        if out := client.take_outgoing():
            await stream.write(out)
    facts = await stage.until(session, lambda f: f.first_picture_ms)
    assert facts.first_picture_ms >= moments[-1]
    await stream.close()


async def test_of_many_at_once_those_wait_that_have_their_x_server(stage: Any) -> None:
    sessions = [await stage.launch(["xterm"], wait=False) for _ in range(10)]
    found = [await stage.until(one, lambda f: f.phase == "running") for one in sessions]
    assert any("held" in facts.moments for facts in found)
    last_x = max(facts.moments["x_server"] for facts in found)
    for facts in found:
        if "held" in facts.moments:
            # All had theirs, or it had waited long enough.
            waited_ms = facts.moments["held"] - facts.moments["x_server"]
            assert facts.moments["held"] >= last_x - 1000 or waited_ms >= 14_000
