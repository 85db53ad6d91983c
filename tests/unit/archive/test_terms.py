from __future__ import annotations

import msgspec
import pytest

from footlight.archive import terms
from footlight.archive.terms import Terms

PLAIN = Terms(notify=True)


def test_terms_are_read_as_they_were_written() -> None:
    wanted = Terms(notify=False, if_lost="end", retention_class="Long", policy_id="p")
    assert terms.of_row(terms.written(wanted), notify=True) == wanted
    assert terms.of_row(None, notify=True) == PLAIN
    with pytest.raises(ValueError):  # noqa: PT011 (any)
        terms.read("{")


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"roll_over_s": 60}, True),
        ({"pre_roll_s": 5, "policy_id": "p"}, True),
        ({"notify": False}, False),
        ({"events_only": True}, False),
        ({"if_lost": "cover"}, False),
        ({"clipboard_text": True}, False),
        ({"arguments": False}, False),
    ],
)
def test_only_what_the_recording_itself_would_show_is_another_one(
    change: dict[str, object], alike: bool
) -> None:
    assert PLAIN.alike(msgspec.structs.replace(PLAIN, **change)) is alike
