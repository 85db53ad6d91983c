"""Accounts of the host and people without an account, on a real site whose agent runs as root."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.conftest import CALL_TIMEOUT_S, LiveSite, start_site, stop_site

from host_accounts import Person, Service, person, service

pytestmark = pytest.mark.needs_root

V1 = "/footlight/v1"
HOST = socket.gethostname().partition(".")[0].upper()
WAIT_S = 60.0


@pytest.fixture(scope="module")
def stack() -> Iterator[Service]:
    with service() as made:
        yield made


@pytest.fixture(scope="module")
def someone() -> Iterator[Person]:
    with person() as made:
        yield made


@pytest.fixture(scope="module")
def own(stack: Service) -> Iterator[LiveSite]:
    """A site that signs in through the test's own PAM service, and whose visitors are soon logged off."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-hosts-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTLIGHT_PAM_SERVICE", stack.name)
        patch.setenv("FOOTLIGHT_VISITORS_PER_ADDRESS", "2")
        patch.setenv("FOOTLIGHT_VISITOR_DISCONNECT_SECONDS", "2")
        process, running = start_site(folder / "data")
    try:
        yield running
    finally:
        stop_site(process, running)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def boss(own: LiveSite) -> Iterator[httpx.Client]:
    with own.client() as made:
        yield made


@pytest.fixture
def bearer(own: LiveSite) -> Iterator[Callable[[str], httpx.Client]]:
    """A client with that token."""
    made: list[httpx.Client] = []

    def client(token: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        made.append(
            httpx.Client(
                base_url=own.base_url, verify=own.tls(), headers=headers, timeout=CALL_TIMEOUT_S
            )
        )
        return made[-1]

    yield client
    for one in made:
        one.close()


def _token(own: LiveSite, user: str, password: str) -> httpx.Response:
    with own.bare_client() as client:
        return client.post("/cvad/manage/tokens", auth=(user, password))


def _until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.2)


def test_a_session_of_an_account_of_the_host(
    own: LiveSite,
    boss: httpx.Client,
    someone: Person,
    stack: Service,
    bearer: Callable[[str], httpx.Client],
) -> None:
    signed = _token(own, f"{HOST}\\{someone.name}", someone.password)
    assert signed.status_code == 200, signed.text
    assert signed.json()["Principal"] == f"{HOST}\\{someone.name}"
    client = bearer(signed.json()["Token"])
    first = client.post(f"{V1}/launches", json={"resource": "Terminal"})
    assert first.status_code == 201, first.text
    assert first.json()["notes"] == []
    second = client.post(f"{V1}/launches", json={"resource": "Text Editor"})
    assert "without your password" in second.json()["notes"][0]

    session = boss.get(f"/cvad/manage/Sessions/{first.json()['sessionId']}").json()
    assert session["User"]["Name"] == f"{HOST}\\{someone.name}"
    assert session["User"]["DisplayName"] == "Pia Person"
    assert session["User"]["Sid"] == f"S-1-22-1-{someone.uid}"
    assert session["UntrustedUserName"] == f"{HOST.lower()}\\{someone.name}"
    assert session["IsAnonymousUser"] is False

    as_another = {"resource": "Terminal", "user": f"{HOST}\\{someone.name}", "new": True}
    refused = boss.post(f"{V1}/launches", json=as_another)
    assert refused.status_code == 409
    assert "signed in with its password" in refused.json()["detail"]
    for launched in (first, second):
        gone = boss.post(f"/cvad/manage/Sessions/{launched.json()['sessionId']}/$logoff")
        assert gone.status_code == 204
    _until(lambda: [step[0] for step in stack.steps].count("close_session") == 2)


def test_a_site_account_named_like_one_of_the_host_is_not_it(
    own: LiveSite, boss: httpx.Client, someone: Person
) -> None:
    """Nor does its password let in: plain, the name is the site's from now on."""
    for name in ("root", "postgres", someone.name):
        made = boss.post(f"{V1}/accounts", json={"name": name, "password": "correct horse"})
        assert made.status_code == 201, made.text
        launched = boss.post(f"{V1}/launches", json={"resource": "Terminal", "user": name})
        assert launched.status_code == 201, launched.text
        session = boss.get(f"/cvad/manage/Sessions/{launched.json()['sessionId']}").json()
        assert session["UntrustedUserName"].startswith(f"{HOST.lower()}\\fl-")
        assert session["User"]["Sid"] != f"S-1-22-1-{pwd.getpwnam(name).pw_uid}"
        boss.post(f"/cvad/manage/Sessions/{session['Id']}/$logoff")
    assert _token(own, someone.name, someone.password).status_code == 401
    assert _token(own, f"{HOST}\\{someone.name}", someone.password).status_code == 200


