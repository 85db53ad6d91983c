"""What both senders know of the site: where it is, whom to trust, how requests and answers look. Nothing here sends."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from footlight.sdk.credentials import (
    ON_PREM_CUSTOMER,
    ClientSecret,
    Credentials,
    Password,
    Token,
)
from footlight.sdk.errors import BadAnswer, ConnectionFailed, TimedOut
from footlight.sdk.flow import Progress
from footlight.sdk.requests.request import Request
from footlight.sdk.retry import RetryPolicy

MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 64 * 1024 * 1024 * 1024
CONNECT_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Connection:
    """One caller on one site; made by `connection` from what a client is given."""

    base_url: str
    credentials: Credentials | None
    token: Token | None
    headers: dict[str, str]
    ca_file: str | Path | None
    timeout_s: float
    retry: RetryPolicy

    def client_options(self) -> dict[str, Any]:
        """Arguments of httpx.Client and httpx.AsyncClient. Raises ConnectionFailed for a bad CA file."""
        return {
            "base_url": self.base_url,
            "headers": self.headers,
            "verify": _trust(self.base_url, self.ca_file),
            "trust_env": not _is_loopback(httpx.URL(self.base_url).host),
        }

    def request_options(self, request: Request, token: Token | None) -> dict[str, Any]:
        """Arguments of the httpx client's build_request."""
        headers = {"Accept": request.accept, **request.headers}
        if token is not None:
            headers["Authorization"] = f"CWSAuth bearer={token.text}"
        if request.source is not None:
            headers["Content-Type"] = "application/octet-stream"
            headers["Content-Length"] = str(request.source.size)
        timeout = httpx.Timeout(request.timeout_s or self.timeout_s, connect=CONNECT_TIMEOUT_S)
        return {
            "method": request.method,
            "url": request.path,
            "params": request.query or None,
            "json": request.json,
            "data": request.form,
            "headers": headers,
            "timeout": timeout,
        }


def connection(
    base_url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    client_id: str | None = None,
    client_secret: str | None = None,
    customer_id: str | None = None,
    token: str | None = None,
    token_expires_at_s: float | None = None,
    site_id: str | None = None,
    ca_file: str | Path | None = None,
    timeout_s: float = 60.0,
    max_retries: int = 2,
) -> Connection:
    """The connection that a client's arguments mean."""
    credentials: Credentials | None = None
    if user is not None and password is not None:
        credentials = Password(user, password)
    elif client_id is not None and client_secret is not None:
        credentials = ClientSecret(client_id, client_secret, customer_id or "root")
    headers = {"Citrix-CustomerId": customer_id or ON_PREM_CUSTOMER}
    if site_id is not None:
        headers["Citrix-InstanceId"] = site_id
    return Connection(
        base_url=base_url.rstrip("/"),
        credentials=credentials,
        token=Token(token, token_expires_at_s) if token else None,
        headers=headers,
        ca_file=ca_file,
        timeout_s=timeout_s,
        retry=RetryPolicy(retries=max_retries),
    )


class Body:
    """The bytes of an answer as they come, at most MAX_ANSWER_BYTES."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """Raises BadAnswer past the limit."""
        self._size += len(piece)
        if self._size > MAX_ANSWER_BYTES:
            raise BadAnswer(f"the answer is over {MAX_ANSWER_BYTES} bytes")
        self._pieces.append(piece)

    def whole(self, response: httpx.Response) -> httpx.Response:
        """The answer with its body."""
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)  # the pieces are decoded already
        return httpx.Response(
            response.status_code,
            headers=headers,
            content=b"".join(self._pieces),
            request=response.request,
        )


class Meter:
    """Counts a download, at most MAX_DOWNLOAD_BYTES."""

    def __init__(self, response: httpx.Response, progress: Progress | None) -> None:
        self.done = 0
        self._path = response.request.url.path
        self._total = int(response.headers.get("Content-Length", 0)) or None
        self._progress = progress

    def before(self, piece: bytes) -> None:
        """Raises BadAnswer past the limit; to be called before the piece is written."""
        self.done += len(piece)
        if self.done > MAX_DOWNLOAD_BYTES:
            raise BadAnswer(f"{self._path} is over {MAX_DOWNLOAD_BYTES} bytes")

    def after(self) -> None:
        """The piece is written."""
        if self._progress is not None:
            self._progress(self.done, self._total)


def failure(error: httpx.TransportError) -> ConnectionFailed:
    """What a broken connection is to the caller."""
    site = error.request.url.copy_with(path="/", query=None) if error._request else "the site"
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(f"{site} did not answer in time")
    return ConnectionFailed(f"{site} cannot be reached: {error or type(error).__name__}")


def _trust(base_url: str, ca_file: str | Path | None) -> ssl.SSLContext | bool:
    if not base_url.startswith("https:"):
        return True
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise ConnectionFailed(f"cannot use the CA file {ca_file}: {error}") from error


def _is_loopback(host: str) -> bool:
    """Whether no proxy may stand between us and the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
