"""What servers tell of a host on another machine, and one trace from a server's request to that host's recorder."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.cluster.ground import Ground, Host, Server, until

from collector import Collector, collecting

pytestmark = pytest.mark.long
OWN_PAGE = "127.0.0.1:9464"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture(scope="module")
def collector(ground: Ground) -> Iterator[Collector]:
    with collecting(ground.rack.address) as made:
        yield made


@pytest.fixture(scope="module")
def watched(ground: Ground, collector: Collector) -> tuple[Server, Host]:
    """A third server and a host, which send their spans; the others send none."""
    ground.environment |= {"FOOTLIGHT_TRACES": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    ground.environment["FOOTLIGHT_AGENT_METRICS"] = OWN_PAGE
    return ground.start_server("three"), ground.add_host("watched")


def figures_of(server: Server) -> dict[str, float]:
    """Values by name and first label."""
    families = text_string_to_metric_families(server.client().server.metrics())
    return {
        " ".join((sample.name, *list(sample.labels.values())[:1])): sample.value
        for family in families
        for sample in family.samples
    }


def test_each_server_tells_of_bus_duties_and_hosts(
    ground: Ground, watched: tuple[Server, Host], collector: Collector
) -> None:
    server, host = watched
    client = server.client()
    session_id = str(client.launches.create("Terminal", user="ada")["sessionId"])
    until(lambda: not client.sessions.get(session_id)["LogonInProgress"], "the logon ends")
    name = client.machines.get(host.id)["Name"]
    headers = {
        "Authorization": f"CWSAuth Bearer={server.facts['token']}",
        "traceparent": f"00-{TRACE}-{SPAN}-01",
    }
    trust = ssl.create_default_context(cafile=server.facts["ca_file"])
    answer = httpx.post(
        f"{server.url}/cvad/manage/Sessions/{session_id}/$startRecording",
        headers=headers,
        verify=trust,
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    root = "POST /cvad/manage/Sessions/{id}/$startRecording"
    spans = collector.of(
        TRACE, lambda s: {root, "host order", "first key frame"} <= {one.name for one in s}
    )
    services = {span.name: span.service for span in spans}
    assert services[root] == "footlight"
    assert services["host order"] == "footlight agent"
    assert services["first key frame"] == "footlight recorder"

    until(lambda: figures_of(server).get(f"footlight_host_recordings {name}") == 1, "it is told")
    told = [figures_of(one) for one in ground.servers]
    for figures in told:
        assert figures["footlight_bus_connected"] == 1
        assert figures[f"footlight_host_registered {name}"] == 1
        assert figures[f"footlight_host_sessions {name}"] == 1
        assert figures[f"footlight_host_recorders {name}"] == 1
        assert figures[f"footlight_host_spool_limit_bytes {name}"] > 2**30
    # Each duty is one server's, and the one that talks with hosts has counted it.
    duties = [key for key in told[0] if key.startswith("footlight_duty_held ")]
    assert "footlight_duty_held hosts" in duties
    assert all(sum(figures[duty] for figures in told) == 1 for duty in duties)
    (talking,) = [figures for figures in told if figures["footlight_duty_held hosts"]]
    assert talking["footlight_bus_requests_total orders"] > 0
    assert talking["footlight_bus_messages_taken_total reports"] > 0
    assert talking["footlight_bus_messages_taken_total beats"] > 0
    # Its own page, for who asks on its machine.
    ask = (
        f"import urllib.request as u; print(u.urlopen('http://{OWN_PAGE}/metrics').read().decode())"
    )
    page = host.machine.run(sys.executable, "-c", ask)
    assert "footlight_host_recordings 1" in page
    assert f"footlight_host_spool_limit_bytes {20 * 2**30}" in page
    client.sessions.logoff(session_id)
