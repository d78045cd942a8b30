from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotAllowed, Refused
from sirkel.web.middleware import refusal


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose guard did not fit, without saying more than the sender can use."""
    del reason
    return refusal(
        request,
        NotAllowed(
            "form.guard",
            _("The page was too old or came from elsewhere."),
            _("Load the page again and send once more."),
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what could not be read at all: broken encoding, hundreds of fields, a host that is not ours."""
    del exception
    return refusal(
        request,
        Refused(
            "form.unreadable",
            _("We could not read what was sent"),
            _("Go back, load the page again and send once more."),
        ),
    )
