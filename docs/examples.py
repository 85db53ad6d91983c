"""Record the examples of the OpenAPI document: real exchanges with a site of its own, which it starts.

Usage: docs/examples.py    (as root, so that sessions run as users of their own)

What can be asked for without anything being made is asked for; BODIES are sent first, in their order. Answers are
cut to one item, and names of this machine, tokens and passwords are replaced.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from footlight.agent import accounts
from footlight.api.app import BOUND
from footlight.api.openapi.operation import JSON, is_told, takes
from footlight.api.routing import Bound

OUT = Path(__file__).resolve().parents[1] / "src/footlight/api/openapi/examples.json"
START_S = 60
PARAMETER = re.compile(r"/([\w-]+)/\{(\w+)\}")
LEFT_OUT = re.compile(
    r"/events|/result$|/segments/|/openapi|/simulation|DELETE |/sign-out|/\$refresh|/password|/webhooks/.*/test$"
)
LONGEST = 200
ICON = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg=="
FILTER = {"Property": "UserName", "Operator": "Contains", "Value": "admin"}

# Bodies by `METHOD path under /cvad/manage or whole`, sent in this order.
BODIES: dict[str, Any] = {
    "POST /footlight/v1/accounts": {
        "name": "ann", "password": "a long secret", "displayName": "Ann Lee", "administrator": False,
    },
    "POST /footlight/v1/service-accounts": {
        "name": "nightly", "account": "ann", "expiresAt": "2027-02-20T12:00:00Z",
    },
    "POST /footlight/v1/webhooks": {
        "url": "https://chat.example.com/footlight", "events": ["session"], "description": "sessions into the chat",
    },
    "PATCH /footlight/v1/webhooks/{id}": {"enabled": False},
    "POST /footlight/v1/webhooks/{id}/secret": {"overlapHours": 24},
    "POST /footlight/v1/launches": {"resource": "Terminal", "new": True},
    "POST /footlight/v1/sessions/{id}/tickets": {"mode": "view"},
    "POST /Sessions/{id}/$sendMessage": {
        "Style": "Information", "Title": "Maintenance", "Text": "Please save your work.",
    },
    "POST /Sessions/$search": {
        "SearchFilters": [FILTER],
        "SortCriteria": {"Property": "StartTime", "SortDirection": "Descending"},
    },
    "POST /Machines/$search": {
        "SearchFilters": [{"Property": "InMaintenanceMode", "Operator": "Equals", "Value": "false"}],
    },
    "POST /Machines/$group": {"MachinePropertyName": "SummaryState"},
    "PATCH /Machines/{nameOrId}": {"InMaintenanceMode": False},
    "POST /Tags": {"Name": "Pilot", "Description": "Hosts of the pilot"},
    "PATCH /Tags/{nameOrId}": {"Description": "Hosts of the second pilot"},
    "PUT /Machines/{nameOrId}/Tags": {"Items": ["Pilot"]},
    "PUT /me/Preferences": {"Name": "theme", "Value": "dark"},
    "POST /AdminFolders": {"Name": "North"},
    "PATCH /AdminFolders/{pathOrId}": {"Name": "North"},
    "POST /ApplicationFolders": {"Name": "Office"},
    "PATCH /ApplicationFolders/{pathOrId}": {"Name": "Office"},
    "POST /Icons": {"RawData": ICON, "IconFormat": "image/png;32x32x24"},
    "POST /Zones": {"Name": "Branch", "Description": "Hosts of the branch"},
    "PATCH /Zones/{nameOrId}": {"Description": "Hosts of the second branch"},
    "POST /Zones/$search": {"BasicSearchString": "linux"},
    "POST /Zones/{nameOrId}/$addItems": {"Items": [{"Name": "Linux hosts", "ItemType": "MachineCatalog"}]},
    "POST /Zones/{nameOrId}/$moveItems": {"Items": [{"Name": "Linux hosts", "ItemType": "MachineCatalog"}]},
    "POST /Zones/$removeItems": {"Items": [{"Name": "Linux hosts", "ItemType": "MachineCatalog"}]},
    "POST /MachineCatalogs": {
        "Name": "Lab", "ProvisioningType": "Manual", "SessionSupport": "MultiSession", "AllocationType": "Random",
        "MachineType": "Physical", "IsRemotePC": False, "Machines": [],
    },
    "PATCH /MachineCatalogs/{nameOrId}": {"Description": "Hosts of the lab"},
    "POST /MachineCatalogs/$search": {"BasicSearchString": "lab"},
    "POST /MachineCatalogs/$checkCatalogName": {"Name": "Lab"},
    "POST /DeliveryGroups": {"Name": "Students", "SessionSupport": "MultiSession", "DeliveryType": "DesktopsAndApps"},
    "PATCH /DeliveryGroups/{nameOrId}": {"Description": "What students may use"},
    "POST /DeliveryGroups/$search": {"BasicSearchString": "stud"},
    "POST /DeliveryGroups/$checkName": {"Name": "Students"},
    "POST /Applications": {
        "NewApplications": [
            {
                "Name": "Clock",
                "InstalledAppProperties": {"CommandLineExecutable": "xclock", "CommandLineArguments": "-digital"},
            }
        ],
        "DeliveryGroups": [{"Item": "Everyone", "Priority": 0}],
    },
    "PUT /Applications/{nameOrId}/Tags": {"Items": ["Pilot"]},
    "PUT /Tags/{nameOrId}/Applications": {"Items": ["Clock"]},
    "PUT /Tags/{nameOrId}/DeliveryGroups": {"Items": ["Everyone"]},
    "PUT /MachineCatalogs/{nameOrId}/Tags": {"Items": ["Pilot"]},
    "PUT /DeliveryGroups/{nameOrId}/Tags": {"Items": ["Pilot"]},
    "POST /DeliveryGroups/{nameOrId}/Applications": {"ExistingApplications": [{"Item": "Clock", "Priority": 0}]},
    "PATCH /Identity/Users/{userOrGroup}": {"DisplayName": "Ann B. Lee"},
    "PATCH /Sites/{nameOrId}/Settings": {"ConsoleInactivityTimeoutMinutes": 30},
    "POST /StoreFrontServers": {"Name": "Front", "Url": "https://front.example.com/Citrix/Store", "Enabled": True},
    "PATCH /StoreFrontServers/{nameOrId}": {"Description": "The front door"},
    "POST /$checkObjectNameExists": {"ObjectType": "MachineCatalog", "NameOrPath": "Lab"},
    "PATCH /ConfigLog/LoggingSite": {"LoggingEnabled": True},
    "PATCH /Applications/{nameOrId}": {"Description": "What time it is"},
    "POST /Applications/{nameOrId}/$duplicate": {"NewName": "Clock 2"},
    "POST /Applications/$search": {"BasicSearchString": "clock"},
    "POST /Admin/Roles": {"Name": "Recorder", "Description": "May record", "Permissions": ["Session_Read"]},
    "PATCH /Admin/Roles/{nameOrId}": {"Description": "May record sessions"},
    "POST /Admin/Scopes": {"Name": "Lab", "Description": "The lab's objects", "ScopedObjects": []},
    "PATCH /Admin/Scopes/{nameOrId}": {"Description": "All of the lab"},
    "POST /Admin/Administrators/$PreviewReport": {
        "User": "ann", "Rights": [{"Role": "Help Desk Administrator", "Scope": "All"}], "Enabled": True,
    },
    "POST /Admin/Administrators": {
        "User": "ann", "Rights": [{"Role": "Help Desk Administrator", "Scope": "All"}], "Enabled": True,
    },
    "PATCH /Admin/Administrators/{nameOrId}": {"Enabled": False},
    "POST /Identity/Users/$validate": {"UserName": "ann", "Password": "a long secret"},
    "POST /ConfigLog/Operations/$search": {"BasicSearchString": "ann"},
    "POST /$batch": {
        "Items": [
            {"Reference": "0", "Method": "GET", "RelativeUrl": "/Sites"},
            {"Reference": "1", "Method": "GET", "RelativeUrl": "/Sessions?limit=1&fields=Id,State"},
        ]
    },
    "POST /footlight/v1/sign-in": {"user": "ann", "password": "a long secret"},
    "POST /footlight/v1/service-accounts/{id}/rotate": {"oldValidSeconds": 3600},
    "PATCH /footlight/v1/delivery-groups/{nameOrId}/access": {"clipboard": "in", "askBeforeShadowing": True},
    "PUT /footlight/v1/delivery-groups/{nameOrId}/session-limits": {
        "idleSeconds": 1800, "disconnectedSeconds": 7200, "totalSeconds": 36_000, "warningSeconds": 300,
    },
    "PUT /footlight/v1/delivery-groups/{nameOrId}/placement": {"maxSessions": 100, "maxSessionsPerUser": 3},
    "PUT /footlight/v1/sessions/{id}/files/{name}": b"What a session's user gets.\n",
}  # fmt: skip
# Bodies that a site like this one does not take: they are shown, and have no answer.
UNSENT: dict[str, Any] = {
    "POST /cctrustoauth2/{customer}/tokens/clients": {
        "grant_type": "client_credentials", "client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET",
    },
    "POST /footlight/v1/accounts/{id}/password": {"password": "another long secret"},
    "POST /MachineCatalogs/{nameOrId}/Machines": {"MachineName": "FOOTLIGHT\\HOST2"},
    "POST /DeliveryGroups/{nameOrId}/Machines": {
        "MachineCatalog": "Lab", "AssignMachinesToUsers": [{"Machine": "FOOTLIGHT\\HOST2"}],
    },
    "POST /ConfigLog/ExportReport": {"CustomReportFormat": "Csv", "CustomReportDateRange": "Last7Days"},
    "PATCH /ConfigLog/Operations/{id}": {"Labels": ["change 4711"]},
    "PUT /footlight/v1/faults": {"delay": {"ms": 200, "jitterMs": 50}, "expiredTokens": 0.1},
    "PUT /footlight/v1/accounts/{id}/os-account": {"name": "ann"},
    "POST /footlight/v1/visits": {"resource": "Terminal"},
    "POST /footlight/v1/simulation": {"machines": 10, "sessions": 200, "churn": 1.0, "seed": 7},
}  # fmt: skip
# Names that stand for a parameter after its resource, where the first of the list would not do.
NAMED = {"Applications": "Clock", "Tags": "Pilot", "AdminFolders": "North", "ApplicationFolders": "Office",
         "Roles": "Recorder", "Scopes": "Lab", "MachineCatalogs": "Lab", "DeliveryGroups": "Students",
         "Administrators": "ann", "Zones": "Branch", "Preferences": "theme", "Users": "ann",
         "delivery-groups": "Students", "files": "Report.txt"}  # fmt: skip


@contextlib.contextmanager
def site() -> Iterator[httpx.Client]:
    """A running site, signed in to."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-examples-"))
    ready = folder / "ready.json"
    command = [*(sys.executable, "-m", "footlight", "up", "--data-dir", str(folder / "data"))]
    command += ["--listen", "127.0.0.1:0", "--ready-file", str(ready)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    site_id = ""
    try:
        deadline = time.monotonic() + START_S
        while not ready.exists() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
        facts = json.loads(ready.read_text())
        tls = ssl.create_default_context(cafile=facts["ca_file"])
        site_id = str(facts["site_id"])
        with httpx.Client(base_url=facts["base_url"], verify=tls, timeout=60) as client:
            who = (facts["admin_user"], facts["admin_password"])
            token = client.post("/cvad/manage/tokens", auth=who).json()["Token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder)
        if site_id:
            accounts.prune({site_id})


def main() -> int:
    """Exit code; 1 when a body of BODIES was refused."""
    routes = {f"{b.route.method} {b.route.template}": b for b in BOUND if is_told(b)}
    found: dict[str, dict[str, Any]] = {}
    refused = []
    with site() as client:
        for name, body in BODIES.items():
            if name in routes and not record(client, routes[name], body, found):
                refused.append(name)
        for bound in routes.values():
            label = f"{bound.route.method} {bound.path}"
            if bound.route.method == "GET" and label not in found and not LEFT_OUT.search(label):
                record(client, bound, None, found)
    for name, body in UNSENT.items():
        found[f"{routes[name].route.method} {routes[name].path}"] = {"request": body}
    untold = [
        name for name, b in routes.items() if takes(b) and f"{b.route.method} {b.path}" not in found
    ]
    OUT.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    print(f"{len(found)} examples; refused: {refused}; bodies without one: {untold}")
    return 1 if refused else 0


def record(client: httpx.Client, bound: Bound, body: Any, found: dict[str, dict[str, Any]]) -> bool:
    """Whether the exchange succeeded; then it is among `found`."""
    path = filled(client, bound.path)
    if path is None:
        return False
    query = {"id": path_id(client)} if path.endswith("/RecordingStatus") else {}
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = client.request(bound.route.method, path, params=query, **sent)
    if answer.status_code >= 300:
        print(
            f"{bound.route.method} {path}: {answer.status_code} {answer.text[:300]}",
            file=sys.stderr,
        )
        return False
    exchange: dict[str, Any] = {} if body is None or "content" in sent else {"request": body}
    if answer.content and answer.headers.get("content-type", "").startswith(JSON):
        exchange["answer"] = clean(json.loads(answer.content))
    if exchange:
        found[f"{bound.route.method} {bound.path}"] = exchange
    return True


def filled(client: httpx.Client, template: str) -> str | None:
    """The path with something real in each parameter's place; None when there is nothing."""
    path = template
    while (match := PARAMETER.search(path)) is not None:
        resource, parameter = match.groups()
        value = NAMED.get(resource)
        if value is None:
            listed = client.get(path[: match.start()] + "/" + resource)
            items = (
                listed.json().get("Items", listed.json().get("items", []))
                if listed.is_success
                else []
            )
            if not items:
                return None
            value = str(items[0].get("Id", items[0].get("id")))
        path = path.replace(f"{{{parameter}}}", value, 1)
    return None if "{" in path else path


def path_id(client: httpx.Client) -> str:
    """The id of a session."""
    return str(client.get("/cvad/manage/Sessions").json()["Items"][0]["Id"])


def clean(value: Any, name: str = "") -> Any:
    """One item of each list, nothing secret, nothing of this machine, no long text."""
    match value:
        case dict():
            return {key: clean(inner, key) for key, inner in value.items()}
        case list():
            return [clean(inner) for inner in value[:1]]
        case str() if name.lower() in (
            "token",
            "ticket",
            "access_token",
            "password",
            "secret",
            "clientsecret",
            "continuationtoken",
        ):
            return name.upper()
        case str():
            return of_nowhere(value)[:LONGEST]
        case _:
            return value


def of_nowhere(text: str) -> str:
    """The text with another host in the place of this one."""
    for own, other in ((socket.getfqdn(), "host1.example.com"), (socket.gethostname(), "host1")):
        text = re.sub(
            re.escape(own), other if text.islower() else other.upper(), text, flags=re.IGNORECASE
        )
    text = re.sub(r"https://127\.0\.0\.1:\d+", "https://host.example:8443", text)
    return re.sub(r"\b(?:\d{1,3}\.){3}\d{1,3}\b", "192.0.2.10", text)


if __name__ == "__main__":
    sys.exit(main())
