"""What a file in a drop folder may be called. Standard library only."""

from __future__ import annotations

FOLDER = "Footlight Files"  # in the home of the session's user
PARTIAL = ".footlight-part-"  # how names of files begin that are not whole
LONGEST_NAME_BYTES = 255


def name_problem(name: str) -> str | None:
    """Why it is no name of a file there, for people; None if it is one. Names are single ones, without control or
    formatting characters, so that they can be shown anywhere as they are."""
    if not name or name in (".", ".."):
        return "A file needs a name."
    if "/" in name:
        return "The name of a file holds no slash."
    if not name.isprintable():
        return "The name of a file holds only characters that can be shown."
    if len(name.encode()) > LONGEST_NAME_BYTES:
        return f"The name of a file has at most {LONGEST_NAME_BYTES} bytes."
    if name.startswith(PARTIAL):
        return "The name is one of those that the site keeps for itself."
    return None
