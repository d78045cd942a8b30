from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel room."""

    name = "sirkel.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
