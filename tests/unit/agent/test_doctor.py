from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.agent.test_identity import identity

from footlight.agent import doctor, doctor_site
from footlight.agent.identity import HostFolder
from footlight.clock import SystemClock
from footlight.datadir import DataDir
from footlight.wire.enrolment import Standing

CHECKS = {"python", "user", "programs", "pam", "cgroups", "namespaces", "spool", "x sockets"}


def test_a_host_of_no_site_is_looked_at_all_the_same(tmp_path: Path) -> None:
    patient = doctor.Patient(tmp_path, "127.0.0.1:0", "", "1")
    found = doctor.examine(patient, SystemClock())
    assert {one.check for one in found} == {"enrolment", "listener", *CHECKS}
    assert found[0].how == "bad"


async def test_what_is_between_host_and_site(rooms: Any, tmp_path: Path, monkeypatch: Any) -> None:
    HostFolder(tmp_path / "agent").save(identity(rooms, tmp_path))
    patient = doctor.Patient(tmp_path, "off", "", "1")
    reached: list[str] = []

    def reach(check: str, url: str) -> Any:
        reached.append(url)
        return doctor_site.good(check, "it answers")

    told = Standing(standing="revoked", now_ms=0, server_version="2")
    monkeypatch.setattr(doctor_site, "reach", reach)
    monkeypatch.setattr(doctor_site, "ask_standing", None)
    asked = doctor_site.server
    monkeypatch.setattr(doctor_site, "server", lambda *a: asked(*a, ask=lambda *_: told))
    found = {one.check: one.how for one in doctor.of_site(patient, SystemClock())}
    assert found == {
        "enrolment": "good",
        "credentials": "bad",
        "address": "good",
        "server": "bad",
        "clock": "bad",
        "versions": "note",
        "bus": "good",
    }
    assert reached == ["https://x:1", "tls://bus.example.test:4222"]


def test_whether_an_agent_runs(tmp_path: Path) -> None:
    assert not doctor.is_running(tmp_path)
    with DataDir(tmp_path).held():
        assert doctor.is_running(tmp_path)
    assert not doctor.is_running(tmp_path)
