from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footlight.agent import doctor_site
from footlight.agent.enrolling import Refused
from footlight.agent.identity import HostFolder
from footlight.errors import Unavailable
from footlight.wire.enrolment import Standing

DAY_MS = 86_400_000


def identity(**credentials: Any) -> Any:
    given = SimpleNamespace(machine_id="m", bus_servers=[], expires_at_ms=30 * DAY_MS)
    vars(given).update(credentials)
    return SimpleNamespace(
        server="https://x:1", credentials=given, half_of_life_ms=lambda: 15 * DAY_MS
    )


def standing(how: str = "enrolled", **members: Any) -> Standing:
    return Standing(**{"standing": how, "now_ms": 0, "server_version": "1.2.3", **members})


def test_a_host_of_no_site(tmp_path: Path) -> None:
    found, known = doctor_site.enrolment(tmp_path)
    assert (found.how, known) == ("bad", None)
    assert "footlight hosts enroll" in found.do
    HostFolder(tmp_path).file.write_text("{")
    assert "can't be used" in doctor_site.enrolment(tmp_path)[0].says


def test_a_name_a_port_and_what_is_none() -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        port = there.getsockname()[1]
        assert doctor_site.reach("bus", f"tls://127.0.0.1:{port}").how == "good"
    assert "firewall" in doctor_site.reach("bus", f"tls://127.0.0.1:{port}").do
    assert "not known here" in doctor_site.reach("address", "https://nowhere.invalid").says
    for text in ("nonsense", "https://x:99999999", "gopher://x"):
        assert "no address" in doctor_site.reach("bus", text).says


@pytest.mark.parametrize(
    ("how", "words"),
    [("revoked", "has been revoked"), ("unknown", "does not know"), ("enrolled", "knows this")],
)
def test_what_the_server_says_of_the_host(how: str, words: str) -> None:
    found, _ = doctor_site.server(identity(), 0, lambda *_: standing(how))
    assert words in found.says
    assert (found.how == "good") == (how == "enrolled")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Unavailable("https://x: unable to get local issuer certificate"), "not the one"),
        (Unavailable("timed out"), "does not answer: timed out"),
        (Refused("status 502"), "502"),
    ],
)
def test_a_server_that_does_not_answer(problem: Exception, words: str) -> None:
    def ask(*_: Any) -> Standing:
        raise problem

    found, known = doctor_site.server(identity(), 0, ask)
    assert (found.how, known) == ("bad", None)
    assert words in found.says


@pytest.mark.parametrize(("skew_s", "how"), [(0, "good"), (-30, "note"), (600, "bad")])
def test_clocks_that_differ(skew_s: int, how: str) -> None:
    told = standing(now_ms=1_000_000 + skew_s * 1000)
    assert doctor_site.clock(told, 999_900, 1_000_100).how == how


@pytest.mark.parametrize(("days", "how"), [(1, "good"), (20, "note"), (31, "bad")])
def test_credentials_that_end(days: int, how: str) -> None:
    assert doctor_site.credentials(identity(), days * DAY_MS).how == how


def test_the_buss_address_is_the_newest_known() -> None:
    assert "no address" in doctor_site.bus(identity(), None)[0].says
    old = identity(bus_servers=["127.0.0.1:1"])
    assert "127.0.0.1:1" in doctor_site.bus(old, standing())[0].says
    (found,) = doctor_site.bus(old, standing(bus_servers=["127.0.0.1:2"]))
    assert "127.0.0.1:2" in found.says


def test_one_address_of_the_bus_that_answers_is_enough() -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        known = identity(bus_servers=["127.0.0.1:1", f"127.0.0.1:{there.getsockname()[1]}"])
        assert [one.how for one in doctor_site.bus(known, None)] == ["note", "good"]
    assert [one.how for one in doctor_site.bus(known, None)] == ["bad", "bad"]


def test_releases_that_may_not_fit() -> None:
    assert doctor_site.versions("1.2.3", standing()).how == "good"
    assert doctor_site.versions("1.2.9", standing()).how == "good"
    assert doctor_site.versions("1.4.0", standing()).how == "note"
    assert doctor_site.versions("?", standing()).how == "note"
