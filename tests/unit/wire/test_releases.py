"""Releases one apart understand each other: messages of the release before, as they were recorded, and today's in the
eyes of its code (tests/data/release-0.1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from data.make_messages import MODULES, kinds, module, sample
from footlight.broker.decision import LaunchRequest
from footlight.bus import subjects
from footlight.store import schema
from footlight.wire import files, host, logon

BEFORE = Path(__file__).parents[2] / "data" / "release-0.1"
TODAY = {"host": host, "logon": logon, "files": files}
KINDS = [(name, kind.__name__) for name in MODULES for kind in kinds(module(BEFORE, name))]


def agrees(old: Any, new: Any) -> bool:
    """Whether `new` says all that `old` does, and may say more."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(k in new and agrees(v, new[k]) for k, v in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(agrees, old, new))
    return bool(old == new)


@pytest.mark.parametrize("suffix", ["", ".least"])
@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_what_the_release_before_says_is_understood(name: str, kind: str, suffix: str) -> None:
    payload = (BEFORE / "messages" / f"{name}.{kind}{suffix}.json").read_bytes()
    understood = host.decode(getattr(TODAY[name], kind), payload)
    assert agrees(json.loads(payload), json.loads(host.encode(understood)))


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_the_release_before_understands_what_is_said_today(
    name: str, kind: str, full: bool
) -> None:
    payload = host.encode(sample(getattr(TODAY[name], kind), full=full))
    understood = msgspec.json.decode(payload, type=getattr(module(BEFORE, name), kind))
    read, said = json.loads(msgspec.json.encode(understood)), json.loads(payload)
    assert agrees({member: value for member, value in read.items() if member in said}, said)


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_members_that_are_not_known_are_passed_over(name: str, kind: str) -> None:
    payload = json.loads((BEFORE / "messages" / f"{name}.{kind}.json").read_bytes())
    later = json.dumps({**payload, "added_by_a_later_release": {"x": [1]}}).encode()
    for understands in (getattr(TODAY[name], kind), getattr(module(BEFORE, name), kind)):
        understood = msgspec.json.decode(later, type=understands)
        assert agrees(payload, json.loads(host.encode(understood)))


async def test_a_host_of_the_release_before_serves_a_session(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code reads the orders and writes the reports; the session comes up, is recorded and ends."""
    old = module(BEFORE, "host")
    bus, taken = rooms.bus, []

    async def request(subject: str, payload: bytes, timeout_s: float) -> bytes:
        if subject == subjects.orders("11111111-1111-4111-8111-111111111111"):
            orders = msgspec.json.decode(payload, type=old.Orders)
            taken.append(orders)
            payload = msgspec.json.encode(orders)
        answer: bytes = await of_bus(subject, payload, timeout_s)
        return answer

    async def post(subject: str, payload: bytes, timeout_s: float) -> None:
        told = msgspec.json.encode(msgspec.json.decode(payload, type=old.HostReport))
        reports.append(told)
        await by_bus(subject, told, timeout_s)

    reports: list[bytes] = []
    of_bus, by_bus = bus.request, bus.post
    monkeypatch.setattr(bus, "request", request)
    monkeypatch.setattr(bus, "post", post)
    await rooms.host.report(full=True)
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.actions.start_recording(rooms.admin, made.session_id, notify=True)
    (recording,) = await rooms.store.read(lambda c: list(c.execute(schema.recordings.select())))
    assert recording.status == "recording"
    await rooms.actions.log_off(rooms.admin, made.session_id)
    (session,) = await rooms.store.read(lambda c: list(c.execute(schema.sessions.select())))
    assert (session.phase, session.linux_user) == ("ended", "fl-ada")
    assert taken
    assert reports
