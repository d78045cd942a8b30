from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from sirkel.people.domain.demo import demo_person_of, safe_next


@require_http_methods(["GET", "POST"])
def demo_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to act as an invented person, and do so on a press of the button."""
    person = demo_person_of(token)
    if request.method == "POST":
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
        response = redirect(safe_next(request.GET.get("next", "")))
        response.set_cookie("django_language", person.language, httponly=True, samesite="Lax")
        return response
    with translation.override(person.language):
        return render(request, "people/demo_sign_in.html", {"person": person})
