from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The network room."""

    name = "sirkel.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to hear what circles let out of their rooms, and offer this room's places."""
        from sirkel.network.domain.listening import listen  # noqa: PLC0415 -- models are loaded only now
        from sirkel.network.queries.places import network_places  # noqa: PLC0415 -- models are loaded only now
        from sirkel.people.queries.places import offer  # noqa: PLC0415 -- models are loaded only now

        listen()
        offer(network_places)
