from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update
from tests.unit.site.conftest import audited

from enrolling import Expelled, NewHost, make_code, make_desk
from footlight.errors import Conflict, Invalid, NotFound, Unauthenticated, Unavailable
from footlight.site import enrolled_hosts, enrolment_codes, machines
from footlight.site.enrolment import Desk
from footlight.store import schema
from footlight.wire.enrolment import (
    Code,
    Renewal,
    RenewalRequest,
    StandingQuestion,
    proof_message,
    read_code,
    standing_message,
)


@pytest.fixture
def expelled() -> Expelled:
    return Expelled()


@pytest.fixture
def desk(rooms: Any, tmp_path: Path, expelled: Expelled) -> Desk:
    return make_desk(rooms, tmp_path, expelled)


async def renewed(desk: Desk, machine_id: str, request: RenewalRequest) -> Renewal:
    answer = await desk.renew(machine_id, msgspec.json.encode(request))
    return msgspec.json.decode(answer, type=Renewal)


async def enrolled(rooms: Any, desk: Desk, host: NewHost, **wanted: Any) -> Any:
    return await desk.enrol(host.asks(await make_code(rooms, **wanted)), "192.0.2.9")


async def test_a_host_comes_by_a_code(rooms: Any, desk: Desk) -> None:
    given = await enrolled(rooms, desk, NewHost("Desk7.example.test"))
    assert given.machine_name == "FOOTLIGHT\\DESK7"
    machine = await rooms.store.read(lambda c: machines.get(c, given.machine_id))
    assert (machine.name, machine.registered) == ("FOOTLIGHT\\DESK7", False)
    assert machine.delivery_group_id is not None  # the sample group
    row = await rooms.store.read(lambda c: enrolled_hosts.find(c, given.machine_id))
    assert (row.enrolled_by, row.address) == (rooms.admin.user_name, "192.0.2.9")
    assert (await audited(rooms))[-1] == "Enrol host 'FOOTLIGHT\\DESK7'"


async def test_the_same_keys_get_the_same_answer_and_others_none(rooms: Any, desk: Desk) -> None:
    """An answer may be lost on its way."""
    host, code = NewHost(), await make_code(rooms)
    first = await desk.enrol(host.asks(code), "")
    assert await desk.enrol(host.asks(code), "") == first
    with pytest.raises(Conflict, match="has been used"):
        await desk.enrol(NewHost("other").asks(code), "")
    e = schema.enrolment_codes
    await rooms.store.write(lambda tx: tx.connection.execute(update(e).values(expires_at_ms=1)))
    with pytest.raises(Conflict, match="has been used"):
        await desk.enrol(host.asks(code), "")
    hosts = await rooms.store.read(lambda c: enrolled_hosts.every(c, rooms.admin))
    assert [row.machine_id for row in hosts] == [first.machine_id]


async def test_a_code_of_a_host_that_is_revoked_gives_nothing_again(rooms: Any, desk: Desk) -> None:
    host, code = NewHost(), await make_code(rooms)
    given = await desk.enrol(host.asks(code), "")
    await desk.revoke(rooms.admin, given.machine_id)
    with pytest.raises(Conflict):
        await desk.enrol(host.asks(code), "")


async def test_wrong_secrets_are_counted_until_the_code_is_locked(rooms: Any, desk: Desk) -> None:
    code = read_code(await make_code(rooms))
    host, wrong = NewHost(), Code(code.id, b"x" * 20).text()
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await desk.enrol(host.asks(wrong), "192.0.2.9")
    with pytest.raises(Unauthenticated):  # the right one now, too
        await desk.enrol(host.asks(code.text()), "192.0.2.9")


async def test_a_code_that_is_no_one_s_is_as_wrong(rooms: Any, desk: Desk) -> None:
    unknown = Code("22222222-2222-4222-8222-222222222222", b"x" * 20).text()
    with pytest.raises(Unauthenticated, match="not right"):
        await desk.enrol(NewHost().asks(unknown), "")


