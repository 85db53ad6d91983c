from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from footlight.sdk.types.application import Application as Typed
from footlight.wire.rest.application import Application, InstalledAppProperties
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ContainerScope

GIVEN = Application(
    id="a", uid=1, application_folder=Ref(id="f", name=""),
    container_scopes=[ContainerScope(scopes=[], scope_type="DeliveryGroup")], enabled=True,
    installed_app_properties=InstalledAppProperties(
        command_line_executable="xterm", command_line_arguments="", working_directory=""
    ),
    name="Terminal", published_name="Terminal", num_associated_delivery_groups=1,
    associated_delivery_group_uuids=["g"], associated_application_group_uuids=[],
)  # fmt: skip


def shown() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(GIVEN))
    return found


def test_the_sdk_types_the_members_that_are_written() -> None:
    assert set(shown()) == set(Typed.__annotations__)


def test_what_footlight_has_not_is_null_or_the_default_of_the_contract() -> None:
    body = shown()
    for name in ("AppVAppProperties", "PackagedAppProperties", "ContentLocation", "ZoneId"):
        assert body[name] is None, name
    assert (body["ApplicationType"], body["SharingKind"]) == ("HostedOnDesktop", "Shared")
    assert (body["Visible"], body["DoNotEnumerate"], body["IconId"]) == (True, False, "")


def test_it_reads_back_and_an_unknown_kind_does_not() -> None:
    assert msgspec.convert(shown(), Application) == GIVEN
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**shown(), "ApplicationType": "Game"}, Application)
