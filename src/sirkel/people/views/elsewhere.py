"""Signing in with another service: going there, coming back, and which service opens one's account."""

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed, NotFound, Refused
from sirkel.people.domain import identities, sessions
from sirkel.people.models import Identity, Person
from sirkel.people.oidc import pending
from sirkel.people.oidc.answers import not_believed
from sirkel.people.oidc.client import Secrets, way_back, way_there
from sirkel.people.oidc.tokens import public_keys
from sirkel.people.queries.factors import records_of
from sirkel.people.queries.identities import METHOD, is_second_step, providers
from sirkel.people.rules.claims import Shown, is_just_now, is_recent
from sirkel.people.rules.providers import Provider
from sirkel.people.views.asking import signed_in

View = Callable[..., HttpResponse]


def _plainly(view: View) -> View:
    """Answer a refusal with a page that names ways on: once more, or the code by e-mail."""

    @wraps(view)
    def asked(request: HttpRequest, provider: str, **named: Any) -> HttpResponse:
        service = providers().get(provider)
        if service is None:
            raise NotFound("provider.none", _("There is no such page."))
        try:
            return view(request, service, **named)
        except Refused as refused:
            context = {"refused": refused, "service": service.name, "label": _label(service)}
            return render(request, "people/elsewhere_refused.html", context, status=refused.status)

    return asked


@require_http_methods(["GET", "POST"])
@_plainly
def begin(request: HttpRequest, service: Provider) -> HttpResponse:
    """Send a browser to a service, to sign in."""
    if request.method == "GET" or request.user.is_authenticated:
        return redirect("account_login")
    onward = _safe(request.POST.get("next", ""))
    return _leave(request, service, pending.SIGN_IN, onward, is_anew=not service.is_single_sign_on)


@require_POST
@_plainly
def link(request: HttpRequest, service: Provider) -> HttpResponse:
    """Send a browser to a service, to link what it shows. Only after a fresh sign-in here, and there afresh, too."""
    return _leave(request, service, pending.LINK, reverse("mfa_index"), is_anew=True)


@require_POST
@login_required
@_plainly
def again(request: HttpRequest, service: Provider) -> HttpResponse:
    """Send a browser to a service, to show once more who somebody is."""
    return _leave(request, service, pending.AGAIN, _safe(request.POST.get("next", "")), is_anew=True)


@require_GET
@_plainly
def back(request: HttpRequest, service: Provider) -> HttpResponse:
    """Take a browser back."""
    kept = pending.take(request.session, request.GET.get("state", ""))
    if kept is None or kept[1].provider != service.name:
        raise Refused(
            "provider.state",
            _("This sign-in is over, or was begun in another browser."),
            _("Begin once more. Nobody was signed in."),
        )
    made, begun = kept
    if begun.person and str(request.user.pk) != begun.person:
        raise NotAllowed(
            "provider.session",
            _("You were signed out meanwhile."),
            _("Sign in with a code by e-mail, and begin once more."),
        )
    shown = way_back(service, made, request.GET.dict(), back=_address(service))
    identities.check(service, shown)
    is_anew = begun.purpose != pending.SIGN_IN or not service.is_single_sign_on
    if is_anew and not is_just_now(shown, since=begun.since):
        raise not_believed(service, "not signed in to afresh")
    longest = service.longest_seconds
    if longest is not None and not is_recent(shown, seconds=longest, now=time.time()):
        raise not_believed(service, "asked too long ago")
    if begun.purpose == pending.LINK:
        return _linked(request, service, shown)
    return _let_in(request, service, shown, begun, is_anew=is_anew)


@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, identity_id: uuid.UUID) -> HttpResponse:
    """Ask whether to unlink an identity, and do it."""
    person = signed_in(request)
    identity = identities.own(person, identity_id)
    if request.method == "POST":
        identities.unlink(
            acting=person, identity_id=identity_id, this=request.session.session_key, at=clock.now()
        )
        sessions.keep_change(request.session)
        messages.success(request, _("It is unlinked. It opens your account no more."))
        return redirect("mfa_index")
    named = next((one for one in providers().values() if one.issuer == identity.issuer), None)
    label = _label(named) if named else identity.issuer.partition("://")[2]
    return render(request, "people/unlink.html", {"identity": identity, "label": label})


@require_GET
@_plainly
def keys(request: HttpRequest, service: Provider) -> HttpResponse:
    """Show a service the public keys that this installation shows itself with."""
    del request
    return JsonResponse({"keys": public_keys(service)})


def _leave(
    request: HttpRequest, service: Provider, purpose: str, onward: str, *, is_anew: bool
) -> HttpResponse:
    """Answer with a page that leads to the service: forms of ours may lead to this site alone, links anywhere."""
    made = Secrets.new()
    there = way_there(service, made, back=_address(service), is_anew=is_anew, language=get_language() or "en")
    person = str(request.user.pk) if request.user.is_authenticated else ""
    begun = pending.Pending(service.name, purpose, made.nonce, made.verifier, onward, person, time.time())
    pending.keep(request.session, made, begun)
    return render(request, "people/elsewhere.html", {"there": there, "label": _label(service)})


def _linked(request: HttpRequest, service: Provider, shown: Shown) -> HttpResponse:
    person = signed_in(request)
    identity = identities.link(acting=person, provider=service, shown=shown, at=clock.now())
    _remember(request, person, service, identity, shown)
    sessions.keep_change(request.session)
    request.session.cycle_key()
    messages.success(
        request, _("From now on you can sign in with %(service)s, too.") % {"service": _label(service)}
    )
    return redirect("mfa_index")


def _let_in(
    request: HttpRequest, service: Provider, shown: Shown, begun: pending.Pending, *, is_anew: bool
) -> HttpResponse:
    identity = identities.recognise(service, shown)
    person = identity.person
    if begun.purpose == pending.AGAIN and str(person.pk) != begun.person:
        raise NotAllowed("provider.other", _("This sign-in belongs to another account."))
    if request.user.is_authenticated and request.user.pk != person.pk:
        logout(request)
    _remember(request, person, service, identity, shown, is_anew=is_anew)
    if request.user.is_authenticated:
        request.session.cycle_key()
        return redirect(begun.onward or get_adapter().get_login_redirect_url(request))
    if not is_second_step(records_of(request.session)[-1], person) or not person.is_active:
        answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=begun.onward or None))
        return answer
    adapter = get_adapter()
    adapter.login(request, person)
    came: HttpResponse = adapter.post_login(
        request,
        person,
        email_verification=settings.ACCOUNT_EMAIL_VERIFICATION,
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=begun.onward or None,
    )
    return came


def _remember(
    request: HttpRequest,
    person: Person,
    service: Provider,
    identity: Identity,
    shown: Shown,
    *,
    is_anew: bool = True,
) -> None:
    """Keep in the session with what it signed in. A browser that the service knew already has shown nothing just now."""
    moment = time.time() if is_anew else float(shown.authenticated_at or 0)
    record = {"service": service.name, "identity": str(identity.id), "level": shown.level, "at": moment}
    record_authentication(request, person, METHOD, **record)


def _address(service: Provider) -> str:
    """Return the one address to which a service sends a browser back."""
    return f"{settings.SITE_URL}{reverse('elsewhere-back', args=[service.name])}"


def _label(service: Provider) -> str:
    return service.label(get_language() or "en")


def _safe(onward: str) -> str:
    """Return a path of this site, or nothing."""
    is_ours = onward.startswith("/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    return onward if is_ours else ""
