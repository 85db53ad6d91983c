"""The audit log of a whole site: sent on, verified from outside, and who hears of what."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from tests.contract.conftest import LiveSite, address_of

from footlight.audit.lines import verify_lines
from footlight.ids import new_guid
from footlight.store import schema

pytestmark = pytest.mark.long

AUDIT = "/footlight/v1/audit"
PASSWORD = "correct horse"
WITHIN_S = 30.0
# RFC 5424 section 6: HEADER SP STRUCTURED-DATA SP MSG, as this site writes it.
MESSAGE = re.compile(
    rb"<(?P<priority>\d+)>1 (?P<at>\S+) \S+ footlight \S+ (?P<kind>\S+) "
    rb'\[(?P<data>[^ \]]+(?: [^ =\]]+="(?:[^"\\\]]|\\.)*")*)\] \xef\xbb\xbf(?P<text>.*)',
    re.DOTALL,
)


class Receiver:
    """A syslog receiver on TCP with octet counting (RFC 6587), which can go away and come back."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.port = 0
        self._server: socketserver.ThreadingTCPServer | None = None
        self._open: list[socket.socket] = []

    def start(self) -> None:
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                receiver._open.append(self.request)
                while counted := _until_blank(self.rfile):
                    receiver.messages.append(self.rfile.read(int(counted)))

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        for one in self._open:
            hang_up(one)
        self._open.clear()


def _until_blank(source: Any) -> bytes:
    found = b""
    while (one := source.read(1)) not in (b"", b" "):
        found += one
    return found


