"""The error body: one object that satisfies both models in use (ErrorData and ErrorResponse)."""

from __future__ import annotations

import msgspec

from footlight.wire.rest.reference import RestModel


class Parameter(msgspec.Struct, frozen=True):
    """A machine-readable detail of an error."""

    name: str
    value: str


class ErrorReport(RestModel, frozen=True, kw_only=True):
    """What CVAD's consoles show in an error report."""

    citrix_error_id: str
    component_name: str
    component_version: str
    error_data: dict[str, str]


class Error(RestModel, frozen=True, kw_only=True):
    """ErrorData in PascalCase, then ErrorResponse in its own lower case. `sdk_error_id` is stable
    and never empty; `parameters` is an array in every generation of clients."""

    error_message: str
    sdk_error_id: str
    error_type: str | None = None
    error_details: str | None = None
    support_link: str | None = None
    error_report_xml: str | None = None
    error_report: ErrorReport | None = None
    type: str = msgspec.field(name="type")
    detail: str = msgspec.field(name="detail")
    parameters: list[Parameter] = msgspec.field(name="parameters")
