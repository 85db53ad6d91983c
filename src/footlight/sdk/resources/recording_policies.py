"""Recording policies: who is recorded, and how."""

from __future__ import annotations

from footlight.sdk.collection import action, change, creation, item, pages, value
from footlight.sdk.operation import Resource, S

_PATH = "/footlight/v1/recording-policies"


class RecordingPolicies(Resource[S]):
    """`client.recording_policies`. The first enabled one whose conditions all hold decides on a session."""

    list = pages(f"GET {_PATH}", "All policies, in their order.")
    get = item(f"GET {_PATH}/{{id}}", "One policy, by id or name. Raises NotFound.")
    create = creation(
        f"POST {_PATH}",
        "A new policy (`name`, `then`, `conditions`, `position`, `enabled`, `description`).",
    )
    update = change(f"PATCH {_PATH}/{{id}}", "Change what the body names.")
    delete = action(f"DELETE {_PATH}/{{id}}", "It decides on nothing any more.")
    order = creation(f"PUT {_PATH}/order", "Give all policies (`ids`) their order at once.")
    test = creation(
        f"POST {_PATH}/test",
        "What is decided for a session (`sessionId`) or for `facts`, and what comes of each policy.",
    )
    forecast = value(
        f"GET {_PATH}/forecast", "How much an hour of recording takes, from those of `days`."
    )
