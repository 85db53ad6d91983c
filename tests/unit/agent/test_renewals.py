from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from enrolling import make_code, make_desk
from footlight.agent.identity import HostFolder, Identity, PrivateKeys
from footlight.agent.renewals import Renewals
from footlight.bus.inprocess import InProcessBus
from footlight.errors import Unavailable
from footlight.site import enrolled_hosts
from footlight.site.enrolment import Desk
from footlight.store.store import Tx
from footlight.wire.enrolment import TOPIC, EnrolHost, proof_message, read_code

HALF_MS = 15 * 86_400_000


class Late:
    """A clock that is ahead of another."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.ahead_ms = 0

    def now_ms(self) -> int:
        return int(self._clock.now_ms()) + self.ahead_ms


class Stage:
    """An enrolled host and its desk on one bus."""

    def __init__(self, rooms: Any, desk: Desk, folder: HostFolder, identity: Identity) -> None:
        self.bus = InProcessBus()
        self.clock = Late(rooms.clock)
        self.desk, self.folder, self.identity = desk, folder, identity
        self.told: list[tuple[Identity, bool]] = []
        self.renewals = Renewals(self.bus, folder, identity, self.clock, self._renewed)

    async def _renewed(self, identity: Identity, new_keys: bool) -> None:
        self.told.append((identity, new_keys))


@pytest.fixture
async def stage(rooms: Any, tmp_path: Path) -> Any:
    folder, desk = HostFolder(tmp_path / "agent"), make_desk(rooms, tmp_path / "keys")
    keys, code = folder.pending_keys(), await make_code(rooms)
    public = keys.public()
    proof = keys.sign(proof_message(read_code(code).id, public))
    asked = EnrolHost(code=code, host_name="desk7", keys=public, proof=proof)
    given = await desk.enrol(asked, "")
    folder.save(Identity(server="https://x:1", trust="", keys=keys, credentials=given))
    made = Stage(rooms, desk, folder, folder.load())  # type: ignore[arg-type]
    await made.bus.serve_hosts(TOPIC, desk.renew)
    yield made
    await made.renewals.stop()
    await made.bus.close()


async def test_nothing_is_renewed_before_half_of_its_life(stage: Stage) -> None:
    await stage.renewals.look()
    assert stage.told == []


async def test_what_is_half_spent_is_renewed_for_the_same_keys(
    stage: Stage, rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = msgspec.structs.replace(
        stage.identity.credentials, issued_at_ms=0, expires_at_ms=rooms.clock.now_ms() + 1000
    )
    known = msgspec.structs.replace(stage.identity, credentials=short)
    renewals = Renewals(stage.bus, stage.folder, known, stage.clock, stage._renewed)
    await renewals.look()
    await renewals.look()  # and that is enough
    ((identity, new_keys),) = stage.told
    assert not new_keys
    assert identity.keys == stage.identity.keys
    assert identity.credentials.tls_certificate != stage.identity.credentials.tls_certificate
    assert stage.folder.load() == identity


async def test_all_keys_are_made_anew_when_the_site_asks(stage: Stage, rooms: Any) -> None:
    def ask(tx: Tx) -> None:
        row = enrolled_hosts.get(tx.connection, rooms.admin, "desk7")
        enrolled_hosts.ask_to_rotate(tx, rooms.admin, row)

    await rooms.store.write(ask)
    await stage.renewals.look()
    ((identity, new_keys),) = stage.told
    assert new_keys
    before, after = stage.identity.keys.public(), identity.keys.public()
    assert {before.signing_key, before.bus_key, before.tls_key}.isdisjoint(
        {after.signing_key, after.bus_key, after.tls_key}
    )
    row = await rooms.store.read(lambda c: enrolled_hosts.get(c, rooms.admin, "desk7"))
    assert (row.signing_key, row.rotate) == (after.signing_key, False)
    await stage.renewals.look()
    assert len(stage.told) == 1
    assert stage.folder.load() == identity


async def test_a_lost_answer_costs_no_keys(stage: Stage, rooms: Any) -> None:
    """The site knows the new keys, the host does not know that it does."""

    def ask(tx: Tx) -> None:
        row = enrolled_hosts.get(tx.connection, rooms.admin, "desk7")
        enrolled_hosts.ask_to_rotate(tx, rooms.admin, row)

    await rooms.store.write(ask)
    asked: list[bytes] = []

    async def loses(machine_id: str, payload: bytes) -> bytes:
        asked.append(payload)
        answer = await stage.desk.renew(machine_id, payload)
        if len(asked) == 2:
            raise Unavailable("the answer is lost")
        return answer

    await stage.bus.serve_hosts(TOPIC, loses)
    with pytest.raises(Unavailable):
        await stage.renewals.look()
    assert stage.folder.load() == stage.identity
    pending = stage.folder.pending_keys()
    row = await rooms.store.read(lambda c: enrolled_hosts.get(c, rooms.admin, "desk7"))
    assert row.signing_key == pending.public().signing_key
    again = HostFolder(stage.folder.folder).pending_keys()
    assert again == pending != PrivateKeys.make()


@pytest.mark.expects_errors
async def test_a_revoked_host_is_told_and_keeps_what_it_has(stage: Stage, rooms: Any) -> None:
    await stage.desk.revoke(rooms.admin, "desk7")
    await stage.renewals.look()
    await stage.renewals.look()
    assert stage.told == []
    assert stage.folder.load() == stage.identity


async def test_it_goes_on_while_the_bus_is_away(stage: Stage) -> None:
    stage.renewals.start()
    await stage.bus.close()
    await asyncio.sleep(0)
    await stage.renewals.stop()
