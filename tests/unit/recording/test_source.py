from __future__ import annotations

from pathlib import Path

import pytest

from footlight.recording.source import FolderSource, SegmentFile


def test_a_folder_lists_segments_in_order_and_leaves_other_names_alone(tmp_path: Path) -> None:
    for name in ("000002.open", "000000.flseg", "000001.flseg", "000001.open", "1.flseg", "x"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "000005.flseg").mkdir()
    (tmp_path / "000006.flseg").symlink_to(tmp_path / "x")
    source = FolderSource(tmp_path)
    assert source.segments() == [
        SegmentFile(0, False, 12),
        SegmentFile(1, False, 12),
        SegmentFile(2, True, 11),
    ]
    with source.open(1) as file:
        assert file.read() == b"000001.flseg"
    with source.open(2) as file:
        assert file.read() == b"000002.open"
    with pytest.raises(FileNotFoundError):
        source.open(3)


def test_the_manifest_is_optional(tmp_path: Path) -> None:
    source = FolderSource(tmp_path)
    assert source.manifest() is None
    (tmp_path / "manifest.json").write_bytes(b"{}")
    assert source.manifest() == b"{}"
    assert FolderSource(tmp_path / "nothing").segments() == []
