"""A year after its end a circle's content is read by nobody and then deleted; what left the room stays."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client, override_settings

from sirkel.circles.domain import agreeing, keeping, phases
from sirkel.circles.enums import HandoverState, MemberRole, TrialState
from sirkel.circles.models import (
    AccessAsked,
    AccessPicture,
    AccessTally,
    Anchor,
    AnchorLook,
    Answer,
    Challenge,
    ChallengeInbox,
    ChecklistTick,
    Circle,
    ClosingRecord,
    CommitmentComment,
    CommitmentSignature,
    Concern,
    Expectation,
    FollowUp,
    Handover,
    LeaderCommitment,
    Leaving,
    LineObjection,
    Meeting,
    Membership,
    MethodOff,
    NamedObstacle,
    Note,
    PrivateLogEntry,
    ReadinessCheck,
    Round,
    SetUp,
    ShareItem,
    StaffFacts,
    Step,
    Theme,
    Trial,
    TrialLog,
    VoiceDecision,
    VoiceRun,
    VoiceTag,
    VoiceWindow,
    WorkingAgreement,
)
from sirkel.circles.queries.around import circles_around
from sirkel.circles.queries.handovers import handovers_for_leader
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.circles.queries.open_links import inbox_address, log_address, poster_address
from sirkel.circles.queries.standing import Part
from sirkel.circles.rules.personal_data import CLASSES, WITH_THE_CIRCLE
from sirkel.kernel import clock
from sirkel.kernel.models import AuditEvent
from sirkel.network.models import ExperienceCard
from tests.attack.dump import take_dump
from tests.factories.anchoring import commit, make_leader, settle
from tests.factories.closing import go_to_follow_up, make_anchor, write_closing
from tests.factories.handovers import leave, make_line
from tests.factories.thread import RoomOfOwn, make_person
from tests.factories.trials import log, make_trial

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
YEAR = timedelta(days=365)
INSIDE = (
    "Når vi rydder først, sitter bord 2 alene",
    "Kveldens første time",
    "Bord 2 ble glemt",
    "At vi blir hørt",
    "Lyset var for sterkt",
    "Én sitter ved bord 2",
    "Noen får ikke kveldsmat",
    "Kan vi få en lampe?",
    "Alle kan si pass",
)
OUTSIDE = ("Å sitte ned først er også arbeid", "Kan vi ha fast vakt på bord 2", "To kvelder i uka.")


@pytest.fixture
def place():
    """A circle that has written everything a circle writes, and let some of it out."""
    room = RoomOfOwn()
    circle, facilitator = room.circle, room.facilitator
    theme = room.theme(INSIDE[1])
    note, _receipt = room.note(INSIDE[0], theme=theme)
    room.card(OUTSIDE[0], theme=theme, note=note)
    leave(circle, INSIDE[2])
    agreeing.add_expectation(acting=facilitator, circle_id=circle.id, text=INSIDE[3], lang="nb")
    trial = make_trial(circle, facilitator, state=TrialState.RUNNING)
    log(trial, kind="hindered", text=INSIDE[4])
    make_trial(circle, facilitator, state=TrialState.DECIDED)
    leader = make_leader(circle)
    make_line(circle, facilitator, text=INSIDE[7])
    make_line(circle, facilitator, state=HandoverState.ANSWERED, leader=leader)
    commit(circle, facilitator, leader)
    settle(circle, facilitator)
    member = make_person("Aino")
    Membership.objects.create(circle=circle, person=member, role=MemberRole.PARTICIPANT)
    room.leader, room.trial, room.member = leader, trial, member
    return room


def end(place):
    phases.end_circle_early(
        acting=place.facilitator, circle_id=place.circle.id, reason="enough", at=clock.now()
    )


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def words_in_dump():
    return "\0".join(str(value) for row in take_dump().rows for value in row.values.values())


def pages(place):
    here, meeting = f"/circles/{place.circle.id}/", place.meeting
    return [
        here,
        f"{here}expectations/",
        f"{here}agreement/",
        f"{here}challenges/",
        f"{here}handovers/",
        f"{here}trials/{place.trial.id}/",
        f"{here}meetings/{meeting.number}/",
        f"/meetings/{meeting.id}/recap/",
    ]


def test_reading_ends_with_the_year_on_the_clock_before_anything_is_deleted(place):
    Trial.objects.filter(id=place.trial.id).update(is_on_poster=True)
    place.trial.refresh_from_db()
    links = [
        f"/c/{inbox_address(place.circle)}/",
        f"/t/{log_address(place.trial)}/",
        f"/r/{poster_address(place.trial)}/",
    ]
    end(place)
    for client in (signed_in(place.facilitator), signed_in(place.member)):
        assert {client.get(path).status_code for path in [*pages(place), *links]} == {200}
    with clock.moved(YEAR - timedelta(minutes=1)):
        assert circles_visible_to(place.member).count() == 1
    with clock.moved(YEAR):
        assert circles_visible_to(place.member).count() == 0
        for person in (place.facilitator, place.member):
            client = signed_in(person)
            assert {client.get(path).status_code for path in [*pages(place), *links]} == {404}
    assert Note.objects.exists()


def test_the_circles_page_says_until_when(place):
    end(place)
    html = signed_in(place.member).get(f"/circles/{place.circle.id}/", headers={"accept-language": "en"})
    assert "You can read what it wrote until" in html.content.decode()


def test_a_circle_that_goes_on_is_kept_however_old(place):
    with clock.moved(YEAR * 5):
        assert keeping.empty_circles(at=clock.now()) == 0
        assert circles_visible_to(place.member).count() == 1


@pytest.mark.threat(row="T19")
def test_what_was_written_inside_is_gone_from_every_table_and_what_was_let_out_stays(place):
    before = words_in_dump()
    assert [word for word in (*INSIDE, *OUTSIDE) if word not in before] == []
    end(place)
    at = clock.now() + YEAR
    assert keeping.empty_circles(at=at - timedelta(seconds=30)) == 0
    assert words_in_dump().count(INSIDE[0])
    assert keeping.empty_circles(at=at) == 1
    after = words_in_dump()
    assert [word for word in INSIDE if word in after] == []
    assert [word for word in OUTSIDE if word not in after] == []
    for model in (Note, Challenge, Expectation, TrialLog, WorkingAgreement):
        assert not model.objects.exists(), model


def test_the_structure_stays(place):
    end(place)
    states = sorted(Trial.objects.values_list("state", "decision"))
    keeping.empty_circles(at=clock.now() + YEAR)
    assert sorted(Trial.objects.values_list("state", "decision")) == states
    assert ExperienceCard.objects.count() == 1
    assert ShareItem.objects.filter(state="approved").count() == 1
    assert Handover.objects.get().answer == "part"
    assert list(Membership.objects.values_list("role", flat=True)) == [MemberRole.FACILITATOR]
    with clock.moved(YEAR):
        (line,) = handovers_for_leader(person=place.leader, at=clock.now())
        assert line.reason == "To kvelder i uka."
        (around,) = circles_around(person=place.leader, part=Part.LEADER, at=clock.now())
        assert around.held == 1


def test_it_is_done_once_and_the_trail_says_so(place):
    end(place)
    at = clock.now() + YEAR
    assert [keeping.empty_circles(at=at), keeping.empty_circles(at=at)] == [1, 0]
    (row,) = AuditEvent.objects.filter(verb="circle.emptied")
    assert (row.actor, row.target) == (None, place.circle.id)


def test_a_circle_that_ended_before_its_end_was_kept_counts_from_the_trail(place):
    end(place)
    Circle.objects.update(ended_at=None)
    assert keeping.empty_circles(at=clock.now() + YEAR + timedelta(minutes=1)) == 1


def test_the_time_is_a_setting(place):
    end(place)
    with override_settings(CIRCLE_RETENTION_DAYS=30):
        assert keeping.empty_circles(at=clock.now() + timedelta(days=29)) == 0
        assert keeping.empty_circles(at=clock.now() + timedelta(days=30)) == 1


def test_a_fixed_closing_loses_its_words_and_stays_fixed(place):
    circle, facilitator = place.circle, place.facilitator
    Circle.objects.filter(id=circle.id).update(state="closing")
    write_closing(circle, facilitator, celebrate="Kake på vaktrommet")
    make_anchor(circle, facilitator, text="Vi sitter først", for_leader=False)
    make_anchor(circle, facilitator, text="Fast punkt på møtet", for_leader=True)
    go_to_follow_up(circle, facilitator)
    Circle.objects.filter(id=circle.id).update(state="closed", ended_at=clock.now())
    fixed_on = circle.closing_record.fixed_on
    assert fixed_on
    keeping.empty_circles(at=clock.now() + YEAR)
    after = words_in_dump()
    assert [word in after for word in ("Kake på", "Vi sitter først", "Fast punkt")] == [False, False, True]
    circle.closing_record.refresh_from_db()
    assert circle.closing_record.fixed_on == fixed_on


def test_every_table_of_the_room_has_its_word():
    """A new table is content, which goes, or it stays for a reason: somebody must have said which."""
    emptied = {
        Trial,
        Theme,
        Step,
        Meeting,
        FollowUp,
        ClosingRecord,
        Anchor,
        Handover,
        ShareItem,
        Membership,
        Circle,
    }
    # Gone before: with the meeting, the round, the day or the question they belonged to; or nobody's but their owner's.
    gone_before = {
        Answer,
        Leaving,
        LineObjection,
        VoiceRun,
        VoiceTag,
        VoiceWindow,
        AccessAsked,
        PrivateLogEntry,
    }
    # About the workplace or the leader's promise, or numbers alone.
    stays = {
        AccessPicture,
        AccessTally,
        AnchorLook,
        ChallengeInbox,
        ChecklistTick,
        CommitmentComment,
        CommitmentSignature,
        Concern,
        LeaderCommitment,
        MethodOff,
        NamedObstacle,
        ReadinessCheck,
        Round,
        SetUp,
        StaffFacts,
        VoiceDecision,
    }
    deleted = {*keeping._IN_ROUNDS, *keeping._IN_TRIALS, *keeping._IN_MEETINGS, *keeping._IN_CIRCLES}
    assert set(apps.get_app_config("circles").get_models()) == emptied | gone_before | stays | deleted


def test_another_circle_keeps_everything(place):
    other = RoomOfOwn()
    other.note("Et annet sted")
    end(place)
    keeping.empty_circles(at=clock.now() + YEAR)
    assert Note.objects.get().text == "Et annet sted"


@pytest.mark.requirement("PD-18")
def test_what_the_register_says_ends_with_the_circle_does(place):
    """PD-18: after 400 days no row is left of a class that is kept until a year after its circle ended."""
    ending = [
        (one, apps.get_model("circles", rows.model))
        for one in CLASSES
        if one.retention is WITH_THE_CIRCLE
        for rows in one.rows
    ]
    assert {one.code for one, _model in ending} == {"notes", "answers", "trial_logs"}
    end(place)
    assert sum(model._default_manager.count() for _one, model in ending) >= 4
    keeping.empty_circles(at=clock.now() + timedelta(days=400))
    assert [model.__name__ for _one, model in ending if model._default_manager.exists()] == []
