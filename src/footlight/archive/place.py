"""Where a site keeps what it keeps: the configured store of objects, and hosts' way into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from footlight.archive.uploads import Entrance, FolderEntrance, S3Entrance
from footlight.clock import Clock
from footlight.config import SiteConfig
from footlight.objects.bucket import read_bucket
from footlight.objects.folder import FolderObjects
from footlight.objects.objects import Objects
from footlight.objects.s3 import S3Objects


@dataclass(frozen=True)
class Place:
    """A store and its entrance."""

    objects: Objects
    entrance: Entrance

    async def close(self) -> None:
        """Before the process ends."""
        if isinstance(self.objects, S3Objects):
            await self.objects.close()

    @property
    def folder_entrance(self) -> FolderEntrance | None:
        """The entrance, where it is the server's own."""
        return self.entrance if isinstance(self.entrance, FolderEntrance) else None


def open_place(
    config: SiteConfig, token_key: bytes, clock: Clock, environment: Mapping[str, str]
) -> Place:
    """The store that is configured. Raises Invalid naming the option that cannot be used."""
    if not is_bucket(config.objects):
        folder = FolderObjects(config.objects_folder)
        return Place(folder, FolderEntrance(folder, token_key, clock))
    objects = open_bucket(config, environment)
    return Place(objects, S3Entrance(objects, clock))


def open_bucket(config: SiteConfig, environment: Mapping[str, str]) -> S3Objects:
    """The bucket that is configured. Raises Invalid naming the option that cannot be used."""
    bucket = read_bucket(
        str(config.objects),
        config.objects_endpoint,
        config.objects_region,
        config.objects_credentials_file,
        config.objects_ca_file,
        environment,
    )
    return S3Objects(bucket)


def is_bucket(address: str | None) -> bool:
    """Whether the option `objects` means a bucket."""
    return address is not None and address.startswith("s3://")
