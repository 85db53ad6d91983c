"""Files of a session by its page: dropped, listed, fetched, refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

# Drops a file on the page as a person would with the mouse.
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const stage = document.querySelector("#screen");
  for (const kind of ["dragenter", "dragover", "drop"])
    stage.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def shot(page: Page, name: str) -> None:
    """A picture for people, where FOOTLIGHT_TEST_PICTURES names a folder."""
    if folder := os.environ.get("FOOTLIGHT_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture
def page(signed_in: BrowserContext, terminal: str, open_session: Any) -> Page:
    opened: Page = open_session(signed_in, terminal)
    return opened


def test_files_go_in_are_listed_and_come_out(page: Page, tmp_path: Path) -> None:
    page.evaluate(DROP, ["Notes <b>1<b>.txt", "hello"])
    expect(page.get_by_role("region", name="Files")).to_be_visible()
    link = page.get_by_role("link", name="Notes <b>1<b>.txt")
    expect(link).to_be_visible()
    shot(page, "files-list")
    with page.expect_download() as got:
        link.click()
    assert got.value.suggested_filename == "Notes <b>1<b>.txt".replace("<", "_").replace(
        ">", "_"
    ).replace("/", "_")
    assert Path(got.value.path()).read_text() == "hello"


def test_a_file_that_is_there_is_replaced_if_asked(
    page: Page, site: Any, terminal: str, until: Any
) -> None:
    path = f"/footlight/v1/sessions/{terminal}/files/Report.txt"
    for text in ("first", "second"):
        page.evaluate(DROP, ["Report.txt", text])
        if text == "second":
            expect(page.get_by_label("Files on their way")).to_contain_text(
                "There is a file of that name."
            )
            shot(page, "files-exists")
            assert site.client.get(path).text == "first"
            page.get_by_role("button", name="Replace").click()
        expect(page.get_by_label("Files on their way")).to_contain_text("is in the session")
        until(lambda text=text: site.client.get(path).text == text, "the file")
    page.get_by_role("button", name="Delete Report.txt").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Report.txt")).to_be_hidden()
    assert site.client.get(path).status_code == 404


def test_the_panel_keeps_to_the_rules(
    page: Page, site: Any, terminal: str, rule: Callable[..., None], tool: Any
) -> None:
    site.client.put(f"/footlight/v1/sessions/{terminal}/files/out.txt", content=b"x")
    files = tool(page, "Files")
    rule(files="out")
    expect(page.locator("#curtain")).to_be_visible()
    expect(page.locator("#curtain")).to_be_hidden()
    files.click()
    expect(page.get_by_role("link", name="out.txt")).to_be_visible()
    expect(page.get_by_role("button", name="Add files")).to_be_hidden()
    expect(page.get_by_role("button", name="Delete out.txt")).to_be_hidden()
    page.evaluate(DROP, ["in.txt", "x"])
    rule(files="off")
    expect(page.locator("#curtain")).to_be_visible()
    expect(page.locator("#curtain")).to_be_hidden()
    expect(files).to_be_hidden()
    expect(page.get_by_role("region", name="Files")).to_be_hidden()
    rule(files="both")
    names = site.client.get(f"/footlight/v1/sessions/{terminal}/files").json()["items"]
    assert {"out.txt"} == {one["name"] for one in names} & {"in.txt", "out.txt"}
