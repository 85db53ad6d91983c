from __future__ import annotations

import io
from pathlib import Path

import pytest

from footlight.recording import evidence
from footlight.recording.evidence import LINE_BYTES, block, extract
from footlight.recording.format import FormatError

FILES = {"manifest.json": b"{}", "000000.flseg": bytes(range(256)) * 500, "000001.flseg": b""}


def page(files: dict[str, bytes] = FILES) -> bytes:
    blocks = (b"".join(block(name, len(data), io.BytesIO(data))) for name, data in files.items())
    return b"<html>\n<p>text</p>\n" + b"".join(blocks) + b"<script>player</script>\n"


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    assert extract(io.BytesIO(page()), tmp_path) == list(FILES)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES


def test_lines_are_bounded() -> None:
    assert max(len(line) for line in page().splitlines()) <= LINE_BYTES * 4 // 3 + 1


def test_a_source_that_is_shorter_than_it_was_is_told() -> None:
    with pytest.raises(FormatError, match="shorter"):
        list(block("000000.flseg", 5, io.BytesIO(b"1234")))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html></html>",
        page({"manifest.json": b"{}"}),
        page({"passwd.flseg": b"x"}),
        page().replace(b'data-size="128000"', b'data-size="127999"'),
        page().replace(b'data-size="128000"', b'data-size="128001"'),
        page().replace(b"AAEC", b"!AEC", 1),
        page()[:60_000],
        page() + page(),
        page().replace(b'data-size="0"', b'data-size="999999999999"'),
    ],
)
def test_what_is_none_or_damaged_is_told(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(FormatError):
        extract(io.BytesIO(raw), tmp_path)


def test_a_line_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MAX_LINE_BYTES", 1000)
    with pytest.raises(FormatError, match="over the limit"):
        extract(io.BytesIO(b"x" * 2000), tmp_path)
