from __future__ import annotations

import os
from pathlib import Path

import pytest

from footlight.agent import run_folder
from footlight.errors import Unavailable

SITE = "0a1b2c3d-0000-4000-8000-000000000000"


def test_the_folder_is_named_after_the_site(tmp_path: Path) -> None:
    base = tmp_path / "footlight"
    assert run_folder.run_folder(SITE, base) == base / "0a1b2c3d"
    assert run_folder.run_folder(SITE, base) == base / "0a1b2c3d"
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for path in (base, base / "0a1b2c3d"):
        assert path.stat().st_mode & 0o777 == mode


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "footlight").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable, match="not a folder of our own"):
        run_folder.run_folder(SITE, tmp_path / "footlight")


def test_without_root_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert run_folder._private_base() == tmp_path / "footlight"
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert run_folder._private_base() == Path(f"/tmp/footlight-{os.geteuid()}")