def test_only_an_administrator_maps_an_account_to_one_of_the_host(
    own: LiveSite, boss: httpx.Client, someone: Person, bearer: Callable[[str], httpx.Client]
) -> None:
    boss.post(f"{V1}/accounts", json={"name": "mapped", "password": "correct horse"})
    path = f"{V1}/accounts/mapped/os-account"
    mapped = bearer(_token(own, "mapped", "correct horse").json()["Token"])
    for client, status in ((mapped, 403), (bearer("nonsense"), 401)):
        assert client.put(path, json={"name": someone.name}).status_code == status
        assert client.delete(path).status_code == status
    for name in ("root", "postgres", "daemon", "nobody", "no-such-one", "fl-mapped"):
        assert boss.put(path, json={"name": name}).status_code == 409, name
    assert boss.put(path, json={"name": 5}).status_code == 400
    assert boss.put(path, json={}).status_code == 400
    missing = f"{V1}/accounts/nobody-at-all/os-account"
    assert boss.put(missing, json={"name": someone.name}).status_code == 404
    assert boss.delete(missing).status_code == 404

    done = boss.put(path, json={"name": someone.name})
    assert (done.status_code, done.json()["osAccount"]) == (200, someone.name)
    launched = mapped.post(f"{V1}/launches", json={"resource": "Terminal"})
    assert launched.status_code == 201, launched.text
    assert "without its password" in launched.json()["notes"][0]
    session = boss.get(f"/cvad/manage/Sessions/{launched.json()['sessionId']}").json()
    assert session["User"]["Name"] == "FOOTLIGHT\\mapped"
    assert session["UntrustedUserName"] == f"{HOST.lower()}\\{someone.name}"
    boss.post(f"/cvad/manage/Sessions/{session['Id']}/$logoff")

    assert boss.delete(path).json()["osAccount"] is None
    logged = boss.get("/cvad/manage/ConfigLog/Operations").json()["Items"]
    texts = [one["Text"] for one in logged]
    assert f"Map account 'mapped' to the host's account '{someone.name}'" in texts
    assert _token(own, f"{HOST}\\{someone.name}", someone.password).status_code == 200
    listed = boss.get(f"{V1}/accounts").json()["items"]
    of_host = next(one["id"] for one in listed if one["source"] == "os")
    assert boss.put(f"{V1}/accounts/{of_host}/os-account", json={"name": "x"}).status_code == 409
    assert boss.delete(f"{V1}/accounts/{of_host}/os-account").status_code == 409


def test_without_a_host_nobody_can_be_mapped(stage: LiveSite, staff: httpx.Client) -> None:
    url = f"{stage.base_url}{V1}/accounts/admin/os-account"
    assert staff.put(url, json={"name": "somebody"}).status_code == 503


def test_somebody_without_an_account_has_one_session_and_leaves_nothing(
    own: LiveSite, boss: httpx.Client, bearer: Callable[[str], httpx.Client]
) -> None:
    def begin(body: Any = None) -> httpx.Response:
        with own.bare_client() as client:
            return client.post(f"{V1}/visits", json={} if body is None else body)

    def offered() -> bool:
        with own.bare_client() as client:
            return bool(client.get(f"{V1}/visits").json()["offered"])

    assert not offered()
    assert begin().status_code == 403
    group = boss.get("/cvad/manage/DeliveryGroups").json()["Items"][0]["Id"]
    path = f"/cvad/manage/DeliveryGroups/{group}"
    boss.patch(path, json={"SimpleAccessPolicy": {"AllowAnonymous": True}})
    try:
        assert offered()
        assert begin({"resource": 5}).status_code == 400
        begun = [begin(), begin()]
        assert [one.status_code for one in begun] == [201, 201]
        full = begin()
        assert full.status_code == 429
        assert int(full.headers["Retry-After"]) > 0
        visitor = bearer(begun[0].json()["token"])
        names = {item["name"] for item in visitor.get(f"{V1}/resources").json()["items"]}
        assert names == {"Desktop", "Terminal", "Text Editor", "Web Browser"}
        launched = visitor.post(f"{V1}/launches", json={"resource": "Terminal"})
        assert launched.status_code == 201, launched.text
        session_id = launched.json()["sessionId"]
        session = boss.get(f"/cvad/manage/Sessions/{session_id}").json()
        assert session["IsAnonymousUser"] is True
        assert session["User"]["Name"] == begun[0].json()["userName"]
        assert session["User"]["Name"].startswith("FOOTLIGHT\\Anon0")
        linux = session["UntrustedUserName"].partition("\\")[2]
        home = Path(pwd.getpwnam(linux).pw_dir)
        assert linux.startswith("fl-anon-")
        assert home.is_dir()
        second = visitor.post(f"{V1}/launches", json={"resource": "Desktop"})
        assert second.status_code == 409
        others = visitor.get("/cvad/manage/Sessions").json()["Items"]
        assert [one["Id"] for one in others] == [session_id]
        assert visitor.get(f"{V1}/accounts").status_code == 403
        # Nobody is on it: it is logged off soon, and with it go account, home and token.
        _until(lambda: boss.get(f"/cvad/manage/Sessions/{session_id}").status_code == 404)
        _until(lambda: linux not in {entry.pw_name for entry in pwd.getpwall()})
        assert not home.exists()
        _until(lambda: visitor.get(f"{V1}/me").status_code == 401)
        reason = boss.get(f"{V1}/sessions/{session_id}").json()["endReason"]
        assert reason == "it was disconnected for too long"
        other = bearer(begun[1].json()["token"])
        assert other.post(f"{V1}/sign-out").status_code == 204
        assert begin().status_code == 201
    finally:
        boss.patch(path, json={"SimpleAccessPolicy": {"AllowAnonymous": False}})
    assert begin().status_code == 403


def test_the_password_is_nowhere(own: LiveSite, someone: Person) -> None:
    """Not in the log, not in the database, not in the audit chain: not of those that were right, nor wrong."""
    wrong = "falsch-Pferd 8"
    assert _token(own, f"{HOST}\\{someone.name}", wrong).status_code == 401
    assert _token(own, f"{HOST}\\{someone.name}", someone.password).status_code == 200
    searched = [file for file in own.data_dir.parent.rglob("*") if file.is_file()]
    assert own.log in searched
    for file in searched:
        content = file.read_bytes()
        for secret in (someone.password, wrong):
            assert secret.encode() not in content, file
    assert os.geteuid() == 0
