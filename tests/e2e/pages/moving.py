"""Going from page to page inside the application."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def move(page: Page, address: str) -> None:
    """To another page of the application, as its links do: nothing is loaded anew."""
    page.evaluate("address => history.pushState(null, '', address)", address)


def settled(page: Page) -> None:
    """Nothing is on its way any more."""
    expect(
        page.locator(".page [aria-busy=true], .page [role=status][aria-label=Loading]")
    ).to_have_count(0)
