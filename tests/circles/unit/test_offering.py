"""Which methods an organisation offers: one rule for every verb, and two administrators at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from sirkel.circles.domain import planning, run_sheet, sittings
from sirkel.circles.domain.offering import switch_off, switch_on
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting, MethodOff
from sirkel.circles.queries.methods_offered import methods_offered
from sirkel.circles.queries.methods_used import circles_with_planned
from sirkel.circles.rules.method_texts import languages_of
from sirkel.circles.rules.methods import method, methods
from sirkel.circles.rules.series import is_needed, lengths, sheet_for
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.thread import make_reader

pytestmark = pytest.mark.django_db
OFF = "open-room"


class Offer:
    """A circle, and the administrator of its organisation."""

    def __init__(self):
        self.circle, self.facilitator = make_circle()
        self.organisation = self.circle.organisation
        self.administrator = make_reader(Role.ADMINISTRATOR, organisation=self.organisation)

    def off(self, method_id=OFF, by=None):
        switch_off(
            acting=by or self.administrator,
            organisation_id=self.organisation.id,
            method_id=method_id,
            at=clock.now(),
        )

    def on(self, method_id=OFF, by=None):
        switch_on(
            acting=by or self.administrator,
            organisation_id=self.organisation.id,
            method_id=method_id,
            at=clock.now(),
        )

    def plan(self, method_id=OFF, days=9):
        return planning.MeetingPlan(starts_at=clock.now() + timedelta(days=days), method=method_id)

    def add(self, method_id=OFF):
        return planning.add_meeting(acting=self.facilitator, circle=self.circle, plan=self.plan(method_id))

    def change(self, meeting, method_id, days=9):
        return planning.change_meeting(
            acting=self.facilitator, meeting_id=meeting.id, plan=self.plan(method_id, days), at=clock.now()
        )

    def copy(self, meeting, method_id=OFF):
        return run_sheet.copy_step(
            acting=self.facilitator,
            meeting_id=meeting.id,
            method_id=method_id,
            key="check-in",
            at=clock.now(),
        )

    def trail(self):
        events = AuditEvent.objects.filter(chain=self.organisation.id, verb__startswith="method.")
        return [(one.verb, one.actor, one.facts) for one in events.order_by("sequence")]


@pytest.fixture
def offer():
    return Offer()


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


# --- offered and not ------------------------------------------------------------------------------------


def test_all_are_offered_until_one_is_switched_off_and_then_again(offer):
    elsewhere = Offer()
    assert list(methods_offered(offer.organisation.id)) == list(methods())
    offer.off()
    assert list(methods_offered(offer.organisation.id)) == [key for key in methods() if key != OFF]
    assert list(methods_offered(elsewhere.organisation.id)) == list(methods()), "another organisation's"
    offer.on()
    assert list(methods_offered(offer.organisation.id)) == list(methods())


def test_the_trail_says_which_and_by_whom_and_once(offer):
    other = make_reader(Role.ADMINISTRATOR, organisation=offer.organisation)
    offer.off()
    offer.off(by=other)
    offer.on(by=other)
    offer.on()
    facts = {"method": OFF}
    assert offer.trail() == [
        ("method.switched_off", offer.administrator.id, facts),
        ("method.switched_on", other.id, facts),
    ]


def test_what_new_circles_begin_with_stays_on(offer):
    for needed in ("meeting-90-first", "meeting-90-middle", "meeting-90-last"):
        with pytest.raises(Conflict) as refused:
            offer.off(needed)
        assert (refused.value.code, bool(refused.value.hint)) == ("methods.needed", True)
    for other in methods().keys() - {"meeting-90-first", "meeting-90-middle", "meeting-90-last"}:
        offer.off(other)
    assert [sheet.moment for sheet in methods_offered(offer.organisation.id).values()] == [
        "first",
        "middle",
        "last",
    ]
    assert len(offer.trail()) == len(methods()) - 3


def test_only_an_administrator_of_the_organisation_switches(offer):
    for stranger in (offer.facilitator, Offer().administrator):
        for act in (offer.off, offer.on):
            with pytest.raises(NotFound):
                act(by=stranger)
    assert not MethodOff.objects.exists()
    offer.off()
    assert MethodOff.objects.count() == 1


def test_what_is_no_method_is_not_there(offer):
    for act in (offer.off, offer.on):
        for unknown in ("question_cards", "", "meeting-of-the-waves"):
            with pytest.raises(NotFound):
                act(unknown)
    assert offer.trail() == []


def test_a_method_that_is_gone_from_a_new_version_does_no_harm(offer):
    MethodOff.objects.create(organisation=offer.organisation, method="of-old", off_since=clock.now())
    assert list(methods_offered(offer.organisation.id)) == list(methods())


# --- where a method is taken ------------------------------------------------------------------------------


def test_no_verb_takes_one_for_a_meeting_while_it_is_off(offer):
    meeting = offer.add("shift-30")
    begin = planning.CirclePlan(
        workplace=offer.circle.workplace,
        name="Ny sirkel",
        purpose="Roligere kvelder",
        theme_frame="",
        languages=["nb"],
        meetings=[offer.plan()],
    )
    takes = (
        offer.add,
        lambda: offer.change(meeting, OFF),
        lambda: offer.copy(meeting),
        lambda: planning.create_circle(acting=offer.facilitator, plan=begin, at=clock.now()),
    )
    offer.off()
    assert [refusal(take) for take in takes] == ["circles.method"] * 4
    assert list(Meeting.objects.values_list("method", flat=True)) == ["shift-30"]
    offer.on()
    for take in takes:
        take()
    assert Meeting.objects.filter(method=OFF).count() == 3


def test_a_meeting_that_has_it_keeps_it(offer):
    meeting = offer.add()
    steps = meeting.steps.count()
    offer.off()
    offer.change(meeting, OFF, days=12)
    offer.copy(meeting)
    planning.publish_meeting(acting=offer.facilitator, meeting_id=meeting.id, at=clock.now())
    plan = sittings.SittingPlan(starts_at=clock.now() + timedelta(days=13), place="", link="")
    second = sittings.add_sitting(acting=offer.facilitator, meeting_id=meeting.id, plan=plan, at=clock.now())
    assert (second.method, second.steps.count()) == (OFF, steps + 1)
    offer.change(meeting, "shift-30", days=12)
    assert refusal(lambda: offer.change(meeting, OFF, days=12)) == "circles.method", (
        "once given up, it is new"
    )


# --- how many have it ---------------------------------------------------------------------------------------


def test_circles_are_counted_that_have_a_meeting_to_come(offer):
    for state in (MeetingState.HELD, MeetingState.CANCELLED):
        Meeting.objects.filter(id=offer.add("shift-30").id).update(
            state=state, cancel_reason="other" if state == MeetingState.CANCELLED else ""
        )
    for _twice in range(2):
        offer.add()
    make_meeting(method=OFF, state=MeetingState.PLANNED)
    assert circles_with_planned(offer.organisation) == {OFF: 1}


# --- two at once ----------------------------------------------------------------------------------------------


def test_the_database_holds_one_row_for_a_method(offer):
    offer.off()
    with pytest.raises(IntegrityError), transaction.atomic():
        MethodOff.objects.create(organisation=offer.organisation, method=OFF, off_since=clock.now())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_end_in_one_state():
    offer = Offer()
    two = [offer.administrator, make_reader(Role.ADMINISTRATOR, organisation=offer.organisation)]

    def press(act):
        together = threading.Barrier(len(two))

        def one(person):
            try:
                together.wait(timeout=30)
                act(by=person)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(two)) as pool:
            list(pool.map(one, two))

    press(offer.off)
    assert (MethodOff.objects.count(), len(offer.trail())) == (1, 1)
    press(offer.on)
    assert (MethodOff.objects.count(), len(offer.trail())) == (0, 2)


# --- the rules --------------------------------------------------------------------------------------------------


@pytest.mark.pure
def test_a_second_set_of_the_usual_length_frees_the_first():
    ours = list(methods().values())
    first = method("meeting-90-first")
    assert is_needed(first.id, ours)
    assert not is_needed("closing", ours)
    assert not is_needed("open-room", ours)
    assert not is_needed("no-such", ours)
    theirs = replace(first, id="theirs")
    assert not is_needed(first.id, [*ours, theirs])
    assert is_needed(theirs.id, [sheet for sheet in [*ours, theirs] if sheet.id != first.id])


@pytest.mark.pure
def test_a_series_is_made_of_what_is_offered():
    ours = [sheet for sheet in methods().values() if sheet.duration_minutes != 30]
    assert lengths(ours) == [60, 90]
    assert sheet_for(place=1, count=3, minutes=30, sheets=ours) == "open-room"


@pytest.mark.pure
def test_a_language_counts_only_when_no_text_of_it_is_missing():
    first = method("meeting-90-first")
    assert languages_of(first) == ("en", "nb", "nn", "da", "sv", "fi")
    half = replace(first, about={**first.about, "fi": ""})
    assert languages_of(half) == ("en", "nb", "nn", "da", "sv")
