from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The wiring: commands that need every room."""

    name = "sirkel.config"
    label = "config"

    def ready(self) -> None:
        """Let `manage check --deploy` know what a production start asks for."""
        from sirkel.config import production  # noqa: F401, PLC0415 -- the checks register themselves
