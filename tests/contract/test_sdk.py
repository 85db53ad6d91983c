"""Both clients against a real site: what one makes the other sees."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from footlight.sdk import AsyncFootlight, Conflict, Footlight, NotFound


def options(site: Any) -> dict[str, Any]:
    return {
        "user": site.admin_user,
        "password": site.admin_password,
        "customer_id": site.customer_id,
        "site_id": site.site_id,
        "ca_file": site.ca_file,
    }


async def test_the_asynchronous_client_does_what_the_other_does(crowd: Any) -> None:
    site = crowd.site
    async with AsyncFootlight(site.base_url, **options(site)) as client:
        first = [one["Id"] async for one in client.sessions.list(limit=900, fields=["Id"])]
        assert first == [*crowd.ids, crowd.leaving]
        made = await client.tags.create({"Name": "twin"})
        with pytest.raises(Conflict):
            await client.tags.create({"Name": "twin"})
        begun = await client.in_background.tags.create({"Name": "job"})
        assert (await begun.wait())["Name"] == "job"
        assert (await begun.status())["Status"] == "Complete"
        names = ("twin", "job", "neither")
        found = await asyncio.gather(*(client.tags.exists(name) for name in names))
        assert found == [True, True, False]
        await client.tags.update("twin", {"Description": "of both"})
        with Footlight(site.base_url, **options(site)) as other:
            assert other.tags.get(made["Id"])["Description"] == "of both"
            for name in ("twin", "job"):
                other.tags.delete(name)
        with pytest.raises(NotFound):
            await client.tags.get("twin")
