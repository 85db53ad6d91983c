"""Names and texts that people give to what a site has: what may stand in them."""

from __future__ import annotations

from typing import Any, get_args

from footlight.errors import Invalid

LONGEST_NAME = 64
LONGEST_DESCRIPTION = 512
FOLDER_BREAK = "|"  # between the folders of a path


def checked_name(
    text: str | None, member: str = "Name", *, longest: int = LONGEST_NAME, no: str = ""
) -> str:
    """The name without blanks around it. Raises Invalid naming the member: not there, too long, or with a
    character of `no`, a line break or the like in it."""
    name = (text or "").strip()
    if not name:
        raise Invalid(f"{member} is missing.", name=member, problem="missing")
    if len(name) > longest:
        raise Invalid(f"{member} has at most {longest} characters.", name=member, problem="tooLong")
    if not name.isprintable() or any(character in no for character in name):
        raise Invalid(
            f"{member} holds a character that no name has.", name=member, value=name[:256]
        )
    return name


def checked_text(
    text: str | None, member: str = "Description", *, longest: int = LONGEST_DESCRIPTION
) -> str | None:
    """The text, None when there is none. Raises Invalid naming the member when it is too long or holds a NUL."""
    if text is None or text == "":
        return None
    if len(text) > longest:
        raise Invalid(f"{member} has at most {longest} characters.", name=member, problem="tooLong")
    if "\0" in text:
        raise Invalid(f"{member} holds a NUL.", name=member)
    return text


def checked_member(kind: Any, text: str, member: str) -> str:
    """The member of an enum of the contract (a Literal) that the text names in any case. Raises Invalid."""
    members: tuple[str, ...] = get_args(kind)
    for one in members:
        if one.lower() == text.strip().lower():
            return one
    raise Invalid(
        f"{member}: {text[:80]!r} is not one of {', '.join(members)}.",
        name=member,
        value=text[:256],
        problem="invalidEnum",
    )
