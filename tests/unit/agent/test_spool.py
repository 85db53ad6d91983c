import os
import stat
import uuid
from pathlib import Path

import pytest

from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.spool import (
    Begun,
    SealedLine,
    SegmentFile,
    SpoolFolder,
    Suspension,
    read_piece,
    spool_folders,
)
from footlight.recording.chain import Gap, SegmentEntry
from footlight.wire.host import ReadSegment, SegmentPiece

ID = str(uuid.UUID(int=7))


def begun() -> Begun:
    order = BeginRecording(
        recording_id=ID,
        session_id=ID,
        rfb_path="/nowhere",
        site_id=ID,
        user_name="u",
        machine_name="m",
        resource_name="r",
        reason="on-demand",
        ordered_by="a",
        notify=True,
    )
    return Begun(order=order, machine_boot="boot", suspended=Suspension("why", 5))


def sealed(number: int) -> SealedLine:
    entry = SegmentEntry(
        number=number,
        name=f"{number:06d}.flseg",
        size_bytes=1,
        sha256="aa",
        head="bb",
        start_ns=number,
        end_ns=number + 1,
        width=8,
        height=8,
    )
    return SealedLine(entry, 2, [Gap(from_ns=1, to_ns=2, cause="x")])


@pytest.fixture
def folder(tmp_path: Path) -> SpoolFolder:
    made = SpoolFolder(tmp_path / "spool" / ID)
    made.create(begun())
    return made


def test_what_was_begun_is_kept(folder: SpoolFolder, tmp_path: Path) -> None:
    assert folder.read_begun() == begun()
    assert [f.recording_id for f in spool_folders(tmp_path / "spool")] == [ID]
    assert list(spool_folders(tmp_path / "missing")) == []
    (folder.path / "recording.json").write_text("{")
    assert folder.read_begun() is None


def test_the_journal_survives_a_torn_line(folder: SpoolFolder) -> None:
    assert folder.journal() == []
    folder.append_journal(sealed(0))
    with (folder.path / "sealed.jsonl").open("ab") as file:
        file.write(b'\n{"entry": {"num')
    folder.append_journal(sealed(1))
    folder.append_journal(sealed(1))  # said twice after a crash
    assert folder.journal() == [sealed(0), sealed(1)]


def test_a_segment_file_is_synced_at_each_append(
    folder: SpoolFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda fd: (synced.append(fd), real(fd)))
    file = SegmentFile(folder.path, 3)
    file.append(b"abc")
    file.append(b"def")
    assert len(synced) == 2
    assert folder.open_segments() == [3]
    with pytest.raises(FileExistsError):
        SegmentFile(folder.path, 3)
    file.close()
    assert (folder.path / "000003.open").read_bytes() == b"abcdef"


def test_what_is_sealed_gets_its_name_when_it_is_whole(folder: SpoolFolder) -> None:
    old = os.umask(0)
    try:
        with folder.temporary() as file:
            file.write(b"sealed")
    finally:
        os.umask(old)
    folder.rename_temporary("000003.flseg")
    path = folder.path / "000003.flseg"
    assert path.read_bytes() == b"sealed"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with folder.temporary() as file:
        assert file.read() == b""
    folder.drop_temporary()
    folder.drop_temporary()
    assert [entry.name for entry in folder.path.iterdir() if entry.name.startswith(".")] == []


def test_pieces_of_open_and_sealed_segments_are_read(folder: SpoolFolder) -> None:
    spool = folder.path.parent
    (folder.path / "000000.flseg").write_bytes(b"0123456789")
    (folder.path / "000001.open").write_bytes(b"open")

    def piece(number: int, offset: int, length: int) -> SegmentPiece:
        return read_piece(
            spool, ReadSegment(recording_id=ID, number=number, offset=offset, length=length)
        )

    assert piece(0, 2, 3) == SegmentPiece(found=True, data=b"234", size=10)
    assert piece(0, 8, 9) == SegmentPiece(found=True, data=b"89", size=10)
    assert piece(1, 0, 9) == SegmentPiece(found=True, data=b"open", size=4, open=True)
    for missing in (piece(2, 0, 1), piece(-1, 0, 1), piece(0, -1, 1)):
        assert not missing.found
    outside = ReadSegment(recording_id="../../etc", number=0, offset=0, length=1)
    assert not read_piece(spool, outside).found


def test_the_folder_goes_when_it_is_uploaded_and_reported(folder: SpoolFolder) -> None:
    folder.append_journal(sealed(0))
    folder.write_manifest(b"{}")
    assert not folder.uploaded
    folder.mark_uploaded()
    assert folder.uploaded
    assert folder.manifest() == b"{}"
    folder.mark_reported()
    assert not folder.path.exists()
    folder.mark_reported()


def test_the_folder_stays_while_a_segment_is_in_it(folder: SpoolFolder) -> None:
    (folder.path / "000000.flseg").write_bytes(b"x")
    folder.mark_reported()
    folder.mark_uploaded()
    assert (folder.path / "000000.flseg").exists()
