"""Correcting one's name, and taking one's data along."""

import io
import zipfile
from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person
from sirkel.people.queries.own_data import as_json, parts_of

MOST_NAME = 80


def correct_name(*, acting: Person, first_name: str, family_name: str, at: datetime) -> Person:
    """Change somebody's own name; the trail keeps that it was done, and neither name.

    Raises:
        Refused: ``people.name`` for an empty first name or a name above 80 signs.

    """
    first, family = " ".join(first_name.split()), " ".join(family_name.split())
    if not first or max(len(first), len(family)) > MOST_NAME:
        raise Refused("people.name", _("Write a first name of at most 80 signs."))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(id=acting.id)
        if (person.first_name, person.family_name) != (first, family):
            person.first_name, person.family_name = first, family
            person.save(update_fields=["first_name", "family_name"])
            audit.record(chain=None, acting=person.id, verb="person.corrected", target=person.id, at=at)
    return person


def as_zip(*, person: Person, at: datetime) -> bytes:
    """Return all that is kept of a person: ``data.json`` for programs, ``data.html`` to read, in the current language.

    Made while its owner waits and kept nowhere, so that there is no copy to forget.
    """
    parts = parts_of(person)
    page = render_to_string("people/own_data_file.html", {"parts": parts, "at": at})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("data.json", as_json(parts, at=at)), ("data.html", page)):
            archive.writestr(name, text.encode())
    return made.getvalue()
