"""The synchronous sender: connection, token, retries, limits."""

from __future__ import annotations

import ipaddress
import json
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from footlight.sdk.credentials import Credentials, Token, read_token
from footlight.sdk.errors import BadAnswer, ConnectionFailed, StatusError, TimedOut, error_for
from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import Request
from footlight.sdk.retry import RetryPolicy

MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 64 * 1024 * 1024 * 1024
CONNECT_TIMEOUT_S = 5.0
SEE_OTHER = 303  # the result of a job is elsewhere; who asked for it follows

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all if known


class Sender:
    """Sends requests of one caller to one site. May be shared by threads."""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: Credentials | None,
        token: Token | None,
        headers: dict[str, str],
        ca_file: str | Path | None,
        timeout_s: float,
        retry: RetryPolicy,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._credentials = credentials
        self._token = token
        self._token_lock = threading.Lock()
        self._timeout_s = timeout_s
        self._retry = retry
        self._sleep, self._now, self._jitter = sleep, now, jitter
        self._http = httpx.Client(
            base_url=base_url,
            headers=headers,
            verify=_trust(base_url, ca_file),
            transport=transport,
            trust_env=not _is_loopback(httpx.URL(base_url).host),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, request: Request) -> Any:
        """The JSON of the answer, None for an empty one. Raises SdkError."""
        response = self.fetch(request)
        if not response.content:
            return None
        try:
            return response.json()
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise BadAnswer(f"{request.path} answered something that is not JSON") from error

    def fetch(self, request: Request) -> httpx.Response:
        """The answer with its body, at most MAX_ANSWER_BYTES. Raises SdkError."""
        with self._answer(request) as response:
            return response

    def download(self, request: Request, sink: BinaryIO, progress: Progress | None = None) -> int:
        """Write the answer's body to `sink` as it comes; how many bytes. Not resumed when it
        breaks. Raises SdkError."""
        done = 0
        with self._answer(request, stream=True) as response:
            total = int(response.headers.get("Content-Length", 0)) or None
            try:
                for piece in response.iter_bytes():
                    done += len(piece)
                    if done > MAX_DOWNLOAD_BYTES:
                        raise BadAnswer(f"{request.path} is over {MAX_DOWNLOAD_BYTES} bytes")
                    sink.write(piece)
                    if progress is not None:
                        progress(done, total)
            except httpx.TransportError as error:
                raise _failure(error) from error
        return done

    @property
    def token(self) -> Token:
        """A token that holds, signing in or renewing when needed. Raises SdkError."""
        with self._token_lock:
            if self._token is None:
                self._token = self._sign_in()
            elif self._token.is_due(self._now()):
                self._token = self._renew(self._token)
            return self._token

    @contextmanager
    def _answer(self, request: Request, *, stream: bool = False) -> Iterator[httpx.Response]:
        """A successful answer; a refusal is raised after its body was read."""
        renewed = False
        attempt = 0
        while True:
            token = self.token if request.signed else None
            outcome = self._once(request, token, stream)
            if isinstance(outcome, httpx.Response):
                if outcome.is_success or outcome.status_code == SEE_OTHER:
                    break
                # Revoked early, or our clock is wrong: sign in again, once.
                refused = outcome.status_code == 401 and token is not None and not renewed
                if refused and self._drop(token):
                    renewed = True
                    continue
            wait_s = self._retry.wait_s(request, outcome, attempt, self._jitter)
            if wait_s is None:
                if isinstance(outcome, httpx.Response):
                    raise error_for(outcome)
                raise _failure(outcome) from outcome
            self._sleep(wait_s)
            attempt += 1
        try:
            yield outcome
        finally:
            outcome.close()

    def _once(
        self, request: Request, token: Token | None, stream: bool
    ) -> httpx.Response | httpx.TransportError:
        headers = {"Accept": request.accept, **request.headers}
        if token is not None:
            headers["Authorization"] = f"CWSAuth bearer={token.text}"
        built = self._http.build_request(
            request.method,
            request.path,
            params=request.query or None,
            json=request.json,
            data=request.form,
            headers=headers,
            timeout=httpx.Timeout(request.timeout_s or self._timeout_s, connect=CONNECT_TIMEOUT_S),
        )
        try:
            response = self._http.send(built, stream=True)
            return response if stream and response.is_success else _read(response)
        except httpx.TransportError as error:
            return error

    def _sign_in(self) -> Token:
        if self._credentials is None:
            raise BadAnswer("the client has neither a token nor credentials")
        return read_token(self.send(self._credentials.sign_in()), self._now())

    def _renew(self, token: Token) -> Token:
        """By refreshing; where that is refused, by signing in again."""
        try:
            return read_token(self.send(cvad.refresh_token(token.text)), self._now())
        except StatusError:
            if self._credentials is None:
                return token  # it may hold a little longer; the site will say
            return self._sign_in()

    def _drop(self, token: Token | None) -> bool:
        """Forget a refused token; False when no other can be had."""
        with self._token_lock:
            if self._credentials is None:
                return False
            if self._token == token:
                self._token = None
            return True


def _read(response: httpx.Response) -> httpx.Response:
    """The answer with its body read, within the limit."""
    pieces, size = [], 0
    try:
        for piece in response.iter_bytes():
            size += len(piece)
            if size > MAX_ANSWER_BYTES:
                raise BadAnswer(f"the answer is over {MAX_ANSWER_BYTES} bytes")
            pieces.append(piece)
    finally:
        response.close()
    headers = response.headers.copy()
    headers.pop("Content-Encoding", None)  # the pieces are decoded already
    return httpx.Response(
        response.status_code,
        headers=headers,
        content=b"".join(pieces),
        request=response.request,
    )


def _failure(error: httpx.TransportError) -> ConnectionFailed:
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
