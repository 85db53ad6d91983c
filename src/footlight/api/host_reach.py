"""What is told to who adds a host: where it finds the site, and whether it can."""

from __future__ import annotations

from urllib.parse import urlsplit

from footlight.config import is_loopback


def url_for_hosts(secure: bool, called: str, outside_url: str) -> str:
    """Where a host on another machine finds the site: as the caller does (`called`: HOST[:PORT]), unless that is a
    name that means another machine there."""
    url = f"{'https' if secure else 'http'}://{called}"
    inside = _is_inside(url) and not _is_inside(outside_url)
    return outside_url if inside else url


def warning_of(url: str, bus: list[str]) -> str | None:
    """Why hosts on other machines can't come; None where nothing speaks against it. `bus`: HOST:PORT each."""
    if _is_inside(url):
        who, where, option = "the site", url, "--listen"
    elif bus and all(_is_inside(f"tls://{one}") for one in bus):
        who, where, option = "the site's bus", ", ".join(bus), "--bus-listen"
    else:
        return None
    return (
        f"Hosts on other machines can't come yet: {who} is on an address that only this machine reaches ({where}). "
        f"Start the site with {option} ADDRESS:PORT, where they reach it."
    )


def _is_inside(url: str) -> bool:
    """Whether that is reached from its own machine only."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
