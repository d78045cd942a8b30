"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, object]:
    """Return the languages and whether this is the demo."""
    return {"LANGUAGES": settings.LANGUAGES, "is_demo": settings.DEMO}
