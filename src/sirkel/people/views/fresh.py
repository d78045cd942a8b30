"""A fresh sign-in before what cannot be undone (SEC-20)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from sirkel.kernel import clock
from sirkel.people.queries.factors import has_second_step, is_fresh, lacks_factor
from sirkel.people.views.asking import signed_in

View = Callable[..., HttpResponseBase]


def freshly_signed_in(view: View, *, page: str = "") -> View:
    """Let nobody on who did not sign in, or show again who they are, in the last ten minutes.

    A form that comes too late is not kept: its page (by name, when it is another one) is shown again after the
    sign-in, to be decided anew.
    """

    @wraps(view)
    @login_required
    def asked(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponseBase:
        if is_fresh(request.session) and not _owes_a_step(request):
            return view(request, *parts, **named)
        onward = urlencode({"next": reverse(page) if page else request.path})
        return redirect(f"{reverse('account_reauthenticate')}?{onward}")

    return asked


def _owes_a_step(request: HttpRequest) -> bool:
    """Tell whether a session lacks a second step that its person has: whoever reads the mail must not add another."""
    person = signed_in(request)
    return lacks_factor(person, request.session, at=clock.now()) and has_second_step(person)
