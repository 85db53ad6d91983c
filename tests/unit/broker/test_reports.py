from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from footlight.broker.decision import LaunchRequest
from footlight.broker.load import Scale
from footlight.broker.reports import known_sessions, session_changes, take
from footlight.sessions import queries, viewers
from footlight.site import enrolled_hosts, machines
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.host import (
    HostFacts,
    HostReport,
    LoadFacts,
    SessionFacts,
    ViewerFacts,
    decode,
    encode,
)

MACHINE_ID = "11111111-1111-4111-8111-111111111111"  # of rooms.host


async def launched(rooms: Any) -> str:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    return str(made.session_id)


async def row(rooms: Any, session_id: str) -> Any:
    return await rooms.store.read(lambda c: queries.row(c, session_id))


async def known(rooms: Any, session_id: str) -> Any:
    found = await rooms.store.read(lambda c: known_sessions(c, [session_id]))
    return found[session_id]


def viewer(own: bool, at_ms: int = 5) -> ViewerFacts:
    return ViewerFacts(
        viewer_id="v",
        user_name="FOOTLIGHT\\x",
        own=own,
        mode="interactive",
        address="198.51.100.1",
        via_address=None,
        client_name="pc",
        platform="Windows",
        version="1",
        attached_at_ms=at_ms,
    )


async def test_the_same_facts_change_nothing(rooms: Any) -> None:
    session_id = await launched(rooms)
    facts = rooms.host.sessions[session_id]
    assert session_changes(await known(rooms, session_id), facts, 99) == {}
    before = await rooms.store.read(lambda c: list(c.execute(select(schema.outbox.c.seq))))
    await rooms.host.report()
    after = await rooms.store.read(lambda c: list(c.execute(select(schema.outbox.c.seq))))
    assert before == after


async def test_only_the_own_viewer_makes_a_session_active(rooms: Any) -> None:
    session_id = await launched(rooms)
    shadowed = msgspec.structs.replace(rooms.host.sessions[session_id], viewers=[viewer(False)])
    changes = session_changes(await known(rooms, session_id), shadowed, 99)
    assert changes.keys() == {"viewers"}
    worked_in = msgspec.structs.replace(
        shadowed, viewers=[viewer(False), viewer(True)], viewers_changed_at_ms=77
    )
    changes = session_changes(await known(rooms, session_id), worked_in, 99)
    assert (changes["state"], changes["state_changed_at_ms"]) == ("Active", 77)
    assert (changes["client_platform"], changes["client_name"]) == ("Windows", "pc")


async def test_how_a_viewers_line_does_is_written_and_is_no_event(rooms: Any) -> None:
    session_id = await launched(rooms)

    async def events() -> int:
        count = select(func.count()).select_from(schema.outbox)
        found: int = await rooms.store.read(lambda c: c.execute(count).scalar_one())
        return found

    before = await events()
    await rooms.host.change(session_id, viewers=[viewer(False)])
    assert await events() == before + 1
    slow = msgspec.structs.replace(viewer(False), round_trip_ms=900, to_viewer_bytes_s=7)
    await rooms.host.change(session_id, viewers=[slow])
    assert viewers.read((await row(rooms, session_id)).viewers) == [slow]
    assert await events() == before + 1
    await rooms.host.change(session_id, viewers=[])
    assert (await row(rooms, session_id)).viewers is None
    assert await events() == before + 2


async def test_logging_on_is_connected_and_prelogon(rooms: Any) -> None:
    session_id = await launched(rooms)
    starting = SessionFacts(session_id=session_id, generation=1, phase="starting", started_at_ms=5)
    changes = session_changes(await known(rooms, session_id), starting, 99)
    assert (changes["state"], changes["app_state"]) == ("Connected", "PreLogon")


async def test_an_application_that_closed_its_windows_is_in_use_no_longer(rooms: Any) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Terminal", new=True))
    one = str(made.session_id)
    closed = msgspec.structs.replace(
        rooms.host.sessions[one], application_open=False, idle_since_ms=55
    )
    changes = session_changes(await known(rooms, one), closed, 99)
    assert changes == {"app_state": "NoApps", "app_state_changed_at_ms": 99, "idle_since_ms": 55}


