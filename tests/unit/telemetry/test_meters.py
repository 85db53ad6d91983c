from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from footlight.telemetry.meters import HostMeters, Meters, Table
from footlight.wire.host import HostFigures


def test_each_server_has_figures_of_its_own() -> None:
    one, other = Meters(), Meters()
    one.launches.add("started")
    assert one.launches.value("started") == 1
    assert other.launches.value("started") == 0


def test_names_follow_the_rules_of_prometheus() -> None:
    names = [cell.told.name for cell in Meters().cells]
    assert len(set(names)) == len(names)
    for cell in Meters().cells:
        told = cell.told
        assert re.fullmatch(r"footlight_[a-z_]+", told.name)
        assert told.name.endswith("_total") == (told.kind == "counter"), told.name
        assert told.kind != "histogram" or told.name.endswith("_seconds")
        assert told.meaning.endswith((".", "refused."))
        assert not {"session", "user", "id", "path"} & set(told.labels)


def test_the_text_tells_of_build_and_process_too() -> None:
    families = {family.name for family in text_string_to_metric_families(Meters().text())}
    assert {"footlight_build_info", "process_cpu_seconds", "process_open_fds"} <= families


def test_a_hosts_own_table_and_the_servers_tell_the_same() -> None:
    table = Table()
    own = HostMeters(table)
    own.set(HostFigures(recorders=1, spool_bytes=7, spool_oldest_ms=2500))
    assert "footlight_host_spool_bytes 7\n" in table.text()
    assert "footlight_host_spool_oldest_timestamp_seconds 2.5\n" in table.text()
    own.set(HostFigures(spool_bytes=0))
    assert "spool_oldest" not in table.text()
    meters = Meters()
    meters.host.replace([("EX\\A", HostFigures(viewers=2)), ("EX\\B", HostFigures())])
    assert 'footlight_host_viewers{host="EX\\\\A"} 2\n' in meters.text()
    meters.host.replace([("EX\\B", HostFigures())])
    assert "EX\\\\A" not in meters.text()
