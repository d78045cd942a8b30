from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring: commands that need every room."""

    name = "sirkel.config"
    label = "config"
