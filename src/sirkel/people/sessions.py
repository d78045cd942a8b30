"""Sessions kept in the database (SEC-05): sealed, found by their owner alone, and ended by deleting a row."""

import base64
import binascii
import json
import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from sirkel.kernel.sealing import blind, seal, unseal
from sirkel.people.models import Session

PURPOSE = "people.session"
# A session has no secret of its own that could be destroyed before its row is.
_NO_SECRET = b""


def owner_of(person_id: uuid.UUID | str) -> bytes:
    """Return the name (32 bytes) under which a person's sessions are found; it leads back to nobody."""
    return blind(str(person_id).encode(), secret=_NO_SECRET, purpose=PURPOSE)


class SessionStore(DatabaseStore):
    """Django's own sessions in the database, sealed, with the blinded name of their owner beside them."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table of sessions."""
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Seal what a session holds: sign-in codes and a new app's key are among it."""
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(seal(plain, secret=_NO_SECRET, purpose=PURPOSE)).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Open what a session holds; nothing when it was not sealed here."""
        try:
            plain = unseal(base64.b64decode(session_data, validate=True), secret=_NO_SECRET, purpose=PURPOSE)
        except binascii.Error:
            plain = None
        opened: dict[str, Any] = json.loads(plain) if plain else {}
        return opened

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for a state of the session."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 -- the model named above
        row.owner = owner_of(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return row
