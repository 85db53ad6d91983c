"""What a site tells of itself beside its detail: settings, state, tests, what is wrong; and names that are taken."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import Ref, RestModel

SiteState = Literal["Unknown", "Configured", "Unconfigured", "UpgradeRequired", "Error"]
TestType = Literal[
    "Site", "DeliveryGroup", "MachineCatalog", "ResourcePool", "Hypervisor", "Machine", "Unknown"
]
ObjectType = Literal[
    "Unknown",
    "MachineCatalog",
    "DeliveryGroup",
    "Machine",
    "Application",
    "ApplicationGroup",
    "AdminFolder",
    "Tag",
    "AdminRole",
    "AdminScope",
    "Hypervisor",
    "RemotePCEnrollmentScopeInMachineCatalog",
    "RebootScheduleInDeliveryGroup",
    "ResourcePoolInHypervisor",
]


class SiteSettings(RestModel, frozen=True, kw_only=True):
    """SiteSettingsResponseModel, and EditSiteSettingsRequestModel: there, what is absent or null stays."""

    use_vertical_scaling_for_rds_launches: bool | None = None
    dns_resolution_enabled: bool | None = None
    trust_requests_sent_to_the_xml_service_port_enabled: bool | None = None
    web_ui_policy_set_enabled: bool | None = None
    console_inactivity_timeout_minutes: int | None = None
    show_security_banner_on_login_page: bool | None = None
    security_banner_on_login_page: str | None = None


class SiteStatus(RestModel, frozen=True, kw_only=True):
    """SiteStatusResponseModel."""

    site_state: SiteState
    current_user_can_perform_upgrade: bool
    upgraded_controllers: list[str]
    controllers_requiring_binary_upgrade: list[str]
    latest_controller_version: str
    database_servers_requiring_upgrade: list[str]
    data_stores_requiring_upgrade: list[str]


class SiteTest(RestModel, frozen=True, kw_only=True):
    """SiteTestResponseModel: how a test of the site has gone."""

    site: Ref
    num_passed: int
    num_warnings: int
    num_failures: int


class TestReportResult(RestModel, frozen=True, kw_only=True):
    """TestReportResultModel. `test_component_status`: Passed, Warning or Failed, and why."""

    __test__ = False  # for pytest, which takes it for a test

    test_name: str
    test_description: str
    test_start_time: str | None
    formatted_test_start_time: str | None
    test_end_time: str | None
    formatted_test_end_time: str | None
    test_service_target: str
    test_component_status: str


class TestReport(RestModel, frozen=True, kw_only=True):
    """TestReportResponseModel."""

    __test__ = False

    test_type: TestType = "Site"
    created_by: str
    report_time: str | None
    formatted_report_time: str | None
    test_results: list[TestReportResult]


class Wrong(RestModel, frozen=True, kw_only=True):
    """How many of one kind of object have errors and warnings."""

    number_of_errors: int = 0
    number_of_warnings: int = 0


class ErrorWarning(RestModel, frozen=True, kw_only=True):
    """ErrorWarningResponseModel, of what the caller sees."""

    machine: Wrong
    delivery_group: Wrong
    machine_catalog: Wrong
    hypervisor: Wrong
    zone: Wrong
    site: Wrong


class ObjectNameRequest(RestModel, frozen=True, kw_only=True):
    """CheckObjectNameExistsRequestModel."""

    object_type: ObjectType
    name_or_path: str


class About(RestModel, frozen=True, kw_only=True):
    """What the server was built of."""

    commit: str
    is_cloud: bool


class StoreFront(RestModel, frozen=True, kw_only=True):
    """StoreFrontServerResponseModel: an address that clients keep here."""

    id: str
    name: str
    description: str | None
    url: str
    enabled: bool
    desktop_group_ref_count: int = 0


class StoreFrontRequest(RestModel, frozen=True, kw_only=True):
    """StoreFrontServerRequestModel; in an update what is absent or null stays."""

    name: str | None = None
    description: str | None = None
    url: str | None = None
    enabled: bool | None = None


class TimeZone(RestModel, frozen=True, kw_only=True):
    """A time zone: `canonical` and `tzdb_ids` are IANA names, the offset is that of now."""

    name: str
    full_name: str
    primary: str
    canonical: str
    windows_id: str
    utc_offset_seconds: int
    utc_offset: str
    tzdb_ids: list[str]
