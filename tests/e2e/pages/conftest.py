"""A real site for the browser tests, and a browser in which somebody is signed in."""

from __future__ import annotations

import json
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

import remains

READY_WITHIN_S = 60
END_WITHIN_S = 30
CALL_TIMEOUT_S = 60
PAGE_TIMEOUT_MS = 60_000
Until = Callable[..., Any]
PASSWORD = "correct horse"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """A running site: what its ready file says, and a client signed in as its administrator."""

    facts: dict[str, Any]
    process: subprocess.Popen[bytes]
    client: httpx.Client

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return str(self.facts["base_url"]).rstrip("/")

    def launch(self, resource: str = "Desktop") -> str:
        """The id of a new session that is up."""
        body = {"resource": resource, "new": True}
        answer = self.client.post("/footlight/v1/launches", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sessionId"])

    def act(self, session_id: str, verb: str, **query: str) -> None:
        """An action of the management API, e.g. "startRecording"."""
        answer = self.client.post(f"/cvad/manage/Sessions/{session_id}/${verb}", params=query)
        assert answer.status_code in (200, 204), answer.text

    def session(self, session_id: str) -> dict[str, Any]:
        """Our own view of a session."""
        return dict(self.client.get(f"/footlight/v1/sessions/{session_id}").json())

    def recordings(self, session_id: str) -> list[dict[str, Any]]:
        """The recordings of a session, newest first."""
        query = {"sessionId": session_id}
        return list(self.client.get("/footlight/v1/recordings", params=query).json()["items"])


def _until(look: Callable[[], Any], what: str, within_s: float = 60.0) -> Any:
    """The first true value that `look` gives; the test fails when there is none in time."""
    deadline = time.monotonic() + within_s
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > deadline:
            pytest.fail(f"not in time: {what}")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def until() -> Until:
    """until(look, what, within_s): the first true value that `look` gives."""
    return _until


@contextmanager
def running_site(*options: str) -> Iterator[Site]:
    """A site on a free port with a fresh data folder and these options; ended as its contract says."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-e2e-"))
    ready, log = folder / "ready.json", folder / "log"
    command = [
        *(sys.executable, "-m", "footlight", "up", "--data-dir", str(folder / "data")),
        *("--listen", "127.0.0.1:0", "--ready-file", str(ready), *options),
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    site_id = ""
    try:
        _until(lambda: ready.exists() or process.poll() is not None, "the site", READY_WITHIN_S)
        assert process.poll() is None, log.read_text()[-4000:]
        facts = json.loads(ready.read_text())
        site_id = facts["site_id"]
        tls = ssl.create_default_context(cafile=facts["ca_file"])
        with httpx.Client(
            base_url=facts["base_url"],
            verify=tls,
            auth=(facts["admin_user"], facts["admin_password"]),
            timeout=CALL_TIMEOUT_S,
        ) as login:
            token = login.post("/cvad/manage/tokens").json()["Token"]
        with httpx.Client(
            base_url=facts["base_url"],
            verify=tls,
            headers={"Authorization": f"CWSAuth Bearer={token}"},
            timeout=CALL_TIMEOUT_S,
        ) as client:
            yield Site(facts, process, client)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        remains.remove(site_id)
        text = log.read_text()
        shutil.rmtree(folder, ignore_errors=True)
    assert code == 0, text[-4000:]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site that most tests share."""
    with running_site() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    expect.set_options(timeout=PAGE_TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


# Chromium prints refused calls by itself, and the pages show them to people; noVNC tells what was still on its way
# when a line was closed.
HARMLESS = (
    "Failed to load resource",
    "Got data while disconnected",
    "Disconnection timed out.",  # of a line that was frozen
    "Failed when connecting: Connection closed (code: 4410",
)


@dataclass
class Complaints:
    """What pages printed as errors: scripts that threw, content that the security policy refused."""

    found: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", self._printed)

    def _printed(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(HARMLESS):
            self.found.append(message.text)


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser profile of somebody who has not signed in; its pages must not complain."""
    # The site's certificate is its own; the contract tests check it, browsers are told to take it.
    context = browser.new_context(
        base_url=site.url, ignore_https_errors=True, viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    complaints = Complaints()
    context.on("page", complaints.listen)
    yield context
    context.close()
    assert complaints.found == []


@pytest.fixture
def signed_in(visitor: BrowserContext, site: Site) -> BrowserContext:
    """A browser profile in which the site's administrator is signed in."""
    body = {"user": site.facts["admin_user"], "password": site.facts["admin_password"]}
    answer = visitor.request.post("/footlight/v1/sign-in", data=body)
    assert answer.status == 200, answer.text()
    return visitor


@pytest.fixture
def profile_of(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """profile_of(administrator): a browser profile in which another person is signed in, made for the test."""
    contexts: list[BrowserContext] = []
    complaints = Complaints()

    def made(administrator: bool = False) -> BrowserContext:
        body = {
            "name": f"person-{uuid.uuid4().hex[:8]}",
            "password": PASSWORD,
            "administrator": administrator,
        }
        assert site.client.post("/footlight/v1/accounts", json=body).status_code == 201
        context = browser.new_context(
            base_url=site.url, ignore_https_errors=True, viewport={"width": 1280, "height": 800}
        )
        contexts.append(context)
        context.set_default_timeout(PAGE_TIMEOUT_MS)
        context.on("page", complaints.listen)
        sign_in = {"user": body["name"], "password": PASSWORD}
        assert context.request.post("/footlight/v1/sign-in", data=sign_in).status == 200
        return context

    yield made
    for context in contexts:
        context.close()
    assert complaints.found == []


@pytest.fixture
def terminal(site: Site) -> Iterator[str]:
    """The id of a terminal session that ends with the test."""
    session_id = site.launch("Terminal")
    yield session_id
    if site.session(session_id)["state"] != "Ended":
        site.act(session_id, "logoff")
        _until(lambda: site.session(session_id)["state"] == "Ended", "the log-off")


@pytest.fixture(scope="session")
def open_session() -> Callable[..., Page]:
    """open_session(context, session_id, query=""): a page whose screen shows the session."""

    def opened(context: BrowserContext, session_id: str, query: str = "") -> Page:
        page = context.new_page()
        page.goto(f"/s/{session_id}{query}")
        expect(page.locator("#link[data-standing=open]")).to_be_visible()
        return page

    return opened


@pytest.fixture(scope="session")
def tool() -> Callable[[Page, str], Locator]:
    """tool(page, name): a button of the session's tools, which are brought out if they are away."""

    def found(page: Page, name: str) -> Locator:
        tools = page.get_by_role("toolbar", name="Session tools")
        if not tools.is_visible():
            page.get_by_role("button", name="Session tools").click()
        return tools.get_by_role("button", name=name, exact=True)

    return found


@pytest.fixture
def rule(site: Any) -> Iterator[Callable[..., None]]:
    """rule(clipboard=..., ...) for the group of the site's machine; as it was after the test."""
    groups = site.client.get("/cvad/manage/DeliveryGroups").json()["Items"]
    path = f"/footlight/v1/delivery-groups/{groups[0]['Id']}/access"
    before = site.client.get(path).json()

    def put(**members: object) -> None:
        answer = site.client.patch(path, json=members)
        assert answer.status_code == 200, answer.text

    yield put
    put(**before)


@pytest.fixture(scope="module")
def people(browser: Browser) -> Iterator[Callable[[str], Any]]:
    """people(name): a person of that role on a stand-in site of the module (people.py)."""
    from tests.e2e.pages.people import everybody

    with everybody(browser) as person:
        yield person
