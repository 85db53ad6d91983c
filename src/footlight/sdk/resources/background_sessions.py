"""Actions on sessions that are not waited for."""

from __future__ import annotations

from collections.abc import Sequence

from footlight.sdk.requests import cvad
from footlight.sdk.resources.cvad_jobs import CvadJobs, JobHandle
from footlight.sdk.types.session import MessageStyle


class BackgroundSessions:
    """`client.sessions.in_background`: the same actions, each as a job (`async=true`). What the site refuses at
    once (NotFound, Forbidden, Conflict) is raised here too."""

    def __init__(self, jobs: CvadJobs) -> None:
        self._jobs = jobs

    def list(self, *, limit: int | None = None, fields: Sequence[str] | None = None) -> JobHandle:
        """The first page of the sessions, as the collection object."""
        joined = None if fields is None else ",".join(fields)
        return self._jobs.begin(cvad.sessions(limit, joined, None))

    def start_recording(self, session_id: str, *, notify_user: bool = True) -> JobHandle:
        """Record from now on."""
        return self._act(session_id, "startRecording", notifyUser=notify_user)

    def stop_recording(self, session_id: str) -> JobHandle:
        """Stop recording."""
        return self._act(session_id, "stopRecording")

    def disconnect(self, session_id: str) -> JobHandle:
        """Close its viewer."""
        return self._act(session_id, "disconnect")

    def logoff(self, session_id: str) -> JobHandle:
        """End the session."""
        return self._act(session_id, "logoff")

    def hide(self, session_id: str) -> JobHandle:
        """Keep launches from taking it up."""
        return self._act(session_id, "hide")

    def unhide(self, session_id: str) -> JobHandle:
        """Undo hide."""
        return self._act(session_id, "unhide")

    def send_message(
        self, session_id: str, title: str, text: str, style: MessageStyle = "Information"
    ) -> JobHandle:
        """Show a message on its screen."""
        return self._jobs.begin(cvad.send_message(session_id, title, text, style, None))

    def _act(self, session_id: str, verb: str, **query: object) -> JobHandle:
        return self._jobs.begin(cvad.session_action(session_id, verb, None, **query))
