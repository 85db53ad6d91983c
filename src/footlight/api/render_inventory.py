"""Applications to the wire, as they stand by themselves."""

from __future__ import annotations

import shlex

from footlight.ids import ZERO_GUID
from footlight.site.resources import Application as Published
from footlight.wire.rest.application import Application, InstalledAppProperties
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ALL_SCOPE, ContainerScope


def application(published: Published) -> Application:
    """A published application."""
    resource = published.resource
    executable, *arguments = resource.command or [""]
    return Application(
        id=resource.id,
        uid=resource.uid,
        application_folder=Ref(id=ZERO_GUID, name=""),  # the root; there are no others yet
        container_scopes=[ContainerScope(scopes=[ALL_SCOPE], scope_type="DeliveryGroup")],
        enabled=published.enabled,
        installed_app_properties=InstalledAppProperties(
            command_line_executable=executable,
            command_line_arguments=shlex.join(arguments),
            working_directory=resource.working_dir or "",
        ),
        name=resource.name,
        published_name=resource.name,
        tags=[],
        num_associated_delivery_groups=len(resource.delivery_group_ids),
        associated_delivery_group_uuids=list(resource.delivery_group_ids),
        associated_application_group_uuids=[],
    )
