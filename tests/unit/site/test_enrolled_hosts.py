from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.site.conftest import add_scope, limited

from enrolling import NewHost, make_code, make_desk
from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.site import enrolled_hosts, enrolment_codes
from footlight.store.store import Tx
from footlight.wire.enrolment import read_code
from footlight.wire.host import HostFacts

FACTS = HostFacts(
    machine_id="m",
    host_name="desk7",
    dns_name="desk7.example.test",
    ip_address=None,
    os_type="Debian 12",
    os_version="12",
    agent_version="1",
    as_root=True,
    agent_public_key="",
)


@pytest.fixture
async def host(rooms: Any, tmp_path: Path) -> Any:
    """The row of an enrolled host."""
    await make_desk(rooms, tmp_path).enrol(NewHost().asks(await make_code(rooms)), "")
    return await rooms.store.read(lambda c: enrolled_hosts.get(c, rooms.admin, "desk7"))


async def test_it_is_known_by_each_name_to_who_sees_its_machine(rooms: Any, host: Any) -> None:
    for name in (host.machine_id.upper(), "DESK7", "footlight\\desk7", "Footlight|Desk7"):
        found = await rooms.store.read(
            lambda c, name=name: enrolled_hosts.get(c, rooms.admin, name)
        )
        assert found.machine_id == host.machine_id
    scope = await add_scope(rooms, "Nothing")
    zoe = await limited(rooms, "zoe", scope, Permission.MACHINE_READ)
    assert await rooms.store.read(lambda c: enrolled_hosts.every(c, zoe)) == []
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: enrolled_hosts.get(c, zoe, "desk7"))


@pytest.mark.parametrize("act", ["revoke", "ask_to_rotate", "forget"])
async def test_who_sees_a_host_may_not_change_it_for_that(rooms: Any, host: Any, act: str) -> None:
    scope = await add_scope(rooms, "Nothing")
    zoe = await limited(rooms, "zoe", scope, Permission.MACHINE_READ)
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: getattr(enrolled_hosts, act)(tx, zoe, host))


async def test_only_what_is_revoked_is_forgotten(rooms: Any, host: Any) -> None:
    def forget(tx: Tx) -> None:
        row = enrolled_hosts.get(tx.connection, rooms.admin, "desk7")
        enrolled_hosts.forget(tx, rooms.admin, row)

    with pytest.raises(Conflict, match="revoke it first"):
        await rooms.store.write(forget)
    await rooms.store.write(lambda tx: enrolled_hosts.revoke(tx, rooms.admin, host))
    with pytest.raises(Conflict, match="revoked"):
        await rooms.store.write(
            lambda tx: enrolled_hosts.ask_to_rotate(
                tx, rooms.admin, enrolled_hosts.get(tx.connection, rooms.admin, "desk7")
            )
        )
    await rooms.store.write(forget)
    assert await rooms.store.read(lambda c: enrolled_hosts.find(c, host.machine_id)) is None


async def test_hosts_may_come_while_one_is_the_site_s_or_a_code_is_good(
    rooms: Any, host: Any, tmp_path: Path
) -> None:
    async def may_come(minutes: int = 0) -> bool:
        at_ms = rooms.clock.now_ms() + minutes * 60_000
        return bool(await rooms.store.read(lambda c: enrolled_hosts.may_come(c, at_ms)))

    assert await may_come()
    await make_desk(rooms, tmp_path).revoke(rooms.admin, "desk7")
    assert not await may_come()
    code = await make_code(rooms, minutes=5)
    assert (await may_come(), await may_come(6)) == (True, False)
    code_id = read_code(code).id
    await rooms.store.write(lambda tx: enrolment_codes.revoke(tx, rooms.admin, code_id))
    assert not await may_come()


async def test_what_a_host_says_of_itself_is_what_was_enrolled(rooms: Any, host: Any) -> None:
    said = msgspec.structs.replace(FACTS, agent_public_key=host.signing_key)
    assert enrolled_hosts.mismatch(host, said) is None
    assert enrolled_hosts.mismatch(None, FACTS) is None
    other = msgspec.structs.replace(said, agent_public_key="00" * 32)
    assert "not the enrolled one" in str(enrolled_hosts.mismatch(host, other))
    renamed = msgspec.structs.replace(said, host_name="desk8")
    assert "calls itself 'desk8'" in str(enrolled_hosts.mismatch(host, renamed))