@pytest.mark.parametrize("how", ["revoked", "expired"])
async def test_a_code_that_is_over(rooms: Any, desk: Desk, how: str) -> None:
    text = await make_code(rooms)
    e = schema.enrolment_codes
    if how == "revoked":
        code_id = read_code(text).id
        await rooms.store.write(lambda tx: enrolment_codes.revoke(tx, rooms.admin, code_id))
    else:
        past = update(e).values(expires_at_ms=1)
        await rooms.store.write(lambda tx: tx.connection.execute(past))
    with pytest.raises(Conflict, match=how):
        await desk.enrol(NewHost().asks(text), "")


async def test_who_has_not_the_key_is_refused(rooms: Any, desk: Desk) -> None:
    code, host = await make_code(rooms), NewHost()
    stolen = host.asks(code, keys=NewHost().keys)
    for request in (stolen, host.asks(code, proof="zz"), host.asks(code, host_name="a b")):
        with pytest.raises(Invalid):
            await desk.enrol(request, "")
    with pytest.raises(Invalid, match=r"^That is no enrolment code"):
        await desk.enrol(msgspec.structs.replace(stolen, code="x"), "")


async def test_two_hosts_of_one_name_are_two_names(rooms: Any, desk: Desk) -> None:
    await enrolled(rooms, desk, NewHost("twin"))
    code = await make_code(rooms)
    with pytest.raises(Conflict, match="has a machine TWIN already"):
        await desk.enrol(NewHost("Twin").asks(code), "")
    other = await desk.enrol(NewHost("twin-2").asks(code), "")  # the code is not spent
    assert other.machine_name == "FOOTLIGHT\\TWIN-2"


async def test_a_machine_is_enrolled_again_with_other_keys(
    rooms: Any, desk: Desk, expelled: Expelled
) -> None:
    before = NewHost()
    first = await enrolled(rooms, desk, before)
    await desk.revoke(rooms.admin, "desk7")
    expelled.keys.clear()
    again = await enrolled(rooms, desk, NewHost("renamed"), machine="desk7")
    assert (again.machine_id, again.machine_name) == (first.machine_id, first.machine_name)
    assert expelled.keys == [before.keys.bus_key]
    row = await rooms.store.read(lambda c: enrolled_hosts.find(c, first.machine_id))
    assert row.revoked_at_ms is None


async def test_a_host_goes_where_its_code_says(rooms: Any, desk: Desk) -> None:
    given = await enrolled(rooms, desk, NewHost("a"), catalog="Linux hosts")
    machine = await rooms.store.read(lambda c: machines.get(c, given.machine_id))
    assert machine.delivery_group_id is None
    given = await enrolled(
        rooms, desk, NewHost("b"), catalog="Linux hosts", delivery_group="Everyone"
    )
    machine = await rooms.store.read(lambda c: machines.get(c, given.machine_id))
    assert machine.delivery_group_id is not None


async def test_how_a_host_stands_is_told_to_itself_only(rooms: Any, desk: Desk) -> None:
    host = NewHost()
    given = await enrolled(rooms, desk, host)
    message = standing_message(given.machine_id, 7)
    asked = StandingQuestion(machine_id=given.machine_id, at_ms=7, signature=host.sign(message))
    standing = await desk.standing(asked)
    assert (standing.standing, standing.expires_at_ms) == ("enrolled", given.expires_at_ms)
    other = msgspec.structs.replace(asked, signature=NewHost().sign(message))
    assert (await desk.standing(other)).standing == "unknown"
    await desk.revoke(rooms.admin, given.machine_id)
    assert (await desk.standing(asked)).standing == "revoked"


async def test_credentials_are_renewed_for_the_same_keys(rooms: Any, desk: Desk) -> None:
    host = NewHost()
    given = await enrolled(rooms, desk, host)
    proof = host.sign(proof_message(given.machine_id, host.keys))
    answer = await renewed(desk, given.machine_id, RenewalRequest(keys=host.keys, proof=proof))
    assert answer.credentials is not None
    assert answer.credentials.expires_at_ms >= given.expires_at_ms
    assert answer.credentials.tls_certificate != given.tls_certificate


