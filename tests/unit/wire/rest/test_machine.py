from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from footlight.wire.rest.machine import Machine
from footlight.wire.rest.reference import Ref

GIVEN: dict[str, Any] = {
    "uid": 3, "agent_version": "0.1", "delivery_group": Ref(id="g", uid=1, name="G"),
    "dns_name": "h.x", "ip_address": "192.0.2.1", "machine_type": "Physical",
    "os_type": "Debian 12", "summary_state": "InUse", "zone": Ref(id="z", name="Primary"),
    "machine_catalog": Ref(id="c", uid=1, name="C"), "name": "F\\H",
}  # fmt: skip


def shown(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(Machine(**{**GIVEN, **changes})))
    return found


def test_names_that_pascal_case_alone_would_spell_wrong() -> None:
    body = shown()
    assert (body["IPAddress"], body["OSType"], body["OSVersion"]) == (
        "192.0.2.1", "Debian 12", None,
    )  # fmt: skip
    assert [name for name in body if "Ip" in name or "Os" in name] == []


def test_what_was_not_fetched_is_null_and_what_has_no_null_is_unknown() -> None:
    body = shown()
    assert {name for name, value in body.items() if value == "Unknown"} == {
        "AzureAdJoinedMode", "FaultState", "MachineUnavailableReason", "MaintenanceModeReason",
        "PowerState", "ScheduledReboot",
    }  # fmt: skip
    for name in ("RegistrationState", "LastConnectionTime", "SessionUserName", "Tags", "Sid"):
        assert body[name] is None, name


def test_a_word_that_clients_do_not_know_is_not_read() -> None:
    body = shown()
    assert msgspec.convert(body, Machine) == Machine(**GIVEN)
    for name in ("MachineType", "SummaryState", "PowerState"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**body, name: "Sideways"}, Machine)
