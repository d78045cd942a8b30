"""What organisations say about public records."""

import uuid

from sirkel.people.models import Organisation, RecordProfile


def organisation_named(organisation_id: uuid.UUID) -> Organisation | None:
    """Return an organisation for whoever has its address; None when there is none."""
    return Organisation.objects.filter(id=organisation_id).first()


def profile_of(organisation: Organisation) -> RecordProfile | None:
    """Return what an organisation says; None as long as it has said nothing. Readable by everybody."""
    return RecordProfile.objects.filter(organisation=organisation).first()
