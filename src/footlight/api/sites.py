"""The site beside its detail: settings, state, tests, what is wrong. Source: rest-api.md sections 2.6 and 7.5."""

from __future__ import annotations

import socket
from typing import Any

import msgspec
from litestar import Request
from litestar.params import FromPath

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import PRODUCT_VERSION
from footlight.archive.place import is_bucket
from footlight.audit.log import Act, record
from footlight.caller import Permission
from footlight.errors import NotFound
from footlight.site import health, settings
from footlight.site.health import Finding, Report
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.dates import both
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.site import (
    ErrorWarning,
    SiteSettings,
    SiteStatus,
    SiteTest,
    TestReport,
    TestReportResult,
    Wrong,
)

routes = Routes(cvad=True)


@routes.add("GET", "/Sites/{nameOrId}/Settings", any_site=True, statuses=(200, 401, 403, 404))
async def get_settings(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> SiteSettings:
    """Settings of the whole site."""
    caller.require(Permission.SITE_READ)
    _check_site(parts, nameOrId)
    return await parts.store.read(settings.read)


@routes.add(
    "PATCH",
    "/Sites/{nameOrId}/Settings",
    status=204,
    any_site=True,
    takes=SiteSettings,
    statuses=(204, 400, 401, 403, 404),
)
async def change_settings(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
) -> None:
    """Set what the body names."""
    caller.require(Permission.SITE_CONFIGURE)
    _check_site(parts, nameOrId)
    wanted = await json_body(request, SiteSettings)
    await parts.store.write(lambda tx: settings.change(tx, caller, wanted))


@routes.add(
    "GET",
    "/Sites/{nameOrId}/Status",
    any_site=True,
    job="GetSiteStatus",
    statuses=(200, 401, 403, 404),
)
async def get_status(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> SiteStatus:
    """Whether anything of the site waits to be upgraded: never, its database is at its start."""
    caller.require(Permission.SITE_READ)
    _check_site(parts, nameOrId)
    return SiteStatus(
        site_state="Configured",
        current_user_can_perform_upgrade=caller.everywhere(Permission.SITE_CONFIGURE),
        upgraded_controllers=[socket.gethostname()],
        controllers_requiring_binary_upgrade=[],
        latest_controller_version=PRODUCT_VERSION,
        database_servers_requiring_upgrade=[],
        data_stores_requiring_upgrade=[],
    )


@routes.add(
    "POST",
    "/Sites/{nameOrId}/$test",
    any_site=True,
    job="TestSite",
    statuses=(200, 401, 403, 404),
)
async def examine_site(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> SiteTest:
    """Test the site and keep the report."""
    settings.require_everywhere(caller, Permission.SITE_CONFIGURE)
    _check_site(parts, nameOrId)
    folder = parts.config.objects_folder
    if is_bucket(parts.config.objects) or not folder.is_dir():
        folder = parts.config.data_dir
    findings = await parts.store.read(
        lambda c: health.examine(c, caller, folder, parts.clock.now_ms)
    )

    def write(tx: Tx) -> Report:
        report = Report(caller.user_name, tx.now_ms, findings)
        text = msgspec.json.encode(report).decode()
        tx.connection.execute(schema.site.update().values(test_report=text))
        record(tx, caller, Act(text="Test the site", kind="AdminActivity", target_type="Site"))
        return report

    report = await parts.store.write(write)
    return SiteTest(
        site=Ref(id=parts.site.id, name=parts.site.name),
        num_passed=report.count("Passed"),
        num_warnings=report.count("Warning"),
        num_failures=report.count("Failed"),
    )


@routes.add("GET", "/Sites/{nameOrId}/TestReport", any_site=True, statuses=(200, 401, 403, 404))
async def get_test_report(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> TestReport:
    """The report of the last test."""
    settings.require_everywhere(caller, Permission.SITE_READ)
    _check_site(parts, nameOrId)
    report = await parts.store.read(health.kept)
    if report is None:
        raise NotFound("The site has not been tested.", entityType="TestReport")
    at, formatted = both(report.at_ms)
    return TestReport(
        created_by=report.created_by,
        report_time=at,
        formatted_report_time=formatted,
        test_results=[_result(one) for one in report.findings],
    )


@routes.add("GET", "/Sites/{nameOrId}/ErrorWarning", any_site=True, statuses=(200, 401, 403, 404))
async def get_errors(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> ErrorWarning:
    """How much of what the caller sees is not as it should be."""
    caller.require(Permission.SITE_READ)
    _check_site(parts, nameOrId)
    found = await parts.store.read(lambda c: health.amiss(c, caller))
    return ErrorWarning(
        machine=Wrong(number_of_errors=found.silent, number_of_warnings=found.in_maintenance),
        delivery_group=Wrong(
            number_of_errors=found.dead_groups, number_of_warnings=found.groups_in_maintenance
        ),
        machine_catalog=Wrong(number_of_warnings=found.empty_catalogs),
        hypervisor=Wrong(),
        zone=Wrong(number_of_errors=found.sick_zones),
        site=Wrong(),
    )


def _check_site(parts: Parts, name_or_id: str) -> None:
    """Raises NotFound for another site."""
    name = decode_parameter(name_or_id)
    if name.lower() not in (parts.site.id, parts.site.name.lower()):
        raise NotFound("There is no such site.", entityType="Site", id=name)


def _result(one: Finding) -> TestReportResult:
    begun, begun_formatted = both(one.begun_ms)
    ended, ended_formatted = both(one.ended_ms)
    return TestReportResult(
        test_name=one.name,
        test_description=one.description,
        test_start_time=begun,
        formatted_test_start_time=begun_formatted,
        test_end_time=ended,
        formatted_test_end_time=ended_formatted,
        test_service_target="Site",
        test_component_status=f"{one.verdict}: {one.why}" if one.why else one.verdict,
    )
