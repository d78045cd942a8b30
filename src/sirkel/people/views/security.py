"""How somebody signs in: what they have for it, adding and removing it, and showing again who they are."""

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.base.views import reauthenticate
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.exchange.qr import qr_drawing
from sirkel.kernel import clock
from sirkel.people.domain.demo import safe_next
from sirkel.people.domain.factors import begin_counting
from sirkel.people.domain.sessions import has_just_changed, keep_change, open_sessions
from sirkel.people.domain.sign_in_changes import tell
from sirkel.people.enums import SignInChange
from sirkel.people.queries.factors import (
    codes_left,
    factors_of,
    has_factor,
    has_second_step,
    lacks_factor,
    must_have_factor,
)
from sirkel.people.queries.identities import services_of, steps_of
from sirkel.people.views.asking import signed_in
from sirkel.people.views.passkeys import keep_shown


@require_safe
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Show what somebody signs in with."""
    person, at = signed_in(request), clock.now()
    sessions = open_sessions(person, this=request.session.session_key)
    context = {
        "factors": factors_of(person),
        "has_app": any(factor.type == Authenticator.Type.TOTP for factor in factors_of(person)),
        "codes_left": codes_left(person),
        "sessions": sessions,
        "others": sum(not one.is_this for one in sessions) if has_just_changed(request.session) else 0,
        "must_have": must_have_factor(person, at=at),
        "lacks": lacks_factor(person, request.session, at=at),
        "has_step": has_second_step(person),
        "services": () if person.is_demo else services_of(person),
    }
    return render(request, "people/security.html", context)


class AddApp(ActivateTOTPView):
    """Show the secret of a new app, as a drawing and to be typed, and ask for its first code."""

    template_name = "people/add_app.html"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the drawing, and the secret in groups of four."""
        context: dict[str, Any] = super().get_context_data(**given)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return {**context, "qr": qr_drawing(context["totp_url"]), "groups": groups}

    def form_valid(self, form: Any) -> HttpResponse:
        """Add the app, spend the code it was added with, and let this session have shown it."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            app = Authenticator.objects.get(user=signed_in(self.request), type=Authenticator.Type.TOTP)
            begin_counting(app)
        keep_shown(self.request, app)
        return response


class NewCodes(GenerateRecoveryCodesView):
    """Make recovery codes in place of the earlier ones."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them, and tell their owner by mail."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            tell(person=signed_in(self.request), change=SignInChange.CODES_MADE, at=clock.now())
        keep_change(self.request.session)
        return response


@require_http_methods(["GET", "POST"])
@login_required
def again(request: HttpRequest) -> HttpResponse:
    """Lead to showing the second step again, or, without one, to signing in anew: at a linked service or by a code."""
    person, onward = signed_in(request), safe_next(request.GET.get("next", ""))
    query = urlencode({"next": onward})
    kinds = {factor.type for factor in factors_of(person)}
    if kinds:
        by = "mfa_reauthenticate_webauthn" if Authenticator.Type.WEBAUTHN in kinds else "mfa_reauthenticate"
        return redirect(f"{reverse(by)}?{query}")
    if request.method == "POST":
        logout(request)
        return redirect(f"{reverse('account_login')}?{query}")
    services = [one for one in services_of(person) if one.name and one.linked]
    # Where a second step is needed, a code by mail would lead straight back to this page.
    must_have = must_have_factor(person, at=clock.now()) and bool(steps_of(person))
    return render(
        request, "people/again.html", {"services": services, "onward": onward, "must_have": must_have}
    )


@login_required
def again_by_code(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second step again; whoever has none signs in anew."""
    if not has_factor(signed_in(request)):
        return redirect("account_reauthenticate")
    return reauthenticate(request)
