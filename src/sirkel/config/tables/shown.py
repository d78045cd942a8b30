"""Which tables may be looked at.

Every change belongs to a verb of ours, which checks it and writes it down. Names of networks and programmes have none:
they may be changed here, and the installation's own chain learns of it.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from sirkel.config.tables.site import Tables
from sirkel.kernel import audit, clock
from sirkel.kernel.errors import NotFound
from sirkel.kernel.models import AuditHead, Schedule, WorkerBeat
from sirkel.people.models import (
    Network,
    Organisation,
    Programme,
    RoleAssignment,
    Unit,
    UnitPlacement,
    Workplace,
)

if TYPE_CHECKING:
    Table = ModelAdmin[Any]
else:
    Table = ModelAdmin


class LookedAt(Table):
    """A table that can be read and nothing else. The site's own door has decided who gets this far."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell that whoever came in sees the table in the list."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell that whoever came in may read."""
        del obj
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell that nobody adds here."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell that nobody changes here."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell that nobody deletes here."""
        del request, obj
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Tell that no address filters: who holds a role could be asked for so, one person after the other."""
        del lookup, value, request
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Say that there is none: what was done stands in the trail."""
        del request, object_id, extra_context
        raise NotFound("tables.none", _("There is no such page."))


class Named(LookedAt):
    """A table whose names may be changed, with a row in the installation's own chain."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell that whoever came in may change a name."""
        del obj
        return self.admin_site.has_permission(request)

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> Any:
        """Write down that a name was changed, without the name."""
        del message
        acting, target = request.user.pk, obj.pk
        assert isinstance(acting, UUID)  # noqa: S101 -- for the type checker
        verb = f"{type(obj).__name__.lower()}.renamed"
        audit.record(chain=None, acting=acting, verb=verb, target=target, at=clock.now())


class NetworkTable(Named):
    """Networks."""

    list_display = ("name",)
    fields = ("name",)


class ProgrammeTable(Named):
    """Programmes."""

    list_display = ("name", "network")
    fields = ("name", "network")
    readonly_fields = ("network",)
    list_select_related = ("network",)


class OrganisationTable(LookedAt):
    """Organisations."""

    list_display = ("name", "area", "programme")
    search_fields = ("name",)
    list_select_related = ("programme",)


class WorkplaceTable(LookedAt):
    """Workplaces."""

    list_display = ("name", "organisation", "kind", "sector", "time_zone")
    search_fields = ("name",)
    list_select_related = ("organisation",)


class UnitTable(LookedAt):
    """Units, closed ones too."""

    list_display = ("name", "workplace", "closed_at", "merged_into")
    search_fields = ("name",)
    list_select_related = ("workplace", "merged_into")


class PlacementTable(LookedAt):
    """Where units were when."""

    list_display = ("unit", "workplace", "valid_from", "valid_to")
    list_select_related = ("unit", "workplace")


class RoleTable(LookedAt):
    """Roles and their places, without who holds them: people stand in the pages of their organisation."""

    list_display = ("role", "organisation", "workplace", "unit", "valid_from", "valid_to")
    fields = (
        "role",
        "network",
        "programme",
        "organisation",
        "workplace",
        "unit",
        "valid_from",
        "valid_to",
        "version",
    )
    list_select_related = ("organisation", "workplace", "unit")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return all roles; each is called by its number alone."""
        return super().get_queryset(request).order_by("organisation__name", "role", "valid_from", "id")


class ScheduleTable(LookedAt):
    """What comes back by the timetable, and when."""

    list_display = ("name", "every_seconds", "next_run_at")


class BeatTable(LookedAt):
    """Signs of life of workers."""

    list_display = ("id", "started_at", "seen_at")


class HeadTable(LookedAt):
    """Where each audit chain ends."""

    list_display = ("chain", "length", "hash")


def tables() -> Tables:
    """Return the site with its tables."""
    site = Tables(name="admin")
    site.register(Network, NetworkTable)
    site.register(Programme, ProgrammeTable)
    site.register(Organisation, OrganisationTable)
    site.register(Workplace, WorkplaceTable)
    site.register(Unit, UnitTable)
    site.register(UnitPlacement, PlacementTable)
    site.register(RoleAssignment, RoleTable)
    site.register(Schedule, ScheduleTable)
    site.register(WorkerBeat, BeatTable)
    site.register(AuditHead, HeadTable)
    return site
