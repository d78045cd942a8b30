from datetime import time

from django.db import models
from django.db.models import Q

from sirkel.kernel.ids import new_id
from sirkel.people.enums import MailKind, MailState
from sirkel.people.models.person import Person


class MailSettings(models.Model):
    """How somebody wants to be written to. Seen by that person alone; no row means that nothing was chosen yet.

    ``quiet_from`` and ``quiet_to`` are times on the wall of the person's workplace; the same for both: never quiet.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="mail_settings"
    )
    quiet_from = models.TimeField(default=time(20))
    quiet_to = models.TimeField(default=time(7))
    wants_dates = models.BooleanField(default=True)
    wants_reminders = models.BooleanField(default=True)
    wants_follow_ups = models.BooleanField(default=True, db_default=True)
    wants_lines = models.BooleanField(default=True, db_default=True)
    wants_trail = models.BooleanField(default=True, db_default=True)


class CalendarAddress(models.Model):
    """The secret address at which a person's calendar reads their meetings.

    Only the hash of the secret is kept, and nothing of when it was read.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="calendar_address"
    )
    secret_hash = models.BinaryField(max_length=32, unique=True)


class Mail(models.Model):
    """One mail to one person: that it is due and what became of it, never its words.

    Seen by nobody as a row; facilitators learn counts. ``key`` says which mail it is, once for ever; ``about`` is
    the id of what it is about and ``edition`` which news of it. The words are made when it is sent, in the
    language of that day. ``time_zone`` is the clock where the circle meets, for people without a workplace.
    From ``outdated_at`` on it is dropped. Kept for 90 days after it is settled, so that no key is used again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=20, choices=MailKind)
    about = models.UUIDField(db_index=True)
    edition = models.PositiveIntegerField(default=0)
    time_zone = models.CharField(max_length=40)
    not_before = models.DateTimeField()
    outdated_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=MailState, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(state=MailState.WAITING), name="mail_waiting_by_time"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[MailState.WAITING, MailState.SENDING], settled_at__isnull=True)
                | Q(
                    state__in=[MailState.SENT, MailState.FAILED, MailState.DROPPED, MailState.UNSURE],
                    settled_at__isnull=False,
                ),
                name="mail_settled_or_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=MailState.SENDING) | Q(claimed_at__isnull=False),
                name="mail_on_its_way_since",
            ),
        ]
