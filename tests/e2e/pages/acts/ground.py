"""What the acts of one role are done to: a session and a machine of the simulated fleet, and objects named after the
role, which the acts make as they need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

CVAD = "/cvad/manage"
OWN = "/footlight/v1"
PAGE_OF = {"limit": "250"}


@dataclass(frozen=True)
class Ground:
    """Seen by the administrator's client; nothing of it is another role's."""

    admin: httpx.Client
    role: str  # a word that names of its objects end in
    session_id: str
    machine_id: str

    def read(self, path: str, **query: str) -> Any:
        """The body of a 200."""
        answer = self.admin.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, method: str, path: str, body: object = None) -> Any:
        """Something that must succeed, whoever else may it; the body of the answer, if it has one."""
        answer = self.admin.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    @property
    def session(self) -> dict[str, Any]:
        """Our own view of the session."""
        return dict(self.read(f"{OWN}/sessions/{self.session_id}"))

    @property
    def machine(self) -> dict[str, Any]:
        """CVAD's view of the machine."""
        return dict(self.read(f"{CVAD}/Machines/{self.machine_id}"))

    def items(self, path: str) -> list[dict[str, Any]]:
        """All of one of CVAD's lists."""
        return list(self.read(f"{CVAD}/{path}", **PAGE_OF)["Items"])

    def named(self, what: str) -> dict[str, Any] | None:
        """The group, application, administrator ("DeliveryGroups", ...) that belongs to this role."""
        return self.among(self.items(what), what)

    def among(self, items: list[dict[str, Any]], what: str) -> dict[str, Any] | None:
        """The one of these that is of this role."""
        return next((one for one in items if _bare_name(one) == self.name(what)), None)

    def name(self, what: str) -> str:
        """Of that object; a machine's is shown in capitals."""
        return f"{what.rpartition('/')[2].lower()}-{self.role}"

    def path(self, what: str) -> str:
        """Where that object is."""
        return f"{CVAD}/{what}/{self.name(what)}"


def _bare_name(one: dict[str, Any]) -> str:
    name = one.get("Name") or one["User"]["Name"]
    return str(name).rpartition("\\")[2].lower()
