from __future__ import annotations

from typing import Any

import pytest

from footlight.policies import beginning, reasons


@pytest.mark.parametrize(("names", "recorded"), [({"ada", "ops"}, True), ({"ada"}, False)])
async def test_the_names_of_who_launches_count(ground: Any, names: Any, recorded: bool) -> None:
    await ground.rooms.broker.stop()  # nobody else decides
    session_id = await ground.launch_unanswered()
    await ground.policy("Ops", users=["ops"])
    await ground.store.write(lambda tx: beginning.decide(tx, session_id, names))
    held = await ground.store.read(lambda c: reasons.of(c, session_id))
    assert (held.policy is not None) is recorded
    assert ((await ground.row(session_id)).wanted_recording_id is not None) is recorded
