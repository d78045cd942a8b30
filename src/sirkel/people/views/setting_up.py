"""The first start of an empty installation; gone for good afterwards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import setting_up
from sirkel.people.forms.setting_up import SetUpForm


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Ask for the printed code and what to begin with."""
    if not setting_up.is_open():
        raise NotFound("set_up.done", _("There is no such page."))
    form = SetUpForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            setting_up.set_up(
                code=form.cleaned_data["code"],
                plan=form.plan,
                address=request.META.get("REMOTE_ADDR", ""),
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Sirkel is set up. Sign in with the address of the administrator."))
            return redirect("account_login")
    return render(request, "people/set_up.html", {"form": form}, status=422 if form.errors else 200)
