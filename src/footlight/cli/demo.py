"""`footlight demo`: the main job from end to end on a real session, without a person."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from footlight.cli import demo_scene
from footlight.cli.call import Call, command
from footlight.cli.demo_site import own_site
from footlight.cli.demo_viewer import Viewer, open_display
from footlight.cli.exits import Failed, NoSite
from footlight.cli.output import print_json, print_line, say
from footlight.cli.place import Place
from footlight.cli.recordings import export_file, replacing
from footlight.sdk import Footlight, NotFound, Page
from footlight.sdk.types.session import Session

# Words without letters that machines mistake for others when they read pictures (i, l, j, q, f, rn).
# fmt: off
WORDS = (
    "amber", "anchor", "autumn", "bacon", "basket", "beach", "branch", "bread", "breeze",
    "bronze", "butter", "cabbage", "camera", "candy", "canyon", "carbon", "carpet", "cheese",
    "cherry", "chorus", "copper", "cotton", "coast", "desert", "donkey", "dozen", "dragon",
    "dream", "garden", "gecko", "grape", "grass", "guest", "hammer", "harbor", "honey", "horse",
    "house", "hunter", "market", "monkey", "mother", "mouse", "number", "oyster", "ocean",
    "orange", "oxygen", "pepper", "peach", "pocket", "purse", "reason", "sand", "season",
    "second", "seven", "shadow", "shore", "snake", "sponge", "spoon", "spruce", "stone",
    "storm", "street", "sugar", "summer", "sunset", "sweater", "tractor", "teapot", "thunder",
    "tomato", "trumpet", "upper", "vacuum", "voyage", "wagon", "wander", "water", "weather",
    "wonder", "yogurt", "zebra",
)
# fmt: on
SENTENCE_WORDS = 5
LOGON_S, LOGOFF_S = 20, 20
AT_ONCE = 1  # sessions a page: every page but the last must lead on


@dataclass
class Progress:
    """The steps done so far, told as they are done."""

    tell: Callable[[str], None]
    steps: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """One step; what is put into the list is printed behind it."""
        begun = time.monotonic()
        notes: list[str] = []
        try:
            yield notes
        except Exception as error:
            took_s = time.monotonic() - begun
            self._note(name, took_s, False, [str(error)])
            raise
        self._note(name, time.monotonic() - begun, True, notes)

    def _note(self, name: str, took_s: float, done: bool, notes: list[str]) -> None:
        note = "; ".join(notes)
        step = {"step": name, "seconds": round(took_s, 3), "done": done, "note": note}
        self.steps.append(step)
        mark = "ok    " if done else "FAILED"
        self.tell(f"{mark} {took_s:7.2f} s  {name}{': ' + note if note else ''}")


@dataclass
class Story:
    """What the demo makes."""

    folder: Path
    sentence: str
    site_id: str | None = None
    session_id: str = ""
    recording_id: str = ""
    files: dict[str, str] = field(default_factory=dict)
    scene: Callable[[Viewer, str], str] = demo_scene.work_on_desktop

    def keep(self, name: str, content: bytes) -> None:
        """Write one of the files."""
        with replacing(self.folder / name) as sink:
            sink.write(content)
        self.files[name] = str(self.folder / name)

    def told(self, progress: Progress, *, kept: bool) -> dict[str, Any]:
        """The story as one JSON object."""
        return {
            "steps": progress.steps,
            "siteId": self.site_id,
            "sessionId": self.session_id,
            "recordingId": self.recording_id,
            "sentence": self.sentence,
            "files": self.files if kept else {},
        }


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "demo")(demo)


def demo(
    call: Call,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Folder for video and pictures; made if missing.")
    ] = None,
) -> None:
    """Launch a desktop, record it while things happen on it, verify and export the recording."""
    progress = Progress(say if call.as_json else print_line)
    with ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="footlight-")))
        else:
            folder = keep
            folder.mkdir(parents=True, exist_ok=True)
        story = Story(folder.absolute(), make_sentence())
        with progress.step("site") as notes:
            place, client = _site(call, stack)
            story.site_id = place.site_id
            notes.append(place.base_url)
        try:
            _play(place, client, story, progress)
        finally:
            _log_off(client, story, progress)
            if call.as_json:
                print_json(story.told(progress, kept=keep is not None))
        story.keep("demo.json", json.dumps(story.told(progress, kept=True), indent=1).encode())
    if keep is not None:
        progress.tell(f"kept in {story.folder}: {', '.join(sorted(story.files))}")


def make_sentence() -> str:
    """Some different words by chance."""
    return " ".join(secrets.SystemRandom().sample(WORDS, SENTENCE_WORDS))


def _site(call: Call, stack: ExitStack) -> tuple[Place, Footlight]:
    """The running site, or one for this demo alone, which ends with the stack."""
    try:
        if call.place.pid is None or _lives(call.place.pid):
            return call.place, call.client
    except NoSite:
        pass
    place = stack.enter_context(own_site())
    client = Footlight(
        place.base_url, ca_file=place.ca_file, customer_id=place.customer_id, token=place.token
    )
    return place, stack.enter_context(client)


def _lives(pid: int) -> bool:
    """Whether the process of a site that did not end cleanly is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _play(place: Place, client: Footlight, story: Story, progress: Progress) -> None:
    with progress.step("launch Desktop") as notes:
        notes.append(_launch(client, story, "Desktop"))
    if not demo_scene.is_light_desktop(client.sessions.logs(story.session_id)):
        _log_off(client, story, progress)
        with progress.step("launch Terminal instead") as notes:
            story.scene = demo_scene.work_in_terminal
            launched = _launch(client, story, "Terminal")
            notes.append(f"the demo works no desktop but the light one; {launched}")
    with progress.step("list sessions page by page") as notes:
        notes.append(find_by_pages(client, story.session_id))
    with progress.step("start recording"):
        client.sessions.start_recording(story.session_id)
    with progress.step("recording status") as notes:
        _expect_recorded(client, story.session_id, wanted=True)
        notes.append("being recorded")
    with progress.step("work in the session") as notes:
        notes.append(_work(place, client, story))
    with progress.step("stop recording"):
        client.sessions.stop_recording(story.session_id)
        _expect_recorded(client, story.session_id, wanted=False)
    with progress.step("verify the recording") as notes:
        notes.append(_verify(client, story))
    with progress.step("export video and pictures") as notes:
        _export(client, story)
        notes.append(", ".join(sorted(story.files)))


