"""The mail server, with one thing more than Django's backend knows: whether a mail was already being handed over.

When the line breaks after the words were sent and before the server answered, nobody can know whether it took
them. When it breaks earlier, or the server says no, the mail was certainly not taken.
"""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Line(smtplib.SMTP):
    """A line to the mail server that remembers how far the present mail has come."""

    is_handing_over = False

    def mail(self, *given: Any, **more: Any) -> tuple[int, bytes]:
        """Begin a mail."""
        self.is_handing_over = False
        return super().mail(*given, **more)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over the words and wait for the answer."""
        self.is_handing_over = True
        try:
            answer = super().data(msg)
        except smtplib.SMTPDataError:
            self.is_handing_over = False
            raise
        self.is_handing_over = False
        return answer


class Backend(EmailBackend):
    """Send by SMTP."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The line that remembers."""
        return _Line

    @property
    def may_have_been_taken(self) -> bool:
        """Whether the fault just now left open what became of the mail."""
        return bool(getattr(self.connection, "is_handing_over", False))
