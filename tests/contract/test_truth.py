"""Each value of a session object against an independent source: ps, os-release, ip, hostname, the X tree,
the site's own database read beside it. A value that nobody vouches for fails the test."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import pwd
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import select

from footlight.store import schema

ZERO = "00000000-0000-0000-0000-000000000000"
# What the contract fixes by itself: no source could say otherwise. docs/compat.md gives the reasons.
FIXED: dict[str, Any] = {
    "AppState": "Desktop",
    "Brokering.AutonomouslyBrokered": False,
    "Client.Name": "",
    "Client.Platform": "Unknown",
    "Client.ProductId": 9,
    "Connection.ConnectionMode": "Brokered",
    "Connection.Protocol": "Hdx",
    "Connection.SecureIcaActive": False,
    "IsAnonymousUser": False,
    "IsHidden": False,
    "LogoffInProgress": False,
    "LogonInProgress": False,
    "Machine.AllocationType": "Random",
    "Machine.AzureAdJoinedMode": "Unknown",
    "Machine.DrainingUntilShutdown": False,
    "Machine.FaultState": "Unknown",
    "Machine.Hosting.HypervisorConnection.Id": ZERO,
    "Machine.Hosting.ImageOutOfDate": False,
    "Machine.InMaintenanceMode": False,
    "Machine.MachineType": "Physical",
    "Machine.MachineUnavailableReason": "Unknown",
    "Machine.MaintenanceModeReason": "Unknown",
    "Machine.PersistUserChanges": "OnLocal",
    "Machine.PowerState": "Unknown",
    "Machine.ProvisioningType": "Manual",
    "Machine.ScheduledReboot": "Unknown",
    "Machine.SessionSupport": "MultiSession",
    "Machine.SummaryState": "InUse",
    "SessionType": "Desktop",
    "State": "Disconnected",  # nobody has opened it
    "User.PossibleLookupFailure": False,
    "User.PrincipalName": "",
    "User.PropertiesFetched": 0,
}


@dataclass(frozen=True)
class Witnessed:
    """A fresh session and what was seen of it from outside."""

    shown: dict[str, Any]
    asked_s: float  # before the launch
    seen_s: float  # after its logon
    xvnc: psutil.Process
    uid: int  # of its programs
    display: str
    authority: str


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(key path, value) of all that is neither null nor a container."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    elif value is not None:
        yield path, value


def xvnc_of(session_id: str) -> psutil.Process:
    """The X server whose command line names the session's folder."""
    short = f"/{session_id.partition('-')[0]}/"
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "Xvnc" and any(
            short in arg
            for arg in process.info["cmdline"] or ()  # None: a zombie
        ):
            return process
    raise AssertionError(f"no Xvnc of {session_id} in the process table")


def uid_of_programs(server: psutil.Process) -> int:
    """Whose the other children of the X server's keeper are."""
    keeper = server.parent()
    assert keeper is not None
    (uid,) = {child.uids().real for child in keeper.children() if child.pid != server.pid}
    return int(uid)


@pytest.fixture(scope="module")
def witnessed(client: httpx.Client, launch: Callable[[str], str]) -> Witnessed:
    asked_s = time.time()
    session_id = launch("Desktop")
    seen_s = time.time()
    process = xvnc_of(session_id)
    command = process.cmdline()
    authority = command[command.index("-auth") + 1]
    state = json.loads((Path(authority).parents[1] / "state.json").read_text())
    return Witnessed(
        client.get(f"/cvad/manage/Sessions/{session_id}").json(),
        asked_s,
        seen_s,
        process,
        uid_of_programs(process),
        state["display"],
        authority,
    )


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout


def full_name() -> str:
    """As `hostname --fqdn` tells it; where nothing resolves the host's own name it fails, and that name is all."""
    asked = subprocess.run(["hostname", "--fqdn"], capture_output=True, text=True, timeout=20)
    return asked.stdout.strip() if asked.returncode == 0 else output("hostname").strip()


