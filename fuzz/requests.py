"""Seeded malformed requests to a real site: no 5xx, every refusal in the wire's model, nothing of the inside told.

    python fuzz/requests.py --count 100000 --seed 1

It starts a site of its own with simulated hosts and sends requests spread evenly over every route and method:
half with an administrator's token, a quarter with that of an account without rights, a quarter with a bad one or none.
Each is wrong in one to three ways (malformed.py). At the end it prints what came back, and ends with 1 when
something was not as it must be; `--only NUMBER` sends one request of the series again and prints it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import malformed
import psutil
from malformed import Draft, Target
from odd_values import TOKENS

CONNECTIONS = 6
SIMULATED = "5,40"  # hosts and sessions, so that requests find something
START_S = 60
ANSWER_S = 40
GROWTH_LIMIT_BYTES = 150 * 1024 * 1024
WARM_AFTER = 2000  # requests, before memory is compared
MAX_FAULTS = 25
SPARE_TOKENS = 8
# What makes the site fail on purpose.
LEFT_OUT = re.compile(r"/simulation|/faults")
SIGNS_OUT = re.compile(r"/sign-out$|DELETE .*/tokens$")
NOT_LISTED = re.compile(r"accounts|Administrators|Identity|/assets|/events")
# What no answer may hold: where code lies, what it is called, what it asks the database.
INSIDE = re.compile(
    rb"Traceback|File \"|site-packages|/src/|\.py\b|sqlite|psycopg|asyncpg|sqlalchemy|SELECT .* FROM|INSERT INTO"
    rb"|litestar|uvicorn|msgspec|pydantic|footlight\.\w+|<class |<function | object at 0x|Errno"
    rb"|/usr/|/root/|/home/|/tmp/",
    re.IGNORECASE,
)
MODEL = {"ErrorMessage", "SdkErrorId", "ErrorType", "type", "detail", "parameters"}
WHO = ("administrator", "administrator", "limited", "bad or none")


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is None where it was not read (a stream)."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes | None


@dataclass
class Site:
    """The site under test and the tokens to use on it."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int
    password: str
    tokens: dict[str, list[bytes]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)  # of what its lists show

    def resident(self) -> int:
        """Bytes of memory that the server holds."""
        return int(psutil.Process(self.process.pid).memory_info().rss)


@dataclass
class Report:
    """What was sent and what came of it."""

    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    by_who: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)  # by who
    by_target: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    memory: list[int] = field(default_factory=list)


