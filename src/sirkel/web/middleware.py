"""What every answer goes through: headers that close doors, and refusals as one plain page or JSON shape."""

from collections.abc import Callable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Refused

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# What a browser may want a page of ours for: to show it, to read it by script, to run it beside the pages, to install it.
_PLACES = ("", "empty", "document", "serviceworker", "manifest")
type_of_answer = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeaders:
    """Set what Django has no setting for; keep every page but static files out of caches."""

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers added."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Methods:
    """Turn away every method that no page of ours knows, before any page is chosen: TRACE, CONNECT, made-up ones."""

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the page does, which knows its own methods among ``METHODS``."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class InItsPlace:
    """Show what we answer where it belongs alone: as a page of its own, or to our own scripts.

    A browser says what it wants an answer for (Fetch Metadata). Nothing but static files is a script, a style or a part of
    a page, so whoever wants one from elsewhere would render words out of their place; and a page of another site may lead
    here, but not look inside. Programs, and browsers that say nothing, are answered as before.
    """

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the page does, or with 403 and nothing in it."""
        wanted = request.headers.get("Sec-Fetch-Dest", "")
        is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
        is_led = wanted == "document" and request.headers.get("Sec-Fetch-Mode", "") == "navigate"
        if wanted not in _PLACES or not (is_ours or is_led):
            return HttpResponseForbidden()
        return self.get_response(request)


class Refusals:
    """Show a ``Refused`` as JSON to programs and as one plain page to people."""

    def __init__(self, get_response: type_of_answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the page does; turn a body away unread that is larger than anything we take in."""
        if is_too_large(request):
            return refusal(
                request,
                Refused(
                    "form.too_large",
                    _("That was too large to send"),
                    _("Send less at a time, or a smaller file. Nothing was saved."),
                    status=413,
                ),
            )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; let everything else through."""
        if isinstance(exception, Refused):
            return refusal(request, exception)
        return None


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether a body is larger than any form of ours, files or not: no page takes files in."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most is not None and said.isascii() and said.isdigit() and int(said) > most


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the asker is a program (or our own script) and not a page."""
    return "application/json" in request.headers.get("Accept", "")


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Return the answer for a refusal in the shape the asker reads."""
    if wants_json(request):
        body = {
            "code": refused.code,
            "message": str(refused.message),
            "hint": str(refused.hint),
            **refused.facts,
        }
        return JsonResponse(body, status=refused.status)
    return render(request, "refused.html", {"refused": refused}, status=refused.status)
