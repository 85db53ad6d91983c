"""Who has a session's display open, and over what line, as its row keeps it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from footlight.wire.host import ViewerFacts

LONGEST_BYTES = 64 * 1024
_decoder = msgspec.json.Decoder(list[ViewerFacts])


def written(viewers: Sequence[ViewerFacts]) -> str | None:
    """The viewers as the session's row keeps them; None for none, as of most sessions, and for a host that says more
    than LONGEST_BYTES of them."""
    if not viewers:
        return None
    text = msgspec.json.encode(viewers)
    return text.decode() if len(text) <= LONGEST_BYTES else None


def read(text: str | None) -> list[ViewerFacts]:
    """The viewers of a row."""
    return _decoder.decode(text) if text else []


def same(one: str | None, other: str | None) -> bool:
    """Whether they are the same viewers, however their lines do."""
    return {v.viewer_id for v in read(one)} == {v.viewer_id for v in read(other)}
