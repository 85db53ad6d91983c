"""A libpam for tests, which speaks to a transaction as the real one does."""

from __future__ import annotations

import ctypes
from typing import Any

from footlight.agent import pam


class FakePam:
    """The functions of libpam that are used, by ctypes' own types. `script`: what modules ask in pam_authenticate;
    `codes`: what a step gives; `environment`: what pam_getenvlist tells."""

    def __init__(
        self,
        script: list[tuple[int, bytes]] | None = None,
        codes: dict[str, int] | None = None,
        environment: list[bytes] | None = None,
        user: bytes = b"pia",
    ) -> None:
        self.script = [(pam.PROMPT_HIDDEN, b"Password: ")] if script is None else script
        self.codes = codes or {}
        self.variables = environment or []
        self.user = user
        self.calls: list[tuple[str, Any]] = []
        self.heard: list[bytes | None] = []

    def pam_start(self, service: bytes, user: bytes, conversation: Any, handle: Any) -> int:
        self.calls.append(("start", (service, user)))
        self.conversation = ctypes.cast(conversation, ctypes.POINTER(pam.Conversation)).contents
        handle._obj.value = 4711
        return self.codes.get("start", 0)

    def pam_set_item(self, handle: Any, item: int, value: Any) -> int:
        self.calls.append(("item", item))
        return 0

    def pam_get_item(self, handle: Any, item: int, place: Any) -> int:
        place._obj.value = self.user
        return 0

    def pam_putenv(self, handle: Any, entry: bytes) -> int:
        self.calls.append(("putenv", entry))
        return 0

    def pam_strerror(self, handle: Any, code: int) -> bytes:
        return f"reason {code}".encode()

    def pam_authenticate(self, handle: Any, flags: int) -> int:
        self.calls.append(("authenticate", flags))
        for style, text in self.script:
            if self.ask((style, text)) != 0:
                return pam.CONVERSATION_ERROR
        return self.codes.get("authenticate", 0)

    def ask(self, *messages: tuple[int, bytes]) -> int:
        made = [pam.Message(style, text) for style, text in messages]
        pointers = (ctypes.POINTER(pam.Message) * len(made))(*map(ctypes.pointer, made))
        answers = ctypes.POINTER(pam.Response)()
        code = int(self.conversation.converse(len(made), pointers, ctypes.pointer(answers), None))
        for number in range(len(made) if code == 0 else 0):
            text = answers[number].text
            self.heard.append(None if text is None else ctypes.string_at(text))
            pam._libc.free(text)
        if code == 0:
            pam._libc.free(ctypes.cast(answers, ctypes.c_void_p))
        return code

    def pam_getenvlist(self, handle: Any) -> Any:
        if not self.variables:
            return None
        size = ctypes.sizeof(ctypes.c_void_p)
        array = pam._libc.calloc(len(self.variables) + 1, size)
        entries = ctypes.cast(array, ctypes.POINTER(ctypes.c_void_p))
        for number, entry in enumerate(self.variables):
            entries[number] = pam._libc.calloc(len(entry) + 1, 1)
            ctypes.memmove(entries[number], entry, len(entry))
        return entries

    def __getattr__(self, name: str) -> Any:
        step = name.removeprefix("pam_")

        def call(handle: Any, flags: int) -> int:
            self.calls.append((step, flags))
            return self.codes.get(step, 0)

        return call

    @property
    def steps(self) -> list[str]:
        return [name for name, _ in self.calls if name not in ("item", "putenv")]
