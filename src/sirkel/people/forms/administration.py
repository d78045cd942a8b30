"""An administrator's forms: workplaces, units and roles."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.people.domain.role_checks import GIVABLE, Newcomer, Period
from sirkel.people.enums import Area, Role, Sector, WorkplaceKind
from sirkel.people.models import Organisation, Workplace
from sirkel.people.rules.conflicts import Clash
from sirkel.people.rules.effects import CLASHES
from sirkel.people.rules.periods import ZONE_OF_AREA
from sirkel.web.forms import RefusableForm

WHOLE = "organisation"


def _day(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "data-width": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


def _zones() -> list[tuple[str, str]]:
    """Return the time zones, each with its country in the reader's language."""
    return [(zone, f"{Area(area).label} ({zone})") for area, zone in ZONE_OF_AREA.items()]


class WorkplaceForm(RefusableForm):
    """A new workplace."""

    name = forms.CharField(label=_("Name of the workplace"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of workplace"), choices=WorkplaceKind.choices)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
    )


class UnitForm(RefusableForm):
    """A new unit of a workplace."""

    name = forms.CharField(label=_("Name of the unit"), max_length=200)


class NameForm(RefusableForm):
    """Another name for a place."""

    name = forms.CharField(label=_("The new name"), max_length=200)


class PeriodForm(RefusableForm):
    """The days of a role, and which clashes are known."""

    begins = _day(_("First day"))
    until = _day(
        _("Last day"),
        _("The role ends when this day is over at the workplace. Empty: until somebody ends it."),
        required=False,
    )
    accepts = forms.MultipleChoiceField(
        label=_("These roles do not go together"),
        choices=[(clash.value, CLASHES[clash]) for clash in Clash],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def only_ask_about(self, found: Sequence[str]) -> None:
        """Ask about these clashes alone; about none, do not ask."""
        if not found:
            del self.fields["accepts"]
            return
        field = self.fields["accepts"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 -- declared above
        known = _("Give it all the same. It is known, and agreed with those whom it touches.")
        field.choices = [(value, f"{CLASHES[Clash(value)]} {known}") for value in found]
        field.required = (
            True  # said of a form that was read already: it shall not say that it may be left empty
        )

    @property
    def period(self) -> Period:
        """The days that were chosen."""
        return Period(self.cleaned_data["begins"], self.cleaned_data["until"])

    @property
    def accepted(self) -> frozenset[Clash]:
        """What was ticked."""
        return frozenset(Clash(value) for value in self.cleaned_data.get("accepts", ()))


class VersionedForm(PeriodForm):
    """The days of a role that exists, and which version of it they were written on."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NewcomerForm(PeriodForm):
    """Somebody, and the days of their role."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("They are told by mail that they have a role here, and sign in with this address."),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        help_text=_("Whoever has an account already keeps their own name and language."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @property
    def newcomer(self) -> Newcomer:
        """Who it is."""
        names = ("email", "first_name", "family_name", "language")
        return Newcomer(**{name: self.cleaned_data[name] for name in names})


class RoleForm(NewcomerForm):
    """Somebody, a role and a place of an organisation."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, Role(role).label) for role in GIVABLE])
    place = forms.ChoiceField(label=_("Where"))
    field_order = (
        "accepts",
        "email",
        "first_name",
        "family_name",
        "language",
        "role",
        "place",
        "begins",
        "until",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organisation: Organisation,
        places: Sequence[Workplace],
        today: date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"begins": today, **(initial or {})})
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = place_choices(organisation, places)

    @property
    def place_ids(self) -> dict[str, uuid.UUID | None]:
        """The chosen place, as ``domain.role_checks.place_of`` takes it."""
        kind, _mark, key = self.cleaned_data["place"].partition(":")
        return {
            "workplace_id": uuid.UUID(key) if kind == "workplace" else None,
            "unit_id": uuid.UUID(key) if kind == "unit" else None,
        }


def place_choices(organisation: Organisation, places: Sequence[Workplace]) -> list[tuple[str, str]]:
    """Return every place of an organisation: the whole, each workplace, each of its units."""
    choices = [(WHOLE, str(organisation))]
    for workplace in places:
        choices.append((f"workplace:{workplace.id}", str(workplace)))
        units = getattr(workplace, "open_units", ())
        choices += [(f"unit:{unit.id}", f"{workplace}, {unit}") for unit in units]
    return choices
