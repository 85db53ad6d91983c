from __future__ import annotations

import re
from pathlib import Path

from footlight.recording.event_types import EVENT_TYPES

FORMAT = Path(__file__).parents[3] / "docs" / "format.md"


def test_the_specification_names_every_type_with_its_members() -> None:
    section = FORMAT.read_text().partition("## 5. Events")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \| (.*) \|$", section, re.MULTILINE)
    told = {name: (about, tuple(re.findall(r"`(\w+)`", members))) for name, about, members in rows}
    assert told == {name: (one.about, one.members) for name, one in EVENT_TYPES.items()}


def test_no_member_has_the_name_of_what_every_event_has() -> None:
    for one in EVENT_TYPES.values():
        assert not {"type", "atNs", "atMs"} & set(one.members)
        assert len(one.members) == len(set(one.members))
