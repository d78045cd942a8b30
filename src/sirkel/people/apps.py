from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "sirkel.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer this room's places, make its mails' words, give out one's own data, and listen to django-allauth."""
        from sirkel.people import factors  # noqa: F401, PLC0415 -- connects its receivers
        from sirkel.people.queries.own_parts import contribute_all  # noqa: PLC0415 -- models are ready only now
        from sirkel.people.queries.places import administration_places, offer  # noqa: PLC0415 -- models are ready only now
        from sirkel.people.tasks import compose  # noqa: PLC0415 -- models are ready only now

        offer(administration_places)
        compose()
        contribute_all()
