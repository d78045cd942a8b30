"""A fresh sign-in before what cannot be undone (SEC-20)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from sirkel.people.queries.factors import is_fresh

View = Callable[..., HttpResponseBase]


def freshly_signed_in(view: View, *, page: str = "") -> View:
    """Let nobody on who did not sign in, or show again who they are, in the last ten minutes.

    A form that comes too late is not kept: its page (by name, when it is another one) is shown again after the
    sign-in, to be decided anew.
    """

    @wraps(view)
    @login_required
    def asked(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponseBase:
        if is_fresh(request.session):
            return view(request, *parts, **named)
        onward = urlencode({"next": reverse(page) if page else request.path})
        return redirect(f"{reverse('account_reauthenticate')}?{onward}")

    return asked
