"""A real launch tells its phases, and a viewer its first picture."""

from __future__ import annotations

from typing import Any

from footlight.rfb.client import Client, Ready, Update
from footlight.sessions.phases import ON_HOST


async def test_a_launch_up_to_the_first_picture(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    facts = stage.sessions[session]
    assert tuple(sorted(facts.moments, key=ON_HOST.index)) == ON_HOST
    moments = [facts.moments[name] for name in ON_HOST]
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
