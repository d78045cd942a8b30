"""What became of my note? Asked with the receipt alone: no account, no cookie, nothing kept of the asking.

The receipt comes in the body of a POST and stays out of every address, redirect and log. These forms carry
no CSRF guard, which would need a cookie: whoever could forge them would have to know the receipt, and
with it could ask here directly.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain.withdrawing import withdraw_by_receipt
from sirkel.circles.views.asking import address_of
from sirkel.kernel.errors import TooMany
from sirkel.kernel.limits import Limit, asker_of_address
from sirkel.policy.forms import ReceiptForm, in_groups
from sirkel.policy.queries.story import Story, story_of

GUESSES = Limit(name="receipts", most=20, within_seconds=15 * 60, wait_seconds=15 * 60)
_LANGUAGES = {code for code, _name in settings.LANGUAGES}
View = Callable[[HttpRequest], HttpResponse]


def in_chosen_language(view: View) -> View:
    """Answer in the language of ``?lang=``: the choice travels in the address, since there is no cookie here."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        if chosen not in _LANGUAGES:
            return view(request)
        with translation.override(chosen):
            response = view(request)
        response.headers["Content-Language"] = chosen
        return response

    return answer


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- the receipt proves who asks; no cookie is read
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
def receipt(request: HttpRequest) -> HttpResponse:
    """Ask for the receipt, or tell the story of its note."""
    if request.method != "POST":
        return _page(request, "policy/receipt.html", {"form": ReceiptForm()})
    form, story = _asked(request)
    if story is None:
        return _page(request, "policy/receipt.html", {"form": form}, status=_status(form))
    return _story(request, form, story)


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- the receipt proves who asks; no cookie is read
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
@in_chosen_language
def take_back(request: HttpRequest) -> HttpResponse:
    """Say what taking the note back does; once that is confirmed, do it and show the story anew."""
    form, story = _asked(request)
    if story is None:
        return _page(request, "policy/receipt.html", {"form": form}, status=_status(form))
    kept = form.cleaned_data["receipt"]
    if not story.can_take_back:
        return _story(request, form, story)
    if "sure" not in request.POST:
        return _page(request, "policy/receipt_take_back.html", {"story": story, "receipt": kept})
    withdraw_by_receipt(receipt=kept)
    return _story(request, form, story_of(kept) or story, is_just_done=True)


def _asked(request: HttpRequest) -> tuple[ReceiptForm, Story | None]:
    """Return the form and the story; a well-formed receipt that no note has counts as a guess.

    Raises:
        TooMany: ``receipts.many`` after 20 wrong receipts from one address within 15 minutes.

    """
    asker = asker_of_address(address_of(request))
    if GUESSES.must_wait(asker):
        raise TooMany(
            "receipts.many",
            _("Too many wrong receipts from this place."),
            _("Wait a quarter of an hour, then try again."),
        )
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return form, None
    story = story_of(form.cleaned_data["receipt"])
    if story is None:
        GUESSES.miss(asker)
        unknown = _("No note has this receipt. Check the signs, one by one.")
        form.add_error("receipt", ValidationError(unknown, code="unknown"))
    return form, story


def _status(form: ReceiptForm) -> int:
    return 404 if form.has_error("receipt", code="unknown") else 400


def _story(
    request: HttpRequest, form: ReceiptForm, story: Story, *, is_just_done: bool = False
) -> HttpResponse:
    kept = form.cleaned_data["receipt"]
    context = {
        "story": story,
        "receipt": kept,
        "receipt_in_groups": in_groups(kept),
        "is_just_done": is_just_done,
    }
    return _page(request, "policy/story.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    context["chosen_language"] = request.GET.get("lang", "") if request.GET.get("lang") in _LANGUAGES else ""
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
