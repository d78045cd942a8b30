"""Before words leave the organisation two of the circle look at them: one with a checklist, another who says yes (T22)."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from sirkel.circles.domain import sharing
from sirkel.circles.enums import Audience, MemberRole, ShareState
from sirkel.circles.models import Membership, ShareItem
from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.kernel.models import AuditEvent
from sirkel.network.models import ExperienceCard
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.meetings import sign_in
from tests.factories.thread import RoomOfOwn, make_person

pytestmark = pytest.mark.django_db
WORDS = "Begynn kvelden ved bordet"
NOBODY = dict.fromkeys(QUESTIONS, "no")


@pytest.fixture
def room():
    return RoomOfOwn()


@pytest.fixture
def second(room):
    person = make_person()
    Membership.objects.create(circle=room.circle, person=person, role=MemberRole.PARTICIPANT)
    return person


def approved(room, text=WORDS, audience=Audience.NETWORK):
    """Return words to which nobody in the room objected."""
    where = {"acting": room.facilitator, "meeting_id": room.meeting.id, "lang": "nb"}
    item = sharing.propose(**where, text=text, audience=audience)
    with transaction.atomic():
        sharing.settle_proposals(round_=room.sharing)
    item.refresh_from_db()
    return item


def client_of(person):
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person)
    return client


def path_of(item):
    return f"/circles/{item.circle_id}/leaving/{item.id}/"


def does(person, item, do, **fields):
    return client_of(person).post(path_of(item), {"do": do, **fields})


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.threat(row="T22")
@pytest.mark.parametrize("audience", [Audience.NETWORK, Audience.PUBLIC])
def test_words_leave_when_one_has_answered_and_another_has_said_yes(room, second, audience):
    item = approved(room, audience=audience)
    assert item.state == ShareState.WAITING
    assert does(second, item, "confirm").status_code == 409, "nobody has gone through the questions"
    assert does(room.facilitator, item, "check", **NOBODY).status_code == 302
    assert not ExperienceCard.objects.exists()
    assert WORDS not in Client().get("/network/cards/").content.decode()
    assert does(second, item, "confirm").status_code == 302
    assert ExperienceCard.objects.get().text == WORDS
    item.refresh_from_db()
    assert (item.state, item.checked_by, item.confirmed_by) == ("approved", room.facilitator.id, second.id)
    verbs = (
        AuditEvent.objects.filter(target=item.id).order_by("sequence").values_list("verb", "actor", "facts")
    )
    told = {"audience": audience.value}
    assert list(verbs) == [
        ("share.checked", room.facilitator.id, told),
        ("share.confirmed", second.id, told),
    ]


def test_what_stays_in_the_organisation_goes_as_before(room):
    assert approved(room, audience=Audience.ORGANISATION).state == ShareState.APPROVED
    assert ExperienceCard.objects.get().text == WORDS


@pytest.mark.threat(row="T22")
def test_one_person_is_never_both_for_the_verb_and_for_the_database(room, second):
    item = approved(room)
    does(room.facilitator, item, "check", **NOBODY)
    answer = does(room.facilitator, item, "confirm")
    assert answer.status_code == 403
    assert not ExperienceCard.objects.exists()
    rows = ShareItem.objects.filter(id=item.id)
    for other in ({"confirmed_by": room.facilitator.id}, {"checked_by": None, "confirmed_by": second.id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**other)
    assert rows.update(confirmed_by=second.id) == 1


@pytest.mark.threat(row="T22")
@pytest.mark.parametrize("code", QUESTIONS)
def test_a_yes_or_no_answer_keeps_the_words_where_they_are(room, code):
    item = approved(room)
    told = does(room.facilitator, item, "check", **NOBODY | {code: "yes"})
    assert told.status_code == 400
    assert "Then it stays in the room for now." in words(told)
    assert does(room.facilitator, item, "check", **NOBODY | {code: ""}).status_code == 400
    item.refresh_from_db()
    assert (item.state, item.checked_by) == (ShareState.WAITING, None)
    assert does(room.facilitator, item, "check", **NOBODY).status_code == 302


@pytest.mark.threat(row="T22")
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ring 912 34 567 og spør", "perhaps a phone number"),
        ("På rom 412 begynner kvelden", "a room"),
        ("Beboer Hansen vil sitte", "perhaps a name"),
        ("Nummer 0101650001 på lista", "perhaps a personal identity number"),
    ],
)
def test_what_the_detector_finds_is_looked_at_before_it_goes(room, text, what):
    item = approved(room, text)
    assert what in words(client_of(room.facilitator).get(path_of(item)))
    answer = does(room.facilitator, item, "check", **NOBODY)
    assert answer.status_code == 400
    assert "say that you did" in words(answer)
    assert does(room.facilitator, item, "check", **NOBODY, looked="on").status_code == 302


@pytest.mark.threat(row="T22")
def test_a_certain_number_never_leaves(room):
    item = approved(room)
    ShareItem.objects.filter(id=item.id).update(text="Nummer 01010750160 på lista")
    answer = does(room.facilitator, item, "check", **NOBODY, looked="on")
    assert answer.status_code == 400
    assert "It cannot leave" in words(answer)
    item.refresh_from_db()
    assert item.checked_by is None


@pytest.mark.threat(row="T22")
def test_nobody_outside_the_circle_is_the_second_or_reads_what_waits(room, second):
    item = approved(room)
    does(room.facilitator, item, "check", **NOBODY)
    around = [
        make_leader(room.circle),
        make_representative(room.circle),
        make_person(),
        RoomOfOwn().facilitator,
    ]
    for person in around:
        client = client_of(person)
        for path in (path_of(item), f"/circles/{room.circle.id}/leaving/"):
            assert client.get(path).status_code == 404
        assert client.post(path_of(item), {"do": "confirm"}).status_code == 404
    assert does(second, item, "confirm").status_code == 302


def test_a_member_without_the_lead_does_not_go_first(room, second):
    item = approved(room)
    assert does(second, item, "check", **NOBODY).status_code == 404
    assert "It waits for a facilitator" in words(client_of(second).get(path_of(item)))


@pytest.mark.threat(row="T22")
def test_any_member_keeps_it_in_the_room_and_nobody_is_told_who(room, second):
    item = approved(room)
    does(room.facilitator, item, "check", **NOBODY)
    assert does(second, item, "keep").status_code == 302
    item.refresh_from_db()
    assert (item.state, item.checked_by) == (ShareState.OBJECTED, None)
    assert AuditEvent.objects.get(verb="share.kept").actor is None
    assert does(second, item, "confirm").status_code == 404
    assert not ExperienceCard.objects.exists()


def test_the_circles_page_leads_there_and_says_what_to_do_next(room, second):
    first, other = client_of(room.facilitator), client_of(second)
    circle = f"/circles/{room.circle.id}/"
    assert "waits for two of us" not in words(first.get(circle))
    item = approved(room)
    assert "1 line waits for two of us" in words(first.get(circle))
    assert "waits for you to go through the questions" in words(first.get(f"{circle}leaving/"))
    assert "waits for a facilitator" in words(other.get(f"{circle}leaving/"))
    does(room.facilitator, item, "check", **NOBODY)
    assert "waits for a second person" in words(first.get(f"{circle}leaving/"))
    assert "waits for your yes or no" in words(other.get(f"{circle}leaving/"))
    Membership.objects.filter(person=second).delete()
    assert "Nobody else in the circle has an account" in words(first.get(path_of(item)))
