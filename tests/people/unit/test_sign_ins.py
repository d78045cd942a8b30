"""What signing in leaves behind is forgotten (PD-18)."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog

from sirkel.kernel import clock
from sirkel.people.domain import sign_ins
from sirkel.people.models import Session

pytestmark = pytest.mark.django_db


def leave(days):
    """A session that ended and a try that failed so many days ago."""
    then = clock.now() - timedelta(days=days)
    Session.objects.create(session_key=f"s{days}", session_data="x", expire_date=then)
    for model in (AccessAttempt, AccessFailureLog):
        rest = {"failures_since_start": 1} if model is AccessAttempt else {"locked_out": False}
        row = model.objects.create(
            username=f"{days}@example.org", ip_address="192.0.2.7", path_info="/", **rest
        )
        model.objects.filter(pk=row.pk).update(attempt_time=then)


def test_a_day_later_it_is_gone_and_what_is_younger_stays():
    leave(0)
    leave(2)
    assert sign_ins.tidy(at=clock.now()) == 3
    assert [one.session_key for one in Session.objects.all()] == ["s0"]
    assert (AccessAttempt.objects.count(), AccessFailureLog.objects.count()) == (1, 1)


def test_it_is_on_the_timetable():
    from sirkel.kernel.models import Schedule
    from sirkel.kernel.tasks import keep_timetable

    keep_timetable(clock.now())
    assert Schedule.objects.filter(name="people.forget_sign_ins").exists()