def inventory(site, table: str, name: str | None = None) -> dict[str, Any]:
    """The one row of an inventory table, or the one of that name, read beside the server."""
    rows = schema.metadata.tables[table]
    query = select(rows) if name is None else select(rows).where(rows.c.name == name)
    return dict(site.in_database(lambda c: c.execute(query).mappings().one()))


def addresses() -> set[str]:
    """Of this machine, as `ip` prints them."""
    return set(re.findall(r"inet6? ([0-9a-f.:]+)/", output("ip", "-o", "address")))


def os_type() -> str:
    release = platform.freedesktop_os_release()
    return f"{release['ID'].capitalize()} {release['VERSION_ID']}"


def seconds(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def sources(site, seen: Witnessed) -> dict[str, Any]:
    """Expected values by key path, each from where the product did not get its own."""
    account = pwd.getpwuid(seen.uid)
    host = socket.gethostname().partition(".")[0]
    catalog, group = inventory(site, "catalogs"), inventory(site, "delivery_groups")
    machine, zone = inventory(site, "machines"), inventory(site, "zones")
    session_id = Path(seen.authority).parents[1].name
    return {
        "Brokering.UserName": f"FOOTLIGHT\\{site.admin_user}",
        "Brokering.UserSid": f"S-1-22-1-{account.pw_uid}",
        "Client.IPAddress": "127.0.0.1",
        "Client.ReceiverIPAddress": "127.0.0.1",
        "Connection.LaunchedViaIP": site.host.rpartition(":")[0],
        "Connection.LaunchedViaPublishedName": "Desktop",
        "Id": re.compile(re.escape(session_id)),
        "Machine.AgentVersion": importlib.metadata.version("footlight"),
        "Machine.DeliveryGroup.Id": group["id"],
        "Machine.DeliveryGroup.Name": group["name"],
        "Machine.DeliveryGroup.Uid": group["uid"],
        "Machine.DnsName": full_name(),
        "Machine.MachineCatalog.Id": catalog["id"],
        "Machine.MachineCatalog.Name": catalog["name"],
        "Machine.MachineCatalog.Uid": catalog["uid"],
        "Machine.Name": f"FOOTLIGHT\\{host.upper()}",
        "Machine.OSType": os_type(),
        "Machine.Uid": machine["uid"],
        "Machine.Zone.Id": zone["id"],
        "Machine.Zone.Name": zone["name"],
        "UntrustedUserName": f"{host.lower()}\\{account.pw_name}",
        "User.DisplayName": inventory(site, "accounts", site.admin_user)["display_name"],
        "User.Name": f"FOOTLIGHT\\{site.admin_user}",
        "User.Sid": f"S-1-22-1-{account.pw_uid}",
    }


def test_every_value_has_a_source(site, witnessed: Witnessed) -> None:
    shown = witnessed.shown
    expected = {**FIXED, **sources(site, witnessed)}
    scopes = {path: value for path, value in leaves(shown) if path.startswith("ContainerScopes")}
    elsewhere = {"Uid", "Machine.IPAddress", *scopes}
    for path, value in leaves(shown):
        if path in elsewhere or "Time" in path or "Milliseconds" in path:
            continue  # the tests below
        assert path in expected, f"{path} = {value!r} has no source"
        wanted = expected.pop(path)
        if isinstance(wanted, re.Pattern):
            assert wanted.match(value), (path, value)
        else:
            assert value == wanted, path
    assert expected == {}, "these are null"
    assert scopes == {
        f"ContainerScopes[{number}].{path}": value
        for number, kind in enumerate(("MachineCatalog", "DeliveryGroup"))
        for path, value in {
            "ScopeType": kind,
            "Scopes[0].Id": ZERO,
            "Scopes[0].Name": "All",
            "Scopes[0].IsBuiltIn": True,
            "Scopes[0].IsAllScope": True,
            "Scopes[0].IsTenantScope": False,
        }.items()
    }


def test_addresses_and_names_of_this_machine(site, witnessed: Witnessed) -> None:
    shown = witnessed.shown
    assert shown["Machine"]["IPAddress"] in addresses()
    # The launch named the server by its address, so there is no name to show.
    assert shown["Connection"]["LaunchedViaHostName"] is None
    assert not site.host[0].isalpha()


def test_times_agree_with_the_process_table(witnessed: Witnessed) -> None:
    """Xvnc's start as the kernel counts it; its clock's grain and the cut to seconds leave two."""
    shown = witnessed.shown
    assert abs(seconds(shown["FormattedStartTime"]) - witnessed.xvnc.create_time()) < 2
    first = int(witnessed.asked_s)
    brokered = seconds(shown["Brokering"]["FormattedTime"])
    started = seconds(shown["FormattedStartTime"])
    established = seconds(shown["FormattedEstablishmentTime"])
    assert first <= brokered <= started <= established <= witnessed.seen_s
    for name in ("StateChangeTime", "AppStateLastChangeTime"):
        assert established <= seconds(shown[f"Formatted{name}"]) <= witnessed.seen_s
    lasted_s = shown["EstablishmentDurationMilliseconds"] / 1000
    assert abs(lasted_s - (established - brokered)) <= 1
    assert 0 <= shown["Brokering"]["DurationMilliseconds"] <= 1000 * (witnessed.seen_s - first)


def test_both_date_forms_name_one_second(witnessed: Witnessed) -> None:
    twins = [(path, value) for path, value in leaves(witnessed.shown) if "Formatted" in path]
    flat = dict(leaves(witnessed.shown))
    assert len(twins) == 5
    for path, value in twins:
        locale = flat[path.replace("Formatted", "")]
        assert re.fullmatch(r"\d?\d/\d?\d/\d{4} \d?\d:\d\d:\d\d [AP]M", locale)
        assert not re.search(r"(^|[/ ])0\d", locale.partition(":")[0])
        read = datetime.strptime(locale, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)
        assert read.timestamp() == seconds(value)


def test_uid_leads_back(client: httpx.Client, witnessed: Witnessed) -> None:
    shown = witnessed.shown
    again = client.get(f"/cvad/manage/Sessions/{shown['Uid']}").json()
    assert again["Id"] == shown["Id"]


def test_the_x_tree_shows_an_established_desktop(witnessed: Witnessed) -> None:
    """AppState Desktop and no logon in progress mean: a window manager runs on that display."""
    environment = {
        **os.environ,
        "DISPLAY": witnessed.display,
        "XAUTHORITY": witnessed.authority,
    }
    shown = subprocess.run(
        ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout
    assert re.search(r"window id # 0x[0-9a-f]+", shown), shown


def test_applications_in_use(client: httpx.Client, application: str) -> None:
    shown = client.get(f"/cvad/manage/Sessions/{application}").json()
    (used,) = shown["ApplicationsInUse"]
    assert used["Name"] == "Terminal"
    assert set(used) == {"Id", "Uid", "Name"}
    assert (shown["AppState"], shown["SessionType"]) == ("Active", "Application")
    owner = uid_of_programs(xvnc_of(application))
    mine = [p for p in psutil.process_iter(["name", "uids"]) if p.info["uids"].real == owner]
    assert "xterm" in [process.info["name"] for process in mine]


def test_an_application_without_windows_is_not_in_use(
    client: httpx.Client, application: str
) -> None:
    """Its window is taken from the screen, and put back."""
    command = xvnc_of(application).cmdline()
    authority = command[command.index("-auth") + 1]
    environment = {**os.environ, "DISPLAY": command[1], "XAUTHORITY": authority}

    def xdotool(*words: str) -> str:
        asked = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, timeout=20
        )
        return asked.stdout.strip()

    found = xdotool("search", "--sync", "--onlyvisible", "--class", "xterm").splitlines()
    path = f"/cvad/manage/Sessions/{application}"
    for act, state, named in (("unmap", "NoApps", []), ("map", "Active", ["Terminal"])):
        xdotool(f"window{act}", found[0])
        deadline = time.monotonic() + 20
        while (shown := client.get(path).json())["AppState"] != state:
            assert time.monotonic() < deadline, shown["AppState"]
            time.sleep(0.05)
        assert [one["Name"] for one in shown["ApplicationsInUse"]] == named
        listed = client.get(f"{path}/Applications").json()["Items"]
        assert [one["Name"] for one in listed] == named
