from __future__ import annotations

from typing import Any

from sqlalchemy import select

from footlight.ids import new_guid
from footlight.sessions import actions
from footlight.sessions.actions import NewSession
from footlight.store import schema
from footlight.wire.host import Account, Launch

MACHINE_ID = "11111111-1111-4111-8111-111111111111"


async def fill(rooms: Any, count: int) -> list[str]:
    """Rows of running sessions, straight into the store."""
    ids = [new_guid() for _ in range(count)]

    def write(tx: Any) -> None:
        resource = tx.connection.execute(select(schema.resources)).first()
        launch = Launch(
            resource_id=resource.id,
            resource_name=resource.name,
            session_type="Desktop",
            account=Account(kind="managed", account_id=rooms.admin.account_id, name="admin"),
            user_name="FOOTLIGHT\\admin",
            machine_name="FOOTLIGHT\\DESK1",
            command=[],
        )
        first, *others = ids
        actions.create(
            tx,
            NewSession(
                id=first,
                account_id=rooms.admin.account_id,
                user_display_name="admin",
                machine_id=MACHINE_ID,
                launch=launch,
                brokered_by="FOOTLIGHT\\admin",
                brokering_ms=1,
                client_address="203.0.113.5",
                launched_via_ip=None,
                launched_via_host=None,
            ),
        )
        row = dict(tx.connection.execute(select(schema.sessions)).mappings().one())
        del row["uid"]
        if others:
            copies = [{**row, "id": session_id} for session_id in others]
            tx.connection.execute(schema.sessions.insert(), copies)

    rooms.host.silent = True
    await rooms.store.write(write)
    return ids


async def test_2500_sessions_come_page_by_page_each_once(door: Any) -> None:
    ids = await fill(door.rooms, 2500)
    seen: list[str] = []
    sizes: list[int] = []
    token = ""
    while True:
        answer = await door.get(f"/cvad/manage/Sessions?continuationToken={token}")
        body = answer.json()
        assert body["TotalItems"] == 2500
        sizes.append(len(body["Items"]))
        seen += [item["Id"] for item in body["Items"]]
        token = body["ContinuationToken"]
        if token is None:
            break
        assert token.replace("-", "").replace("_", "").isalnum()
    assert seen == ids
    assert sizes == [250] * 10


async def test_limits(door: Any) -> None:
    await fill(door.rooms, 1001)
    full = (await door.get("/cvad/manage/Sessions?limit=1000")).json()
    assert len(full["Items"]) == 1000
    rest = await door.get(
        f"/cvad/manage/Sessions?limit=1000&continuationToken={full['ContinuationToken']}"
    )
    assert len(rest.json()["Items"]) == 1
    assert rest.json()["ContinuationToken"] is None
    for wrong in ("0", "-1", "1001", "many"):
        assert (await door.get(f"/cvad/manage/Sessions?limit={wrong}")).status_code == 400


async def test_a_damaged_token_is_refused(door: Any) -> None:
    await fill(door.rooms, 3)
    token = (await door.get("/cvad/manage/Sessions?limit=1")).json()["ContinuationToken"]
    for damaged in (token[:-1], token + "A", "B" + token[1:], "AAAA", "%00", token[::-1], "=" * 9):
        answer = await door.get(f"/cvad/manage/Sessions?limit=1&continuationToken={damaged}")
        assert answer.status_code == 400, damaged
        assert answer.json()["ErrorMessage"]


async def test_a_page_token_outlives_the_sessions_it_passed(door: Any) -> None:
    ids = await fill(door.rooms, 4)
    first = (await door.get("/cvad/manage/Sessions?limit=2")).json()
    gone = schema.sessions.delete().where(schema.sessions.c.id.in_(ids[:3]))
    await door.rooms.store.write(lambda tx: tx.connection.execute(gone) and None)
    rest = await door.get(f"/cvad/manage/Sessions?continuationToken={first['ContinuationToken']}")
    assert [item["Id"] for item in rest.json()["Items"]] == ids[3:]


async def test_fields_project_top_level_members(door: Any) -> None:
    await fill(door.rooms, 1)
    (item,) = (await door.get("/cvad/manage/Sessions?fields=id,STATE,Nothing")).json()["Items"]
    assert set(item) == {"Id", "State"}