class Connection:
    """A kept connection that is opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, raw: bytes, *, head_only: bool) -> Answer | None:
        """The answer; None when the server closed the connection without one."""
        for attempt in range(2):
            fresh = self._writer is None
            if fresh:
                self._reader, self._writer = await asyncio.open_connection(
                    "127.0.0.1", self._port, limit=2**24
                )
            try:
                answer = await self._exchange(raw, head_only)
            except (ConnectionError, asyncio.IncompleteReadError):
                answer = None
            if answer is None:
                self.close()
                if fresh or attempt:
                    return None  # a kept one may have been closed in between: once more
                continue
            if answer.body is None or answer.headers.get(b"connection", b"").lower() == b"close":
                self.close()
            return answer
        return None

    async def _exchange(self, raw: bytes, head_only: bool) -> Answer | None:
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(raw)
        head = b"HTTP/1.1 100 "
        while head.split()[1] == b"100":
            head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in lines[1:] if line)
        }
        status = int(lines[0].split()[1])
        if headers.get(b"content-type", b"").startswith(b"text/event-stream"):
            return Answer(status, headers, None)
        if head_only or status in (204, 304):
            return Answer(status, headers, b"")
        if headers.get(b"transfer-encoding") == b"chunked":
            return Answer(status, headers, await self._chunks())
        body = await self._reader.readexactly(int(headers.get(b"content-length", b"0")))
        return Answer(status, headers, body)

    async def _chunks(self) -> bytes:
        assert self._reader is not None
        found = b""
        while size := int((await self._reader.readuntil(b"\r\n")).strip(), 16):
            found += await self._reader.readexactly(size + 2)
        await self._reader.readuntil(b"\r\n")
        return found

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def request_of(number: int, seed: int, all_targets: list[Target], site: Site | None) -> Any:
    """(target, kinds of wrong, who, the draft) of a number in the series."""
    rng = random.Random(f"{seed}/{number}")
    target = all_targets[number % len(all_targets)]
    who = WHO[(number // len(all_targets)) % len(WHO)]
    made = malformed.draft(target, rng, site.names if site is not None else ())
    kinds = rng.sample(list(malformed.KINDS), rng.choice((1, 1, 2, 3)))
    for kind in kinds:
        malformed.spoil(made, kind, target, rng)
    if who == "bad or none":
        if rng.random() < 0.8:
            made.headers.append((b"Authorization", rng.choice(TOKENS)))
    elif site is not None:
        # What signs out does so with a spare one; some of those are dead by then.
        spare = rng.randrange(1, len(site.tokens[who])) if SIGNS_OUT.search(str(target)) else 0
        token = site.tokens[who][spare]
        spelled = rng.choice((b"CWSAuth bearer=", b"Bearer ", b"CwsAuth Bearer="))
        made.headers.insert(0, (b"Authorization", spelled + token))
    return target, kinds, who, made


def judge(target: Target, made: Draft, answer: Answer | None) -> list[str]:
    """What is wrong with the answer."""
    if answer is None:
        return ["no answer"]
    found = []
    if answer.status >= 500 and answer.status not in target.told:
        found.append(f"status {answer.status}")
    if b"citrix-transactionid" not in answer.headers:
        found.append("no transaction id")
    if answer.status >= 400 and answer.body and not _in_model(target, answer):
        found.append(f"status {answer.status} not in the model: {answer.body[:200]!r}")
    if answer.status >= 400 and made.method != b"HEAD" and answer.body == b"":
        found.append(f"status {answer.status} without a body")
    leak = INSIDE.search(answer.body or b"") if answer.status >= 400 else None
    if leak is not None and leak.group().lower() not in made.raw().lower():
        found.append(f"tells of the inside: {leak.group()!r} in {(answer.body or b'')[:300]!r}")
    return found


def _in_model(target: Target, answer: Answer) -> bool:
    if not answer.headers.get(b"content-type", b"").startswith(b"application/json"):
        return False
    try:
        body = json.loads(answer.body or b"")
    except ValueError:
        return False
    if not isinstance(body, dict):
        return False
    if target.path.startswith("/cctrustoauth2/") and set(body) == {"error", "error_description"}:
        return True
    return set(body) >= MODEL and isinstance(body["parameters"], list) and bool(body["SdkErrorId"])


async def run(site: Site, count: int, seed: int, until: float) -> Report:
    """Send them all, or as many as there is time for."""
    report = Report()
    all_targets = malformed.targets(LEFT_OUT)
    numbers = iter(range(count))

    async def work() -> None:
        connection = Connection(site.port)
        for number in numbers:
            if time.monotonic() > until or len(report.faults) >= MAX_FAULTS:
                break
            await _one(site, connection, report, number, seed, all_targets)
            if number % 500 == 0:
                report.memory.append(site.resident())
        connection.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    for who, tokens in site.tokens.items():
        if not await _is_good(site, tokens[0]):
            report.faults.append(
                f"the {who}'s tokens are dead: the requests since then said little"
            )
    return report


async def _one(
    site: Site,
    connection: Connection,
    report: Report,
    number: int,
    seed: int,
    targets: list[Target],
) -> None:
    target, kinds, who, made = request_of(number, seed, targets, site)
    began = time.monotonic()
    try:
        async with asyncio.timeout(ANSWER_S):
            answer = await connection.ask(made.raw(), head_only=made.method == b"HEAD")
        found = judge(target, made, answer)
    except TimeoutError:
        connection.close()
        answer, found = None, [f"no answer within {ANSWER_S} s"]
    report.slowest_s = max(report.slowest_s, time.monotonic() - began)
    group = f"{answer.status // 100}xx" if answer else "none"
    for kind in kinds:
        report.by_kind.setdefault(kind, Counter())[group] += 1
    report.by_who[who] += 1
    report.statuses.setdefault(who, Counter())[str(answer.status) if answer else "none"] += 1
    report.by_target[str(target)] += 1
    report.faults += [
        f"--only {number}: {target} ({', '.join(kinds)}; {who}): {one}" for one in found
    ]
    if answer is not None and answer.status == 401 and who != "bad or none":
        await _renew(site, who)


async def _renew(site: Site, who: str) -> None:
    """The token may be dead because a request of ours signed it out: on to the next."""
    tokens, first = site.tokens[who], site.tokens[who][0]
    if not await _is_good(site, first) and len(tokens) > 2 and tokens[0] == first:
        tokens.pop(0)


async def _is_good(site: Site, token: bytes) -> bool:
    connection = Connection(site.port)
    raw = Draft(b"GET", b"/cvad/manage/me", [(b"Authorization", b"Bearer " + token)]).raw()
    answer = await connection.ask(raw, head_only=False)
    connection.close()
    return answer is not None and answer.status == 200


async def _sign_in(port: int, name: str, password: str) -> bytes:
    basic = b64encode(f"{name}:{password}".encode())
    connection = Connection(port)
    raw = Draft(b"POST", b"/cvad/manage/tokens", [(b"Authorization", b"Basic " + basic)]).raw()
    answer = await connection.ask(raw, head_only=False)
    connection.close()
    if answer is None or answer.status != 200 or answer.body is None:
        raise SystemExit(f"cannot sign in as {name}: {answer}")
    return str(json.loads(answer.body)["Token"]).encode()


async def prepare(site: Site, spare: int) -> None:
    """Tokens of the administrator and of an account without rights, enough for those that are signed out."""
    first = await _sign_in(site.port, "admin", site.password)
    body = json.dumps({"name": "limited", "password": "a long secret"}).encode()
    made = Draft(
        b"POST", b"/footlight/v1/accounts", [(b"Authorization", b"Bearer " + first)], body=body
    )
    connection = Connection(site.port)
    answer = await connection.ask(made.raw(), head_only=False)
    connection.close()
    if answer is None or answer.status != 201:
        raise SystemExit(f"cannot make an account: {answer}")
    site.tokens["administrator"] = [first] + [
        await _sign_in(site.port, "admin", site.password) for _ in range(spare)
    ]
    site.tokens["limited"] = [
        await _sign_in(site.port, "limited", "a long secret") for _ in range(spare)
    ]
    await look_around(site)


async def look_around(site: Site) -> None:
    """Names and ids of what the site's lists show, but not of accounts: those are the callers."""
    connection = Connection(site.port)
    signed = [(b"Authorization", b"Bearer " + site.tokens["administrator"][0])]
    for target in malformed.targets(LEFT_OUT):
        if target.method != "GET" or "{" in target.path or NOT_LISTED.search(target.path):
            continue
        answer = await connection.ask(
            Draft(b"GET", target.path.encode(), signed).raw(), head_only=False
        )
        try:
            body = json.loads(answer.body or b"{}") if answer is not None else {}
        except ValueError:
            continue  # a page
        items = body.get("Items", body.get("items", [])) if isinstance(body, dict) else []
        for item in (one for one in items[:3] if isinstance(one, dict)):
            shown = (item.get(name) for name in ("Id", "Name", "id", "name"))
            site.names += [one for one in shown if isinstance(one, str) and one]
    connection.close()


