"""The page with every setting, its effect and its present value."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sirkel.config import production
from sirkel.config.house.asking import keeper
from sirkel.config.house.settings_shown import shown
from sirkel.kernel import clock


@require_safe
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show every setting to whoever keeps the installation."""
    keeper(request, at=clock.now())
    groups = shown()
    weak = [one for _label, found in groups for one in found if one.is_weak]
    context = {"groups": groups, "weak": weak, "is_public": production.is_public()}
    return render(request, "config/house/settings.html", context)
