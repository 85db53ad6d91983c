"""The programs that show a target: ssh and xfreerdp in a terminal, a kiosk browser. Pure."""

from __future__ import annotations

from footlight.agent.desktop import BROWSER_FLAGS
from footlight.wire.target import Target

TERMINAL = ("xterm", "-fa", "DejaVu Sans Mono", "-fs", "12")
# A connection that fails says why in the terminal, which must not go before it has been read. Everything but this
# constant is passed as words. $1: the least exit code that means failure.
_STAY = (
    'least=$1; shift; "$@"; code=$?; [ "$code" -lt "$least" ] && exit "$code"; '
    'printf "\\n%s" "The connection failed ($code). Press Enter to close."; read -r _; exit "$code"'
)
_SSH_FAILED = 255
_FREERDP_FAILED = (
    100  # below are the reasons for which servers end a session; above, those for which none began
)
_KIOSK_CACHE_BYTES = 32 * 1024 * 1024


def program_of(target: Target, run_folder: str) -> list[str]:
    """The command line. `run_folder` is the session's own, emptied at its end."""
    match target.kind:
        case "ssh":
            return _in_terminal(target, _SSH_FAILED, _ssh(target))
        case "rdp":
            return _in_terminal(target, _FREERDP_FAILED, _rdp(target))
        case "web":
            return _web(target, run_folder)


def _in_terminal(target: Target, least: int, command: list[str]) -> list[str]:
    words = ["sh", "-c", _STAY, "sh", str(least), *command]
    return [*TERMINAL, "-T", f"{target.kind} {target.host}", "-e", *words]


def _ssh(target: Target) -> list[str]:
    user = [] if target.user is None else ["-l", target.user]
    # A terminal also for a command; the remote side splits what it is given by its own shell.
    return ["ssh", "-t", "-p", str(target.port), *user, "--", target.host, *target.arguments]


def _rdp(target: Target) -> list[str]:
    """The certificate is trusted at first sight and must stay the same. Name and password are asked for by the
    server's own screen, or in the terminal where the server wants them first."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    user = [] if target.user is None else [f"/u:{target.user}"]
    sound = "/audio-mode:2"  # none
    return [
        *("xfreerdp", f"/v:{host}:{target.port}", *user, "/f", "/cert:tofu", "/dynamic-resolution"),
        *("+clipboard", "-grab-keyboard", sound, f"/t:rdp {target.host}"),
    ]


def _web(target: Target, run_folder: str) -> list[str]:
    """One page without tabs or address bar, in a profile that nobody else has and that goes with the session."""
    return [
        *("chromium", *BROWSER_FLAGS, "--kiosk", "--disable-extensions"),
        *(f"--user-data-dir={run_folder}/web", f"--disk-cache-size={_KIOSK_CACHE_BYTES}"),
        f"--app={target.address}",
    ]
