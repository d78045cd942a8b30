from django.apps import AppConfig


class ResearchConfig(AppConfig):
    """The research room."""

    name = "sirkel.research"
    label = "research"
    default_auto_field = "django.db.models.BigAutoField"
