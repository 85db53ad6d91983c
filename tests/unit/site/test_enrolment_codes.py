from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from tests.unit.site.conftest import add_scope, audited, limited

from enrolling import make_code
from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.site import enrolment_codes
from footlight.store import schema
from footlight.wire.enrolment import read_code
from footlight.wire.own import NewEnrolment

_e = schema.enrolment_codes


async def row_of(rooms: Any, text: str) -> Any:
    return await rooms.store.read(lambda c: enrolment_codes.find(c, read_code(text).id))


async def test_only_a_hash_of_the_secret_is_kept(rooms: Any) -> None:
    text = await make_code(rooms, "ab" * 32, description="rack 2", minutes=5)
    row, code = await row_of(rooms, text), read_code(text)
    assert row.secret_hash == code.secret_hash
    assert code.fingerprint == "ab" * 32
    assert row.expires_at_ms - row.created_at_ms == 300_000
    kept = await rooms.store.read(lambda c: str(c.execute(select(schema.audit.c.entry)).all()))
    assert code.secret.hex() not in str(row) + kept
    assert text not in str(row) + kept
    assert (await audited(rooms))[-1] == "Create enrolment code 'rack 2'"


async def test_places_are_named_as_everywhere(rooms: Any) -> None:
    text = await make_code(rooms, catalog="linux hosts", delivery_group="EVERYONE", zone="primary")
    row = await row_of(rooms, text)
    assert row.catalog_id is not None
    assert row.delivery_group_id is not None
    assert row.zone_id is not None


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"minutes": 0}, Invalid),
        ({"minutes": enrolment_codes.MAX_MINUTES + 1}, Invalid),
        ({"description": "a\nb"}, Invalid),
        ({"delivery_group": "Everyone"}, Invalid),
        ({"machine": "desk1", "zone": "Primary"}, Invalid),
        ({"catalog": "no such"}, NotFound),
        ({"machine": "no such"}, NotFound),
        ({"zone": "no such"}, NotFound),
    ],
)
async def test_what_makes_no_sense_is_refused(rooms: Any, wanted: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        await make_code(rooms, **wanted)


async def test_who_may_change_some_machines_names_a_catalog_of_them(rooms: Any) -> None:
    catalog = await rooms.store.read(lambda c: c.execute(select(schema.catalogs.c.id)).scalar())
    scope = await add_scope(rooms, "Mine", MachineCatalog=[catalog])
    zoe = await limited(rooms, "zoe", scope, Permission.MACHINE_EDIT, Permission.CATALOG_READ)

    def create(wanted: NewEnrolment) -> Any:
        return rooms.store.write(lambda tx: enrolment_codes.create(tx, zoe, wanted, ""))

    with pytest.raises(Forbidden, match="Name a catalog"):
        await create(NewEnrolment())
    row, _ = await create(NewEnrolment(catalog=catalog))
    await make_code(rooms)
    mine = await rooms.store.read(lambda c: enrolment_codes.every(c, zoe))
    assert [one.id for one in mine] == [row.id]
    assert len(await rooms.store.read(lambda c: enrolment_codes.every(c, rooms.admin))) == 2
    nobody = rooms.caller(await rooms.account("max"), grants=())
    with pytest.raises(Forbidden):
        await rooms.store.read(lambda c: enrolment_codes.every(c, nobody))


async def test_a_code_that_is_revoked_stays_so(rooms: Any) -> None:
    code = read_code(await make_code(rooms))
    for _ in range(2):
        await rooms.store.write(lambda tx: enrolment_codes.revoke(tx, rooms.admin, code.id))
    row = await row_of(rooms, code.text())
    assert enrolment_codes.status(row, row.created_at_ms) == "revoked"
    assert [text for text in await audited(rooms) if text.startswith("Revoke")] == [
        f"Revoke enrolment code '{code.id}'"
    ]
    with pytest.raises(NotFound):
        await rooms.store.write(lambda tx: enrolment_codes.revoke(tx, rooms.admin, "x"))


async def test_a_code_that_is_used_is_past_revoking(rooms: Any) -> None:
    code = read_code(await make_code(rooms))
    row = await row_of(rooms, code.text())
    assert enrolment_codes.status(row, row.expires_at_ms - 1) == "open"
    assert enrolment_codes.status(row, row.expires_at_ms) == "expired"
    await rooms.store.write(lambda tx: enrolment_codes.use(tx, row, "m", "k", "{}"))
    row = await row_of(rooms, code.text())
    assert enrolment_codes.status(row, row.expires_at_ms) == "used"
    with pytest.raises(Conflict):
        await rooms.store.write(lambda tx: enrolment_codes.revoke(tx, rooms.admin, code.id))


async def test_open_codes_are_bounded_and_old_ones_forgotten(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment_codes, "MAX_OPEN", 2)
    old = await make_code(rooms)
    await make_code(rooms)
    with pytest.raises(Conflict, match="at most 2"):
        await make_code(rooms)
    past = update(_e).where(_e.c.id == read_code(old).id).values(expires_at_ms=1)
    await rooms.store.write(lambda tx: tx.connection.execute(past))
    await make_code(rooms)
    assert await row_of(rooms, old) is None
