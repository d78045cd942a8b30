"""Asking for a sign-in code, typing it, and the mails of the demo in which it can be read."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.domain.demo import require_demo, safe_next
from sirkel.people.forms import SignInForm
from sirkel.people.models import Person
from sirkel.people.queries.demo import demo_ways_in, last_mails
from sirkel.people.queries.identities import services


def _write_to_nobody(address: str) -> None:
    get_adapter().send_mail("account/email/unknown_account", address, {})


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SignIn(RequestLoginCodeView):
    """Send a code to a known address and a word of regret to an unknown one: page, way and effort are the same."""

    template_name = "account/request_login_code.html"

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Answer every well-formed address alike."""
        response: HttpResponse = super().form_valid(form)
        if form._user is None:  # noqa: SLF001 -- where allauth's own form keeps it for its view
            _write_to_nobody(form.cleaned_data["email"])
        return response

    def get_context_data(self, **given: object) -> dict[str, object]:
        """Add the other services to sign in with, and the invented people of a demo."""
        context: dict[str, object] = super().get_context_data(**given)
        context["services"] = services()
        context["ways_in"] = demo_ways_in(at=clock.now()) if settings.DEMO else ()
        return context


sign_in = SignIn.as_view()


@method_decorator(sensitive_post_parameters(), name="dispatch")
class TypeCode(ConfirmLoginCodeView):
    """Ask for the code, or send a new one, with the same effort whether anybody has the address (SEC-04)."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Look for somebody who is not there where a known address has just been looked for."""
        if self._process.user is None:
            Person.objects.filter(pk=new_id()).first()
        given: dict[str, Any] = super().get_form_kwargs()
        return given

    def form_valid(self, form: Form) -> HttpResponse:
        """Write to an unknown address again, too, where a new code is asked for."""
        response: HttpResponse = super().form_valid(form)
        if self._action == "resend" and self._process.user is None:
            _write_to_nobody(self.stage.login.email)
        return response


type_code = TypeCode.as_view()


class SignOut(LogoutView):
    """Ask whether to sign out, and do so; whoever came by mistake goes back to where they were.

    Then the browser forgets the pages it holds (SEC-21). Its storage stays: nothing of anybody who signs in lies there, but
    words that somebody wrote without network, locked to the phone, which were promised to wait seven days. A shared phone
    keeps none of them.
    """

    def get_context_data(self, **given: object) -> dict[str, object]:
        """Add the way back."""
        context: dict[str, object] = super().get_context_data(**given)
        context["stay"] = safe_next(self.request.GET.get("stay", ""))
        return context

    def post(self, *given: Any, **more: Any) -> HttpResponse:
        """Sign out."""
        response: HttpResponse = super().post(*given, **more)
        response["Clear-Site-Data"] = '"cache"'
        return response


sign_out = SignOut.as_view()


@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Show the newest mails of the demo, which leave it for nobody."""
    require_demo()
    return render(request, "people/demo_mail.html", {"mails": last_mails()})
