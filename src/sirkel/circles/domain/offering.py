"""Offering a method in an organisation or not, and taking one for a meeting where it is offered."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import MethodOff
from sirkel.circles.queries.methods_offered import methods_offered
from sirkel.circles.rules import methods
from sirkel.circles.rules.series import is_needed
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.models import Organisation, Person
from sirkel.people.queries.administration import organisation_of

NOT_OFFERED = _("This run sheet is not offered in your organisation. Choose another one.")


def switch_off(*, acting: Person, organisation_id: uuid.UUID, method_id: str, at: datetime) -> None:
    """Offer a method to nobody in an organisation for a new meeting. Meetings that have it keep it.

    What is off already stays so, and nothing is written.

    Raises:
        NotFound: this person does not administer the organisation; ``methods.none`` for an unknown method.
        Conflict: ``methods.needed`` when no series of the usual length could be planned without it.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    _must_be_known(method_id)
    with transaction.atomic():
        _locked(organisation)
        offered = methods_offered(organisation.id)
        if method_id not in offered:
            return
        if is_needed(method_id, offered.values()):
            raise Conflict(
                "methods.needed",
                _("This method stays on: a new circle cannot be planned without it."),
                _(
                    "There must be a run sheet of 90 minutes for the first meeting, for those between and for the last."
                ),
            )
        MethodOff.objects.create(organisation=organisation, method=method_id, off_since=at)
        _record(acting, organisation, "method.switched_off", method_id, at)


def switch_on(*, acting: Person, organisation_id: uuid.UUID, method_id: str, at: datetime) -> None:
    """Offer a method in an organisation again. What is on already stays so, and nothing is written.

    Raises:
        NotFound: as for ``switch_off``.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    _must_be_known(method_id)
    with transaction.atomic():
        _locked(organisation)
        gone, _by_table = MethodOff.objects.filter(organisation=organisation, method=method_id).delete()
        if gone:
            _record(acting, organisation, "method.switched_on", method_id, at)


def chosen(*, organisation_id: uuid.UUID, method_id: str, kept: str = "") -> methods.Method:
    """Return a method for a meeting of an organisation; ``kept`` is the one that the meeting has already.

    Raises:
        Refused: ``circles.method`` for one that is unknown or not offered.

    """
    if method_id not in methods.methods():
        raise Refused("circles.method", _("There is no such run sheet."))
    found = methods_offered(organisation_id, kept=kept).get(method_id)
    if found is None:
        raise Refused("circles.method", NOT_OFFERED)
    return found


def _must_be_known(method_id: str) -> None:
    if method_id not in methods.methods():
        raise NotFound("methods.none", _("There is no such method."))


def _locked(organisation: Organisation) -> None:
    """Let two administrators of one organisation wait for each other."""
    Organisation.objects.select_for_update().get(id=organisation.id)


def _record(acting: Person, organisation: Organisation, verb: str, method_id: str, at: datetime) -> None:
    audit.record(
        chain=organisation.id,
        acting=acting.id,
        verb=verb,
        target=organisation.id,
        facts={"method": method_id},
        at=at,
    )
