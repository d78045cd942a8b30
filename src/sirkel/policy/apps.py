from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The policy room."""

    name = "sirkel.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer this room's places."""
        from sirkel.people.queries.places import offer  # noqa: PLC0415 -- models are loaded only now
        from sirkel.policy.queries.own_data import contribute_all  # noqa: PLC0415 -- models are loaded only now
        from sirkel.policy.queries.places import policy_places  # noqa: PLC0415 -- models are loaded only now

        contribute_all()
        offer(policy_places)
