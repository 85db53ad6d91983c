"""The configuration log: operations, their details, its settings and reports. Source: rest-api.md section 7.5."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.rest.reference import NameValue, RestModel
from footlight.wire.rest.search import SearchFilter, SearchSort

OperationType = Literal["Unknown", "ConfigurationChange", "AdminActivity"]
LogSearchProperty = Literal[
    "Text",
    "StartTime",
    "Source",
    "EndTime",
    "IsSuccessful",
    "User",
    "AdminMachineIP",
    "OperationType",
    "TargetType",
]
ReportFormat = Literal["Html", "Csv", "Both"]
ReportRange = Literal["All", "Last24Hours", "Last7Days", "Last4Weeks", "Custom"]


class LogOperation(RestModel, frozen=True, kw_only=True):
    """LogOperationResponseModel. Each time stands twice: in locale form and in RFC 3339 (dates.py)."""

    id: str
    text: str
    user: str | None
    user_identity: str | None
    source: str
    admin_machine_ip: str | None = msgspec.field(name="AdminMachineIP")
    start_time: str | None
    formatted_start_time: str | None
    end_time: str | None
    formatted_end_time: str | None
    is_successful: bool | None
    target_types: list[str]
    operation_type: OperationType
    labels: list[str]
    metadata: list[NameValue]
    parameters: list[NameValue]


class LowLevelDetail(RestModel, frozen=True, kw_only=True):
    """LowLevelOperationDetailResponseModel: one changed member of the object."""

    text: str
    property_name: str | None = None
    previous_value: str | None = None
    new_value: str | None = None
    add_value: str | None = None
    remove_value: str | None = None
    target_name: str
    target_uid: str
    target_type: str | None = None
    start_time: str | None
    formatted_start_time: str | None
    end_time: str | None
    formatted_end_time: str | None
    is_successful: bool | None


class LowLevelOperation(RestModel, frozen=True, kw_only=True):
    """LowLevelOperationResponseModel."""

    id: str
    operation_id: str
    text: str
    user: str | None
    source: str
    source_sdk: str | None = None
    admin_machine_ip: str | None = msgspec.field(name="AdminMachineIP")
    start_time: str | None
    formatted_start_time: str | None
    end_time: str | None
    formatted_end_time: str | None
    is_successful: bool | None
    target_types: list[str]
    operation_type: OperationType
    parameters: list[NameValue]
    details: list[LowLevelDetail]


class LogSearchGroup(RestModel, frozen=True, kw_only=True):
    """LogOperationSearchFilterGroupRequestModel: filters and groups, all joined by `search_type`."""

    search_type: str | None = None
    search_filters: list[SearchFilter] | None = None
    search_filter_groups: list[LogSearchGroup] | None = None


class LogSearchRequest(RestModel, frozen=True, kw_only=True):
    """LogOperationSearchRequestModel; `{}` finds everything, the newest first."""

    basic_search_string: str | None = None
    search_type: str | None = None
    search_filters: list[SearchFilter] | None = None
    search_filter_groups: list[LogSearchGroup] | None = None
    sort_criteria: SearchSort | None = None


class OperationUpdate(RestModel, frozen=True, kw_only=True):
    """EditOperationRequestModel."""

    labels: list[str] | None = None


class LogSite(RestModel, frozen=True, kw_only=True):
    """LogSiteResponseModel."""

    logging_enabled: bool
    allow_changes_while_database_down: bool
    locale: str


class LogSiteUpdate(RestModel, frozen=True, kw_only=True):
    """LogSiteRequestModel; what is absent or null stays."""

    logging_enabled: bool | None = None
    allow_changes_while_database_down: bool | None = None
    locale: str | None = None


class ReportRequest(RestModel, frozen=True, kw_only=True):
    """CustomReportInfoRequestModel; the dates are for the range Custom."""

    custom_report_format: str
    custom_report_date_range: str
    start_date: str | None = None
    end_date: str | None = None


class Report(RestModel, frozen=True, kw_only=True):
    """CustomReportDataResponseModel."""

    csv_data: str | None = None
    html_summary_data: str | None = None
    html_details_data: str | None = None