async def test_an_old_report_changes_nothing(rooms: Any) -> None:
    session_id = await launched(rooms)
    rooms.host.sequence -= 1
    gone = msgspec.structs.replace(
        rooms.host.sessions[session_id], phase="ended", ended_at_ms=5, end_reason="x"
    )
    kept, rooms.host.sessions[session_id] = rooms.host.sessions[session_id], gone
    rooms.host.sequence -= 1  # the next one repeats a number that was taken
    await rooms.host.report()
    assert (await row(rooms, session_id)).ended_at_ms is None
    rooms.host.sessions[session_id] = kept


async def test_a_host_with_a_new_boot_must_introduce_itself(rooms: Any) -> None:
    rooms.host.boot_id = "boot-2"
    assert (await rooms.host.report()).want_full
    assert not (await rooms.host.report(full=True)).want_full


async def enrol(rooms: Any, **columns: Any) -> None:
    """rooms.host came by a code."""
    values = {
        "machine_id": MACHINE_ID,
        "host_name": "DESK1",
        "signing_key": "00" * 32,
        "bus_key": "U",
        "tls_key": "",
        "code_id": "",
        "enrolled_at_ms": 0,
        "enrolled_by": "",
        "address": "",
        "issued_at_ms": 0,
        "expires_at_ms": 0,
        **columns,
    }
    insert = schema.enrolled_hosts.insert().values(values)
    await rooms.store.write(lambda tx: tx.connection.execute(insert))


async def test_a_host_that_is_what_was_enrolled_is_believed(rooms: Any) -> None:
    await enrol(rooms)
    assert (await rooms.host.report(full=True)).refused == ""


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"signing_key": "11" * 32}, "not the enrolled one"),
        ({"host_name": "DESK2"}, "calls itself"),
        ({"revoked_at_ms": 1}, "revoked"),
    ],
)
async def test_a_host_that_is_not_what_was_enrolled_changes_nothing(
    rooms: Any, columns: dict[str, Any], reason: str
) -> None:
    session_id = await launched(rooms)
    await enrol(rooms, **columns)
    rooms.host.sessions.clear()
    assert reason in (await rooms.host.report(full=True)).refused
    assert (await row(rooms, session_id)).ended_at_ms is None


async def test_a_revoked_hosts_next_report_is_refused(rooms: Any) -> None:
    """Reports that are no whole ones are not looked at: revoking sees to it that one has to come."""
    await enrol(rooms)

    def revoke(tx: Tx) -> None:
        host = enrolled_hosts.get(tx.connection, rooms.admin, MACHINE_ID)
        enrolled_hosts.revoke(tx, rooms.admin, host)

    await rooms.store.write(revoke)
    assert (await rooms.host.report()).want_full
    assert "revoked" in (await rooms.host.report(full=True)).refused
    machine = await rooms.store.read(lambda c: machines.get(c, MACHINE_ID))
    assert not machine.registered


async def test_a_full_report_ends_what_the_host_has_lost(rooms: Any) -> None:
    kept, lost = await launched(rooms), await launched(rooms)
    del rooms.host.sessions[lost]
    await rooms.host.report()  # not full: says nothing of the others
    assert (await row(rooms, lost)).ended_at_ms is None
    await rooms.host.report(full=True)
    assert (await row(rooms, lost)).end_reason == "the host no longer has the session"
    assert (await row(rooms, kept)).ended_at_ms is None