async def test_launch_list_record_and_log_off_over_http(door: Any) -> None:
    made = await door.post("/footlight/v1/launches", json={"resource": "Desktop"})
    assert made.status_code == 201
    session_id = made.json()["sessionId"]
    assert made.json()["displayPath"] == f"/s/{session_id}"
    again = await door.post("/footlight/v1/launches", json={"resource": "Desktop"})
    assert (again.status_code, again.json()["sessionId"]) == (200, session_id)

    listed = (await door.get("/cvad/manage/Sessions")).json()
    assert [item["Id"] for item in listed["Items"]] == [session_id]
    one = (await door.get(f"/cvad/manage/Sessions/{session_id}")).json()
    assert one == listed["Items"][0]
    assert one["User"]["Sid"] == "S-1-22-1-2001"
    assert one["UntrustedUserName"] == "desk1\\fl-ada"
    assert (await door.get(f"/cvad/manage/Sessions/{one['Uid']}")).json()["Id"] == session_id

    status = f"/cvad/manage/Sessions/RecordingStatus?id={session_id}"
    assert (await door.get(status)).json() == {"IsSessionBeingRecorded": False}
    started = await door.post(
        f"/cvad/manage/Sessions/{session_id}/$startRecording?notifyUser=false"
    )
    assert (started.status_code, started.json()["Id"]) == (200, session_id)
    assert (await door.get(status)).json() == {"IsSessionBeingRecorded": True}
    stopped = await door.post(f"/cvad/manage/Sessions/{session_id}/%24stopRecording")
    assert stopped.status_code == 200
    assert (await door.get(status)).json() == {"IsSessionBeingRecorded": False}
    (recording,) = (await door.get(f"/footlight/v1/recordings?sessionId={session_id}")).json()[
        "items"
    ]
    assert (recording["sessionId"], recording["state"]) == (session_id, "completed")

    ended = await door.post(f"/cvad/manage/Sessions/{session_id}/$logoff")
    assert (ended.status_code, ended.content) == (204, b"")
    assert (await door.get(f"/cvad/manage/Sessions/{session_id}")).status_code == 404
    view = (await door.get(f"/footlight/v1/sessions/{session_id}")).json()
    assert (view["state"], view["endReason"]) == ("Ended", "logged off by FOOTLIGHT\\admin")


async def test_recording_status_of_nothing(door: Any) -> None:
    assert (await door.get("/cvad/manage/Sessions/RecordingStatus")).status_code == 400
    assert (await door.get("/cvad/manage/Sessions/RecordingStatus?id=")).status_code == 400
    unknown = await door.get(f"/cvad/manage/Sessions/RecordingStatus?id={new_guid()}")
    assert unknown.status_code == 404
    assert unknown.json()["SdkErrorId"] == "UnknownSession"


async def test_a_user_sees_only_own_sessions(door: Any) -> None:
    await door.post("/footlight/v1/launches", json={"resource": "Desktop"})
    await door.post("/footlight/v1/accounts", json={"name": "ada", "password": "a long secret"})
    signed = await door.client.post("/cvad/manage/tokens", auth=("FOOTLIGHT\\ada", "a long secret"))
    headers = {"Authorization": f"Bearer {signed.json()['Token']}"}
    mine = await door.client.post(
        "/footlight/v1/launches", json={"resource": "Desktop"}, headers=headers
    )
    listed = (await door.client.get("/cvad/manage/Sessions", headers=headers)).json()
    assert [item["Id"] for item in listed["Items"]] == [mine.json()["sessionId"]]
    assert listed["TotalItems"] == 1


async def test_a_silent_recording_is_not_told_to_the_recorded(door: Any) -> None:
    await door.post("/footlight/v1/accounts", json={"name": "ada", "password": "a long secret"})
    made = await door.post("/footlight/v1/launches", json={"resource": "Desktop", "user": "ada"})
    session_id = made.json()["sessionId"]
    signed = await door.client.post("/cvad/manage/tokens", auth=("ada", "a long secret"))
    headers = {"Authorization": f"Bearer {signed.json()['Token']}"}
    for notify in (False, True):
        start = f"/cvad/manage/Sessions/{session_id}/$startRecording?notifyUser={notify}"
        assert (await door.post(start)).status_code == 200
        status = f"/cvad/manage/Sessions/RecordingStatus?id={session_id}"
        assert (await door.get(status)).json()["IsSessionBeingRecorded"]
        own = await door.client.get(status, headers=headers)
        assert own.json()["IsSessionBeingRecorded"] is notify
        view = await door.client.get(f"/footlight/v1/sessions/{session_id}", headers=headers)
        assert view.json()["recording"] is notify
        await door.post(f"/cvad/manage/Sessions/{session_id}/$stopRecording")
