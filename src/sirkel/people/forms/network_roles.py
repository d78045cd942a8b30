"""The form by which somebody gets a role in a network."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.people.enums import Role
from sirkel.people.forms.administration import NewcomerForm
from sirkel.people.queries.network_roles import NETWORK_ROLES, Reach


class NetworkRoleForm(NewcomerForm):
    """Somebody, a role, and the network or programme they work for."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, Role(role).label) for role in NETWORK_ROLES]
    )
    place = forms.ChoiceField(label=_("Where"))
    field_order = ("email", "first_name", "family_name", "language", "role", "place", "begins", "until")

    def __init__(self, data: Any = None, *, reaches: Sequence[Reach], today: date, language: str) -> None:
        super().__init__(data, initial={"begins": today, "language": language})
        self.only_ask_about([])
        self.fields["until"].help_text = _(
            "The role ends when this day is over. Empty: until somebody ends it."
        )
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [(reach.key, str(reach)) for reach in reaches]