async def test_ended_sessions_and_finished_recordings_may_be_forgotten(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    await rooms.actions.log_off(rooms.admin, session_id)
    await rooms.host.report()
    assert rooms.host.sessions == {}
    assert rooms.host.recordings == {}


async def test_load_is_written_when_it_has_moved(rooms: Any) -> None:
    m = schema.machines.c
    columns = (m.load_index, m.load_cpu, m.load_memory, m.load_sessions, m.load_at_ms)

    async def say(cpu: int, memory: int, sequence: int) -> Any:
        report = HostReport(
            machine_id=MACHINE_ID,
            boot_id=rooms.host.boot_id,
            sequence=sequence,
            full=False,
            at_ms=0,
            load=LoadFacts(cpu_permille=cpu, memory_permille=memory, sessions=25),
        )
        await rooms.store.write(lambda tx: take(tx, [report], rooms.site.name, Scale()))
        return await rooms.store.read(lambda c: c.execute(select(*columns)).one())

    first = await say(400, 0, 11)
    assert (first.load_index, first.load_cpu, first.load_sessions) == (1500, 4000, 1000)
    assert await say(900, 0, 12) == first, "too soon"
    long_ago = schema.machines.update().values(load_at_ms=0)
    await rooms.store.write(lambda tx: tx.connection.execute(long_ago) and None)
    assert (await say(410, 0, 13)).load_at_ms == 0, "it has hardly moved"
    assert (await say(900, 0, 14)).load_cpu == 9000


def test_unknown_members_of_a_later_release_are_ignored() -> None:
    report = HostReport(machine_id="m", boot_id="b", sequence=1, full=False, at_ms=0)
    later = msgspec.json.decode(encode(report))
    later["weather"] = 0.5
    assert decode(HostReport, msgspec.json.encode(later)) == report


async def test_a_report_asks_and_writes_in_as_many_statements_whatever_its_length(
    rooms: Any,
) -> None:
    statements: list[str] = []

    def seen(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement.split(None, 1)[0])

    async def counted() -> int:
        for session_id, facts in rooms.host.sessions.items():
            viewers = [] if facts.viewers else [viewer(True)]
            rooms.host.sessions[session_id] = msgspec.structs.replace(facts, viewers=viewers)
        rooms.host.sequence += 1
        sessions = list(rooms.host.sessions.values())
        said = HostReport(
            machine_id=MACHINE_ID,
            boot_id=rooms.host.boot_id,
            sequence=rooms.host.sequence,
            full=False,
            at_ms=0,
            sessions=sessions,
        )
        event.listen(Engine, "before_cursor_execute", seen)
        try:
            await rooms.store.write(lambda tx: take(tx, [said], "FOOTLIGHT"))
        finally:
            event.remove(Engine, "before_cursor_execute", seen)
        count = len(statements)
        statements.clear()
        return count

    await launched(rooms)
    one = await counted()
    for _ in range(3):
        await launched(rooms)
    await rooms.broker.stop()
    await counted()  # those that came later are one step behind the first
    assert await counted() <= one + 1  # in at most two sets of columns


async def test_a_host_that_says_too_much_is_taken_all_the_same_and_changes_nothing_twice(
    rooms: Any,
) -> None:
    """PostgreSQL keeps no more of a text than its column holds, and no NUL."""
    session_id = await launched(rooms)
    wordy = msgspec.structs.replace(viewer(True), client_name="pc\0" * 200, version="9" * 99)
    rooms.host.sessions[session_id] = msgspec.structs.replace(
        rooms.host.sessions[session_id], viewers=[wordy], end_reason="a\0b"
    )
    await rooms.host.report()
    kept = await row(rooms, session_id)
    assert (kept.client_name, kept.client_version) == (("pc" * 200)[:128], "9" * 64)
    assert kept.end_reason == "ab"
    compared = await known(rooms, session_id)
    assert session_changes(compared, rooms.host.sessions[session_id], 99) == {}


async def test_a_machine_s_own_words_fit_too(rooms: Any) -> None:
    facts = HostFacts(
        machine_id="m",
        host_name="wide",
        dns_name="d" * 300,
        ip_address="192.0.2.9",
        os_type="Debian\0",
        os_version="12",
        agent_version="v" * 99,
        as_root=True,
        agent_public_key="00" * 32,
    )
    await rooms.store.write(lambda tx: machines.register(tx, facts, "LAB"))
    table = schema.machines
    chosen = select(table).where(table.c.id == "m")
    made = await rooms.store.read(lambda c: c.execute(chosen).one())
    assert (made.dns_name, made.os_type, made.agent_version) == ("d" * 255, "Debian", "v" * 64)
