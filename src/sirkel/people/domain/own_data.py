"""Correcting one's name, and taking one's data along."""

import io
import zipfile
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain.erasing import end_sessions
from sirkel.people.domain.sign_in_changes import tell, tell_old_address
from sirkel.people.enums import SignInChange
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


def correct_address(*, address: str, new: str, at: datetime) -> Person:
    """Change the address somebody signs in with, by whoever runs the server; ends their sessions on all devices.

    Both addresses are written to: whoever had the account must learn of it, also when somebody else asked for the change.

    Raises:
        NotFound: ``people.none``: nobody has this address.
        Refused: ``people.email``: the new one is none, or somebody's.

    """
    fresh = new.strip().lower()
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(email__iexact=address.strip()).first()
        if person is None:
            raise NotFound("people.none", _("There is nobody with this address."))
        try:
            validate_email(fresh)
        except ValidationError as error:
            raise Refused("people.email", _("This is no e-mail address.")) from error
        if Person.objects.filter(email__iexact=fresh).exclude(id=person.id).exists():
            raise Refused("people.email", _("Somebody has this address already."))
        old, person.email = person.email, fresh
        person.save(update_fields=["email"])
        EmailAddress.objects.filter(user=person).delete()
        end_sessions(person.id)
        audit.record(chain=None, acting=None, verb="person.address_corrected", target=person.id, at=at)
        if old != fresh:
            tell(person=person, change=SignInChange.ADDRESS, at=at)
            transaction.on_commit(lambda: tell_old_address(address=old, language=person.language))
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
