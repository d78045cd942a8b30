"""What becomes of a unit."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.people.models import Unit, Workplace
from sirkel.web.forms import RefusableForm


class UnitFateForm(RefusableForm):
    """Move a unit to another workplace, or merge it into another unit: one choice of what is possible."""

    to = forms.ChoiceField(label=_("What shall become of it?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, unit: Unit, places: Sequence[Workplace]) -> None:
        super().__init__(data)
        moves = [
            (f"move:{one.id}", _("Belongs to %(place)s from today") % {"place": one.name})
            for one in places
            if one.id != unit.workplace_id
        ]
        merges = [
            (f"merge:{other.id}", _("Becomes part of %(unit)s") % {"unit": f"{one.name}, {other.name}"})
            for one in places
            for other in getattr(one, "open_units", ())
            if other.id != unit.id
        ]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [*moves, *merges, ("close:", _("Is closed. The roles held in it end."))]

    @property
    def chosen(self) -> tuple[str, uuid.UUID | None]:
        """What to do, and with which workplace or unit."""
        verb, _mark, key = self.cleaned_data["to"].partition(":")
        return verb, uuid.UUID(key) if key else None