def start(options: list[str]) -> Site:
    """A site of our own in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-fuzz-"))
    ready = folder / "ready.json"
    command = [
        *(
            sys.executable,
            "-m",
            "footlight",
            "up",
            "--data-dir",
            str(folder / "data"),
            "--no-agent",
        ),
        *("--listen", "127.0.0.1:0", "--tls", "off", "--ready-file", str(ready), *options),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    deadline = time.monotonic() + START_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise SystemExit((folder / "log").read_text()[-2000:])
        time.sleep(0.05)
    facts = json.loads(ready.read_text())
    port = int(facts["base_url"].rpartition(":")[2].strip("/"))
    return Site(folder, process, port, facts["admin_password"])


def stop(site: Site) -> tuple[int, list[str]]:
    """The exit code of a clean end, and what the log says of faults."""
    site.process.send_signal(signal.SIGTERM)
    try:
        code = site.process.wait(30)
    except subprocess.TimeoutExpired:
        site.process.kill()
        code = site.process.wait()
    lines = (site.folder / "log").read_text(errors="replace").splitlines()
    shutil.rmtree(site.folder)
    return code, [line for line in lines if "request failed" in line or "Traceback" in line]


def print_report(report: Report, seconds: float) -> None:
    """Tables for people."""
    total = sum(report.by_who.values())
    spread = sorted(report.by_target.values())
    groups = ("2xx", "3xx", "4xx", "5xx", "none")
    print(
        f"{total} requests in {seconds:.0f} s ({total / seconds:.0f} a second), slowest {report.slowest_s:.2f} s"
    )
    print(f"{len(spread)} routes and methods, {spread[0]} to {spread[-1]} requests each")
    print("who: " + ", ".join(f"{who} {n / total:.1%}" for who, n in report.by_who.most_common()))
    for who, counts in sorted(report.statuses.items()):
        print(f"{who}: " + ", ".join(f"{n} x {status}" for status, n in sorted(counts.items())))
    print(f"{'what is wrong':20}" + "".join(f"{group:>8}" for group in groups))
    for kind, counts in sorted(report.by_kind.items()):
        print(f"{kind:20}" + "".join(f"{counts[group]:8}" for group in groups))
    first, last = report.memory[min(len(report.memory) - 1, WARM_AFTER // 500)], report.memory[-1]
    print(
        f"memory: {first >> 20} MiB warm, {last >> 20} MiB at the end, {max(report.memory) >> 20} MiB at most"
    )


def main() -> int:
    """Exit code: 0 when every answer was as it must be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=7200, help="stop after this long")
    parser.add_argument("--only", type=int, help="send this one and print it")
    parser.add_argument("options", nargs="*", help="more options for footlight up, after --")
    asked = parser.parse_args()
    site = start(asked.options)
    try:
        if asked.only is not None:
            return asyncio.run(_again(site, asked.only, asked.seed))
        asyncio.run(prepare(site, max(4, min(60, asked.count // 500))))
        began = time.monotonic()
        report = asyncio.run(run(site, asked.count, asked.seed, began + asked.seconds))
        seconds = time.monotonic() - began
        print_report(report, seconds)
    finally:
        code, said = stop(site)
    growth = report.memory[-1] - report.memory[min(len(report.memory) - 1, WARM_AFTER // 500)]
    if growth > GROWTH_LIMIT_BYTES:
        report.faults.append(f"memory grew by {growth >> 20} MiB")
    report.faults += [f"the log: {line[:300]}" for line in said[:5]]
    if code != 0:
        report.faults.append(f"the site ended with {code}")
    print("\n".join(report.faults) or "nothing wrong")
    return 1 if report.faults else 0


async def _again(site: Site, number: int, seed: int) -> int:
    await prepare(site, 1)
    target, kinds, who, made = request_of(number, seed, malformed.targets(LEFT_OUT), site)
    answer = await Connection(site.port).ask(made.raw(), head_only=made.method == b"HEAD")
    print(f"{target} ({', '.join(kinds)}; {who})\n{made.raw()[:3000]!r}\n\n{answer}")
    return 1 if judge(target, made, answer) else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
