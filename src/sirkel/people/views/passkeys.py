"""Passkeys: adding one, and showing one as the second step or again."""

import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from sirkel.people.domain.sessions import keep_change
from sirkel.people.queries.factors import factors_of
from sirkel.people.views.asking import signed_in


def keep_shown(request: HttpRequest, factor: Authenticator) -> None:
    """Keep in the session, under a new key, that it added a factor just now, and has shown it by that."""
    record_authentication(request, signed_in(request), "mfa", id=factor.pk, type=factor.type)
    keep_change(request.session)
    request.session.cycle_key()


def with_options(context: dict[str, Any]) -> dict[str, Any]:
    """Add what the page's script hands to the browser, as text for an attribute."""
    given = context.get("js_data", {})
    return {
        **context,
        "options": json.dumps(given.get("creation_options") or given.get("request_options") or {}),
    }


class AddPasskey(AddWebAuthnView):
    """Let a device make a passkey."""

    template_name = "people/add_passkey.html"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add what the browser is asked."""
        return {**with_options(super().get_context_data(**given)), **given}

    def form_valid(self, form: Any) -> HttpResponse:
        """Add the passkey, and let this session have shown it."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
        passkeys = Authenticator.objects.filter(
            user=signed_in(self.request), type=Authenticator.Type.WEBAUTHN
        )
        keep_shown(self.request, passkeys.latest("id"))
        return response


class SecondStep(AuthenticateView):
    """Ask for the second step when signing in."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add what the browser is asked, and which second steps this person has."""
        kinds = {factor.type for factor in factors_of(self.stage.login.user)}
        return {**with_options(super().get_context_data(**given)), "kinds": kinds}


class AgainByPasskey(ReauthenticateWebAuthnView):
    """Ask for a passkey again."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add what the browser is asked."""
        return with_options(super().get_context_data(**given))


@login_required
def again_by_passkey(request: HttpRequest) -> HttpResponseBase:
    """Ask for a passkey again; whoever has none is asked for what they have."""
    if Authenticator.Type.WEBAUTHN not in {factor.type for factor in factors_of(signed_in(request))}:
        return redirect("account_reauthenticate")
    return AgainByPasskey.as_view()(request)
