"""What of a program's arguments goes into a recording: cut to a bound, with secrets left out as far as they can be
told by their looks."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_CHARACTERS = 2000
LEFT_OUT = "***"

_SECRET = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?"
    r"|(?:api|access|private)[-_]?key|auth|bearer|cookie)"
)
# --password=..., PGPASSWORD=..., password:...
_ASSIGNED = re.compile(
    rf"^(-{{0,2}}[\w.-]*{_SECRET}[\w.-]*\s*[=:]\s*).+$", re.IGNORECASE | re.DOTALL
)
# --password, whose value is the next argument
_NAMED = re.compile(rf"^-{{1,2}}(?:[\w.]+-)*{_SECRET}$", re.IGNORECASE)
# /p:..., as xfreerdp takes it
_SLASHED = re.compile(r"^(/(?:p|pth|gp|gateway:.*?p|password)[:=]).+$", re.IGNORECASE | re.DOTALL)
# scheme://user:password@host
_IN_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(@)", re.IGNORECASE)
# Authorization: Basic ..., Bearer ...
_IN_HEADER = re.compile(
    r"((?:authorization|x-api-key|cookie)\s*:\s*|bearer\s+)\S+(?:\s+[\w+/=.~-]+)?", re.IGNORECASE
)
# within a longer argument, such as a shell's script: NAME=value
_WITHIN = re.compile(
    rf"(\b[\w-]*{_SECRET}[\w-]*\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s;&|]+)", re.IGNORECASE
)
# within such: --password value
_WITHIN_NAMED = re.compile(
    rf"(\s-{{1,2}}(?:[\w.]+-)*{_SECRET}\s+)(\"[^\"]*\"|'[^']*'|[^\s;&|]+)", re.IGNORECASE
)
# programs whose -p takes a password at once or as the next argument
_SHORT = {
    "sshpass": "-p",
    "mysql": "-p",
    "mysqldump": "-p",
    "mariadb": "-p",
    "curl": "-u",
    "wget": "-u",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def cleaned(arguments: Sequence[str], *, all_of_them: bool = True) -> str:
    """The command line as one text, at most LONGEST_CHARACTERS. What looks like a secret is LEFT_OUT: values of
    options and variables with telling names, passwords in URLs, headers. `all_of_them` False: the program alone."""
    if not arguments:
        return ""
    if not all_of_them:
        return _printable(arguments[0])[:LONGEST_CHARACTERS]
    shown = [arguments[0]]
    short = _SHORT.get(arguments[0].rpartition("/")[2])
    hide_next = False
    for argument in arguments[1:]:
        if hide_next:
            shown.append(LEFT_OUT)
            hide_next = False
        elif argument == short or _NAMED.match(argument):
            shown.append(argument)
            hide_next = True
        elif short is not None and argument.startswith(short):
            shown.append(short + LEFT_OUT)
        else:
            shown.append(_argument(argument))
        if sum(map(len, shown)) > LONGEST_CHARACTERS:
            break
    text = " ".join(_quoted(_printable(one)) for one in shown)
    return text if len(text) <= LONGEST_CHARACTERS else text[: LONGEST_CHARACTERS - 1] + "…"


def _argument(text: str) -> str:
    text = text[: 4 * LONGEST_CHARACTERS]
    for whole in (_ASSIGNED, _SLASHED):
        if " " not in text and (found := whole.match(text)):
            return found[1] + LEFT_OUT
    text = _IN_URL.sub(rf"\g<1>{LEFT_OUT}\g<2>", text)
    text = _IN_HEADER.sub(rf"\g<1>{LEFT_OUT}", text)
    text = _WITHIN_NAMED.sub(rf"\g<1>{LEFT_OUT}", text)
    return _WITHIN.sub(rf"\g<1>{LEFT_OUT}", text)


def _printable(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _quoted(text: str) -> str:
    """With apostrophes where there are blanks in it, so that arguments can be told apart."""
    return f"'{text}'" if " " in text or not text else text
