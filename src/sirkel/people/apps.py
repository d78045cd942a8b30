from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "sirkel.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer this room's places, make the words of its mails, and contribute to what somebody sees of their own data."""
        from sirkel.people.queries.own_parts import contribute_all  # noqa: PLC0415 -- models are ready only now
        from sirkel.people.queries.places import administration_places, offer  # noqa: PLC0415 -- models are ready only now
        from sirkel.people.tasks import compose  # noqa: PLC0415 -- models are ready only now

        offer(administration_places)
        compose()
        contribute_all()
