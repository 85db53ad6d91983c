"""The groups as the command line has them."""

from __future__ import annotations

from typing import Any

from footlight.cli.inventory import GROUPS
from footlight.sdk.nouns import Nouns


def test_every_group_is_a_noun_of_the_client() -> None:
    nouns = Nouns(object())
    wrong = [
        g.name for g in GROUPS if not isinstance(getattr(nouns, g.attribute, None), g.resource)
    ]
    assert wrong == []
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_a_group_works(run: Any, site: Any, data_dir: Any) -> None:
    site.on("GET", "/cvad/manage/HealthCheck", True)
    assert run("server", "health").out == "true\n"
    site.on("GET", "/cvad/manage/Machines/H/Sessions", {"Items": [{"Id": "s", "State": "Active"}]})
    assert run("machines", "sessions", "H").out.split() == ["ID", "STATE", "s", "Active"]
