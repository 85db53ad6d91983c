from __future__ import annotations

from typing import Any

from tests.unit.api.test_session_logs import launched, program, serve

from footlight.api.problem_reports import LAST_LINES, last_lines
from footlight.ids import new_guid
from footlight.wire.host import OutputPiece, ProgramOutput, SessionOutputs

V1 = "/footlight/v1"


async def test_a_report_keeps_the_moment_and_leads_to_it(door: Any) -> None:
    session = await launched(door)
    await serve(door, program(None))
    made = await door.post(f"{V1}/sessions/{session}/reports", json={"text": "it hangs"})
    report = made.json()
    assert made.status_code == 201, made.text
    assert (report["text"], report["reportedBy"]) == ("it hangs", "FOOTLIGHT\\admin")
    assert report["facts"]["lastLines"] == ["program: no"]
    assert report["facts"]["machine"]["registered"] is True
    assert report["recordsUntil"] is not None
    token = report["link"].partition("#link=")[2]
    followed = await door.get(f"{V1}/recordings/links/{token}")
    assert followed.json()["recordingId"] == report["recordingId"]
    assert followed.json()["atMs"] == report["atMs"]
    listed = (await door.get(f"{V1}/reports?limit=1")).json()["items"]
    assert [one["id"] for one in listed] == [report["id"]]
    one = (await door.get(f"{V1}/reports/{report['id'].upper()}")).json()
    assert {**one, "link": None} == {**report, "link": None}


async def test_a_host_that_says_nothing_of_logs(door: Any) -> None:
    session = await launched(door)
    made = await door.post(f"{V1}/sessions/{session}/reports", json={"text": "x"})
    assert (made.status_code, made.json()["facts"]["lastLines"]) == (201, None)


async def test_refusals(door: Any) -> None:
    session = await launched(door)
    url = f"{V1}/sessions/{session}/reports"
    assert (await door.post(url, json={"text": " "})).status_code == 400
    elsewhere = f"{V1}/sessions/{new_guid()}/reports"
    assert (await door.post(elsewhere, json={"text": "x"})).status_code == 404
    assert (await door.get(f"{V1}/reports/none")).status_code == 404
    assert (await door.get(f"{V1}/reports?limit=0")).status_code == 400
    ada = await door.sign_in_as("ada")
    hidden = await door.client.post(url, headers=ada, json={"text": "x"})
    assert hidden.status_code == 404
    assert (await door.client.get(f"{V1}/reports", headers=ada)).json()["items"] == []
    right = {"Role": "Read Only Administrator", "Scope": "All"}
    body = {"User": "ada", "Rights": [right]}
    assert (await door.post("/cvad/manage/Admin/Administrators", json=body)).status_code == 204
    seen = await door.client.post(url, headers=ada, json={"text": "x"})
    assert seen.status_code == 403


def test_the_last_lines_of_all_programs_in_their_order() -> None:
    def printed(role: str, *pieces: tuple[int, str]) -> ProgramOutput:
        return ProgramOutput(
            role=role, argv=[], pid=None, started_at_ms=0, ended_at_ms=None, exit_code=None,
            dropped=0, pieces=[OutputPiece(at_ms=at, stream="stdout", text=text) for at, text in pieces],
        )  # fmt: skip

    found = SessionOutputs(
        programs=[printed("x", (1, "b\na\n"), (3, "d")), printed("wm", (2, "c"))]
    )
    assert last_lines(found) == ["x: b", "x: a", "wm: c", "x: d"]
    many = SessionOutputs(programs=[printed("x", *((n, "y" * 999) for n in range(100)))])
    assert len(last_lines(many)) == LAST_LINES
    assert max(map(len, last_lines(many))) == 500
