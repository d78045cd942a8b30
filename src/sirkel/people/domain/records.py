"""Saying whether what circles write is a public record, and who answers those who ask for it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.enums import RecordStatus
from sirkel.people.models import Organisation, Person, RecordProfile
from sirkel.people.queries.administration import organisation_of, zone_of
from sirkel.people.rules.periods import day_of

MOST_WORDS = 300
MOST_NAME = 200


@dataclass(frozen=True)
class RecordPlan:
    """What an organisation says: one of ``RecordStatus``; a function with its address; law and archive may be empty."""

    status: str
    answered_by: str
    law: str = ""
    archive: str = ""


def say(
    *, acting: Person, organisation_id: uuid.UUID, plan: RecordPlan, version: int, at: datetime
) -> RecordProfile:
    """Keep what an organisation says. The trail keeps that it was said and which of the three; no words.

    Args:
        acting: an administrator of the organisation.
        organisation_id: the organisation.
        plan: what it says.
        version: the one that the page showed; 0 where nothing was said before.
        at: now.

    Raises:
        NotFound: this person does not administer the organisation.
        Refused: ``records.status``, ``records.answered_by``, ``records.law``, ``records.archive``.
        Conflict: ``records.changed`` when somebody else said it meanwhile.

    """
    organisation = organisation_of(person=acting, organisation_id=organisation_id, at=at)
    words = {
        "answered_by": " ".join(plan.answered_by.split()),
        "law": " ".join(plan.law.split()),
        "archive": " ".join(plan.archive.split()),
    }
    if plan.status not in RecordStatus.values:
        raise Refused("records.status", _("Choose one of them."))
    if not words["answered_by"] or len(words["answered_by"]) > MOST_NAME:
        raise Refused("records.answered_by", _("Say who answers, in at most 200 signs."))
    for field in ("law", "archive"):
        if len(words[field]) > MOST_WORDS:
            raise Refused(f"records.{field}", _("Say it in at most 300 signs."))
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=organisation.id)
        kept = RecordProfile.objects.filter(organisation=organisation).first()
        if (kept.version if kept else 0) != version:
            raise Conflict(
                "records.changed",
                _("Somebody else changed this a moment ago."),
                _("It stands below as it is now. Nothing of yours is lost; save again if yours shall count."),
            )
        made, _is_new = RecordProfile.objects.update_or_create(
            organisation=organisation,
            defaults={
                **words,
                "status": plan.status,
                "said_on": day_of(at, zone_of(organisation)),
                "version": version + 1,
            },
        )
        audit.record(
            chain=organisation.id,
            acting=acting.id,
            verb="records.said",
            target=organisation.id,
            facts={"status": plan.status},
            at=at,
        )
    return made
