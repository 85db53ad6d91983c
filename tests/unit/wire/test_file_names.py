from __future__ import annotations

import pytest

from footlight.wire.file_names import PARTIAL, name_problem


@pytest.mark.parametrize("name", ["a", "Report 2026 (1).pdf", "äöü", "..a", "-rf", "a" * 255, ".x"])
def test_names(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a/b", "/etc/passwd", "a\0b", "a\nb", "a\x1b[2Jb", "cod\u202eexe.txt", "a\u2028",
     "\udcff", "a" * 256, "ä" * 128, PARTIAL + "1"],
)  # fmt: skip
def test_what_is_no_name(name: str) -> None:
    assert name_problem(name)
