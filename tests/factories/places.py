"""Organisations, people, circles and meetings for tests, made through the same verbs as real ones."""

import itertools
from datetime import UTC, datetime, timedelta

from sirkel.circles.domain import planning
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.enums import Area, Role, WorkplaceKind
from sirkel.people.models import Hold, Organisation, Person, RoleAssignment, Workplace

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_count = itertools.count(1)


def make_workplace(*, area=Area.NO, time_zone="Europe/Oslo", kind=WorkplaceKind.NURSING_HOME):
    organisation = Organisation.objects.create(name=f"Prøve kommune {next(_count)}", area=area)
    return Workplace.objects.create(
        organisation=organisation, name=f"Prøve sykehjem {next(_count)}", kind=kind, time_zone=time_zone
    )


def make_person(*, role=None, workplace=None, language="nb", name="Marit"):
    person = Person.objects.create_user(
        f"{name.lower()}{next(_count)}@example.org", first_name=name, family_name="Prøve", language=language
    )
    if role:
        RoleAssignment.objects.create(
            person=person,
            role=role,
            organisation=workplace.organisation if workplace else None,
            workplace=workplace,
            valid_from=START - timedelta(days=900),
        )
    return person


def make_hold(organisation):
    """Return a hold on a whole organisation that somebody asked for who is there no more."""
    return Hold.objects.create(
        organisation=organisation,
        reason="Sak 2026/117",
        review_on=(clock.now() + timedelta(days=90)).date(),
        asked_by=new_id(),
        asked_at=clock.now(),
    )


def make_circle(
    *, meetings=1, method="meeting-90-middle", languages=("nb", "fi"), starts_at=START, name="Rolig kveld"
):
    """Return a circle with published meetings a day apart, and its facilitator."""
    workplace = make_workplace()
    acting = make_person(role=Role.FACILITATOR, workplace=workplace)
    circle = planning.create_circle(
        acting=acting,
        plan=planning.CirclePlan(
            workplace=workplace,
            name=name,
            purpose="Roligere kvelder",
            theme_frame="",
            languages=list(languages),
            meetings=[
                planning.MeetingPlan(starts_at=starts_at + timedelta(days=day), method=method)
                for day in range(meetings)
            ],
        ),
        at=starts_at - timedelta(days=30),
    )
    for meeting in circle.meetings.all():
        planning.publish_meeting(acting=acting, meeting_id=meeting.id, at=starts_at - timedelta(days=20))
    return circle, acting
