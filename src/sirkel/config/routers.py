"""Which database owns which table: practice, research, vault."""

from django.db.models import Model

OWNERS = {"research": "research", "vault": "vault"}


class ThreeOwners:
    """Send each room's tables to their owner and let no foreign key cross.

    A model may name another owner than its room with ``owner_database`` on the class
    (the vault's tables live in the research room but never in its database).
    """

    def _owner(self, model: type[Model]) -> str:
        named = getattr(model, "owner_database", None)
        return named or OWNERS.get(model._meta.app_label, "default")  # noqa: SLF001 -- Django's documented model API

    def db_for_read(self, model: type[Model], **_hints: object) -> str:
        """Name the database that holds the model."""
        return self._owner(model)

    def db_for_write(self, model: type[Model], **_hints: object) -> str:
        """Name the database that holds the model."""
        return self._owner(model)

    def allow_relation(self, left: Model, right: Model, **_hints: object) -> bool:
        """Allow a relation inside one database only."""
        # __class__, not type(): the signed-in person of a request comes wrapped in a lazy object.
        return self._owner(left.__class__) == self._owner(right.__class__)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: object) -> bool:
        """Migrate a table only in the database that owns it."""
        model = hints.get("model")
        if isinstance(model, type) and issubclass(model, Model):
            return self._owner(model) == db
        del model_name
        return OWNERS.get(app_label, "default") == db
