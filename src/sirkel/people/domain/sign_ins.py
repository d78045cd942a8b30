"""What signing in leaves behind, when it is forgotten, and when it ends with somebody's last role."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import Max, Q

from sirkel.people.domain.sessions import end_begun_before
from sirkel.people.models import Person, RoleAssignment, Session

KEPT = timedelta(days=1)
"""A failed try holds an e-mail address and a network address; it is needed while it can lock somebody out: an hour."""


def tidy(*, at: datetime) -> int:
    """Forget sessions that ended and tries that failed a day ago or longer; tell how many."""
    gone = Session.objects.filter(expire_date__lt=at - KEPT).delete()[0]
    for tries in (AccessAttempt, AccessFailureLog, AccessLog):
        gone += tries.objects.filter(attempt_time__lt=at - KEPT).delete()[0]
    return gone


LOOKED_BACK = timedelta(days=7)
"""For how long a role that is over is looked at, should the worker have been away."""


def end_of_leavers(*, at: datetime) -> int:
    """End what people signed in to before their last role was over, however it ended; tell how many sessions.

    They may sign in again: a member of a circle needs no role. By the timetable, and not with the role: an administrator
    of one organisation neither knows nor learns whether somebody has a role in another.
    """
    going = RoleAssignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at)).values("person")
    over = RoleAssignment.objects.filter(valid_to__gt=at - LOOKED_BACK, valid_to__lte=at)
    last = dict(
        over.exclude(person__in=going)
        .values("person")
        .annotate(last=Max("valid_to"))
        .values_list("person", "last")
    )
    people = Person.objects.filter(id__in=last)
    return sum(end_begun_before(person, last[person.id], at=at) for person in people)
