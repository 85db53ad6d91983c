"""A host asks its site to be one of its hosts, and later how it stands: HTTPS, whose server is known before a byte of
a secret is sent.

Who the server is, is shown by certificates that this machine trusts, or by the one whose fingerprint is in the code:
it is fetched first, without a secret, and compared; then it alone is trusted.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from footlight.agent.identity import HostFolder, Identity
from footlight.authority import fingerprint_of
from footlight.config import is_loopback
from footlight.errors import Invalid, Unavailable
from footlight.wire.enrolment import (
    MAX_CREDENTIALS_BYTES,
    EnrolHost,
    HostCredentials,
    Standing,
    StandingQuestion,
    TrustView,
    proof_message,
    read_code,
    standing_message,
)

T = TypeVar("T")

PATH = "/footlight/v1/enroll"
TIMEOUT_S = 20.0


class Refused(Exception):
    """The site has said no; the message is its own."""


def enrol(
    folder: HostFolder, server: str, code_text: str, host_name: str, ca_file: Path | None = None
) -> Identity:
    """Become a host of the site, and keep what it gives. Blocking. Asked again after an answer was lost it gets the
    same. Raises Invalid, Unavailable, Refused."""
    server = checked_server(server)
    try:
        code = read_code(code_text)
    except ValueError as error:
        raise Invalid(f"--enroll: {error}", name="enroll") from None
    trust = "" if ca_file is None else _read_ca(ca_file)
    if server.startswith("https:"):
        trust = trust or _trust_of(server, code.fingerprint)
    keys = folder.pending_keys()
    public = keys.public()
    request = EnrolHost(
        code=code.text(),
        host_name=host_name,
        keys=public,
        proof=keys.sign(proof_message(code.id, public)),
    )
    answer = _ask("POST", server + PATH, trust, msgspec.json.encode(request))
    credentials = _read(answer, HostCredentials)
    identity = Identity(server=server, trust=trust, keys=keys, credentials=credentials)
    folder.save(identity)
    return identity


def ask_standing(identity: Identity, at_ms: int) -> Standing:
    """How the host stands with its site. Blocking. Raises Unavailable, Refused."""
    machine_id = identity.credentials.machine_id
    question = StandingQuestion(
        machine_id=machine_id,
        at_ms=at_ms,
        signature=identity.keys.sign(standing_message(machine_id, at_ms)),
    )
    url = f"{identity.server}{PATH}/standing"
    return _read(_ask("POST", url, identity.trust, msgspec.json.encode(question)), Standing)


def checked_server(server: str) -> str:
    """The base URL without a slash at its end. Raises Invalid; plain HTTP is for loopback only."""
    parts = urlsplit(server.rstrip("/"))
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.username:
        raise Invalid(f"--server: {server!r} is not https://HOST:PORT", name="server")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Invalid("--server: the code would be sent for all to read: use https", name="server")
    return server.rstrip("/")


def context_of(trust: str) -> ssl.SSLContext:
    """Trusts that certificate (PEM), and no other; "": those that this machine trusts. Names are checked."""
    if not trust:
        return ssl.create_default_context()
    context = ssl.create_default_context(cadata=trust)
    # What a code names may be the server's own certificate, or one in the middle of its chain.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _trust_of(server: str, fingerprint: str) -> str:
    """What to trust the server by. Raises Unavailable, Invalid when it is not the code's."""
    try:
        _ask("GET", server + PATH, "", None)
        return ""
    except _Untrusted as doubt:
        if not fingerprint:
            raise Invalid(
                f"{server} shows a certificate that this machine does not trust ({doubt}), and the code names none: "
                "give --ca-file",
                name="ca_file",
            ) from None
    shown = _read(_ask("GET", server + PATH, None, None), TrustView).certificate
    if fingerprint_of(shown.encode()) != fingerprint:
        raise Invalid(
            f"{server} is not the server that the code is of: somebody may be in between, or the site has other keys "
            "now. Nothing was sent to it; make a new code if it is right.",
            name="server",
        )
    return shown


class _Untrusted(Unavailable):
    """The server's certificate is none that is trusted."""


def _ask(method: str, url: str, trust: str | None, body: bytes | None) -> bytes:
    """The answer's body. `trust` None: whoever it is. Raises Unavailable, Refused."""
    verify: ssl.SSLContext | bool = False if trust is None else context_of(trust)
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    try:
        with (
            httpx.Client(verify=verify, timeout=TIMEOUT_S, trust_env=False) as client,
            client.stream(method, url, content=body, headers=headers) as answer,
        ):
            got = b""
            for piece in answer.iter_bytes():
                got += piece
                if len(got) > MAX_CREDENTIALS_BYTES:
                    raise Unavailable(f"{url} answers too much")
    except httpx.ConnectError as error:
        reason = str(error)
        if "CERTIFICATE_VERIFY_FAILED" in reason:
            raise _Untrusted(reason.partition("VERIFY_FAILED] ")[2] or reason) from None
        raise Unavailable(f"{url} can't be reached: {reason}") from None
    except httpx.HTTPError as error:
        raise Unavailable(f"{url} does not answer: {error or type(error).__name__}") from None
    if answer.status_code != 200:
        raise Refused(_reason(answer.status_code, got))
    return got


def _reason(status: int, body: bytes) -> str:
    """The site's words."""
    try:
        told = msgspec.json.decode(body)
        return str(told.get("ErrorMessage") or told["detail"])[:500]
    except (msgspec.MsgspecError, AttributeError, KeyError, UnicodeDecodeError):
        return f"the server answers with status {status}"


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unavailable(f"the server's answer is none: {error}") from None


def _read_ca(file: Path) -> str:
    try:
        text = file.read_text()
        fingerprint_of(text.encode())
    except (OSError, UnicodeDecodeError, Invalid) as error:
        raise Invalid(f"--ca-file: {file}: {error}", name="ca_file") from None
    return text
