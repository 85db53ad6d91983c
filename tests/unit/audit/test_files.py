from __future__ import annotations

from pathlib import Path

from footlight.audit.files import missing_in, names_in


def test_segments_are_looked_for_in_each_folder(tmp_path: Path) -> None:
    spool, kept = tmp_path / "spool", tmp_path / "kept"
    for place, name in ((spool, "000002.flseg"), (kept, "000000.flseg"), (kept, "manifest.json")):
        (place / "r").mkdir(parents=True, exist_ok=True)
        (place / "r" / name).touch()
    missing = missing_in([names_in(folder) for folder in (spool, kept, tmp_path / "absent")])
    assert missing("r", 3) == 1
    assert missing("r", 1) == 0
    assert missing("other", 2) == 2
