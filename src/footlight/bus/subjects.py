"""Names of the subjects, in one place. Machine ids are GUIDs, so they need no escaping."""

from __future__ import annotations

# Topics of hosts: what they say to servers, on of_host(machine id, topic).
REPORTS = "reports"  # posted: HostReport; answered by ReportTaken, sent to taken()
BEATS = "beats"  # request: HostReport that changes nothing but what is told again -> ReportTaken
UPLOADS = "uploads"  # request: UploadQuestion -> UploadAnswer (wire/uploads.py)

POSTED = (REPORTS,)  # the topics that are posted


def of_host(machine_id: str, topic: str) -> str:
    """What that machine says of a topic. No other machine may."""
    return f"host.{machine_id}.{topic}"


def host_of(subject: str) -> tuple[str, str] | None:
    """(machine id, topic) of such a subject; None for others."""
    parts = subject.split(".")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "host" else None


def taken(machine_id: str) -> str:
    """sent: ReportTaken, served by that machine's agent."""
    return f"agent.{machine_id}.taken"


def orders(machine_id: str) -> str:
    """request: Orders -> OrdersTaken, served by that machine's agent."""
    return f"agent.{machine_id}.orders"


def segments(machine_id: str) -> str:
    """request: ReadSegment -> SegmentPiece, served by that machine's agent."""
    return f"agent.{machine_id}.segments"


def outputs(machine_id: str) -> str:
    """request: ReadOutputs -> SessionOutputs, served by that machine's agent."""
    return f"agent.{machine_id}.outputs"


def marks(machine_id: str) -> str:
    """request: MarkRecording -> nothing, served by that machine's agent."""
    return f"agent.{machine_id}.marks"


def files(machine_id: str) -> str:
    """stream: FileOrder, then frames (wire/frames.py) both ways, listened to by that machine's agent."""
    return f"agent.{machine_id}.files"


def viewer_lines(machine_id: str) -> str:
    """request: ViewerLine -> nothing, served by that machine's agent."""
    return f"agent.{machine_id}.lines"


def logons(machine_id: str) -> str:
    """request: LogonOrder -> LogonAnswer (wire/logon.py), served by that machine's agent where it is root."""
    return f"agent.{machine_id}.logons"


def displays(machine_id: str) -> str:
    """stream: DisplayHello, then RFB both ways, listened to by that machine's agent."""
    return f"agent.{machine_id}.displays"


def dials(subject: str) -> str:
    """request: DialOrder -> DialAnswer (wire/lines.py), served by who listens to streams on the subject."""
    return f"{subject}.dial"


def machine_of(subject: str) -> str:
    """Whose subject it is. Raises ValueError for one that is no agent's."""
    words = subject.split(".")
    if len(words) < 3 or words[0] != "agent":
        raise ValueError(f"{subject} is no subject of an agent")
    return words[1]
