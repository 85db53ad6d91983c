"""The broker on real hosts: three machines serve one delivery group, and two servers act on their sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from tests.cluster.ground import Ground, Host, Server, until

from footlight.cli.demo_viewer import Viewer, open_display
from footlight.sdk import Footlight, NotFound, SdkError

pytestmark = pytest.mark.long
LOST_S = 60.0  # a host is called silent after 16


@pytest.fixture(scope="module")
def hosts(ground: Ground) -> list[Host]:
    """Two that servers reach, and one that reaches the servers; the last is in a zone of its own."""
    ground.servers[0].client().zones.create({"Name": "North"})
    made = []
    for number in range(3):
        listen = ["--listen", f"{ground.rack.machine_address(number)}:7443"] if number < 2 else []
        zone = {"zone": "North"} if number == 2 else {}
        made.append(ground.add_host(f"rack{number}", *listen, **zone))
    return made


@pytest.fixture
def client(ground: Ground, hosts: list[Host]) -> Iterator[Footlight]:
    """Of the first server; the sessions that are left are logged off."""
    made = ground.servers[0].client()
    yield made
    for session in made.sessions.list(limit=1000):
        with suppress(NotFound):  # it was on its way out
            made.sessions.logoff(session["Id"])
    until(lambda: not list(made.sessions.list(limit=1000)), "all are logged off")


def launch(client: Footlight, user: str, **more: Any) -> tuple[str, str]:
    """The id of a new session and the name of its machine."""
    session_id = str(client.launches.create("Terminal", user=user, **more)["sessionId"])
    until(lambda: not client.sessions.get(session_id)["LogonInProgress"], "the logon ends")
    machine: str = client.sessions.get(session_id)["Machine"]["Name"]
    return session_id, machine.partition("\\")[2].lower()


def machines_of(client: Footlight, *, first: int, count: int) -> Counter[str]:
    return Counter(launch(client, f"u{first + n}")[1] for n in range(count))


def see(server: Server, session_id: str) -> tuple[int, int]:
    """Open the session's display at that server and wait for the first picture; its size."""
    client = server.client()
    ticket = client.sessions.ticket(session_id)["ticket"]
    path = f"/footlight/v1/sessions/{session_id}/display"
    with open_display(server.url, path, ticket, server.facts["ca_file"]) as channel:
        return Viewer(channel).attach()


def test_sessions_go_where_the_load_is_least(client: Footlight, hosts: list[Host]) -> None:
    assert machines_of(client, first=0, count=6) == {host.name: 2 for host in hosts}


def test_a_machine_in_maintenance_is_drained(client: Footlight, hosts: list[Host]) -> None:
    before = [launch(client, f"u{n}") for n in range(3)]
    assert {machine for _, machine in before} == {host.name for host in hosts}
    drained = hosts[1].name
    client.machines.update(hosts[1].id, {"InMaintenanceMode": True})
    try:
        assert drained not in machines_of(client, first=3, count=4)
        (kept,) = [session for session, machine in before if machine == drained]
        assert client.sessions.get(kept)["LogoffInProgress"] is False
    finally:
        client.machines.update(hosts[1].id, {"InMaintenanceMode": False})
    assert drained in machines_of(client, first=7, count=2)


def test_a_zone_that_is_preferred_goes_first(
    ground: Ground, client: Footlight, hosts: list[Host]
) -> None:
    (group,) = client.delivery_groups.list()
    north = hosts[2].name
    client.delivery_groups.set_placement_rules(group["Id"], {"zone": "North"})
    try:
        assert machines_of(client, first=0, count=3) == {north: 3}
    finally:
        client.delivery_groups.set_placement_rules(group["Id"], {"zone": None})


def test_a_session_is_taken_up_and_seen_from_another_server(
    ground: Ground, client: Footlight, hosts: list[Host]
) -> None:
    one, two = ground.servers[:2]
    sessions = [launch(client, f"u{n}") for n in range(3)]
    assert {machine for _, machine in sessions} == {
        host.name for host in hosts
    }  # both ways of streams
    for number, (session_id, _) in enumerate(sessions):
        again = two.client().launches.create("Terminal", user=f"u{number}")
        assert again["sessionId"] == session_id
        assert see(two, session_id) == see(one, session_id) == (1280, 800)


def test_two_servers_act_on_one_session_at_once(ground: Ground, client: Footlight) -> None:
    session_id, _ = launch(client, "u0")
    clients = [server.client() for server in ground.servers[:2]]

    def start(number: int) -> None:
        clients[number % 2].sessions.start_recording(session_id, notify_user=False)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))
    assert [c.sessions.recording_status(session_id) for c in clients] == [True, True]
    clients[1].sessions.stop_recording(session_id)
    (recording,) = clients[0].recordings.list(session_id=session_id)
    for one in clients:
        assert one.recordings.verification(recording["id"])["status"] == "verified"

    def log_off(number: int) -> str:
        try:
            clients[number % 2].sessions.logoff(session_id)
        except SdkError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(4) as pool:
        said = Counter(pool.map(log_off, range(4)))
    assert said["done"] >= 1
    assert set(said) <= {"done", "NotFound"}, said


def test_a_lost_host_comes_back_with_its_sessions(
    ground: Ground, client: Footlight, hosts: list[Host]
) -> None:
    sessions = dict(launch(client, f"u{n}") for n in range(3))
    lost = hosts[0]
    (session_id,) = [session for session, machine in sessions.items() if machine == lost.name]
    before = client.sessions.get(session_id)
    lost.machine.cut()
    try:
        until(lambda: client.sessions.get(session_id)["State"] == "Unknown", "it is lost", LOST_S)
        ground.until_registered(lost, False)
        assert lost.name not in machines_of(client, first=3, count=2)
        with pytest.raises(SdkError):
            client.sessions.start_recording(session_id)
    finally:
        lost.machine.join()
    ground.until_registered(lost)
    until(lambda: client.sessions.get(session_id)["State"] == before["State"], "it is back")
    after = client.sessions.get(session_id)
    assert [after[name] for name in ("Uid", "StartTime")] == [
        before[name] for name in ("Uid", "StartTime")
    ]
    assert client.sessions.recording_status(session_id) is False  # the failed call has no effect
    client.sessions.start_recording(session_id, notify_user=False)
    client.sessions.stop_recording(session_id)


def test_a_host_that_lost_its_power_has_no_sessions(
    ground: Ground, client: Footlight, hosts: list[Host]
) -> None:
    sessions = dict(launch(client, f"u{n}") for n in range(3))
    dead = hosts[1]
    (session_id,) = [session for session, machine in sessions.items() if machine == dead.name]
    client.sessions.start_recording(session_id, notify_user=False)
    dead.machine.power_off()
    until(lambda: client.sessions.get(session_id)["State"] == "Unknown", "it is lost", LOST_S)
    ground.switch_on(dead)
    until(
        lambda: session_id not in {one["Id"] for one in client.sessions.list(limit=1000)},
        "the session has ended",
    )
    (recording,) = client.recordings.list(session_id=session_id)
    until(
        lambda: client.recordings.get(recording["id"])["state"] in ("completed", "failed"),
        "the recording is closed",
    )
    assert client.recordings.verification(recording["id"])["status"] == "verified"
