"""The way in: nobody finds it who does not keep the installation, and nobody opens it without a fresh second step."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person
from sirkel.people.queries.factors import has_fresh_step, has_second_step
from sirkel.people.queries.roles import keeps_house

View = TypeVar("View", bound=Callable[..., Any])
# What Django's site has beside the tables: signing in and out and passwords are ours, and jumping to any row by
# the number of its table is for nobody.
LEFT_OUT = frozenset(
    {"login", "logout", "password_change", "password_change_done", "view_on_site", "autocomplete"}
)


class Tables(AdminSite):
    """Django's admin site behind our own door."""

    site_title = site_header = _("Tables")
    index_title = _("What may be looked at")
    index_template = "admin/tables_index.html"
    site_url = "/administration/"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody keeps the installation and showed a second step within the last ten minutes."""
        person = request.user
        return (
            isinstance(person, Person)
            and keeps_house(person, at=clock.now())
            and has_fresh_step(person, request.session)
        )

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002 -- Django's signature
        """Answer as if there were nothing, but to whoever keeps the installation; ask those for their second step."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponseBase:
            person = request.user
            if not isinstance(person, Person) or not keeps_house(person, at=clock.now()):
                raise NotFound("tables.none", _("There is no such page."))
            if not has_fresh_step(person, request.session):
                if not has_second_step(person):
                    return redirect("mfa_index")
                onward = urlencode({"next": request.path})
                return redirect(f"{reverse('account_reauthenticate')}?{onward}")
            return inner(request, *parts, **named)

        return cast("View", update_wrapper(guarded, view))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the addresses of the tables without what is ours to do."""
        return [one for one in super().get_urls() if getattr(one, "name", None) not in LEFT_OUT]