def hang_up(one: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is closed
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.start()
    yield made
    made.stop()


def until(there: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not there():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.05)


def entries(client: httpx.Client) -> list[dict[str, Any]]:
    """All, the oldest first."""
    answer = client.get(AUDIT, params={"after": 0, "limit": 1000})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def told(messages: list[bytes]) -> dict[int, tuple[str, str]]:
    """By number of the entry: the hash and the text that a message says."""
    found = {}
    for one in messages:
        parsed = MESSAGE.fullmatch(one)
        assert parsed is not None, one
        data = dict(re.findall(rb' ([a-z]+)="((?:[^"\\\]]|\\.)*)"', parsed["data"]))
        found[int(data[b"seq"])] = (data[b"hash"].decode(), parsed["text"].decode())
    return found


def footlight(site: LiveSite, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "footlight", *arguments, "--data-dir", str(site.data_dir)]
    address = address_of(site.data_dir)
    if address is not None and "export" not in arguments:
        command += ["--database", address.url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_entries_reach_a_syslog_receiver_and_a_file_whatever_happens_to_them(
    own_site: Callable[..., LiveSite], receiver: Receiver, tmp_path: Path
) -> None:
    file = tmp_path / "audit.jsonl"
    where = f"tcp://127.0.0.1:{receiver.port}"
    site = own_site("--audit-syslog", where, "--audit-file", str(file))

    def all_arrived(client: httpx.Client) -> bool:
        known = {e["seq"]: (e["hash"], e["entry"]["text"]) for e in entries(client)}
        return told(receiver.messages) == known

    with site.client() as client:
        made = client.post("/cvad/manage/Tags", json={"Name": 'an "odd] \\ nämé'})
        assert made.status_code == 200, made.text
        until(lambda: all_arrived(client))
        assert MESSAGE.fullmatch(receiver.messages[-1])["priority"] == b"110"  # type: ignore[index]
        transaction = made.headers["citrix-transactionid"].encode()
        assert b'transaction="' + transaction + b'"' in receiver.messages[-1]
        receiver.stop()
        for number in range(3):
            client.post("/cvad/manage/Tags", json={"Name": f"while it was away {number}"})
        refused = client.post("/cvad/manage/Tags", json={"Name": "while it was away 0"})
        assert refused.status_code == 409
        receiver.start()
        until(lambda: all_arrived(client))
        assert MESSAGE.fullmatch(receiver.messages[-1])["priority"] == b"108"  # type: ignore[index]
        known = entries(client)
    until(lambda: len(file.read_bytes().splitlines()) >= len(known))
    lines = file.read_bytes().splitlines()
    assert verify_lines(lines).whole
    assert [json.loads(one) for one in lines] == known
    site = own_site("--audit-syslog", where, "--audit-file", str(file))
    with site.client() as client:
        client.post("/cvad/manage/Tags", json={"Name": "after a restart"})
        until(lambda: all_arrived(client))
    assert verify_lines(file.read_bytes().splitlines()).whole


def test_a_running_site_is_verified_and_exported_from_outside(
    own_site: Callable[..., LiveSite], tmp_path: Path
) -> None:
    site, file = own_site(), tmp_path / "log.jsonl"
    with site.client() as client:
        for name in ("one", "one", "two"):  # the second is refused
            client.post("/cvad/manage/Tags", json={"Name": name})
        known = entries(client)
    whole = footlight(site, "audit", "verify", "--json")
    assert (whole.returncode, json.loads(whole.stdout)["entries"]) == (0, len(known)), whole.stderr
    written = footlight(site, "audit", "export", "--out", str(file))
    assert written.returncode == 0, written.stderr
    assert [json.loads(one) for one in file.read_bytes().splitlines()] == known
    assert verify_lines(file.read_bytes().splitlines()).whole
    a = schema.audit
    victim = next(one["seq"] for one in known if not one["entry"]["succeeded"])
    site.in_database(lambda c: c.execute(a.update().where(a.c.seq == victim).values(text="x")))
    altered = footlight(site, "audit", "verify", "--json")
    problems = [(one["fault"], one["seq"]) for one in json.loads(altered.stdout)["problems"]]
    assert (altered.returncode, problems) == (1, [("altered", victim)])
    site.in_database(lambda c: c.execute(a.delete().where(a.c.seq == victim)))
    missing = footlight(site, "audit", "verify")
    assert missing.returncode == 1
    assert f"missing: entry {victim + 1}: " in missing.stdout


def signed_in(site: LiveSite, staff: httpx.Client, name: str, *rights: dict[str, str]) -> Any:
    """A client of a new account with these rights."""
    made = staff.post("/footlight/v1/accounts", json={"name": name, "password": PASSWORD})
    assert made.status_code == 201, made.text
    if rights:
        body = {"User": name, "Rights": list(rights)}
        made = staff.post("/cvad/manage/Admin/Administrators", json=body)
        assert made.status_code == 204, made.text
    signed = staff.post("/cvad/manage/tokens", auth=(name, PASSWORD))
    return site.client(Authorization=f"Bearer {signed.json()['Token']}")


def record(site: LiveSite, name: str) -> str:
    """The id of an ended recording of that account's, on a machine that is in no group."""
    a = schema.accounts

    def write(connection: Any) -> str:
        account_id = connection.execute(select(a.c.id).where(a.c.name == name)).scalar_one()
        values = {
            "id": new_guid(), "session_id": new_guid(), "account_id": account_id,
            "user_name": f"FOOTLIGHT\\{name}", "machine_id": new_guid(), "machine_name": "M",
            "resource_name": "Desktop", "reason": "r", "ordered_by": "o", "notify": True,
            "ordered_at_ms": 1, "started_at_ms": 1, "ended_at_ms": 2, "status": "completed",
        }  # fmt: skip
        connection.execute(schema.recordings.insert().values(**values))
        return str(values["id"])

    return site.in_database(write)


def seen(client: httpx.Client) -> set[str]:
    answer = client.get("/footlight/v1/recordings")
    return {one["id"] for one in answer.json()["items"]} if answer.status_code == 200 else set()


def test_with_separate_duties_recordings_are_for_auditors_and_never_ones_own(
    own_site: Callable[..., LiveSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = {"Role": "Session Recording Auditor", "Scope": "All"}
    site = own_site()
    with site.client() as staff, signed_in(site, staff, "vera", auditor):
        of_admin, of_vera = record(site, "admin"), record(site, "vera")
        assert seen(staff) == {of_admin, of_vera}
    monkeypatch.setenv("FOOTLIGHT_SEPARATE_DUTIES", "true")
    site = own_site()
    with site.client() as staff, site.bare_client() as door:
        token = door.post("/cvad/manage/tokens", auth=("vera", PASSWORD)).json()["Token"]
        mine = staff.get("/cvad/manage/Admin/EffectiveRights").json()["Items"][0]["Role"]
        held = {one["Id"] for one in mine["Permissions"]}
        assert {"Recording_View", "Recording_Export", "Recording_DeleteAndHold"} & held == set()
        assert "Admin_Manage" in held
        assert seen(staff) == set()
        for path in (f"/footlight/v1/recordings/{of_vera}", "/footlight/v1/recordings"):
            assert staff.get(path).status_code in (403, 404) or seen(staff) == set()
        # Nor can he get there round about.
        staff.post("/footlight/v1/accounts", json={"name": "puppet", "password": PASSWORD})
        body = {"User": "puppet", "Rights": [auditor]}
        assert staff.post("/cvad/manage/Admin/Administrators", json=body).status_code == 403
        role = {"Name": "Watchers", "Permissions": ["Recording_View"]}
        assert staff.post("/cvad/manage/Admin/Roles", json=role).status_code == 403
        taken = staff.post("/footlight/v1/accounts/vera/password", json={"password": PASSWORD})
        assert taken.status_code == 403
        with site.client(Authorization=f"Bearer {token}") as vera:
            assert seen(vera) == {of_admin}
            assert vera.get(f"/footlight/v1/recordings/{of_vera}").status_code == 404
            assert vera.get(f"/footlight/v1/recordings/{of_admin}").status_code == 200


def heard(client: httpx.Client, after: int, last: str) -> list[tuple[str, str]]:
    """Kinds and ids of the changes from there on, until the one that has the id `last`."""
    found: list[tuple[str, str]] = []
    headers = {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
    with client.stream("GET", "/footlight/v1/events", headers=headers) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                one = json.loads(line.removeprefix("data: "))
                found.append((one["kind"], one["id"]))
                if one["id"] == last:
                    return found
    raise AssertionError("the stream has ended")


def test_a_scoped_administrator_hears_only_of_what_its_scopes_hold(
    own_site: Callable[..., LiveSite],
) -> None:
    site = own_site()
    with site.client() as staff:
        names = ("Near", "Far")
        body = {
            "SessionSupport": "MultiSession",
            "AllocationType": "Random",
            "ProvisioningType": "Manual",
        }
        ids = {}
        for name in names:
            made = staff.post("/cvad/manage/MachineCatalogs", json={"Name": name, **body})
            assert made.status_code == 200, made.text
            ids[name] = made.json()["Id"]
            held = [{"ObjectType": "MachineCatalog", "Object": name}]
            scope = {"Name": f"{name} scope", "ScopedObjects": held}
            assert staff.post("/cvad/manage/Admin/Scopes", json=scope).status_code == 201
        right = {"Role": "Read Only Administrator", "Scope": "Near scope"}
        with signed_in(site, staff, "ned", right) as ned:
            newest = site.in_database(
                lambda c: (
                    c.execute(select(schema.outbox.c.seq).order_by(schema.outbox.c.seq.desc()))
                    .scalars()
                    .first()
                )
            )
            for name in ("Far", "Near", "Far"):
                changed = staff.patch(
                    f"/cvad/manage/MachineCatalogs/{name}", json={"Description": new_guid()}
                )
                assert changed.status_code == 200, changed.text
            end = staff.post("/cvad/manage/Tags", json={"Name": "end"}).json()["Id"]
            assert heard(ned, newest, end) == [("catalog", ids["Near"]), ("tag", end)]
            full = heard(staff, newest, end)
            assert [one for one in full if one[0] == "catalog"] == [
                ("catalog", ids[name]) for name in ("Far", "Near", "Far")
            ]
            assert "audit" in {kind for kind, _ in full}
