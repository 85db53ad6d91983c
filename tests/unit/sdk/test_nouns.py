"""What every client has."""

from __future__ import annotations

from footlight.sdk import Footlight
from footlight.sdk.operation import Resource


def test_all_resources_share_the_client_s_sender() -> None:
    with Footlight("http://x.test", token="t") as client:
        nouns = {name: value for name, value in vars(client).items() if isinstance(value, Resource)}
        assert {"sessions", "machines", "jobs", "recordings", "in_background"} <= set(nouns)
        assert {*vars(client.in_background)} == {*nouns} - {"in_background"} | {"_sender"}
        assert client.token().text == "t"
