from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people room."""

    name = "sirkel.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
