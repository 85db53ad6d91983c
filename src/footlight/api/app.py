"""The HTTP application: the framework with all routes, behind the door."""

from __future__ import annotations

import functools
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide

from footlight.api import (
    about,
    access_rules,
    account_mapping,
    accounts,
    administrators,
    application_relations,
    application_search,
    applications,
    audit,
    batch,
    catalog_machines,
    catalog_search,
    catalogs,
    config_log,
    cvad_jobs,
    delivery_groups,
    displays,
    documents,
    events,
    folder_objects,
    folders,
    group_applications,
    group_members,
    hosts,
    icons,
    identity_places,
    identity_users,
    jobs,
    launches,
    machine_actions,
    machine_relations,
    machine_search,
    machines,
    metrics,
    object_administrators,
    object_tags,
    oidc,
    overview,
    pages,
    placement,
    preferences,
    problem_reports,
    recording_decisions,
    recording_events,
    recording_exports,
    recording_keeping,
    recording_markers,
    recording_openings,
    recording_policies,
    recording_search,
    recordings,
    retention,
    roles,
    scopes,
    service_accounts,
    session_files,
    session_limits,
    session_logs,
    session_relations,
    session_rows,
    session_search,
    session_views,
    sessions,
    sign_in,
    sites,
    spools,
    stand_in,
    storefronts,
    streams,
    tag_objects,
    tags,
    tokens,
    uploads,
    visits,
    webhooks,
    zones,
)
from footlight.api.asgi import App
from footlight.api.authentication import authenticator
from footlight.api.background import Background
from footlight.api.door import Door, DoorConfig, entry_of
from footlight.api.fault_layer import FaultLayer
from footlight.api.framework import Framework
from footlight.api.given import GivenParts
from footlight.api.observer import Observer
from footlight.api.openapi.description import Description
from footlight.api.parts import Parts
from footlight.api.paths import Route, RouteTable
from footlight.api.rate_limit import RateConfig, RateLimit
from footlight.api.routing import Bound, all_bound
from footlight.api.witness import Witness
from footlight.caller import Caller
from footlight.errors import Unauthenticated

BOUND: list[Bound] = all_bound(
    [
        sessions.routes,
        cvad_jobs.routes,
        batch.routes,
        session_search.routes,
        session_relations.routes,
        machines.routes,
        machine_search.routes,
        machine_actions.routes,
        object_tags.routes,
        catalogs.routes,
        catalog_search.routes,
        catalog_machines.routes,
        delivery_groups.routes,
        access_rules.routes,
        group_members.routes,
        group_applications.routes,
        machine_relations.routes,
        object_administrators.routes,
        tags.routes,
        tag_objects.routes,
        preferences.routes,
        folders.routes,
        identity_users.routes,
        identity_places.routes,
        folder_objects.routes,
        application_relations.routes,
        sites.routes,
        spools.routes,
        storefronts.routes,
        about.routes,
        zones.routes,
        applications.routes,
        application_search.routes,
        icons.routes,
        tokens.routes,
        tokens.cloud,
        administrators.routes,
        audit.routes,
        config_log.routes,
        roles.routes,
        scopes.routes,
        sign_in.routes,
        oidc.routes,
        service_accounts.routes,
        launches.routes,
        session_rows.routes,
        session_views.routes,
        session_logs.routes,
        session_files.routes,
        session_limits.routes,
        placement.routes,
        accounts.routes,
        account_mapping.routes,
        visits.routes,
        jobs.routes,
        problem_reports.routes,
        recording_search.routes,
        recording_keeping.routes,
        recording_exports.routes,
        recording_openings.routes,
        retention.routes,
        recordings.routes,
        recording_policies.routes,
        recording_decisions.routes,
        recording_events.routes,
        recording_markers.routes,
        displays.routes,
        streams.routes,
        events.routes,
        webhooks.routes,
        hosts.routes,
        stand_in.routes,
        uploads.routes,
        overview.routes,
        pages.routes,
        metrics.routes,
        documents.routes,
    ]
)


@functools.cache
def route_table() -> RouteTable:
    """Every route of the server. It is read only."""
    cvad: list[Route] = [bound.route for bound in BOUND if bound.cvad]
    own: list[Route] = [bound.route for bound in BOUND if not bound.cvad]
    return RouteTable(cvad, own)


def build_app(parts: Parts) -> App:
    """The ASGI application over the given rooms."""

    async def provide_parts() -> Parts:
        return parts

    description = Description(BOUND)

    async def provide_description() -> Description:
        return description

    framework = Framework(
        BOUND,
        {
            "parts": Provide(provide_parts),
            "caller": Provide(_caller),
            "description": Provide(provide_description),
        },
    )
    config = DoorConfig(
        site_id=parts.site.id, site_name=parts.site.name, server_header=parts.config.server_header
    )
    authenticate = authenticator(parts.access, sign_in.cookie_name(parts.secure))
    table = route_table()
    witness = Witness(framework, parts.store, parts.clock)
    door = Door(Background(witness, parts.jobs), table, authenticate, config)
    framework.state.door, framework.state.table = door, table  # for $batch
    layered = _rate_limited(door, table, parts)
    if parts.faults is not None:
        layered = FaultLayer(layered, table, parts.faults, parts.config.server_header)
    return Observer(layered, parts.meters, parts.traces)


def _rate_limited(door: Door, table: RouteTable, parts: Parts) -> App:
    config = RateConfig(
        caller=parts.config.rate("rate_limit"),
        address=parts.config.rate("sign_in_rate"),
        cookie_name=sign_in.cookie_name(parts.secure),
        server_header=parts.config.server_header,
    )
    if config.caller is None and config.address is None:
        return door
    return RateLimit(door, table, parts.access.account_of, parts.clock, config)


async def _caller(request: Request[Any, Any, State], parts: GivenParts) -> Caller:
    # `parts` is named so that the framework provides one after the other: for what it may provide at once it
    # makes a group of tasks, at each request.
    del parts
    connection: ASGIConnection[Any, Any, Any, Any] = request
    caller = entry_of(connection.scope).caller
    if caller is None:
        raise Unauthenticated("A bearer token is missing.", reason="missing")
    return caller
