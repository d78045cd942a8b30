"""PD-18: what two administrators hold is deleted by no clock and by no owner; one of them alone holds nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client

from sirkel.circles.domain import forgetting, keeping, phases
from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Membership, Note
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotAllowed, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import holding
from sirkel.people.domain.erasing import erase
from sirkel.people.enums import Role
from sirkel.people.models import Hold, Person
from tests.factories.meetings import sign_in
from tests.factories.thread import RoomOfOwn, make_person, make_reader

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
LATER = timedelta(days=400)
REASON = "Sak 2026/117"


@pytest.fixture
def place():
    """A circle that ended, one of whose members is leader elsewhere, and two administrators of its organisation."""
    room = RoomOfOwn()
    room.note("Bord 2 sitter alene")
    room.first, room.second = (
        make_reader(Role.ADMINISTRATOR, organisation=room.organisation) for _n in (1, 2)
    )
    room.member = make_reader(Role.LEADER, organisation=room.organisation, workplace=room.workplace)
    Membership.objects.create(circle=room.circle, person=room.member, role=MemberRole.PARTICIPANT)
    phases.end_circle_early(
        acting=room.facilitator, circle_id=room.circle.id, reason="enough", at=clock.now()
    )
    return room


def which_of(place, scope):
    return {
        "circle": f"https://sirkel.example/circles/{place.circle.id}/",
        "workplace": str(place.workplace.id),
        "organisation": "",
        "person": place.member.email.upper(),
    }[scope]


def ask(place, scope="circle", **change):
    today = clock.now().date()
    plan = {
        "scope": scope,
        "which": change.get("which") or which_of(place, scope),
        "reason": REASON,
        "review_on": today + timedelta(days=90),
    } | change
    return holding.ask(
        acting=place.first,
        organisation_id=place.organisation.id,
        plan=holding.HoldPlan(**plan),
        at=clock.now(),
    )


def act(verb, place, who, hold):
    return verb(acting=who, organisation_id=place.organisation.id, hold_id=hold.id, at=clock.now())


def hold(place, scope="circle", **change):
    return act(holding.confirm, place, place.second, ask(place, scope, **change))


def lift(place, held):
    act(holding.ask_to_lift, place, place.second, held)
    act(holding.lift, place, place.first, held)


@pytest.mark.parametrize("scope", ["circle", "workplace", "organisation"])
def test_after_400_days_nothing_is_left_but_what_is_held_and_letting_go_deletes_it(place, scope):
    other = RoomOfOwn()
    other.note("Et annet sted")
    phases.end_circle_early(
        acting=other.facilitator, circle_id=other.circle.id, reason="enough", at=clock.now()
    )
    held = hold(place, scope)
    assert keeping.empty_circles(at=clock.now() + LATER) == 1
    assert [note.text for note in Note.objects.all()] == ["Bord 2 sitter alene"]
    assert Membership.objects.filter(circle=place.circle, person=place.member).exists()
    lift(place, held)
    assert keeping.empty_circles(at=clock.now() + LATER) == 1
    assert not Note.objects.exists()
    assert not Membership.objects.filter(person=place.member).exists()


def test_a_hold_shows_nobody_more_or_for_longer(place):
    facilitator, member = Client(), Client()
    sign_in(facilitator, place.facilitator)
    sign_in(member, place.member)
    page = f"/circles/{place.circle.id}/"
    before = [one.get(page).status_code for one in (facilitator, member)]
    hold(place)
    with clock.moved(LATER):
        after = [one.get(page).status_code for one in (facilitator, member)]
    assert before == [200, 200]
    assert 200 not in after


def test_a_held_person_stays_where_they_took_part_and_the_circles_words_go(place):
    held = hold(place, "person")
    keeping.empty_circles(at=clock.now() + LATER)
    assert not Note.objects.exists()
    assert Membership.objects.filter(circle=place.circle, person=place.member).exists()
    lift(place, held)
    keeping.empty_circles(at=clock.now() + LATER)
    assert not Membership.objects.filter(circle=place.circle, person=place.member).exists()


@pytest.mark.parametrize("scope", ["circle", "workplace", "organisation", "person"])
def test_nobody_deletes_what_is_held_and_everybody_can_afterwards(place, scope):
    held = hold(place, scope)
    for act_on in (forgetting.forget_person, forgetting.forget_in_circle):
        more = {"circle_id": place.circle.id} if act_on is forgetting.forget_in_circle else {}
        with pytest.raises(Conflict) as refused:
            act_on(acting=place.member, at=clock.now(), **more)
        assert refused.value.code == "holds.held"
    with pytest.raises(Conflict), transaction.atomic():
        erase(person=place.member, at=clock.now())
    assert Membership.objects.filter(circle=place.circle, person=place.member).exists()
    lift(place, held)
    forgetting.forget_person(acting=place.member, at=clock.now())
    assert not Person.objects.filter(id=place.member.id).exists()


def test_whoever_is_not_covered_deletes_as_before(place):
    hold(place, "person")
    forgetting.forget_person(acting=place.facilitator, at=clock.now())
    assert not Person.objects.filter(id=place.facilitator.id).exists()


def test_an_erasure_that_an_old_backup_undid_is_done_again_whatever_was_held_then(place):
    hold(place, "person")
    with transaction.atomic():
        erase(person=place.member, at=clock.now(), is_again=True)
    assert not Person.objects.filter(id=place.member.id).exists()


def test_one_person_alone_holds_nothing_and_lifts_nothing(place):
    asked = ask(place)
    with pytest.raises(NotAllowed):
        act(holding.confirm, place, place.first, asked)
    keeping.empty_circles(at=clock.now() + LATER)
    assert not Note.objects.exists(), "asking holds nothing"
    held = act(holding.confirm, place, place.second, asked)
    act(holding.ask_to_lift, place, place.first, held)
    with pytest.raises(NotAllowed):
        act(holding.lift, place, place.first, held)
    with pytest.raises(Refused):
        act(holding.lift, place, make_person(), held)
    assert Hold.objects.get().lifted_at is None


@pytest.mark.requirement("PD-18", "SEC-20")
@pytest.mark.parametrize(
    "change",
    [
        {"confirmed_by": "first", "confirmed_at": "now"},
        {"confirmed_at": "now"},
        {"confirmed_by": "second", "confirmed_at": "now", "lifted_by": "second", "lifted_at": "now"},
        {
            "confirmed_by": "second",
            "confirmed_at": "now",
            "lift_asked_by": "first",
            "lift_asked_at": "now",
            "lifted_by": "first",
            "lifted_at": "now",
        },
        {"lift_asked_by": "second", "lift_asked_at": "now"},
        {"workplace": "workplace"},
    ],
)
def test_the_database_itself_refuses_one_person_in_both_places(place, change):
    asked = ask(place)
    values = {
        "first": place.first.id,
        "second": place.second.id,
        "now": clock.now(),
        "workplace": place.workplace.id,
    }
    rows = Hold.objects.filter(id=asked.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{key: values[word] for key, word in change.items()})
    assert rows.update(confirmed_by=place.second.id, confirmed_at=clock.now()) == 1


def test_the_database_itself_keeps_a_held_person(place):
    hold(place, "person")
    with pytest.raises(ProtectedError):
        place.member.delete()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"which": "https://sirkel.example/circles/00000000-0000-0000-0000-000000000001/"}, "holds.which"),
        ({"which": "", "scope": "person"}, "holds.which"),
        ({"which": "nonsense", "scope": "nonsense"}, "holds.which"),
        ({"reason": "  "}, "holds.reason"),
        ({"reason": "Gjelder 10838512343"}, "holds.national_id"),
        ({"review_on": clock.now().date()}, "holds.review"),
        ({"review_on": clock.now().date() + timedelta(days=500)}, "holds.review"),
    ],
)
def test_what_cannot_be_held_is_refused(place, change, code):
    with pytest.raises(Refused) as refused:
        ask(place, **change)
    assert refused.value.code == code


@pytest.mark.parametrize("scope", ["circle", "workplace", "person"])
def test_another_organisations_things_are_answered_as_what_does_not_exist(place, scope):
    there = RoomOfOwn()
    there.member = make_reader(Role.LEADER, organisation=there.organisation)
    said = []
    for which in (which_of(there, scope), which_of(there, scope).replace("e", "a")):
        with pytest.raises(Refused) as refused:
            ask(place, scope, which=which)
        said.append((refused.value.code, str(refused.value.message)))
    assert said[0] == said[1]
    assert said[0][0] == "holds.which"


def test_what_nobody_confirmed_goes_after_two_weeks_and_what_was_let_go_after_a_year(place):
    ask(place)
    held = hold(place, "person")
    assert holding.tidy(at=clock.now() + timedelta(days=13)) == 0
    assert holding.tidy(at=clock.now() + timedelta(days=15)) == 1
    lift(place, held)
    assert holding.tidy(at=clock.now() + timedelta(days=364)) == 0
    assert holding.tidy(at=clock.now() + timedelta(days=366)) == 1


def client_of(person):
    client = Client()
    sign_in(client, person)
    return client


def test_two_administrators_hold_and_let_go_on_their_pages_and_the_trail_says_so(place):
    here = f"/administration/{place.organisation.id}/holds/"
    first, second = client_of(place.first), client_of(place.second)
    form = {
        "what": "circle",
        "which": str(place.circle.id),
        "reason": REASON,
        "review_on": (clock.now().date() + timedelta(days=60)).isoformat(),
    }
    page = first.post(f"{here}new/", form).headers["Location"]
    assert 'value="confirm"' not in first.get(page).content.decode()
    assert first.post(page, {"do": "confirm"}).status_code == 403
    assert 'value="confirm"' in second.get(page).content.decode()
    assert second.post(page, {"do": "confirm"}).status_code == 302
    assert second.post(page, {"do": "confirm"}).status_code == 409
    list_ = first.get(here).content.decode()
    assert REASON in list_
    assert place.circle.name not in list_, "an administrator sees no circle's name"
    review = (clock.now().date() + timedelta(days=200)).isoformat()
    assert first.post(page, {"do": "review", "review_on": review}).status_code == 302
    assert first.post(page, {"do": "review", "review_on": "2020-01-01"}).status_code == 422
    assert first.post(page, {"do": "nonsense"}).status_code == 400
    assert first.post(page, {"do": "ask_to_lift"}).status_code == 302
    assert first.post(page, {"do": "lift"}).status_code == 403
    assert second.post(page, {"do": "drop"}).status_code == 302
    assert first.post(page, {"do": "ask_to_lift"}).status_code == 302
    assert second.post(page, {"do": "lift"}).status_code == 302
    verbs = AuditEvent.objects.filter(chain=place.organisation.id, target=UUID(page.split("/")[-2]))
    assert list(verbs.order_by("sequence").values_list("verb", flat=True)) == [
        "hold.asked",
        "hold.confirmed",
        "hold.reviewed",
        "hold.lift_asked",
        "hold.dropped",
        "hold.lift_asked",
        "hold.lifted",
    ]
    assert REASON not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


def test_whom_it_covers_sees_that_it_is_so_and_not_why_and_nothing_where_the_law_forbids(place):
    hold(place, "circle")
    page = client_of(place.member).get("/me/data/").content.decode()
    assert place.organisation.name in page
    assert REASON not in page
    assert place.first.email not in page
    Hold.objects.update(may_tell=False)
    quiet = client_of(place.member).get("/me/data/").content.decode()
    assert "not deleted for now" in page
    assert "not deleted for now" not in quiet
    refused = client_of(place.member).post("/me/delete/account/", {"is_sure": "on"})
    assert refused.status_code == 409
    assert "cannot be deleted at the moment" in refused.content.decode()


def test_a_stranger_to_the_hold_is_told_nothing(place):
    hold(place, "person")
    page = client_of(place.facilitator).get("/me/data/").content.decode()
    assert "not deleted for now" not in page
    assert Circle.objects.filter(id=place.circle.id).exists()
