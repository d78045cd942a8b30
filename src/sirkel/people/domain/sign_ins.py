"""What signing in leaves behind, and when it is forgotten."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog

from sirkel.people.models import Session

KEPT = timedelta(days=1)
"""A failed try holds an e-mail address and a network address; it is needed while it can lock somebody out: an hour."""


def tidy(*, at: datetime) -> int:
    """Forget sessions that ended and tries that failed a day ago or longer; tell how many."""
    gone = Session.objects.filter(expire_date__lt=at - KEPT).delete()[0]
    for tries in (AccessAttempt, AccessFailureLog, AccessLog):
        gone += tries.objects.filter(attempt_time__lt=at - KEPT).delete()[0]
    return gone
