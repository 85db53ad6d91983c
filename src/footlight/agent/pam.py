"""One PAM transaction, through libpam by ctypes. Standard library only: keepers use it.

There are bindings on PyPI (python-pam, pamela); they authenticate and are done, keep the password in strings that
nothing can wipe, and would have to be imported by each keeper. Source: pam(3) and its pages, <security/_pam_types.h>.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SUCCESS, BUFFER_ERROR, CONVERSATION_ERROR = 0, 5, 19
NEW_PASSWORD_REQUIRED, ACCOUNT_EXPIRED = 12, 13
PROMPT_HIDDEN, PROMPT_SHOWN, ERROR_TEXT, INFO_TEXT = 1, 2, 3, 4
ITEM_USER, ITEM_TTY, ITEM_REMOTE_HOST, ITEM_FAIL_DELAY = 2, 3, 4, 10
ESTABLISH, DELETE, SILENT, NO_EMPTY_PASSWORD = 0x2, 0x4, 0x8000, 0x1
TTY = b"footlight"
MOST_MESSAGES = 32
LONGEST_WORDS = 200
MOST_VARIABLES = 256
LONGEST_VARIABLE = 32 * 1024


class Message(ctypes.Structure):
    """struct pam_message."""

    _fields_ = (("style", ctypes.c_int), ("text", ctypes.c_char_p))


class Response(ctypes.Structure):
    """struct pam_response. libpam frees `text` and the array."""

    _fields_ = (("text", ctypes.c_void_p), ("code", ctypes.c_int))


CONVERSE = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_int,
    ctypes.POINTER(ctypes.POINTER(Message)),
    ctypes.POINTER(ctypes.POINTER(Response)),
    ctypes.c_void_p,
)
DELAY = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)


class Conversation(ctypes.Structure):
    """struct pam_conv."""

    _fields_ = (("converse", CONVERSE), ("data", ctypes.c_void_p))


class PamFailed(Exception):
    """A step of the transaction did not succeed: PAM's number of the reason, and words for people."""

    def __init__(self, step: str, code: int, words: str) -> None:
        super().__init__(f"{step}: {words}")
        self.step = step
        self.code = code
        self.words = words


def load_library() -> Any:
    """libpam, with its functions' types. Raises OSError where there is none."""
    library = ctypes.CDLL(ctypes.util.find_library("pam") or "libpam.so.0")
    handle, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    library.pam_start.argtypes = [text, text, ctypes.c_void_p, ctypes.c_void_p]
    library.pam_strerror.argtypes = [handle, number]
    library.pam_strerror.restype = text
    library.pam_set_item.argtypes = [handle, number, ctypes.c_void_p]
    library.pam_get_item.argtypes = [handle, number, ctypes.c_void_p]
    library.pam_putenv.argtypes = [handle, text]
    library.pam_getenvlist.argtypes = [handle]
    library.pam_getenvlist.restype = ctypes.POINTER(ctypes.c_void_p)
    for name in ("authenticate", "acct_mgmt", "setcred", "open_session", "close_session", "end"):
        getattr(library, f"pam_{name}").argtypes = [handle, number]
    return library


_libc = ctypes.CDLL(None)
_libc.calloc.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
_libc.calloc.restype = ctypes.c_void_p
_libc.free.argtypes = [ctypes.c_void_p]
_libc.free.restype = None


