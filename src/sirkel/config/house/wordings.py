"""The pages on languages and on methods."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sirkel.circles.queries.methods_used import meetings_by_method
from sirkel.circles.rules.methods import methods
from sirkel.config.house import languages
from sirkel.config.house.asking import administrator
from sirkel.kernel import clock
from sirkel.people.queries.roles import organisations_administered


@require_safe
@login_required
def languages_page(request: HttpRequest) -> HttpResponse:
    """Show which languages there are and how complete each is."""
    administrator(request, at=clock.now())
    return render(request, "config/house/languages.html", {"languages": languages.languages()})


@require_safe
@login_required
def methods_page(request: HttpRequest) -> HttpResponse:
    """Show which methods there are, in which version, and how many meetings use each."""
    at = clock.now()
    person = administrator(request, at=at)
    language = get_language() or "en"
    used = meetings_by_method(organisations_administered(person, at=at))
    sheets = [
        {
            "title": sheet.title.get(language) or sheet.title["en"],
            "about": sheet.about.get(language) or sheet.about["en"],
            "id": sheet.id,
            "version": sheet.version,
            "minutes": sheet.duration_minutes,
            "steps": len(sheet.steps),
            "used": used.get(sheet.id, 0),
        }
        for sheet in methods().values()
    ]
    return render(request, "config/house/methods.html", {"methods": sheets})