async def test_new_keys_take_the_place_of_the_old_ones_when_the_host_has_them(
    rooms: Any, desk: Desk, expelled: Expelled
) -> None:
    host, after = NewHost(), NewHost()
    given = await enrolled(rooms, desk, host)
    now_ms = rooms.clock.now_ms()

    def asks_by(one: NewHost) -> RenewalRequest:
        signed = one.sign(standing_message(given.machine_id, now_ms))
        return RenewalRequest(at_ms=now_ms, proof=signed)

    assert not (await renewed(desk, given.machine_id, asks_by(host))).rotate

    def ask(tx: Any) -> None:
        row = enrolled_hosts.get(tx.connection, rooms.admin, "desk7")
        enrolled_hosts.ask_to_rotate(tx, rooms.admin, row)

    await rooms.store.write(ask)
    assert (await renewed(desk, given.machine_id, asks_by(host))).rotate
    proof = host.sign(proof_message(given.machine_id, after.keys))
    request = RenewalRequest(keys=after.keys, proof=proof)
    for _ in range(2):  # the first answer was lost
        assert (await renewed(desk, given.machine_id, request)).credentials is not None
    assert not (await renewed(desk, given.machine_id, asks_by(host))).rotate
    assert expelled.keys == []  # it may still have the old ones only
    await renewed(desk, given.machine_id, asks_by(after))
    assert expelled.keys == [host.keys.bus_key]


async def test_renewal_needs_the_hosts_own_signature_and_a_host_that_is_not_revoked(
    rooms: Any, desk: Desk
) -> None:
    host = NewHost()
    given = await enrolled(rooms, desk, host)
    thief = NewHost()
    proof = thief.sign(proof_message(given.machine_id, thief.keys))
    forged = RenewalRequest(keys=thief.keys, proof=proof)
    assert "not signed" in (await renewed(desk, given.machine_id, forged)).refused
    assert "clocks" in (await renewed(desk, given.machine_id, RenewalRequest(at_ms=1))).refused
    await desk.revoke(rooms.admin, given.machine_id)
    own = RenewalRequest(
        keys=host.keys, proof=host.sign(proof_message(given.machine_id, host.keys))
    )
    assert "revoked" in (await renewed(desk, given.machine_id, own)).refused
    assert "revoked" in (await renewed(desk, "nobody", own)).refused
    with pytest.raises(ValueError, match="too long"):
        await desk.renew(given.machine_id, b" " * 100_000)


async def test_a_revoked_host_is_thrown_out_at_once_or_at_the_next_start(
    rooms: Any, desk: Desk, expelled: Expelled
) -> None:
    host = NewHost()
    given = await enrolled(rooms, desk, host)
    m = schema.machines
    here = update(m).where(m.c.id == given.machine_id).values(registered=True, boot_id="b")
    await rooms.store.write(lambda tx: tx.connection.execute(here))
    expelled.away = True
    await desk.revoke(rooms.admin, "footlight|desk7")
    machine = await rooms.store.read(lambda c: machines.get(c, given.machine_id))
    assert not machine.registered
    assert expelled.keys == []
    expelled.away = False
    await desk.expel_revoked()
    assert expelled.keys == [host.keys.bus_key]
    count = select(func.count()).select_from(schema.audit)
    before = await rooms.store.read(lambda c: c.execute(count).scalar())
    await desk.revoke(rooms.admin, given.machine_id)  # twice is once
    assert await rooms.store.read(lambda c: c.execute(count).scalar()) == before
    with pytest.raises(NotFound):
        await desk.revoke(rooms.admin, "nobody")


async def test_what_a_revoked_host_asks_is_refused_before_the_bus_knows(
    rooms: Any, desk: Desk
) -> None:
    async def answer(machine_id: str, payload: bytes) -> bytes:
        return payload

    given = await enrolled(rooms, desk, NewHost())
    guarded = desk.guarded(answer)
    assert await guarded(given.machine_id, b"x") == b"x"
    assert await guarded("the site's own", b"x") == b"x"
    await desk.revoke(rooms.admin, given.machine_id)
    with pytest.raises(Unavailable, match="revoked"):
        await guarded(given.machine_id, b"x")