class Transaction:
    """From pam_start to pam_end. `secret` is the password, which is given once, to the first hidden prompt, and wiped;
    every other prompt is refused. `refusal` says then what was asked for."""

    def __init__(
        self,
        library: Any,
        service: str,
        user: str,
        secret: bytearray | None = None,
        address: str = "",
    ) -> None:
        """Raises PamFailed."""
        self.refusal = ""
        self._library = library
        self._secret = secret
        self._handle = ctypes.c_void_p()
        self._begun: list[str] = []  # what is to be undone
        self._status = SUCCESS
        # Kept here, or they would be collected while libpam holds them.
        self._converse = CONVERSE(self._answer)
        self._conversation = Conversation(self._converse, None)
        self._no_delay = DELAY(lambda *_: None)
        code = library.pam_start(
            *(service.encode(), user.encode()),
            *(ctypes.byref(self._conversation), ctypes.byref(self._handle)),
        )
        if code != SUCCESS:
            raise PamFailed("start", code, "PAM can't be used")
        self._items = [TTY, address.encode()]
        library.pam_set_item(self._handle, ITEM_TTY, self._items[0])
        if address:
            library.pam_set_item(self._handle, ITEM_REMOTE_HOST, self._items[1])
        # The site has delays and lock-outs of its own; a sleep in here would only hold up the others.
        library.pam_set_item(
            self._handle, ITEM_FAIL_DELAY, ctypes.cast(self._no_delay, ctypes.c_void_p)
        )

    def authenticate(self) -> None:
        """Check the password, which is wiped then. Raises PamFailed."""
        try:
            self._do("authenticate", SILENT | NO_EMPTY_PASSWORD)
        finally:
            self._wipe()

    def check_account(self) -> None:
        """Whether the account may be used now; counters of failures are reset by it. Raises PamFailed."""
        self._do("acct_mgmt", SILENT | NO_EMPTY_PASSWORD)

    def user(self) -> str:
        """Whom the transaction is about by now: modules may change it."""
        found = ctypes.c_char_p()
        self._library.pam_get_item(self._handle, ITEM_USER, ctypes.byref(found))
        return (found.value or b"").decode(errors="replace")

    def open(self) -> None:
        """Establish the credentials and open the session. Raises PamFailed."""
        for entry in (b"XDG_SESSION_TYPE=x11", b"XDG_SESSION_CLASS=user"):
            self._library.pam_putenv(self._handle, entry)
        self._do("setcred", ESTABLISH | SILENT)
        self._begun.append("setcred")
        self._do("open_session", SILENT)
        self._begun.append("open_session")

    def environment(self) -> dict[str, str]:
        """What modules want in the session's environment."""
        entries = self._library.pam_getenvlist(self._handle)
        found: dict[str, str] = {}
        place = 0
        while entries and entries[place]:
            name, equals, value = ctypes.string_at(entries[place]).partition(b"=")
            if equals and name and len(value) <= LONGEST_VARIABLE and len(found) < MOST_VARIABLES:
                found[os.fsdecode(name)] = os.fsdecode(value)
            _libc.free(entries[place])
            place += 1
        if entries:
            _libc.free(ctypes.cast(entries, ctypes.c_void_p))
        return found

    def end(self) -> None:
        """Close the session, delete the credentials, and end the transaction. Safe to call twice."""
        self._wipe()
        if not self._handle.value:
            return
        if "open_session" in self._begun:
            self._status = self._library.pam_close_session(self._handle, SILENT)
        if "setcred" in self._begun:
            self._library.pam_setcred(self._handle, DELETE | SILENT)
        self._library.pam_end(self._handle, self._status)
        self._handle = ctypes.c_void_p()

    def _do(self, step: str, flags: int) -> None:
        self._status = getattr(self._library, f"pam_{step}")(self._handle, flags)
        if self._status != SUCCESS:
            words = self._library.pam_strerror(self._handle, self._status) or b"no reason"
            raise PamFailed(step, self._status, words.decode(errors="replace"))

    def _wipe(self) -> None:
        if self._secret is not None:
            self._secret[:] = bytes(len(self._secret))
            self._secret = None

    def _answer(self, count: int, messages: Any, responses: Any, _: Any) -> int:
        """pam_conv(3). Nothing may be raised through libpam."""
        if not 0 < count <= MOST_MESSAGES:
            return CONVERSATION_ERROR
        asked = [messages[number].contents for number in range(count)]
        prompts = [one for one in asked if one.style not in (ERROR_TEXT, INFO_TEXT)]
        if prompts and not (len(prompts) == 1 and self._is_for_the_secret(prompts[0])):
            text = (prompts[-1].text or b"").decode(errors="replace").strip()
            self.refusal = text[:LONGEST_WORDS] or "something more"
            return CONVERSATION_ERROR
        array = _libc.calloc(count, ctypes.sizeof(Response))
        if not array:
            return BUFFER_ERROR
        answers = ctypes.cast(array, ctypes.POINTER(Response))
        for number, one in enumerate(asked):
            if one in prompts:
                answers[number].text = self._given()
        responses[0] = answers
        return SUCCESS

    def _is_for_the_secret(self, message: Message) -> bool:
        return message.style == PROMPT_HIDDEN and self._secret is not None

    def _given(self) -> int:
        """The password in memory that libpam frees; it is given once."""
        secret = self._secret or bytearray()
        place: int = _libc.calloc(len(secret) + 1, 1)
        view = (ctypes.c_char * len(secret)).from_buffer(secret) if secret else b""
        ctypes.memmove(place, view, len(secret))
        del view
        self._wipe()
        return place
