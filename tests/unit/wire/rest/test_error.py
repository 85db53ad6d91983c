from __future__ import annotations

import json

import msgspec

from footlight.wire.rest.error import Error, Parameter


def test_one_object_is_both_error_models() -> None:
    error = Error(
        error_message="Gone.", sdk_error_id="ObjectNotFound", type="urn:x", detail="Gone.",
        parameters=[Parameter("entityType", "Session")],
    )  # fmt: skip
    body = json.loads(msgspec.json.encode(error))
    assert body == {
        # ErrorData of CVAD
        "ErrorMessage": "Gone.", "SdkErrorId": "ObjectNotFound", "ErrorType": None,
        "ErrorDetails": None, "SupportLink": None, "ErrorReportXml": None, "ErrorReport": None,
        # ErrorResponse of the cloud
        "type": "urn:x", "detail": "Gone.",
        "parameters": [{"name": "entityType", "value": "Session"}],
    }  # fmt: skip
