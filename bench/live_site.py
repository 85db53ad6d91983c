"""A site of the bench's own, with a client that is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from footlight.cli.demo_site import own_site
from footlight.cli.place import Place
from footlight.sdk import Footlight


@contextmanager
def live_site() -> Iterator[tuple[Place, Footlight]]:
    """A running site, gone afterwards."""
    with (
        own_site() as place,
        Footlight(place.base_url, token=place.token, ca_file=place.ca_file) as client,
    ):
        yield place, client
