from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from footlight.api import render_inventory
from footlight.site.resources import Application, Resource


def shown(model: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(model))
    return found


@pytest.mark.parametrize(
    ("command", "executable", "arguments"),
    [
        (["xterm"], "xterm", ""),
        (["sh", "-c", "a b; c"], "sh", "-c 'a b; c'"),
        ([], "", ""),
    ],
)
def test_an_application(command: list[str], executable: str, arguments: str) -> None:
    resource = Resource(
        id="r", uid=4, name="Terminal", kind="Application", command=command, working_dir=None,
        delivery_group_ids=("g",),
    )  # fmt: skip
    body = shown(render_inventory.application(Application(resource, False)))
    assert (body["Id"], body["Uid"], body["Name"]) == ("r", 4, "Terminal")
    assert body["Enabled"] is False
    assert body["InstalledAppProperties"] == {
        "CommandLineExecutable": executable,
        "CommandLineArguments": arguments,
        "WorkingDirectory": "",
    }
    assert body["AssociatedDeliveryGroupUuids"] == ["g"]
