"""Refusals: what a verb answers when it must not or cannot do what was asked."""

from typing import Any


class Refused(Exception):  # noqa: N818 -- the house's word: a refusal is an answer, not a fault
    """A plain answer to somebody who asked for what cannot be done.

    Args:
        code: stable, dotted, for programs and tests (``"notes.too_long"``).
        message: what happened, in the reader's language (lazy text allowed), without content.
        hint: what the reader can do now; may be empty.
        status: the HTTP status that says the same.
        facts: further JSON-ready values for the asking page, never somebody's words but the asker's own.

    """

    status = 400

    def __init__(
        self,
        code: str,
        message: Any,
        hint: Any = "",
        *,
        status: int | None = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.hint = hint
        self.status = status or type(self).status
        self.facts = facts or {}


class NotAllowed(Refused):
    """The asker may not do this, or may not know whether it exists."""

    status = 403


class NotFound(Refused):
    """There is no such thing for this asker."""

    status = 404


class Conflict(Refused):
    """Somebody else was faster, or the same id came with other words."""

    status = 409


class Gone(Refused):
    """It was here and is over."""

    status = 410


class TooMany(Refused):
    """Too many tries; wait."""

    status = 429
