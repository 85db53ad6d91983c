"""Finding recordings and keeping them in a real browser: the sentence, moments, holds, deletion, retention, reports."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect

pytestmark = pytest.mark.long

RECORDINGS = "/footlight/v1/recordings"


@pytest.fixture
def recorded(site: Any, terminal: str, until: Any) -> dict[str, Any]:
    """A recording that has ended and has a marker with words of its own, which are found."""
    site.act(terminal, "startRecording")
    (recording,) = site.recordings(terminal)
    path = f"{RECORDINGS}/{recording['id']}"
    marker = site.client.post(f"{path}/markers", json={"text": f"Quokka {terminal[:8]} seen"})
    assert marker.status_code == 201, marker.text
    site.act(terminal, "stopRecording")

    def found() -> Any:
        query = {"text": terminal[:8]}
        hits = site.client.get(f"{RECORDINGS}/search", params=query).json()["items"]
        ended = site.client.get(path).json()
        return ended if hits and ended["state"] == "completed" else None

    return dict(until(found, "the marker among the hits", 60))


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def test_the_sentence_finds_recordings_and_its_address_holds_it(
    signed_in: BrowserContext, site: Any, recorded: dict[str, Any]
) -> None:
    page = opened(signed_in, "/console/recordings")
    row = page.locator(f'[data-row="{recorded["id"]}"]')
    expect(row.get_by_role("img", name=re.compile("^How much changed"))).to_be_visible()
    page.get_by_role("button", name="Application or desktop: anything").click()
    page.get_by_role("textbox", name="Application or desktop").fill("No such thing")
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Application or desktop: No such thing").click()
    page.get_by_role("textbox", name="Application or desktop").fill("Termin")
    page.keyboard.press("Enter")
    expect(row).to_be_visible()
    page.get_by_role("button", name="Time: at any time").click()
    page.get_by_role("button", name="in the last hour").click()
    page.wait_for_url(re.compile(r"resource=Termin&when=LastHour"))
    other = opened(signed_in, page.url)
    expect(other.get_by_role("button", name="Time: in the last hour")).to_be_visible()
    expect(other.locator(f'[data-row="{recorded["id"]}"]')).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    page.wait_for_url(re.compile(r"/console/recordings$"))


def test_moments_have_pictures_and_lead_to_the_moment(
    signed_in: BrowserContext, site: Any, recorded: dict[str, Any]
) -> None:
    page = opened(signed_in, "/console/recordings")
    words = f"quokka {recorded['sessionId'][:8]}"
    page.get_by_role("button", name=re.compile("^Words of events")).click()
    page.get_by_role("textbox", name=re.compile("^Words of events")).fill(words)
    page.keyboard.press("Enter")
    hit = page.get_by_role("listitem").filter(has=page.locator("mark", has_text="Quokka"))
    expect(hit).to_have_count(1)
    picture = hit.get_by_role("img", name=re.compile("^The screen of"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(hit.get_by_role("link", name=re.compile("^Play from"))).to_have_attribute(
        "href", re.compile(rf"^/r/{recorded['id']}#at=\d+$")
    )


def test_a_hold_keeps_it_and_a_deleted_one_leaves_a_tombstone(
    signed_in: BrowserContext, site: Any, recorded: dict[str, Any]
) -> None:
    path = f"{RECORDINGS}/{recorded['id']}"
    page = opened(signed_in, f"/console/recordings?open={recorded['id']}")
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Verify").click()
    expect(panel.locator("[data-state=verified]")).to_be_visible()
    panel.get_by_role("button", name="Place a hold").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Case 17")
    dialog.get_by_role("button", name="Place").click()
    expect(panel.get_by_text("Case 17")).to_be_visible()
    expect(panel.get_by_role("button", name="Delete")).to_be_disabled()
    holds = site.client.get(f"{path}/holds").json()["items"]
    assert [one["reason"] for one in holds] == ["Case 17"]
    panel.get_by_role("button", name="Release").click()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(panel.get_by_role("button", name="Delete")).to_be_enabled()
    assert site.client.get(f"{path}/holds").json()["items"] == []
    panel.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Recorded by mistake")
    dialog.get_by_role("button", name="Delete").click()
    expect(panel).to_have_count(0)
    assert site.client.get(path).status_code == 404
    page.goto("/console/tombstones")
    page.locator(f'[data-row="{recorded["id"]}"]').click()
    expect(page.get_by_role("complementary")).to_contain_text("Recorded by mistake")


def test_an_export_is_there_for_download_among_the_jobs(
    signed_in: BrowserContext, site: Any, recorded: dict[str, Any]
) -> None:
    page = opened(signed_in, f"/console/recordings?open={recorded['id']}")
    page.get_by_role("complementary").get_by_role("button", name="Evidence").click()
    expect(page.get_by_text("It is being made.")).to_be_visible()
    page.goto("/console/jobs")
    page.locator("[data-row]").first.click()
    panel = page.get_by_role("complementary")
    expect(panel.locator("[data-state=Complete]")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        panel.get_by_role("link", name="Download").click()
    assert download.value.path().stat().st_size > 0


def test_an_auditor_gives_a_reason_before_a_picture_is_shown(
    visitor: BrowserContext, site: Any, recorded: dict[str, Any]
) -> None:
    name = f"auditor-{recorded['id'][:8]}"
    made = site.client.post(
        "/footlight/v1/accounts", json={"name": name, "displayName": name, "password": name * 2}
    )
    assert made.status_code == 201, made.text
    rights = [{"Role": "Session Recording Auditor", "Scope": "All"}]
    body = {"User": made.json()["userName"], "Enabled": True, "Rights": rights}
    added = site.client.post("/cvad/manage/Admin/Administrators", json=body)
    assert added.status_code < 300, added.text
    api: APIRequestContext = visitor.request
    answer = api.post("/footlight/v1/sign-in", data={"user": name, "password": name * 2})
    assert answer.status == 200, answer.text()
    page = opened(visitor, f"/console/recordings?open={recorded['id']}")
    # Who may not change policies is not offered them.
    expect(page.get_by_role("link", name="Policies")).to_have_count(0)
    panel = page.get_by_role("complementary")
    panel.get_by_role("button", name="Look").click()
    panel.get_by_role("button", name="Give a reason first").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Case 18")
    dialog.get_by_role("button", name="Open").click()
    picture = panel.get_by_role("img", name="Pictures of it")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    # Who looks at the recording sees who has, and why.
    openings = panel.get_by_role("region", name="Opened by")
    expect(openings.get_by_text(f"{name} pictures of it").first).to_be_visible()
    expect(openings.get_by_text("“Case 18”").first).to_be_visible()
    # The reason stands in the audit log.
    assert "Case 18" in site.client.get("/footlight/v1/audit", params={"limit": 100}).text


def test_retention_classes_are_made_tried_and_deleted(
    signed_in: BrowserContext, site: Any, recorded: dict[str, Any]
) -> None:
    page = opened(signed_in, "/console/retention")
    page.get_by_role("button", name="New retention class").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Short")
    dialog.get_by_label("Days after the end").fill("7")
    dialog.get_by_role("button", name="Make").click()
    expect(page.get_by_role("row", name=re.compile("^Short 7 days"))).to_be_visible()
    assert site.client.get("/footlight/v1/retention-classes/Short").json()["keepDays"] == 7
    page.get_by_role("button", name="Change Short").click()
    dialog.get_by_label("Days after the end").fill("8")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("^Short 8 days"))).to_be_visible()
    preview = page.get_by_role("region", name="What would be deleted")
    expect(preview).to_contain_text("Nothing would be deleted.")
    preview.get_by_label("Were they kept for days").fill("1")
    preview.get_by_label("On the day").fill("2099-01-01")
    expect(preview.locator(f'a[href$="{recorded["id"]}"]')).to_be_visible()
    page.get_by_role("button", name="Delete Short").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("row", name=re.compile("^Short"))).to_have_count(0)
    assert site.client.get("/footlight/v1/retention-classes/Short").status_code == 404


def test_a_reported_problem_leads_to_its_moment(
    signed_in: BrowserContext, site: Any, terminal: str
) -> None:
    page = opened(signed_in, "/console/reports")
    said = f"Nothing moves in {terminal[:8]}"
    told = site.client.post(f"/footlight/v1/sessions/{terminal}/reports", json={"text": said})
    assert told.status_code == 201, told.text
    page.get_by_role("button", name="1 new, show").or_(page.get_by_text(said)).first.click()
    if page.get_by_role("complementary").count() == 0:
        page.get_by_text(said).click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text(said)
    href = panel.get_by_role("link", name=re.compile("^Play at")).get_attribute("href")
    assert href is not None
    assert href.startswith(f"/r/{told.json()['recordingId']}#")
    site.act(terminal, "stopRecording")
