"""What somebody keeps on their own phone for places without network: the page, its worker and its manifest.

The page is the same for everybody and knows nobody: what is kept stands in the browser alone, sealed.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the page that opens without network."""
    return render(request, "circles/keep/page.html")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the script that answers for that page; its address is what it may answer for."""
    return render(request, "circles/keep/worker.js", content_type="text/javascript; charset=utf-8")


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say how the page looks as an app on a home screen."""
    home = reverse("circles:keep")
    said = {
        "id": home,
        "start_url": home,
        "scope": home,
        "name": _("Sirkel: on this phone"),
        "short_name": "Sirkel",
        "lang": get_language(),
        "display": "standalone",
        "background_color": "#faf8f4",
        "theme_color": "#faf8f4",
        "icons": [{"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")
