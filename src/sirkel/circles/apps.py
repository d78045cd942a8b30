from django.apps import AppConfig


class CirclesConfig(AppConfig):
    """The circles room."""

    name = "sirkel.circles"
    label = "circles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the live streams about the surfaces of a meeting, and begin to send what is published."""
        from sirkel.circles import checks  # noqa: F401, PLC0415 -- registers itself, and needs the models
        from sirkel.circles.queries.keeping import circle_place, circle_places_of  # noqa: PLC0415 -- models are ready only now
        from sirkel.circles.queries.own_data import contribute_all  # noqa: PLC0415 -- models are ready only now
        from sirkel.circles.queries.places import circle_places  # noqa: PLC0415 -- models are ready only now
        from sirkel.circles.tasks import listen  # noqa: PLC0415 -- models are ready only now
        from sirkel.circles.views.surface import register  # noqa: PLC0415 -- models are ready only now
        from sirkel.people.queries.holds import know_circles  # noqa: PLC0415 -- models are ready only now
        from sirkel.people.queries.places import offer  # noqa: PLC0415 -- models are ready only now

        contribute_all()
        know_circles(circle_place, circle_places_of)
        register()
        listen()
        offer(circle_places)
