from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """One browser's session. Its data is sealed, also from whoever reads the database.

    ``owner`` finds the sessions of a person without saying whose they are: a name made with the installation's key.
    None before signing in. Deleting the row ends the session.
    """

    owner = models.BinaryField(max_length=32, null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """Return what reads and writes these rows."""
        from sirkel.people.sessions import SessionStore  # noqa: PLC0415 -- which imports this model

        return SessionStore
