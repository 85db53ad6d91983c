"""MachineAndSessionSearchRequestModel, which searches of sessions and of machines share.

Names of properties, operators and the like are plain strings in the models, so that a wrong one can be
refused by name; what they may be is below. Source: rest-api.md section 5.
"""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import RestModel

SearchProperty = Literal[
    "AppState",
    "AppsInUse",
    "ClientIP",
    "ClientName",
    "ClientVersion",
    "ConnectedViaHostName",
    "ConnectedViaIP",
    "ConnectionProtocol",
    "CurrentUser",
    "LaunchedViaHostName",
    "LaunchedViaIP",
    "PublishedName",
    "SecureIcaActive",
    "SessionState",
    "SessionStateChangeTime",
    "SmartAccessFilters",
    "StartTime",
    "Uid",
    "UserDisplayName",
    "UserName",
    "UserPrincipalName",
    "AgentVersion",
    "AllocationType",
    "ControllerDnsName",
    "DeliveryGroup",
    "DnsName",
    "HostedMachineName",
    "HostingServerName",
    "HypervisorConnection",
    "ImageOutOfDate",
    "InMaintenanceMode",
    "MachineCatalog",
    "MachineName",
    "OSType",
    "PowerState",
    "ProvisioningType",
    "SessionSupport",
    "SummaryState",
    "ZoneName",
    "AzureAdJoinedMode",
    "DrainingUntilShutdown",
    "FaultState",
    "FunctionalLevel",
    "IsAssigned",
    "LastConnectionTime",
    "LastConnectionUser",
    "LastDeregistrationReason",
    "LastDeregistrationTime",
    "LoadIndex",
    "MachineUnavailableReason",
    "MaintenanceModeReason",
    "OSVersion",
    "PowerActionPending",
    "RegistrationState",
    "SessionCount",
    "SupportedPowerActions",
    "Tags",
    "VdaUpgrade",
    "VdaUpgradeState",
    "WindowsConnectionSetting",
]
SearchOperator = Literal[
    "Equals",
    "NotEquals",
    "LessThan",
    "GreaterThan",
    "LessThanOrEquals",
    "GreaterThanOrEquals",
    "Like",
    "NotLike",
    "StartsWith",
    "NotStartsWith",
    "EndsWith",
    "NotEndsWith",
    "Contains",
    "NotContains",
    "ContainsLike",
    "NotContainsLike",
    "ContainsStartsWith",
    "NotContainsStartsWith",
    "ContainsEndsWith",
    "NotContainsEndsWith",
    "In",
    "NotIn",
    "Any",
    "None",
    "IsWithin",
    "IsNotWithin",
]
SortDirection = Literal["Ascending", "Descending"]
GroupType = Literal["And", "Or"]
SearchDateOption = Literal[
    "LastMinute",
    "Last5Minutes",
    "Last30Minutes",
    "LastHour",
    "Last12Hours",
    "Last24Hours",
    "Today",
    "Yesterday",
    "Last7Days",
    "Last28Days",
    "LastMonth",
    "LastThreeMonths",
    "LastSixMonths",
]


class SearchFilter(RestModel, frozen=True, kw_only=True):
    """One condition. `value` is a string by contract, also for numbers, booleans and dates; bare ones
    pass too."""

    property: str
    operator: str
    value: str | int | float | bool | None = None


class SearchSort(RestModel, frozen=True, kw_only=True):
    """One sort key."""

    property: str
    sort_direction: str = "Ascending"


class SearchGroup(RestModel, frozen=True, kw_only=True):
    """Filters, or further groups, never both; joined by the type that belongs to them."""

    search_filters: list[SearchFilter] | None = None
    search_filter_group_type: str | None = None
    search_filter_groups: list[SearchGroup] | None = None
    search_filter_groups_type: str | None = None


class SearchRequest(RestModel, frozen=True, kw_only=True):
    """The whole request; `{}` finds everything."""

    basic_search_string: str | None = None
    search_filters: list[SearchFilter] | None = None
    sort_criteria: SearchSort | None = None
    sort_criteria_items: list[SearchSort] | None = None
    search_filter_groups: list[SearchGroup] | None = None
    search_filter_groups_type: str | None = None