def _launch(client: Footlight, story: Story, resource: str) -> str:
    launched = client.launches.create(resource, new=True)
    story.session_id = launched["sessionId"]
    deadline = time.monotonic() + LOGON_S
    while client.sessions.get(story.session_id)["LogonInProgress"]:
        if time.monotonic() > deadline:
            raise Failed(f"the session has not logged on after {LOGON_S} s")
        time.sleep(0.1)
    return f"session {story.session_id} on {launched['machine']}"


def find_by_pages(client: Footlight, session_id: str) -> str:
    """List all sessions, one a page, and find ours among them. Raises Failed."""
    pages: list[Page[Session]] = list(client.sessions.list(limit=AT_ONCE).pages())
    ids = [session["Id"] for page in pages for session in page.items]
    if session_id not in ids:
        raise Failed(f"session {session_id} is not in the list")
    if any(len(page.items) > AT_ONCE for page in pages) or len(set(ids)) != len(ids):
        raise Failed("pages are too long or repeat a session")
    return f"{len(pages)} pages, {pages[0].total} sessions"


def _work(place: Place, client: Footlight, story: Story) -> str:
    """Be a person at the session; what was done there."""
    ticket = client.sessions.ticket(story.session_id)["ticket"]
    path = f"/footlight/v1/sessions/{story.session_id}/display"
    with open_display(place.base_url, path, ticket, place.ca_file) as channel:
        return story.scene(Viewer(channel), story.sentence)


def _expect_recorded(client: Footlight, session_id: str, *, wanted: bool) -> None:
    if client.sessions.recording_status(session_id) is not wanted:
        raise Failed(f"the session is {'not ' if wanted else ''}being recorded")


def _verify(client: Footlight, story: Story) -> str:
    """Find the recording and have it verified. Raises Failed unless it is verified."""
    recordings = list(client.recordings.list(session_id=story.session_id))
    if len(recordings) != 1:
        raise Failed(f"the session has {len(recordings)} recordings, not one")
    story.recording_id = recordings[0]["id"]
    verdict = client.recordings.verification(story.recording_id)
    if verdict["status"] != "verified":
        reasons = "; ".join(finding["reason"] for finding in verdict["findings"])
        raise Failed(f"the recording is {verdict['status']}: {reasons}")
    return f"recording {story.recording_id} is verified, {verdict['segments']} segments"


def _export(client: Footlight, story: Story) -> None:
    recording = client.recordings.get(story.recording_id)
    video = story.folder / "recording.mp4"
    export_file(client, story.recording_id, video, quiet=True)
    story.files["recording.mp4"] = str(video)
    story.keep("contact-sheet.png", client.recordings.contact_sheet(story.recording_id, count=6))
    end_s = max(0.0, recording["durationMs"] / 1000 - 0.1)
    story.keep("frame.png", client.recordings.frame(story.recording_id, end_s))
    story.keep("sentence.txt", f"{story.sentence}\n".encode())


def _log_off(client: Footlight, story: Story, progress: Progress) -> None:
    session_id, story.session_id = story.session_id, ""
    if not session_id:
        return
    with progress.step("log off"):
        client.sessions.logoff(session_id)
        deadline = time.monotonic() + LOGOFF_S
        while time.monotonic() < deadline:
            try:
                client.sessions.get(session_id)
            except NotFound:
                return
            time.sleep(0.2)
        raise Failed(f"the session is not gone after {LOGOFF_S} s")
