"""JobResponseModel. Source: rest-api.md section 6.1."""

from __future__ import annotations

from typing import Literal, get_args

from footlight.wire.rest.reference import NameValue, RestModel

# Of the 301 published names those that concern what this server has; "Unknown" is a job of our own API.
JobType = Literal[
    "Unknown",
    "Batch",
    "GetSessions",
    "DoSessionSearch",
    "GetSessionApplications",
    "GetApplicationSessions",
    "LogoffSessions",
    "DisconnectSessions",
    "LogoffMachineSessions",
    "SendSessionMessage",
    "HideSession",
    "UnhideSession",
    "StartSessionRecording",
    "StopSessionRecording",
    "GetMachines",
    "DoMachineSearch",
    "DeleteMachine",
    "RebootMachines",
    "ShutDownMachines",
    "StartMachines",
    "SuspendMachines",
    "ResumeMachines",
    "AddMachineCatalogMachine",
    "UpdateMachineCatalogMachine",
    "CreateMachineCatalog",
    "UpdateMachineCatalog",
    "DeleteMachineCatalog",
    "GetMachineCatalogs",
    "GetMachineCatalogMachines",
    "CreateDeliveryGroup",
    "UpdateDeliveryGroup",
    "DeleteDeliveryGroup",
    "AddDeliveryGroupMachines",
    "RemoveDeliveryGroupMachines",
    "AddDeliveryGroupApplications",
    "RemoveDeliveryGroupApplications",
    "GetDeliveryGroups",
    "DoDeliveryGroupSearch",
    "AddApplications",
    "UpdateApplication",
    "DeleteApplication",
    "GetApplications",
    "SearchApplications",
    "CreateTag",
    "UpdateTag",
    "DeleteTag",
    "SetTagMachines",
    "CreateZone",
    "EditZone",
    "DeleteZone",
    "DoZoneSearch",
    "AddIcon",
    "RemoveIcon",
    "CreateAdmin",
    "UpdateAdmin",
    "DeleteAdmin",
    "CreateAdminRole",
    "UpdateAdminRole",
    "DeleteAdminRole",
    "CreateAdminScope",
    "UpdateAdminScope",
    "DeleteAdminScope",
    "GetAdminAdministrators",
    "GetOperations",
    "DoOperationSearch",
    "GetSiteStatus",
    "TestSite",
    "GetUsersIdentity",
    "SetTagApplications",
    "SetTagDeliveryGroups",
    "SetTagMachineCatalogs",
    "AddItemsIntoZone",
    "MoveItemsIntoZone",
    "RemoveItemsFromZone",
    "GetAdminFolders",
    "GetApplicationFolders",
    "GetAdminFolderApplications",
    "GetAdminFolderMachineCatalogs",
    "GetApplicationFolderApplications",
    "CreateAdminFolder",
    "UpdateAdminFolder",
    "DeleteAdminFolder",
    "CreateApplicationFolder",
    "UpdateApplicationFolder",
    "DeleteApplicationFolder",
    "GetApplicationDeliveryGroups",
    "CreateStoreFrontServer",
    "UpdateStoreFrontServer",
    "DeleteStoreFrontServer",
    "UpdateUserIdentity",
    "GetDomainsIdentity",
]
JOB_TYPES: frozenset[str] = frozenset(get_args(JobType))
JobStatus = Literal[
    "Unknown",
    "NotStarted",
    "InProgress",
    "Complete",
    "CompleteWithWarning",
    "Failed",
    "Canceled",
    "NonTerminatingError",
]


class Job(RestModel, frozen=True, kw_only=True):
    """A long action. Each time stands twice: in locale form and as `formatted_...` in RFC 3339 (dates.py)."""

    id: str
    type: JobType
    overall_progress_percent: int | None
    is_cancellable: bool | None
    parameters: list[NameValue]
    sub_jobs: list[Job] | None = None
    status: JobStatus
    result_location: str | None
    error_string: str | None
    error_code: str | None
    error_parameters: list[NameValue] | None
    creation_time: str | None
    formatted_creation_time: str | None
    start_time: str | None
    formatted_start_time: str | None
    end_time: str | None
    formatted_end_time: str | None
