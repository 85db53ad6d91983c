"""The broker on real hosts: three machines serve one delivery group, and two servers act on their sessions."""

from __future__ import annotations

import pytest
from tests.cluster.ground import Ground, Host


@pytest.fixture(scope="module")
def hosts(ground: Ground) -> list[Host]:
    """Two that servers reach, and one that reaches the servers."""
    made = []
    for number in range(3):
        name = f"rack{number}"
        listen = ["--listen", f"{ground.rack.machine_address(number)}:7443"] if number < 2 else []
        made.append(ground.add_host(name, *listen))
    return made


def test_first(ground: Ground, hosts: list[Host]) -> None:
    client = ground.servers[0].client()
    print([(m["Name"], m["RegistrationState"]) for m in client.machines.list()])
    for n in range(6):
        print(client.launches.create("Terminal", user=f"c{n}", new=True))
