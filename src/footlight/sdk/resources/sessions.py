"""Sessions: list, look, act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from footlight.sdk.collection import item, pages, pages_of
from footlight.sdk.flow import Flow, Progress, Save, ask
from footlight.sdk.operation import Resource, S, listing, operation
from footlight.sdk.pages import Listing
from footlight.sdk.requests import cvad, own
from footlight.sdk.requests.request import Source
from footlight.sdk.types.application import Application
from footlight.sdk.types.machine import MachineDetail
from footlight.sdk.types.own import (
    SessionFile,
    SessionLogs,
    SessionRow,
    SessionView,
    StoredFile,
    Ticket,
)
from footlight.sdk.types.search import SearchBody, SearchFilter, SearchGroup, SearchSort
from footlight.sdk.types.session import MessageStyle, RecordingStatus, Session


class Sessions(Resource[S]):
    """`client.sessions`. Every action waits for the site's word that it is so (at most 20 s);
    those of `in_background` answer at once with a job."""

    @listing
    def list(
        self,
        *,
        limit: int | None = None,
        fields: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Listing[Session]:
        """All sessions that the caller may see. `limit`: items per page, 1 to 1000 (the site's
        own: 250)."""
        request = cvad.sessions(limit, _joined(fields), timeout_s)
        return Listing(request)

    list_v2 = pages(
        "GET /SessionsV2",
        "As list, but without `fields` sessions lack ApplicationsInUse, Brokering, Connection, "
        "ContainerScopes and Machine.",
        Session,
    )

    @listing
    def search(
        self,
        text: str | None = None,
        *,
        filters: Sequence[SearchFilter] = (),
        groups: Sequence[SearchGroup] = (),
        groups_type: str = "And",
        sort: Sequence[SearchSort] = (),
        skip: int | None = None,
        time_zone: str | None = None,
        limit: int | None = None,
        fields: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Listing[Session]:
        """The sessions that match all of: `text` within a name or address, every filter, and the
        groups. `skip` leaves out the first ones. `time_zone`, a Windows or IANA name or an offset,
        is where days begin. Raises BadRequest, naming what is wrong."""
        body = _search(text, filters, groups, groups_type, sort)
        query = {"limit": limit, "fields": _joined(fields), "skip": skip}
        request = cvad.search_sessions(body, query, time_zone, timeout_s)
        return Listing(request)

    @listing
    def rows(
        self,
        text: str | None = None,
        *,
        filters: Sequence[SearchFilter] = (),
        groups: Sequence[SearchGroup] = (),
        groups_type: str = "And",
        sort: Sequence[SearchSort] = (),
        skip: int | None = None,
        time_zone: str | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> Listing[SessionRow]:
        """As search, with the properties `Recording` and `RecordingHealth` too; of each session it answers with the
        row that the console shows, with how its recording goes. Pages say how many match in all. Raises BadRequest."""
        body = _search(text, filters, groups, groups_type, sort)
        query = {"limit": limit, "skip": skip}
        return Listing(own.session_rows(body, query, time_zone, timeout_s))

    machine = item(
        "GET /Sessions/{id}/Machine",
        "The machine that the session runs on, its `Id` set. Raises NotFound.",
        MachineDetail,
    )
    applications = pages_of(
        "GET /Sessions/{id}/Applications",
        "The applications that run in the session. Raises NotFound.",
        Application,
    )

    @operation
    def get(
        self,
        session_id: str,
        *,
        fields: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Flow[Session]:
        """One session. Raises NotFound also when it has ended."""
        request = cvad.session(session_id, _joined(fields), timeout_s)
        return ask(request)

    @operation
    def start_recording(
        self, session_id: str, *, notify_user: bool = True, timeout_s: float | None = None
    ) -> Flow[Session]:
        """Record from now on; returns once the first key frame is on disk. Raises Conflict,
        Unavailable."""
        request = cvad.session_action(
            session_id, "startRecording", timeout_s, notifyUser=notify_user
        )
        return ask(request)

    @operation
    def stop_recording(self, session_id: str, *, timeout_s: float | None = None) -> Flow[Session]:
        """Stop recording; returns once the last segment is sealed. Raises Conflict when a policy
        holds it."""
        request = cvad.session_action(session_id, "stopRecording", timeout_s)
        return ask(request)

    @operation
    def recording_status(self, session_id: str, *, timeout_s: float | None = None) -> Flow[bool]:
        """Whether the session is being recorded now."""
        request = cvad.recording_status(session_id, timeout_s)
        answer: RecordingStatus = yield from ask(request)
        return answer["IsSessionBeingRecorded"]

    @operation
    def disconnect(self, session_id: str, *, timeout_s: float | None = None) -> Flow[Session]:
        """Close its viewer; the session lives on."""
        request = cvad.session_action(session_id, "disconnect", timeout_s)
        return ask(request)

    @operation
    def logoff(self, session_id: str, *, timeout_s: float | None = None) -> Flow[None]:
        """End the session. Returns when the site has accepted it; it is gone within 15 s."""
        return ask(cvad.session_action(session_id, "logoff", timeout_s))

    @operation
    def hide(self, session_id: str, *, timeout_s: float | None = None) -> Flow[None]:
        """Keep launches from taking it up; they start a new one instead."""
        return ask(cvad.session_action(session_id, "hide", timeout_s))

    @operation
    def unhide(self, session_id: str, *, timeout_s: float | None = None) -> Flow[None]:
        """Undo hide."""
        return ask(cvad.session_action(session_id, "unhide", timeout_s))

    @operation
    def send_message(
        self,
        session_id: str,
        title: str,
        text: str,
        style: MessageStyle = "Information",
        *,
        timeout_s: float | None = None,
    ) -> Flow[Session]:
        """Show a message on its screen, with a button that closes it; returns once it is there. Title at most
        256, text 1 to 4096 characters. Raises BadRequest, Unavailable."""
        request = cvad.send_message(session_id, title, text, style, timeout_s)
        return ask(request)

    views = pages(
        "GET /footlight/v1/sessions",
        "Our own views of sessions, the newest first, also for 24 h after their end.",
        SessionView,
    )

    @operation
    def view(self, session_id: str) -> Flow[SessionView]:
        """Our own view of the session, also for 24 h after its end."""
        return ask(own.session_view(session_id))

    @operation
    def why_recorded(self, session_id: str) -> Flow[dict[str, Any]]:
        """Why it is recorded, or is not: what comes of each recording policy. Raises NotFound, Forbidden."""
        return ask(own.recording_decision(session_id))

    @operation
    def logs(self, session_id: str) -> Flow[SessionLogs]:
        """What each of its programs printed and how it ended, also for 24 h after the session's end. Raises
        NotFound, and Unavailable when the host does not answer."""
        return ask(own.session_logs(session_id))

    @listing
    def files(
        self, session_id: str, *, limit: int | None = None, timeout_s: float | None = None
    ) -> Listing[SessionFile]:
        """The files of its drop folder, by name. Raises NotFound, Forbidden, Conflict unless it runs."""
        return Listing(own.session_files(session_id, limit, timeout_s))

    @operation
    def get_file(
        self,
        session_id: str,
        name: str,
        sink: BinaryIO,
        *,
        progress: Progress | None = None,
        timeout_s: float | None = None,
    ) -> Flow[int]:
        """Write a file of its drop folder to `sink`; the number of bytes. Raises NotFound, Forbidden, Conflict."""
        request = own.session_file(session_id, name, timeout_s=timeout_s)
        size: int = yield Save(request, sink, progress)
        return size

    @operation
    def put_file(
        self,
        session_id: str,
        name: str,
        file: BinaryIO,
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
        timeout_s: float | None = None,
    ) -> Flow[StoredFile]:
        """Put the rest of `file`, which must be seekable, into its drop folder. Raises Forbidden, Conflict, also for
        one that is there unless `overwrite`."""
        source = Source.of(file, progress)
        return ask(
            own.put_session_file(session_id, name, source, overwrite=overwrite, timeout_s=timeout_s)
        )

    @operation
    def delete_file(self, session_id: str, name: str) -> Flow[None]:
        """Delete a file of its drop folder. Raises NotFound, Forbidden, Conflict."""
        return ask(own.delete_session_file(session_id, name))

    @operation
    def ticket(self, session_id: str, *, mode: str = "interactive") -> Flow[Ticket]:
        """A one-time ticket (60 s) for the display; `mode` is interactive or view."""
        return ask(own.ticket(session_id, mode))

    @operation
    def restart_window_manager(self, session_id: str) -> Flow[SessionView]:
        """Replace a window manager that hangs; returns once the new one runs. Programs and their windows stay.
        Raises Conflict, Unavailable."""
        return ask(own.restart_window_manager(session_id))


def _search(
    text: str | None,
    filters: Sequence[SearchFilter],
    groups: Sequence[SearchGroup],
    groups_type: str,
    sort: Sequence[SearchSort],
) -> SearchBody:
    """The body of a search."""
    body: SearchBody = {}
    if text:
        body["BasicSearchString"] = text
    if filters:
        body["SearchFilters"] = [*filters]
    if groups:
        body["SearchFilterGroups"] = [*groups]
        body["SearchFilterGroupsType"] = groups_type
    if sort:
        body["SortCriteriaItems"] = [*sort]
    return body


def _joined(fields: Sequence[str] | None) -> str | None:
    return None if fields is None else ",".join(fields)
