"""Asking for a sign-in code, and the mails of the demo in which it can be read."""

from allauth.account.adapter import get_adapter
from allauth.account.views import RequestLoginCodeView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from sirkel.kernel import clock
from sirkel.people.domain.demo import require_demo
from sirkel.people.forms import SignInForm
from sirkel.people.queries.demo import demo_ways_in, last_mails


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SignIn(RequestLoginCodeView):
    """Send a code to a known address and a word of regret to an unknown one: page, way and effort are the same."""

    template_name = "account/request_login_code.html"

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Answer every well-formed address alike."""
        response: HttpResponse = super().form_valid(form)
        if form._user is None:  # noqa: SLF001 -- where allauth's own form keeps it for its view
            get_adapter().send_mail("account/email/unknown_account", form.cleaned_data["email"], {})
        return response

    def get_context_data(self, **given: object) -> dict[str, object]:
        """Add the invented people of a demo."""
        context: dict[str, object] = super().get_context_data(**given)
        context["ways_in"] = demo_ways_in(at=clock.now()) if settings.DEMO else ()
        return context


sign_in = SignIn.as_view()


@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Show the newest mails of the demo, which leave it for nobody."""
    require_demo()
    return render(request, "people/demo_mail.html", {"mails": last_mails()})
