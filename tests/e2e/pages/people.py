"""One person of every kind, each signed in with a browser and by REST, on a stand-in site with a machine for each."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from tests.e2e.pages.acts.ground import CVAD, OWN, Ground
from tests.e2e.pages.conftest import PAGE_TIMEOUT_MS, Complaints, Site, running_site
from tests.e2e.pages.moving import move, settled

from footlight.access import roles
from footlight.caller import Permission

PASSWORD = "correct horse battery"
CONSOLE = Path(__file__).parents[3] / "console" / "src" / "app"
PEOPLE: dict[str, roles.BuiltIn | None] = {
    "full": roles.FULL,
    "helpdesk": roles.HELP_DESK,
    "reader": roles.READ_ONLY,
    "auditor": roles.AUDITOR,
    "user": None,
}
FLEET = f"{len(PEOPLE)},{len(PEOPLE) * 6}"
LARGE = ViewportSize(width=1440, height=1600)  # so that what is told at the foot covers no button


@dataclass
class Person:
    """Somebody of a role in the browser and by REST, and what to act on."""

    held: frozenset[Permission]
    page: Page
    client: httpx.Client
    ground: Ground
    complaints: Complaints

    def go(self, address: str) -> None:
        """To that page: loaded once, then moved to inside the application."""
        if self.page.url == "about:blank":
            self.page.goto(address)
        else:
            move(self.page, address)

    def arrive(self, address: str) -> bool:
        """Goes to the page and waits until it shows what it is about; False, when it is not there for this person."""
        self.go(address)
        if not self.held:
            heading = self.page.get_by_role("heading", name="My desktops", level=1)
            expect(heading).to_be_visible()
            return False
        path, _, opened = address.partition("?open=")
        settled(self.page)
        if not self._sees(path):
            expect(self.page.get_by_text("There is no such page")).to_be_visible()
            return False
        if opened:
            # Not every panel tells the id; the name is the role's own.
            shown = re.compile(f"{re.escape(opened)}|-{self.ground.role}")
            expect(self.page.get_by_role("complementary")).to_contain_text(shown)
        elif path in pages():
            expect(self.page.get_by_role("heading", level=1)).to_be_visible()
            links = self.page.locator(f'nav a[href="{path}"]')
            if links.count() > 0:
                expect(links.last).to_have_attribute("aria-current", "page")
        else:
            expect(self.page.locator("#page")).to_contain_text(path.rpartition("/")[2])
        settled(self.page)
        return True

    def _sees(self, path: str) -> bool:
        known = pages()
        needs = known[path if path in known else path.rpartition("/")[0]]
        return not needs or bool(needs & self.held)


def pages() -> dict[str, frozenset[str]]:
    """Addresses of the console without parts that vary, and the permissions of which one opens them."""
    text = (CONSOLE / "pages.ts").read_text()
    found = re.findall(r'path: "([^":]+)".*?needs: \[(.*?)\]', text)
    return {path: frozenset(re.findall(r'"(\w+)"', needs)) for path, needs in found}


@contextmanager
def everybody(browser: Browser) -> Iterator[Callable[[str], Person]]:
    """everybody(browser)(name): that person; the next machine of the fleet is what he acts on."""
    known: dict[str, Person] = {}
    with (
        running_site("--no-agent", "--sim", FLEET, "--sim-seed", "7") as site,
        ExitStack() as stack,
    ):

        def person(name: str) -> Person:
            if name not in known:
                known[name] = _signed_in(stack, site, browser, name)
            return known[name]

        yield person


def _signed_in(stack: ExitStack, site: Site, browser: Browser, name: str) -> Person:
    role = PEOPLE[name]
    admin = site.client
    made = admin.post(f"{OWN}/accounts", json={"name": name, "password": PASSWORD})
    assert made.status_code == 201, made.text
    if role is not None:
        rights = [{"Role": role.id, "Scope": "All"}]
        body = {"User": name, "Enabled": True, "Rights": rights}
        answer = admin.post(f"{CVAD}/Admin/Administrators", json=body)
        assert answer.status_code == 204, answer.text
    token = admin.post(f"{CVAD}/tokens", auth=(name, PASSWORD), headers={"Authorization": ""})
    client = stack.enter_context(_client(site, token.json()["Token"]))
    context = stack.enter_context(_profile(browser, site, name))
    complaints = Complaints()
    context.on("page", complaints.listen)
    held = frozenset() if role is None else role.permissions
    return Person(held, context.new_page(), client, _ground(admin, name), complaints)


def _client(site: Site, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=site.url,
        verify=ssl.create_default_context(cafile=site.facts["ca_file"]),
        headers={"Authorization": f"CWSAuth Bearer={token}"},
        timeout=40,
    )


def _profile(browser: Browser, site: Site, name: str) -> BrowserContext:
    context = browser.new_context(base_url=site.url, ignore_https_errors=True, viewport=LARGE)
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    body = {"user": name, "password": PASSWORD}
    assert context.request.post("/footlight/v1/sign-in", data=body).status == 200
    return context


def _ground(admin: httpx.Client, name: str) -> Ground:
    machines = admin.get(f"{CVAD}/Machines", params={"limit": "250"}).json()["Items"]
    fleet = sorted(
        (one for one in machines if one["AgentVersion"].endswith("+sim")),
        key=lambda one: str(one["Name"]),
    )
    machine = fleet[list(PEOPLE).index(name)]
    filters = [
        {"Property": "MachineName", "Operator": "Equals", "Value": machine["Name"]},
        {"Property": "SessionState", "Operator": "Equals", "Value": "Active"},
    ]
    found = admin.post(f"{OWN}/sessions/$search", json={"SearchFilters": filters}).json()
    return Ground(admin, name, found["items"][0]["id"], machine["Id"])
