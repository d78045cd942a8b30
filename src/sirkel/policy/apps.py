from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The policy room."""

    name = "sirkel.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
