"""A site of the bench's own, with a client that is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from footlight.cli.demo_site import FOOTLIGHT, own_site
from footlight.cli.place import Place
from footlight.sdk import Footlight


@contextmanager
def live_site(program: Sequence[str] = FOOTLIGHT) -> Iterator[tuple[Place, Footlight]]:
    """A running site, gone afterwards; `program` takes footlight's arguments."""
    with (
        own_site(program) as place,
        Footlight(place.base_url, token=place.token, ca_file=place.ca_file) as client,
    ):
        yield place, client
