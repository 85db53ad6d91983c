from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Applications"


async def test_a_sample_is_shown_with_its_command_line(door: Any) -> None:
    shown = (await door.get(f"{URL}/Terminal")).json()
    assert shown["InstalledAppProperties"] == {
        "CommandLineExecutable": "xterm",
        "CommandLineArguments": "-fa 'DejaVu Sans Mono' -fs 14",
        "WorkingDirectory": "",
    }
    assert shown["ApplicationFolder"]["Id"] == "00000000-0000-0000-0000-000000000000"
    (scopes,) = shown["ContainerScopes"]
    assert scopes["ScopeType"] == "DeliveryGroup"
    assert [scope["Name"] for scope in scopes["Scopes"]] == ["All"]
    item = next(one for one in (await door.get(URL)).json()["Items"] if one["Name"] == "Terminal")
    assert {**shown, **item} == shown
    assert (shown["IncludedUsers"], shown["HomeZone"], shown["CpuPriorityLevel"]) == (
        [],
        None,
        "Normal",
    )
