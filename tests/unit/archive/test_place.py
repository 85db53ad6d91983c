from pathlib import Path
from typing import Any

import pytest

from footlight.archive.place import is_bucket, open_bucket, open_place
from footlight.archive.uploads import S3Entrance
from footlight.clock import FakeClock
from footlight.config import SiteConfig
from footlight.errors import Invalid
from footlight.objects.s3 import S3Objects

KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.mark.parametrize("named", [None, "elsewhere"])
async def test_a_folder(tmp_path: Path, named: str | None) -> None:
    objects = None if named is None else str(tmp_path / named)
    config = SiteConfig(data_dir=tmp_path, objects=objects)
    place = open_place(config, b"k", FakeClock(), {})
    await place.objects.put("a", b"1")
    assert (tmp_path / (named or "recordings") / "a").read_bytes() == b"1"
    assert place.folder_entrance is place.entrance


def test_a_bucket(tmp_path: Path) -> None:
    config = SiteConfig(
        data_dir=tmp_path, objects="s3://site/x", objects_endpoint="http://127.0.0.1:1"
    )
    place = open_place(config, b"k", FakeClock(), KEYS)
    assert isinstance(place.objects, S3Objects)
    assert isinstance(place.entrance, S3Entrance)
    assert place.folder_entrance is None
    with pytest.raises(Invalid):
        open_bucket(config, {})


def test_what_means_a_bucket() -> None:
    words: list[Any] = [None, "/srv/recordings", "s3://site"]
    assert [is_bucket(word) for word in words] == [False, False, True]
